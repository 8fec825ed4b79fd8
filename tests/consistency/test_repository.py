"""What is in the repository works on any machine and says how to start."""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# A path of somebody's machine: not the middle of an address or of a relative path.
MACHINE_PATH = re.compile(r"(?<![\w.~%-])/(?:root|home|Users|work)/")
# Where packages come from is the business of the machine, not of the project.
REGISTRY = re.compile(
    r"pypi\.org|pythonhosted\.org|registry\.npmjs|deb\.debian\.org|proxy\.golang\.org|"
    r"--(?:extra-)?index[-]url|--find[-]links|--trusted[-]host",
    re.IGNORECASE,
)
PIN = re.compile(r"[A-Za-z0-9._-]+==[0-9][A-Za-z0-9.+]*(?: ; python_version (?:<|>=) \"3\.\d+\")?")


def repository_texts() -> dict[str, str]:
    """Return the text files that git holds or would hold, by path."""
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    texts = {}
    for name in filter(None, listing.stdout.split("\0")):
        path = ROOT / name
        if not path.is_file():
            continue  # removed, not yet committed
        content = path.read_bytes()
        if b"\0" not in content:
            texts[name] = content.decode("utf-8", errors="replace")
    return texts


def lines_with(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{name}:{number}: {line.strip()[:120]}"
        for name, text in repository_texts().items()
        for number, line in enumerate(text.splitlines(), start=1)
        if pattern.search(line)
    ]


def test_no_file_holds_a_path_of_a_machine() -> None:
    assert lines_with(MACHINE_PATH) == []


def test_no_file_names_a_package_registry() -> None:
    assert lines_with(REGISTRY) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("cd " + "/work" + "/main", True),
        ('open("' + "/home" + '/ana/deal.yaml")', True),
        ("file://" + "/Users" + "/ana", True),
        ("https://example.org" + "/home" + "/report.pdf", False),
        ("tests" + "/work" + "/file", False),
    ],
)
def test_paths_of_machines_are_told_from_addresses(text: str, found: bool) -> None:
    assert bool(MACHINE_PATH.search(text)) is found


def test_the_readme_shows_the_commands() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "make run" in readme
    assert "make test" in readme


def test_ci_checks_and_tests() -> None:
    script = ROOT / ".ci" / "run"
    commands = [line.split("#")[0].strip() for line in script.read_text(encoding="utf-8").splitlines()]
    assert any(re.match(r"make\b.* check$", command) for command in commands)
    assert any(re.match(r"make\b.* test\b", command) for command in commands)
    assert "set -euo pipefail" in commands


def test_constraints_are_exact_and_cover_what_is_declared() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if line and not line.startswith("#")]
    assert [line for line in pins if not PIN.fullmatch(line)] == []

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    pinned = {line.split("==")[0].lower() for line in pins}
    assert {re.split(r"[<>=!~ \[]", name)[0].lower() for name in declared} <= pinned
