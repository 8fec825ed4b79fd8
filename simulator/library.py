"""The shipped deals: where they are, whether the package is installed or run from a checkout."""

from __future__ import annotations

from pathlib import Path

_HERE = Path(__file__).resolve().parent
FOLDERS = (_HERE / "_scenarios", _HERE.parent / "scenarios")
TEMPLATES = "templates"
"""The folder of deals that are invented, to start from."""
DEFAULT = "vis-buenos-aires"
"""The deal the app opens with."""


def library() -> dict[str, Path]:
    """Find the shipped deals.

    Returns
    -------
    By identifier (the file's name without ending), the path, sorted.
    """
    folder = next((folder for folder in FOLDERS if folder.is_dir()), None)
    return {path.stem: path for path in sorted(folder.rglob("*.yaml"))} if folder else {}


def is_template(path: Path) -> bool:
    """Whether a shipped deal is invented, to start one's own from, and not a real one.

    Examples
    --------
    >>> [name for name, path in library().items() if is_template(path)][:2]
    ['plantilla-cis-lectoescritura', 'plantilla-cis-reinsercion']
    """
    return path.parent.name == TEMPLATES
