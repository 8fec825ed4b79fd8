"""Print the path of a Chromium-like browser for the browser tests, installing one if none works.

Tried in order: ``PXR_BROWSER``; the browsers on the PATH; Playwright's own, if it was installed before;
Debian's or Ubuntu's package, when that can be done without a question; Playwright's download. Only the
path goes to standard output; what the installers say goes to standard error.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping

NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
STANDARD_ERROR = 2  # standard output is for the path
NOT_FOUND = """\
No browser for the browser tests, and none could be installed. Do one of these:
  - install Chromium or Google Chrome, so that `chromium` or `google-chrome` is on the PATH;
  - say where one is: PXR_BROWSER=/path/to/chrome make test
  - leave those tests out: .venv/bin/python -m pytest -m "not browser"
"""


class BrowserError(Exception):
    """No browser can be had; the message says what to do."""


def works(path: str) -> bool:
    """Tell whether a program answers ``--version``: a wrapper without its browser is on the PATH too."""
    try:
        answer = subprocess.run([path, "--version"], capture_output=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.returncode == 0


def find_browser(
    environment: Mapping[str, str],
    *,
    which: Callable[[str], str | None] = shutil.which,
    is_working: Callable[[str], bool] = works,
    extra: Iterable[str] = (),
) -> str | None:
    """Return the path of a browser that is there already, or None.

    Parameters
    ----------
    environment
        Where ``PXR_BROWSER`` is looked up; it wins over everything else.
    which
        Finds a program on the PATH.
    is_working
        Tells whether the program found really runs.
    extra
        Further paths, tried last.

    Raises
    ------
    BrowserError
        If ``PXR_BROWSER`` names something that does not run: a wish is not replaced in silence.
    """
    wanted = environment.get("PXR_BROWSER", "").strip()
    if wanted:
        path = which(wanted)
        if path is None or not is_working(path):
            raise BrowserError(f"PXR_BROWSER={wanted} does not run; correct it or unset it.")
        return path
    paths = (which(name) for name in (*NAMES, *extra))
    return next((path for path in paths if path and is_working(path)), None)


def playwright_browsers() -> Iterator[str]:
    """Yield the browser that Playwright downloaded for itself, if it is installed."""
    try:
        from playwright.sync_api import sync_playwright

        with sync_playwright() as playwright:
            path = playwright.chromium.executable_path
    except Exception as error:  # whatever goes wrong in there, the next way is tried
        print(f"(Playwright cannot be asked: {error})", file=sys.stderr)
        return
    yield path


def installers() -> Iterator[list[list[str]]]:
    """Yield the ways to install a browser here, each a list of commands."""
    apt = shutil.which("apt-get")
    sudo = shutil.which("sudo")
    as_root = [] if os.geteuid() == 0 else [sudo, "-n"] if sudo else None
    if apt and as_root is not None:
        quiet = [
            *as_root,
            "env",
            "DEBIAN_FRONTEND=noninteractive",
            apt,
            "-q",
            "-o",
            "DPkg::Lock::Timeout=300",
        ]
        yield [[*quiet, "update"], [*quiet, "install", "-y", "--no-install-recommends", "chromium"]]
    yield [[sys.executable, "-m", "playwright", "install", "chromium"]]


def run_all(commands: Iterable[list[str]]) -> bool:
    """Run commands until one fails; tell whether all went well."""
    for command in commands:
        print("+", " ".join(command), file=sys.stderr)
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=STANDARD_ERROR, check=False)
        if done.returncode != 0:
            return False
    return True


def ensure_browser() -> str:
    """Return the path of a browser that works, after installing one if need be."""
    found = find_browser(os.environ) or find_browser({}, extra=playwright_browsers())
    if found:
        return found
    for commands in installers():
        if run_all(commands) and (found := find_browser({}, extra=playwright_browsers())):
            return found
    raise BrowserError(NOT_FOUND)


def main() -> int:
    """Print the path, or say on standard error what to do."""
    try:
        print(ensure_browser())
    except BrowserError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
