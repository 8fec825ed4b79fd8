"""The link: what is written is read again, and what is wrong takes its default."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from simulator.scenario.levers import Lever
from simulator.ui.link import DEFAULT_SEED, MOST_SEED, TRIALS, VIEWS, Link, parse_seed, read_link

LEVERS = (
    Lever(id="prices", low=0.5, high=2.0, step=0.05, neutral=1.0, paths=("a",)),
    Lever(id="early_end", low=0.0, high=0.5, step=0.01, neutral=0.05, paths=("b",), is_factor=False),
)


def read(params: dict[str, str]) -> tuple[Link, tuple[str, ...]]:
    return read_link(params, deals=("one", "two"), default="one", levers_of=lambda _: LEVERS)


def test_an_empty_link_is_the_default_without_a_notice() -> None:
    assert read({}) == (Link(deal="one"), ())


@given(
    deal=st.sampled_from(["one", "two"]),
    lang=st.sampled_from(["es", "en"]),
    view=st.sampled_from(VIEWS),
    seed=st.integers(0, MOST_SEED),
    trials=st.sampled_from(TRIALS),
    steps=st.tuples(st.integers(10, 40), st.integers(0, 50)),
)
def test_what_is_written_is_read_again(
    deal: str, lang: str, view: str, seed: int, trials: int, steps: tuple[int, int]
) -> None:
    link = Link(deal=deal, lang=lang, view=view, seed=seed, trials=trials)
    link = link.move(LEVERS[0], round(steps[0] * 0.05, 6)).move(LEVERS[1], round(steps[1] * 0.01, 6))
    assert read(link.params()) == (link, ())


@given(
    st.dictionaries(
        st.text(max_size=12) | st.sampled_from(["deal", "prices", "seed", "view"]), st.text(max_size=40)
    )
)
def test_any_link_is_read_without_an_exception(params: dict[str, str]) -> None:
    link, notices = read(params)
    assert link.deal in ("one", "two")
    assert link.trials in TRIALS
    assert 0 <= link.seed <= MOST_SEED
    assert all(lever.low <= link.positions.get(lever.id, lever.neutral) <= lever.high for lever in LEVERS)
    assert all(notice.startswith("ui.link.") for notice in notices)


def test_a_lever_is_held_between_its_ends_and_neutral_is_not_written() -> None:
    link = Link(deal="one").move(LEVERS[0], 7.0)
    assert link.params()["prices"] == "2"
    assert "prices" not in link.move(LEVERS[0], 1.0).params()


def test_seeds() -> None:
    assert parse_seed("0") == 0
    assert [parse_seed(text) for text in ("", "-1", "1.5", "1e3", "٣", str(MOST_SEED + 1))] == [None] * 6
    assert read({"seed": "x"})[0].seed == DEFAULT_SEED


def test_number_format_and_payer_are_in_the_link_only_if_somebody_chose_them() -> None:
    link, notices = read_link(
        {"numbers": "es-CL", "payer": "city"}, deals=("one",), default="one", levers_of=lambda _: LEVERS,
        payers_of=lambda _: ("city", "fund"),
    )  # fmt: skip
    assert (link.numbers, link.payer, notices) == ("es-CL", "city", ())
    assert link.params()["payer"] == "city"
    assert not {"numbers", "payer"} & set(Link(deal="one").params())
    wrong, notices = read({"numbers": "es", "payer": "city"})
    assert (wrong.numbers, wrong.payer) == ("", "")
    assert notices == ("ui.link.numbers", "ui.link.payer")
