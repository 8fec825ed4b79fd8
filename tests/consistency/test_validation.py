"""The validation page in step with the deals: every figure that is compared stands there as it is replayed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import simulator

PAGE = Path(__file__).resolve().parents[2] / "docs" / "validation.md"
DEALS = {name: path for name, path in simulator.library().items() if simulator.load(path).published}


def rows(deal: str) -> str:
    """Rows of the table of figures that speak of a deal."""
    table = PAGE.read_text(encoding="utf-8").split("## Figure by figure")[1].split("\n## ")[0]
    lines, mine = table.splitlines(), []
    current = ""
    for line in lines:
        first = line.split("|")[1].strip() if line.startswith("|") else ""
        current = first.split(" ")[0] if first else current
        if current == deal:
            mine.append(line)
    return "\n".join(mine)


@pytest.mark.parametrize("name", sorted(DEALS))
def test_the_page_tells_what_the_replay_gives(name: str) -> None:
    deal = simulator.load(DEALS[name])
    text = rows(name)
    assert text, f"{name} is not on the page"
    for check in simulator.compare_with_published(simulator.replay(deal)):
        if check.key.startswith("payments.") and f"`{check.key}`" not in text:
            assert re.search(r"rows \d+–\d+", text), check.key
            continue
        row = next(line for line in text.splitlines() if f"`{check.key}`" in line)
        replayed = row.split("|")[4].strip()
        number = float(re.sub(r"[ ,%]", "", replayed).replace("−", "-"))
        places = len(replayed.split(".")[1].rstrip(" %")) if "." in replayed else 0
        found = check.found * (100 if "%" in replayed else 1)
        assert number == pytest.approx(found, abs=0.51 * 10**-places), f"{check.key}: {replayed}"
        assert (check.proves == "circular") <= ("circular" in row or "tautology" in row or "memory" in row), (
            row
        )
