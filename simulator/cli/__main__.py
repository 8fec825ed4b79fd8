"""``python -m simulator.cli``: the same as ``pxr``."""

import sys

from simulator.cli.program import main

if __name__ == "__main__":
    sys.exit(main())
