"""Print all ratios with their floors, in one process; the exit code is 1 if any is below its floor."""

from __future__ import annotations

import sys

from benchmarks import bench_engine, bench_irr

MODULES = (bench_engine, bench_irr)


def main() -> int:
    """Measure and print."""
    print(f"{'':44}{'ratio':>9}{'floor':>9}{'spread':>9}{'own us':>10}")
    below = 0
    for module in MODULES:
        for figure in module.run():
            missed = figure["ratio"] < figure["floor"]
            below += missed
            print(
                f"{figure['name']:44}{figure['ratio']:9.1f}{figure['floor']:9.0f}"
                f"{figure['spread']:9.0%}{figure['median']:10.2f}{'  BELOW' if missed else ''}",
                flush=True,
            )
    return 1 if below else 0


if __name__ == "__main__":
    sys.exit(main())
