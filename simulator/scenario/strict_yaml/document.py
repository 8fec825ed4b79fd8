"""A document as plain data, with the line of each part."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

Plain: TypeAlias = "dict[str, Plain] | list[Plain] | str | int | float | bool | None"


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A document as plain data, and where in the file each part of it stands.

    Parameters
    ----------
    data
        Mappings (keys are always text), lists, text, numbers, booleans and nulls.
    lines
        Line of each part, counted from 1, by its dotted path; items of lists by their position from 0, as in
        ``contract.tranches.0.rate``. An entry of a mapping stands where its key stands; the whole is ``""``.
    """

    data: Plain
    lines: dict[str, int]

    def line_of(self, path: str) -> int | None:
        r"""Return the line of a part or, if the file does not have it, of the nearest part around it.

        Examples
        --------
        >>> from simulator.scenario.strict_yaml import load_text
        >>> load_text("contract:\n  price: 10\n").line_of("contract.price.cap")
        2
        """
        while path and path not in self.lines:
            path = path.rpartition(".")[0]
        return self.lines.get(path)
