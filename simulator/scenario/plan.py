"""The plan of a deal: its cells (intake × segment × provider) and what is measured of them, when.

A derived table without chance: engine, checks and replay all read the same one.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

from simulator.scenario.conditions import Where
from simulator.scenario.contract import Contract, Intake, Intakes, Result
from simulator.scenario.distributions import Fixed


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """The smallest group of people that is counted."""

    intake: int
    """Number of the intake, the first is 1."""
    segment: str | None
    provider: str | None
    starts: int
    """Moment at which its people begin."""

    def is_in(self, where: Where) -> bool:
        """Tell whether the cell is among those named."""
        return (
            (not where.intake or self.intake in where.intake)
            and (not where.segment or self.segment in where.segment)
            and (not where.provider or self.provider in where.provider)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """One measurement of one result in one cell."""

    cell: int | None
    """Position of the cell in the plan; nothing for a result of the whole deal."""
    measurement: int
    """Number of the measurement of this cell, the first is 1."""
    moment: int
    """When it is measured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Cells, and for each result its observations in order of cell, then time."""

    cells: tuple[Cell, ...]
    observations: dict[str, tuple[Observation, ...]]
    chain: tuple[str, ...]
    """Results in an order in which each comes after the one it belongs to."""

    def cells_of(self, observation: Observation) -> frozenset[int]:
        """Cells that an observation speaks of: its own, or all for a result of the whole deal."""
        return (
            frozenset(range(len(self.cells))) if observation.cell is None else frozenset((observation.cell,))
        )

    def starts(self, observation: Observation) -> int:
        """When the people begin whom an observation speaks of; close, for the whole deal."""
        return 0 if observation.cell is None else self.cells[observation.cell].starts

    def is_in(self, observation: Observation, where: Where) -> bool:
        """Tell whether an observation is of the cells named; one of the whole deal is only if none is named."""
        if observation.cell is None:
            return where == Where()
        return self.cells[observation.cell].is_in(where)

    def label(self, observation: Observation) -> Cell:
        """Intake, segment and provider of an observation, without any for the whole deal."""
        if observation.cell is None:
            return Cell(intake=0, segment=None, provider=None, starts=0)
        return self.cells[observation.cell]


def intakes_of(contract: Contract) -> tuple[Intake, ...]:
    """Intakes one by one, whichever way the document names them."""
    given = contract.people.intakes
    if isinstance(given, Intakes):
        equal = Fixed(kind="fixed", value=1 / given.count)
        return tuple(Intake(starts=given.first + given.every * k, share=equal) for k in range(given.count))
    return given


def plan_of(contract: Contract) -> Plan:
    """Lay out cells and observations of a contract.

    Parameters
    ----------
    contract
        A contract whose references have been checked.

    Returns
    -------
    The plan; observations after the last period are in it too (the checks complain about them).
    """
    segments = tuple(contract.people.segments) or (None,)
    providers = tuple(contract.people.providers) or (None,)
    cells = tuple(
        Cell(intake=number, segment=segment, provider=provider, starts=intake.starts)
        for (number, intake), segment, provider in product(
            enumerate(intakes_of(contract), start=1), segments, providers
        )
    )
    observations = {name: _observations(cells, result) for name, result in contract.results.items()}
    return Plan(cells=cells, observations=observations, chain=chain_order(contract))


def _observations(cells: tuple[Cell, ...], result: Result) -> tuple[Observation, ...]:
    if result.of == "deal":
        return tuple(
            Observation(cell=None, measurement=time + 1, moment=result.after + result.every * time)
            for time in range(result.times)
        )
    return tuple(
        Observation(cell=index, measurement=time + 1, moment=cell.starts + result.after + result.every * time)
        for index, cell in enumerate(cells)
        for time in range(result.times)
    )


def chain_order(contract: Contract) -> tuple[str, ...]:
    """Order results so that each follows the one it belongs to; results in a loop are left out."""
    ordered: list[str] = []
    waiting = dict(contract.results)
    while waiting:
        ready = [name for name, result in waiting.items() if result.of in ("people", "deal", *ordered)]
        if not ready:
            break
        for name in ready:
            ordered.append(name)
            del waiting[name]
    return tuple(ordered)
