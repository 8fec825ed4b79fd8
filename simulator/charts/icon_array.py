"""A hundred futures as a hundred small signs, grouped, so that “23 of 100” can be seen (Price and others 2022)."""

from __future__ import annotations

from simulator.charts.palette import LOSS, tint

_STEP = 15
_SIDE = 10


def icon_array(share: float, *, colour: str, is_bad: bool = True) -> str:
    """Draw a probability as crosses among circles, ten by ten, as a picture (SVG) that holds nothing but numbers.

    Parameters
    ----------
    share
        Probability of what is crossed out, 0 to 1.
    colour
        Colour of the party, for the rest.
    is_bad
        Whether it is something to fear: then it gets crosses, else empty circles.
    """
    marked = round(min(max(share, 0.0), 1.0) * _SIDE * _SIDE)
    signs = [_sign(number, number < marked, colour, is_bad) for number in range(_SIDE * _SIDE)]
    size = _SIDE * _STEP
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size}" height="{size}" viewBox="0 0 {size} {size}">'
        f"{''.join(signs)}</svg>"
    )


def _sign(number: int, is_marked: bool, colour: str, is_bad: bool) -> str:
    x, y = number % _SIDE * _STEP + _STEP / 2, number // _SIDE * _STEP + _STEP / 2
    if not (is_marked and is_bad):
        fill = "none" if is_marked else tint(colour, 0.6)
        return f'<circle cx="{x}" cy="{y}" r="5" fill="{fill}" stroke="{colour}"/>'
    a, b, c, d = x - 4.5, x + 4.5, y - 4.5, y + 4.5
    return f'<path d="M{a} {c}L{b} {d}M{b} {c}L{a} {d}" stroke="{LOSS}" stroke-width="3.4" stroke-linecap="round"/>'


__all__ = ["icon_array"]
