"""How large a document and its parts may be."""

from __future__ import annotations

from typing import Final

MAX_BYTES: Final = 2**20
MAX_LINES: Final = 50_000
MAX_NODES: Final = 50_000
MAX_DEPTH: Final = 20
MAX_KEY: Final = 120
MAX_DIGITS: Final = 40
MAX_NUMBER: Final = 1e300
MIN_NUMBER: Final = 1e-300
MAX_ISSUES: Final = 100
MAX_RECORDED_PATH: Final = 300
"""Lines are not kept for longer paths: twenty long keys above fifty thousand items would fill the memory."""
