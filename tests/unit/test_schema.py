"""The JSON schema: valid by its standard, true of every shipped deal, and as strict as the reader where it matters."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

import simulator
from simulator.scenario.files import dump, examine, load
from simulator.scenario.schema import json_schema
from simulator.scenario.strict_yaml import Document, load_file, load_text
from tests.unit.test_checks import DEAL, GONE

jsonschema = pytest.importorskip("jsonschema")
SCHEMA = json_schema()
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
WHOLE: Any = load_text(DEAL).data


def complaints(data: Any) -> list[str]:
    return [f"{list(error.absolute_path)}: {error.message}"[:300] for error in VALIDATOR.iter_errors(data)]


def changed(place: str, value: Any) -> Any:
    data = copy.deepcopy(WHOLE)
    *way, last = [int(key) if key.isdigit() else key for key in place.split("/")]
    here = data
    for key in way:
        here = here[key]
    if value is GONE:
        del here[last]
    else:
        here[last] = value
    return data


def test_the_schema_keeps_its_standard() -> None:
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert json.loads(json.dumps(SCHEMA, allow_nan=False)) == SCHEMA


def test_it_is_a_new_schema_each_time() -> None:
    json_schema()["$defs"].clear()
    assert json_schema() == SCHEMA


@pytest.mark.parametrize("name", simulator.library())
def test_every_shipped_deal_is_valid_as_written_and_as_dumped(name: str) -> None:
    path = simulator.library()[name]
    assert complaints(load_file(path).data) == []
    assert complaints(load_text(dump(load(path))).data) == []


def test_every_field_is_described_or_named() -> None:
    described = [key for key, model in SCHEMA["$defs"].items() if model.get("description")]
    assert len(described) > 0.9 * len(SCHEMA["$defs"])


# What people write shorter than the models say; reader and schema accept the same.
SHORT: list[tuple[str, Any]] = [
    ("contract/people/size", 400), ("contract/people/size", "9 600 (S1)"), ("contract/people/size", "9 600 [S1 A] (M)"),
    ("contract/people/size", {"value": 400}), ("contract/people/size", {"value": "9 600", "sources": ["S1"]}),
    ("contract/people/size", {"kind": "pert", "low": "300", "mode": 400, "high": 500}),
    ("world/early_end/prob", "2 %"), ("world/early_end/prob", "2.5%"), ("world/early_end/prob", 0.02),
    ("title", "One title"), ("title", {"es": "Uno"}), ("title", {"en": "One"}),
    ("contract/payments/fewer_days/pool", "all"), ("contract/payments/fewer_days/pool", ["all"]),
    ("contract/payments/fewer_days/pool", ["intake", "segment"]),
    ("contract/payments/retention/where", {"segment": "young", "provider": ["school"], "intake": 1}),
    ("contract/payments/retention/where", {"intake": [1, 2]}),
    ("contract/limits/everything/on", "all"), ("contract/limits/everything/on", ["placement"]),
    ("contract/results/placed/measured", "records"), ("contract/results/placed/measured", {"kind": "records"}),
    ("contract/results/days/measured", "comparison"),
    ("contract/capital/loan/draw", "at_close"), ("contract/capital/loan/draw", {"kind": "scheduled", "shares": {"0": 1}}),
    ("contract/capital/gift/draw", "as_needed"), ("contract/capital/loan/coupon", "5 %"),
    ("contract/capital/loan/coupon",
     {"on": "placed", "quantity": "rate", "curve": {"kind": "steps", "steps": [{"at": 0.1, "pay": "5 %"}]}}),
    ("contract/waterfall/3/to", "fund"), ("contract/waterfall/1/to", ["loan"]), ("contract/waterfall/3/to", {"fund": 1}),
    ("contract/waterfall/1/until", {"kind": "irr", "rate": "8 %"}), ("contract/waterfall/1/until", {"kind": "interest"}),
    ("actuals/results/placed", 150), ("actuals/results/placed", "150 (S1)"), ("actuals/results/placed", {"mean": 0.5}),
    ("actuals/results/placed", [{"count": 150, "where": {"segment": "young"}}]),
    ("published/payer.payments", 100_000), ("published/payer.payments", "100 000 (S1)"),
    ("published/payer.payments", {"at_least": 1, "at_most": "2 000"}),
    ("contract/people/intakes", [{"starts": 0, "share": 1}]),
]  # fmt: skip


@pytest.mark.parametrize(("place", "value"), SHORT)
def test_short_forms_are_valid_for_schema_and_reader(place: str, value: Any) -> None:
    data = changed(place, value)
    assert complaints(data) == []
    _, issues = examine(Document(data=data, lines={}))
    structural = {"type", "missing", "unknown_field", "choice", "pattern", "number", "whole", "length"}
    assert [issue for issue in issues if issue.code in structural] == []


WRONG: list[tuple[str, Any]] = [
    ("schema", 2), ("id", "With Spaces"), ("country", "Chile"), ("contract", GONE), ("contract/account", GONE),
    ("account", 1),
    ("title", 5), ("title", {}), ("title", {"fr": "Un"}),
    ("contract/people/size", "four"), ("contract/people/size", "1,5"), ("contract/people/size", True),
    ("contract/people/size", None), ("contract/people/size", [1]), ("contract/people/size", {"kind": "pertt"}),
    ("contract/people/size", {"kind": "pert", "low": 1}), ("contract/people/size", {"value": "9 600 (S1)"}),
    ("contract/calendar/periods", 0), ("contract/calendar/periods", 2.5), ("contract/calendar/period", "week"),
    ("contract/payers", {}), ("contract/payers", {"Bad Key": 1}), ("contract/waterfall/3/to", []),
    ("contract/waterfall/3/to", "Two words"), ("contract/waterfall/1/until", "irr"), ("contract/waterfall/1/until", "all"),
    ("contract/results/placed/measured", "benchmark"), ("contract/capital/loan/draw", "scheduled"),
    ("contract/payments/fewer_days/pool", "everything"), ("contract/payments/fewer_days/pool", []),
    ("contract/payments/fewer_days/curve", {"kind": "steps"}), ("contract/payments/fewer_days/curve/kind", "bands"),
    ("contract/results/days/measured/ratio", "ten"),
    ("published/payer.payments", "many"), ("actuals/results/placed", "many"),
    ("contract/people/size", -100), ("contract/capital/loan/coupon", 8), ("contract/payers/city", 1.5),
    ("simulation", {"trials": 0}), ("simulation", {"trials": 10**9}),
]  # fmt: skip


@pytest.mark.parametrize(("place", "value"), WRONG)
def test_what_is_wrong_is_invalid(place: str, value: Any) -> None:
    assert complaints(changed(place, value)) != []


@pytest.mark.parametrize(("place", "value"), WRONG)
def test_the_reader_refuses_the_same(place: str, value: Any) -> None:
    if place == "schema":
        return  # refused before anything else is read: test_files.py
    _, issues = examine(Document(data=changed(place, value), lines={}))
    assert [issue for issue in issues if issue.severity == "error"] != []
