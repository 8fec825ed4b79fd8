"""Write the golden numbers again, after results have changed on purpose.

Golden numbers hold the headline estimates of every shipped deal. They may move only together with a line in
CHANGELOG.md that says why: this script refuses to run unless the changelog was changed too.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import simulator

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "tests" / "golden"
TRIALS, SEED = 2_000, 11


def golden_numbers(name: str) -> dict[str, dict[str, float | None]]:
    """Headline estimates of a shipped deal with a small sample, by number."""
    deal = simulator.load(simulator.library()[name])
    found = simulator.estimates(simulator.simulate(deal, trials=TRIALS, seed=SEED))
    kept = ("mean", "p10", "p50", "p90", "of_mean_flows")
    return {
        key: {part: value for part, value in estimate.to_dict().items() if part in kept}  # type: ignore[misc]
        for key, estimate in found.items()
    }


def main() -> int:
    """Write one file per shipped deal."""
    changed = subprocess.run(
        ["git", "status", "--porcelain", "CHANGELOG.md"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    if not changed and "--first" not in sys.argv:
        print(
            "CHANGELOG.md has no new line: say there why the numbers move, then run this again",
            file=sys.stderr,
        )
        return 1
    FOLDER.mkdir(exist_ok=True)
    for name in simulator.library():
        path = FOLDER / f"{name}.json"
        path.write_text(json.dumps(golden_numbers(name), indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
