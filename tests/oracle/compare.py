"""Compare the engine with the oracle, trial by trial, moment by moment, party by party."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from simulator.engine.randomness import BLOCK, block_sizes
from simulator.engine.result import Flows
from simulator.engine.simulate import simulate
from simulator.scenario.scenario import Scenario
from tests.oracle.oracle import Trial, run_trial

TOLERANCE = 1e-9


def size_of(flows: Flows) -> float:
    """Money that the trial with most of it moves."""
    return max([1.0, *(float(np.abs(table).sum(axis=0).max()) for table in flows.parties.values())])


def differences(
    scenario: Scenario, *, trials: int, seed: int, looked_at: list[int] | None = None
) -> list[str]:
    """Where engine and oracle disagree, in words; trials that rounding might decide are left out if they differ."""
    flows = simulate(scenario, trials=trials, seed=seed).flows
    size = size_of(flows)
    found: list[str] = []
    for trial in looked_at if looked_at is not None else range(trials):
        block, inside = divmod(trial, BLOCK)
        one = run_trial(scenario, seed, block, inside, block_sizes(trials)[block])
        wrong = list(_differences(flows, one, trial, size))
        if wrong and not one.close_calls:
            found += [f"trial {trial}: {line}" for line in wrong]
    return found


def _differences(flows: Flows, one: Trial, trial: int, size: float) -> Iterator[str]:
    for field, rows in one.tables.items():
        tables = {key: getattr(flows, key) for key in rows} if field == "" else getattr(flows, field)
        for key in sorted(set(tables) | set(rows)):
            theirs = tables[key][:, trial] if key in tables else np.zeros(flows.balance.shape[0])
            ours = np.array(rows.get(key, np.zeros_like(theirs)))
            for t in np.flatnonzero(np.abs(theirs - ours) > TOLERANCE * size):
                yield f"{field}.{key} at {t}: engine {theirs[t]:.10g}, oracle {ours[t]:.10g}"
    for field, values in one.numbers.items():
        numbers = {key: getattr(flows, key) for key in values} if field == "" else getattr(flows, field)
        for key in sorted(set(numbers) | set(values)):
            number = float(numbers[key][trial]) if key in numbers else 0.0
            other = float(values.get(key, 0.0))
            scale = max(size if field in ("unpaid", "principal_lost", "") else 1.0, abs(number), 1.0)
            if abs(number - other) > TOLERANCE * scale:
                yield f"{field}.{key}: engine {number:.12g}, oracle {other:.12g}"
