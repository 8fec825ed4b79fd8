"""The browser of the tests: the one asked for, else one that really runs, else a clear message."""

from __future__ import annotations

import stat
import sys
from pathlib import Path

import pytest

from scripts import ensure_browser
from scripts.ensure_browser import BrowserError, find_browser, works


def on_path(*names: str) -> dict[str, str]:
    return {name: f"/usr/bin/{name}" for name in names}


def program(folder: Path, name: str, exit_code: int) -> str:
    path = folder / name
    path.write_text(f"#!/bin/sh\nexit {exit_code}\n", encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


def test_the_wish_wins() -> None:
    installed = on_path("chromium", "my-chrome")
    found = find_browser({"PXR_BROWSER": "my-chrome"}, which=installed.get, is_working=lambda _: True)
    assert found == "/usr/bin/my-chrome"


@pytest.mark.parametrize("installed", [{}, on_path("broken")])
def test_a_wish_that_does_not_run_is_not_replaced(installed: dict[str, str]) -> None:
    with pytest.raises(BrowserError, match="PXR_BROWSER=broken does not run"):
        find_browser({"PXR_BROWSER": "broken"}, which=installed.get, is_working=lambda _: False)


def test_a_wrapper_without_its_browser_is_passed_over() -> None:
    installed = on_path("chromium-browser", "google-chrome")
    found = find_browser(
        {}, which=installed.get, is_working=lambda path: not path.endswith("chromium-browser")
    )
    assert found == "/usr/bin/google-chrome"


def test_extra_paths_come_last() -> None:
    installed = on_path("chromium") | {"/opt/own": "/opt/own"}
    assert find_browser({}, which=installed.get, is_working=lambda _: True, extra=["/opt/own"]) == (
        "/usr/bin/chromium"
    )
    del installed["chromium"]
    assert find_browser({}, which=installed.get, is_working=lambda _: True, extra=["/opt/own"]) == "/opt/own"


def test_nothing_is_found_where_nothing_is() -> None:
    assert find_browser({"PXR_BROWSER": " "}, which=lambda _: None) is None


def test_a_program_works_when_it_answers(tmp_path: Path) -> None:
    assert works(program(tmp_path, "good", 0))
    assert not works(program(tmp_path, "bad", 1))
    assert not works(str(tmp_path / "absent"))


def test_only_the_path_is_printed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PXR_BROWSER", sys.executable)
    assert ensure_browser.main() == 0
    assert capsys.readouterr().out == f"{sys.executable}\n"


def test_the_last_word_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(ensure_browser, "find_browser", lambda *_, **__: None)
    monkeypatch.setattr(ensure_browser, "run_all", lambda _: False)
    assert ensure_browser.main() == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "PXR_BROWSER=" in printed.err
    assert 'not browser"' in printed.err


def test_installers_end_with_the_download() -> None:
    ways = list(ensure_browser.installers())
    assert ways[-1] == [[sys.executable, "-m", "playwright", "install", "chromium"]]
    for way in ways[:-1]:
        assert [command[-1] for command in way] == ["update", "chromium"]


def test_a_failed_command_ends_its_way(capfd: pytest.CaptureFixture[str]) -> None:
    speaks = [sys.executable, "-c", "print('installed')"]
    fails = [sys.executable, "-c", "raise SystemExit(3)"]
    assert ensure_browser.run_all([speaks])
    assert not ensure_browser.run_all([fails, speaks])
    printed = capfd.readouterr()
    assert printed.out == "", "standard output is for the path"
    assert printed.err.count("installed\n") == 1
