"""What all tests share: one BLAS thread, repeatable properties, the browser."""

from __future__ import annotations

import os

# Before anything imports NumPy: as many threads as the app uses in each process, which is one.
os.environ["OPENBLAS_NUM_THREADS"] = "1"
os.environ["OMP_NUM_THREADS"] = "1"
os.environ["MKL_NUM_THREADS"] = "1"

import pytest
from hypothesis import HealthCheck, Phase, settings

from scripts.ensure_browser import find_browser

# "ci" is the default everywhere: the same examples each time, so that a red test is red for everybody.
# "search" looks for new ones, at length: PXR_HYPOTHESIS=search make test ARGS="tests/property"
settings.register_profile(
    "ci",
    derandomize=True,
    deadline=None,
    max_examples=25,
    phases=(
        Phase.explicit,
        Phase.generate,
    ),  # a failing example is shown as found; search for a smaller one with `search`
    database=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],  # two busy cores are slow now and then
)
settings.register_profile(
    "search",
    derandomize=False,
    deadline=None,
    max_examples=int(os.environ.get("PXR_EXAMPLES", "2000")),
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile(os.environ.get("PXR_HYPOTHESIS", "ci"))


@pytest.fixture(scope="session")
def browser_path() -> str:
    """Return the browser to start (as root it needs ``--no-sandbox``); without one, skip."""
    path = find_browser(os.environ)
    if path is None:
        pytest.skip("no browser here; `make test` installs one")
    return path
