"""The command line as people and machines use it: other processes, exit codes, what is written where."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import simulator
from simulator import cli
from simulator.cli import commands, labels
from simulator.cli.arguments import MOST_SEED, language_of
from simulator.i18n import LANGUAGES, messages
from simulator.scenario.files import dump
from tests.unit.test_checks import DEAL

ROOT = Path(__file__).resolve().parents[2]
RIKERS = simulator.library()["able-rikers"]
ESTIMATE = {"mean", "se", "p10", "p50", "p90", "low", "high", "trials", "unit", "party"}


def pxr(*arguments: object, code: int = 0, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a process of its own, away from the project's folder; never a traceback."""
    clean = {
        key: value
        for key, value in os.environ.items()
        if key not in ("PXR_LANG", "LC_ALL", "LC_MESSAGES", "LANG")
    }
    done = subprocess.run(
        [sys.executable, "-m", "simulator.cli", *map(str, arguments)],
        capture_output=True, text=True, check=False, timeout=120, encoding="utf-8", cwd=ROOT.parent,
        env={**clean, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", **environment},
    )  # fmt: skip
    assert "Traceback" not in done.stdout + done.stderr
    assert done.returncode == code, done.stderr
    return done


@dataclass(frozen=True)
class Answer:
    stdout: str
    stderr: str


def here(*arguments: object, code: int = 0) -> Answer:
    """Run a command inside this process, which is quicker."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        found = cli.main([str(argument) for argument in arguments])
    assert found == code, err.getvalue()
    return Answer(out.getvalue(), err.getvalue())


def strict(text: str) -> Any:
    """Read JSON that has no NaN and no Infinity."""

    def refuse(word: str) -> None:
        raise AssertionError(f"{word} is no JSON")

    return json.loads(text, parse_constant=refuse)


# ── run ──────────────────────────────────────────────────────────────────────────────────────────────


def test_run_gives_machines_everything() -> None:
    done = here("run", "able-rikers", "--trials", 200, "--seed", 7, "--json")
    data = strict(done.stdout)
    assert set(data) == {
        "deal",
        "digest",
        "version",
        "seed",
        "sampling",
        "trials",
        "currency",
        "metrics",
        "warnings",
        "notes",
    }
    assert (data["deal"], data["seed"], data["trials"], data["currency"]) == ("able-rikers", 7, 200, "USD")
    assert data["version"] == simulator.__version__
    for key, metric in data["metrics"].items():
        assert set(metric) >= ESTIMATE, key
        if metric["unit"] == "rate":
            assert set(metric) == ESTIMATE | {"undefined", "of_mean_flows"}
            assert all(0 <= share <= 1 for share in metric["undefined"].values())
    assert any(metric["unit"] == "rate" for metric in data["metrics"].values())
    assert done.stderr == ""


def test_run_says_the_same_as_the_public_face() -> None:
    data = strict(pxr("run", RIKERS, "--trials", 300, "--seed", 11, "--json").stdout)
    deal = simulator.load(RIKERS)
    result = simulator.simulate(deal, trials=300, seed=11)
    assert data["digest"] == deal.digest()
    for key, one in simulator.estimates(result).items():
        written = data["metrics"][key]
        assert {name: written[name] for name in one.to_dict()} == one.to_dict(), key


def test_the_number_of_threads_changes_nothing() -> None:
    one, two = (
        here("run", "able-rikers", "--trials", 9_000, "--workers", n, "--json").stdout for n in (1, 2)
    )
    assert one == two


def test_the_seed_changes_the_numbers_and_not_the_digest() -> None:
    one, two = (
        strict(here("run", "able-rikers", "--trials", 100, "--seed", n, "--json").stdout) for n in (1, 2)
    )
    assert one["digest"] == two["digest"]
    assert one["metrics"]["payer.payments"]["mean"] != two["metrics"]["payer.payments"]["mean"]


def test_machines_see_the_same_in_every_language() -> None:
    one, two = (
        strict(here("run", "able-rikers", "--trials", 50, "--json", "--lang", x).stdout) for x in LANGUAGES
    )
    assert one["notes"] != two["notes"]
    assert {key: one[key] for key in one if key not in ("notes", "warnings")} == {
        key: two[key] for key in two if key not in ("notes", "warnings")
    }


@pytest.mark.parametrize(
    ("language", "words"),
    [("es", ["semilla 7", "Inversionistas", "huella"]), ("en", ["seed 7", "Investors"])],
)
def test_run_gives_people_a_table_by_party(language: str, words: list[str]) -> None:
    text = here("run", "able-rikers", "--trials", 100, "--seed", 7, "--lang", language).stdout
    assert simulator.load(RIKERS).digest() in text
    assert "P10" in text
    assert "$" in text
    assert all(word in text for word in words)
    assert "metric." not in text
    assert "cli." not in text


def test_numbers_are_written_as_in_the_deals_country(tmp_path: Path) -> None:
    path = tmp_path / "deal.yaml"
    path.write_text(DEAL, encoding="utf-8")
    assert (
        "2.000" in here("run", path, "--trials", 50, "--lang", "en").stdout
    )  # thousands in Chile, whatever the language
    path.write_text(DEAL.replace("country: CL", "country: FR"), encoding="utf-8")
    assert "CLP" in here("run", path, "--trials", 50, "--lang", "es").stdout


# ── replay, check, list, schema ──────────────────────────────────────────────────────────────────────


def test_replay_compares_with_what_was_published() -> None:
    data = strict(here("replay", "able-rikers", "--json").stdout)
    assert set(data) == {
        "deal", "digest", "version", "currency", "payments", "expected", "difference", "checks", "warnings", "notes",
    }  # fmt: skip
    assert data["payments"] == 0
    assert data["expected"] == 0
    assert data["difference"] == 0
    found = simulator.compare_with_published(simulator.replay(simulator.load(RIKERS)))
    assert [check["key"] for check in data["checks"]] == [check.key for check in found]
    for check in data["checks"]:
        assert set(check) >= {
            "key", "found", "expected", "at_least", "at_most", "difference", "tolerance", "agrees", "sources",
        }  # fmt: skip
        assert check["agrees"] is True


@pytest.mark.parametrize(
    ("published", "expected", "difference"),
    [
        ("{at_least: 1, at_most: 900 000}", {"at_least": 1.0, "at_most": 900000.0}, 0.0),
        ("{at_least: 10 000 000}", {"at_least": 10000000.0, "at_most": None}, "below"),
    ],
)
def test_replay_compares_with_bounds(tmp_path: Path, published: str, expected: Any, difference: Any) -> None:
    path = tmp_path / "deal.yaml"
    text = DEAL.replace(
        "payer.payments: {value: 100 000, tolerance: 5, sources: [S1]}", f"payer.payments: {published}"
    )
    path.write_text(text + "  loan.profit: 5\n", encoding="utf-8")
    data = strict(here("replay", path, "--json").stdout)
    assert data["expected"] == expected
    assert data["difference"] == (difference if difference == 0 else data["payments"] - 10_000_000)
    other = next(check for check in data["checks"] if check["key"] == "loan.profit")
    assert (other["found"], other["difference"], other["agrees"]) == (None, None, False)
    assert [warning["code"] for warning in data["warnings"]] == ["published.unknown"]
    human = here("replay", path)
    assert "loan.profit" in human.stdout
    assert "loan.profit" in human.stderr


def test_replay_without_published_payment_says_nothing_of_it(tmp_path: Path) -> None:
    path = tmp_path / "deal.yaml"
    path.write_text(DEAL[: DEAL.index("published:")], encoding="utf-8")
    data = strict(here("replay", path, "--json").stdout)
    assert (data["expected"], data["difference"], data["checks"]) == (None, None, [])


def test_check_is_content_with_a_good_deal(tmp_path: Path) -> None:
    assert "bien" in here("check", "able-rikers", "--lang", "es").stdout
    path = tmp_path / "deal.yaml"
    path.write_text(DEAL.replace("currency: CLP", "currency: CPL"), encoding="utf-8")
    done = here("check", path, "--lang", "en")
    assert "CPL" in done.stderr
    assert "one warning" in done.stdout


def test_list_names_every_shipped_deal() -> None:
    data = strict(here("list", "--json").stdout)
    assert [deal["id"] for deal in data] == list(simulator.library())
    assert all(set(deal["title"]) == {"es", "en"} for deal in data)
    assert {deal["id"] for deal in data if deal["kind"] == "template"} == {
        path.stem for path in simulator.library().values() if path.parent.name == "templates"
    }


@pytest.mark.parametrize(
    ("language", "real", "invented", "words"),
    [
        ("es", "Contratos reales", "Plantillas", ["Perú", "Reino Unido", "A: bien", "pxr check mi-contrato.yaml"]),
        ("en", "Real contracts", "Templates", ["Peru", "United Kingdom", "A: well", "pxr check my-deal.yaml"]),
    ],
)  # fmt: skip
def test_list_tells_real_deals_from_templates(
    language: str, real: str, invented: str, words: list[str]
) -> None:
    text = here("list", "--lang", language).stdout
    first, _, second = text.partition(invented)
    assert first.startswith(real)
    for name, path in simulator.library().items():
        part = second if path.parent.name == "templates" else first
        assert f"  {name} " in part
    assert all(word in text for word in words), text
    rikers = next(line for line in first.splitlines() if "able-rikers" in line)
    assert re.search(r"able-rikers +\S.* A +ABLE", rikers)


def test_show_writes_the_document_of_a_shipped_deal(tmp_path: Path) -> None:
    text = here("show", "plantilla-pxr-anemia").stdout
    assert text == simulator.library()["plantilla-pxr-anemia"].read_text(encoding="utf-8")
    own = tmp_path / "mi-contrato.yaml"
    own.write_text(text, encoding="utf-8")
    assert "bien" in here("check", own).stdout
    assert "plantilla-pxr-anemia" in here("show", "plantilla-pxr-anemi", code=2).stderr
    assert "pxr list" in here("show", own, code=2).stderr


def test_schema_is_the_schema() -> None:
    assert strict(here("schema").stdout) == simulator.json_schema()


def test_the_dump_of_a_deal_is_the_same_deal(tmp_path: Path) -> None:
    path = tmp_path / "copy.yaml"
    path.write_text(dump(simulator.load(RIKERS)), encoding="utf-8")
    one, two = (
        strict(here("run", which, "--trials", 60, "--json").stdout) for which in ("able-rikers", path)
    )
    assert one == two


def test_version_and_help() -> None:
    assert here("--version").stdout == f"pxr {simulator.__version__}\n"
    for language, word in (("es", "uso:"), ("en", "usage:")):
        for arguments in (["--help"], ["run", "--help"], []):
            text = here(*arguments, "--lang", language).stdout
            assert text.startswith(word)
            assert language == "en" or not any(
                english in text for english in ("show this", "options", "positional")
            )


# ── What is wrong ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("command", ["run", "check", "replay"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_mistake_is_told_on_its_own_line(tmp_path: Path, command: str, language: str) -> None:
    path = tmp_path / "deal.yaml"
    text = DEAL.replace("account: trust", "account: nobody").replace(
        "size: 400 (S1)", "sise: 400\n    size: -4"
    )
    path.write_text(text.replace("payer: 4 %", "payer: 8"), encoding="utf-8")
    done = here(command, path, "--lang", language, code=2)
    assert done.stdout == ""
    count, *lines = done.stderr.splitlines()
    assert "4" in count
    assert len(lines) == 4
    wanted = [("contract.account", "nobody"), ("contract.people.sise", "size"), ("contract.people.size", "-4"),
              ("world.discount_rates.payer", "8 %")]  # fmt: skip
    for place, found in wanted:
        line = next(line for line in lines if f"{place} " in line)
        assert found in line
        number = int(line.removeprefix(f"{path}:").partition(":")[0])
        assert place.rpartition(".")[2] in path.read_text(encoding="utf-8").splitlines()[number - 1]


def write(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


HOSTILE = {
    "empty": b"", "binary": b"\xff\xfe\x00", "open": b"a: [", "bomb": b"a: &x [*x]", "nan": b"a: .nan", "huge": b"a: 1e400",
    "tag": b"a: !!python/name:os.system x", "escape": b"\x1b[31m: 1", "number": b"5", "two documents": b"---\n---\n",
}  # fmt: skip


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE)
def test_hostile_files_are_refused_politely(tmp_path: Path, content: bytes) -> None:
    path = write(tmp_path, "x.yaml", content)
    for command in ("run", "check", "replay"):
        done = here(command, path, code=2)
        assert done.stdout == ""
        assert len(done.stderr.splitlines()) >= 2
        assert "\x1b" not in done.stderr


def test_a_huge_file_is_refused_at_once(tmp_path: Path) -> None:
    path = tmp_path / "huge.yaml"
    with path.open("wb") as file:
        file.truncate(100 * 2**20)
    start = time.perf_counter()
    assert "1048576" in pxr("check", path, code=2).stderr
    assert time.perf_counter() - start < 30


def test_what_is_no_file_is_told(tmp_path: Path) -> None:
    assert str(tmp_path) in here("run", tmp_path, code=2).stderr
    assert "missing.yaml" in here("run", tmp_path / "missing.yaml", code=2).stderr
    assert "able-rikers" in here("run", "able-riker", code=2).stderr
    assert "pxr list" in here("run", code=2).stderr
    assert here("check", "/dev/zero", code=2).stderr
    assert here("check", "a\0b", code=2).stderr
    assert here("check", "x" * 5000, code=2).stderr


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_told(tmp_path: Path) -> None:
    path = write(tmp_path, "x.yaml", b"a: 1")
    path.chmod(0)
    assert "x.yaml" in here("check", path, code=2).stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--trials", "0"], ["--trials", "0", "1 … 1000000"]),
        (["--trials", "1000000000"], ["--trials", "1000000000", "1 … 1000000"]),
        (["--trials", "-5"], ["--trials"]),
        (["--trials", "many"], ["--trials", "many"]),
        (["--trials", "1e3"], ["1e3"]),
        (["--trials", "²"], ["²"]),
        (["--trials", "9" * 5000], ["--trials"]),
        (["--seed", "-1"], ["--seed"]),
        (["--seed", str(MOST_SEED + 1)], ["--seed", "0 … 2147483647"]),
        (["--workers", "0"], ["--workers"]),
        (["--workers", "100000"], ["--workers"]),
        (["--trials"], ["pxr run"]),
        (["--colour"], ["--colour"]),
        (["extra"], ["extra"]),
        (["--lang", "fr"], ["fr", "es, en"]),
    ],
)
def test_wrong_arguments_are_told(arguments: list[str], words: list[str]) -> None:
    done = here("run", "able-rikers", *arguments, code=2)
    assert done.stdout == ""
    assert all(word in done.stderr for word in words), done.stderr


@pytest.mark.parametrize("name", ["inexistente", "Mi contrato", "zzz"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_deal_that_does_not_exist_says_where_the_names_are(name: str, language: str) -> None:
    text = here("run", name, "--lang", language, code=2).stderr
    assert name in text
    assert "pxr list" in text


def test_seeds_are_those_of_the_links_of_the_app() -> None:
    from simulator.ui import link

    assert MOST_SEED == link.MOST_SEED
    assert link.parse_seed(str(MOST_SEED)) == MOST_SEED
    assert link.parse_seed(str(MOST_SEED + 1)) is None
    for language in LANGUAGES:
        assert str(MOST_SEED) in here("run", "--help", "--lang", language).stdout
        assert str(MOST_SEED) in messages(language)["ui.link.seed_typed"].forms[0].text
    assert "2147483647" in here("run", "able-rikers", "--trials", 10, "--seed", MOST_SEED).stdout


@pytest.mark.parametrize(
    "key", ["payments.placement@²", "payments.placement@99", "payments.placement@", "loan.irr@3"]
)
def test_a_published_figure_at_no_moment_is_a_clear_warning(tmp_path: Path, key: str) -> None:
    path = tmp_path / "deal.yaml"
    path.write_text(DEAL + f'  "{key}": 5\n', encoding="utf-8")
    for command in ("run", "check", "replay"):
        warning = here(command, path, "--lang", "es").stderr
        assert key in warning
        assert "no corresponde a ningún número" in warning
        assert "@0 … " in warning
        assert "@16" in warning


# An identifier of a document, or a piece of one, in the words for people.
RAW = re.compile(r"[a-z]_[a-z]|metric\.|cli\.|\((?:payments|investors|people|provider|parties)\)")


@pytest.mark.parametrize("deal", simulator.library())
def test_numbers_are_named_in_words_and_told_apart(deal: str) -> None:
    scenario = simulator.load(simulator.library()[deal])
    numbers = simulator.metrics(simulator.replay(scenario))
    for language in LANGUAGES:
        own = labels.Labels(scenario, language)
        rows = [(own.group(metric), own.number(key)) for key, metric in numbers.items()]
        assert len(set(rows)) == len(rows)
        shown = {own.full(key) for key in (*numbers, *scenario.published) if key.partition("@")[0] in numbers}
        if language == "es":
            assert [text for text in (*shown, *(" ".join(row) for row in rows)) if RAW.search(text)] == []


def test_a_number_up_to_a_moment_says_so(tmp_path: Path) -> None:
    path = tmp_path / "deal.yaml"
    path.write_text(DEAL + "  payments.placement@8: 5\n", encoding="utf-8")
    text = here("replay", path, "--lang", "es").stdout
    assert "hasta el final del período 8" in text
    assert "payments.placement" not in text


def test_the_tail_of_losses_has_words_and_no_percentiles() -> None:
    text = here("run", "able-rikers", "--trials", 100, "--lang", "es").stdout
    row = next(line for line in text.splitlines() if "(VaR)" in line)
    assert "5 de cada 100 futuros" in row
    assert row.count("$") == 2


def test_a_command_that_does_not_exist_suggests_one() -> None:
    assert "“replay”" in here("--lang", "en", "rplay", code=2).stderr


@pytest.mark.parametrize(
    "arguments",
    [["run", "able-rikers", "--trials", "1" * 30], ["--json"], ["run", "--json=3", "able-rikers"], [""]],
)
def test_no_argument_brings_a_traceback(arguments: list[str]) -> None:
    assert "Traceback" not in here(*arguments, code=2).stderr


def test_too_many_futures_for_the_memory_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "deal.yaml"
    text = DEAL.replace("period: quarter, periods: 16", "period: month, periods: 240")
    path.write_text(text, encoding="utf-8")
    done = here("run", path, "--trials", 1_000_000, "--lang", "en", code=2)
    assert "1000000" in done.stderr


# ── Interrupted ──────────────────────────────────────────────────────────────────────────────────────


def test_whoever_stops_reading_does_not_see_a_traceback() -> None:
    command = [sys.executable, "-m", "simulator.cli", "schema"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT)
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.read(1)
    process.stdout.close()
    error = process.stderr.read().decode()
    process.stderr.close()
    assert process.wait(timeout=60) == 0
    assert error == ""


@pytest.mark.skipif(os.name != "posix", reason="signals of a terminal")
def test_an_interruption_ends_it_quietly(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object, **__: object) -> None:
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(5)

    monkeypatch.setattr(commands, "simulate", interrupt)
    before = signal.signal(
        signal.SIGINT, signal.default_int_handler
    )  # a shell in the background lets it be ignored
    try:
        assert here("run", "able-rikers", "--lang", "en", code=130).stderr == "Interrupted.\n"
    finally:
        signal.signal(signal.SIGINT, before)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (MemoryError(), "memory"),
        (simulator.EngineInvariantError("money created"), "money created"),
        (RuntimeError("strange\nthing"), "RuntimeError: strange thing"),
    ],
)
def test_whatever_goes_wrong_inside_is_one_sentence(
    error: Exception, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(commands, "simulate", fail)
    monkeypatch.delenv("PXR_DEBUG", raising=False)
    text = here("run", "able-rikers", "--lang", "en", code=2).stderr
    assert words in text
    assert text.count("\n") == 1


def test_developers_may_see_the_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("strange")

    monkeypatch.setattr(commands, "simulate", fail)
    monkeypatch.setenv("PXR_DEBUG", "1")
    with pytest.raises(RuntimeError, match="strange"):
        here("run", "able-rikers")


# ── Language ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("arguments", "environment", "language"),
    [
        ([], {}, "es"),
        ([], {"LANG": "en_US.UTF-8"}, "en"),
        ([], {"LANG": "C.UTF-8"}, "es"),
        ([], {"LC_ALL": "es_CL", "LANG": "en_US"}, "es"),
        ([], {"PXR_LANG": "en", "LANG": "es_CL"}, "en"),
        ([], {"PXR_LANG": "xx", "LANG": "en_GB"}, "en"),
        (["--lang", "es"], {"PXR_LANG": "en"}, "es"),
        (["--lang=en"], {"PXR_LANG": "es"}, "en"),
        (["--lang", "english"], {}, "es"),
    ],
)
def test_the_language_is_the_one_asked_for(
    arguments: list[str], environment: dict[str, str], language: str
) -> None:
    assert language_of(arguments, environment) == language


def test_the_environment_chooses_the_language() -> None:
    assert "No existe" in pxr("rum", code=2).stderr
    assert "no such command" in pxr("rum", code=2, PXR_LANG="en").stderr


def test_every_metric_has_a_name_in_both_languages() -> None:
    keys = set()
    for path in simulator.library().values():
        numbers = simulator.metrics(simulator.replay(simulator.load(path)))
        keys |= {
            metric.name for key, metric in numbers.items() if key.split(".")[0] not in ("parties", "payments")
        }
    assert len(keys) > 20
    for language in LANGUAGES:
        assert {key for key in keys if key not in messages(language)} == set()


# ── The app ──────────────────────────────────────────────────────────────────────────────────────────


def test_no_command_but_app_brings_streamlit_along() -> None:
    program = (
        "import sys; from simulator import cli; cli.main(['run', 'able-rikers', '--trials', '20']);"
        "cli.main(['list']); assert not {'streamlit', 'plotly'} & set(sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert done.returncode == 0, done.stderr


def test_app_starts_the_door(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    started: list[list[str]] = []

    def start(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        started.append(command)
        return subprocess.CompletedProcess(command, 0)

    door = write(tmp_path, "app.py", b"")
    monkeypatch.setattr(commands, "APPS", (tmp_path / "nowhere.py", door))
    monkeypatch.setattr("subprocess.run", start)
    here("app", "--port", 8600)
    assert started == [[sys.executable, "-m", "streamlit", "run", str(door), "--server.port=8600"]]


def test_app_says_what_is_missing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(commands, "APPS", (tmp_path / "nowhere.py",))
    assert "nowhere.py" in here("app", "--lang", "en", code=2).stderr
    monkeypatch.setattr(commands, "APPS", (write(tmp_path, "app.py", b""),))
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert "streamlit" in here("app", "--lang", "en", code=2).stderr
    assert "--port" in here("app", "--port", "0", code=2).stderr


def test_the_door_is_where_the_project_keeps_it() -> None:
    assert ROOT / "app.py" in commands.APPS


# ── The budget ───────────────────────────────────────────────────────────────────────────────────────────
def test_the_budget_for_machines_is_plain_numbers() -> None:
    done = pxr("budget", "creo-colombia", "--rule", "max", "--trials", "500", "--json")
    found = json.loads(done.stdout)

    assert (found["rule"], found["money"], found["trials"]) == ("maximum", "nominal", 500)
    line = found["payers"]["prosperidad"]
    assert line["provisions"] == pytest.approx(sum(year["provision"] for year in line["years"].values()))
    test = found["future_years"]["prosperidad"]
    assert test["meets"] is (test["share"] >= 0.15)
    assert line["years"]["2021"]["provision_se"] is None or line["years"]["2021"]["provision_se"] == 0


@pytest.mark.parametrize(
    ("lang", "words"), [("es", ("Vigencia", "Provisión")), ("en", ("Fiscal year", "Provision"))]
)
def test_the_budget_for_people_speaks_their_language(lang: str, words: tuple[str, ...]) -> None:
    done = pxr("budget", "plantilla-pxr-empleo-co", "--trials", "200", "--lang", lang)

    for word in words:
        assert word in done.stdout


@pytest.mark.parametrize("rule", ["median", "mean+-1sd"])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_rule_that_does_not_exist_is_refused(rule: str, lang: str) -> None:
    done = pxr("budget", "lectoescritura-cis", "--rule", rule, "--lang", lang, code=2)

    assert len(done.stderr.strip().splitlines()) == 2
    assert "Traceback" not in done.stderr


# ── Public value and measurement ─────────────────────────────────────────────────────────────────────────
def test_the_value_for_machines_is_plain_numbers() -> None:
    done = pxr("value", "plantilla-cis-reinsercion", "--trials", "500", "--seed", "7", "--json")
    found = json.loads(done.stdout)

    deal = simulator.load(simulator.library()["plantilla-cis-reinsercion"])
    both = simulator.compare(simulator.simulate(deal, trials=500, seed=7))
    assert (found["deal"], found["trials"], found["in_cash"]) == (deal.id, 500, "does_not_pay")
    assert found["parts"]["not_spent"]["mean"] == pytest.approx(both.parts.not_spent.mean)
    ratio = found["alternatives"]["contract"]["worths"]["cash.marginal.official"]["ratio"]
    assert ratio["mean"] == pytest.approx(both.alternatives["contract"].worth("cash").ratio.mean)


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("es", ("Por insumos", "no se paga solo en caja", "Gendarmería", "supuesto")),
        ("en", ("By inputs", "does not pay for itself in cash", "Prison service", "assumption")),
    ],
)
def test_the_value_for_people_speaks_their_language(lang: str, words: tuple[str, ...]) -> None:
    done = here("value", "plantilla-cis-reinsercion", "--trials", "500", "--lang", lang)

    for word in words:
        assert word in done.stdout


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_deal_without_value_says_what_to_write(lang: str) -> None:
    done = here("value", "able-rikers", "--trials", "100", "--lang", lang)
    plain = json.loads(here("value", "able-rikers", "--trials", "100", "--json").stdout)

    assert "world.value" in done.stdout
    assert plain["in_cash"] == "not_valued"


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("es", ("Paga sin efecto", "Si el programa no cambiara nada")),
        ("en", ("Pays without effect", "If the programme changed nothing")),
    ],
)
def test_errors_of_measurement_for_people_and_machines(lang: str, words: tuple[str, ...]) -> None:
    asked = ("evaluate", "lectoescritura-cis", "--trials", "500", "--seed", "3", "--lang", lang)
    done, found = here(*asked), json.loads(here(*asked, "--json").stdout)

    for word in words:
        assert word in done.stdout
    gain = found["payments"]["gain"]
    assert 0 < gain["pays_without_effect"]["value"] < 1
    assert (found["trials"], found["seed"], gain["misses_success"]["of"] <= 500) == (500, 3, True)


def test_evaluate_refuses_what_it_cannot_read() -> None:
    assert "Traceback" not in pxr("evaluate", "lectoescritura-cis", "--trials", "none", code=2).stderr
    assert "Traceback" not in pxr("value", "no-such-deal", code=2).stderr
