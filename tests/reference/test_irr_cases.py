"""The rates of `irr_cases.yaml`, one test each."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from ruamel.yaml import YAML

from simulator.metrics.irr import IrrStatus, irr, irr_of

DOCUMENT: dict[str, Any] = YAML(typ="safe").load(Path(__file__).with_name("irr_cases.yaml"))
CASES: list[dict[str, Any]] = DOCUMENT["cases"]
RATED = [case for case in CASES if case["status"] in {"OK", "MULTIPLE"}]


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_the_rate_and_status_of_a_case_are_right(case: dict[str, Any]) -> None:
    rate, status = irr_of(case["flows"], periods_per_year=case.get("periods_per_year", 1))

    assert status.name == case["status"]
    if case["rate"] is None:
        assert math.isnan(rate)
    else:
        assert rate == pytest.approx(case["rate"], abs=case["tolerance"], rel=0)


@pytest.mark.parametrize("case", RATED, ids=[case["name"] for case in RATED])
def test_the_npv_at_the_rate_is_nil(case: dict[str, Any]) -> None:
    rate, status = irr_of(case["flows"], periods_per_year=case.get("periods_per_year", 1))

    assert status in {IrrStatus.OK, IrrStatus.MULTIPLE}
    flows = np.array(case["flows"], dtype=np.float64)
    years = np.arange(flows.size) / case.get("periods_per_year", 1)
    present = flows * (1 + rate) ** -years
    # Near -100 % the rate itself, a float, is too coarse to say how much is left.
    coarse = 2e-16 * years[-1] / (1 + rate)
    assert abs(present.sum()) <= (1e-11 + coarse) * np.abs(present).sum()


def test_the_cases_side_by_side_are_what_they_are_alone() -> None:
    annual = [case for case in CASES if case.get("periods_per_year", 1) == 1]
    longest = max(len(case["flows"]) for case in annual)
    table = np.zeros((longest, len(annual)))
    for column, case in enumerate(annual):
        table[: len(case["flows"]), column] = case["flows"]

    result = irr(table)

    for column, case in enumerate(annual):
        assert IrrStatus(int(result.status[column])).name == case["status"], case["name"]
        if case["rate"] is not None:
            assert result.rate[column] == pytest.approx(case["rate"], abs=case["tolerance"], rel=1e-12)


def test_every_case_names_its_source_and_every_status_but_one_has_a_case() -> None:
    assert len({case["name"] for case in CASES}) == len(CASES)
    assert all(case["source"] in DOCUMENT["sources"] and case["why"] for case in CASES)
    assert {case["source"] for case in CASES} == set(DOCUMENT["sources"])
    # No flows are known that end in NOT_CONVERGED; tests/unit/test_irr.py makes some.
    assert {case["status"] for case in CASES} == {status.name for status in IrrStatus} - {"NOT_CONVERGED"}
