"""What is installed from a wheel: the commands, the app they open, the shipped deals, the texts."""

from __future__ import annotations

import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest

from simulator.cli import commands, main
from simulator.library import FOLDERS

ROOT = Path(__file__).resolve().parents[2]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
WHEEL = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]


def places() -> dict[str, str]:
    """Where each file or folder of the checkout goes in a wheel."""
    moved = {**WHEEL["sources"], **WHEEL["force-include"]}
    kept = {path: path for path in WHEEL["only-include"]}
    for path in kept:
        for source, place in WHEEL["sources"].items():
            if path == source or path.startswith(f"{source}/"):
                kept[path] = path.replace(source, place, 1)
    return {**kept, **moved}


def test_a_wheel_has_what_the_commands_look_for() -> None:
    found = places()
    package = ROOT / "simulator"
    assert all((ROOT / path).exists() for path in found)
    assert ROOT / found["app.py"] == commands.APPS[0]
    assert ROOT / found["scenarios"] == FOLDERS[0]
    look = ROOT / found[".streamlit/config.toml"]  # Streamlit reads it beside the script that it runs
    assert look == commands.APPS[0].parent / ".streamlit" / "config.toml"
    assert (package / "i18n" / "catalogues" / "es.po").is_file()
    assert found["simulator"] == "simulator"


def test_the_command_is_the_one_of_the_project() -> None:
    module, _, name = PROJECT["project"]["scripts"]["pxr"].partition(":")
    assert getattr(sys.modules[module], name) is main


@pytest.mark.slow
def test_a_built_wheel_runs_away_from_the_checkout(tmp_path: Path) -> None:
    pytest.importorskip("hatchling", reason="builds the wheel; pip brings it along when it builds one")
    build = "import hatchling.build, sys; hatchling.build.build_wheel(sys.argv[1])"
    subprocess.run([sys.executable, "-c", build, str(tmp_path)], check=True, cwd=ROOT, capture_output=True)
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        names = set(wheel.namelist())
        wheel.extractall(tmp_path / "installed")
    wanted = {"simulator/_app.py", "simulator/.streamlit/config.toml", "simulator/i18n/catalogues/es.po",
              "simulator/cli/__main__.py", "simulator/_scenarios/able-rikers.yaml"}  # fmt: skip
    assert wanted <= names
    program = (
        "import sys; from simulator import cli, library; from simulator.cli import commands;"
        "assert commands.APPS[0].is_file() and len(library()) > 20;"
        "sys.exit(cli.main(['list']) or cli.main(['run', 'able-rikers', '--trials', '50']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=False,
        env={"PYTHONPATH": str(tmp_path / "installed"), "PYTHONIOENCODING": "utf-8", "PATH": ""},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "able-rikers" in done.stdout
