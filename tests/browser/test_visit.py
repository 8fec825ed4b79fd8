"""One visit in a real browser: open, move a control with the keyboard, read, reload, go back, change language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

import simulator
from simulator.library import DEFAULT
from simulator.ui.voice import Voice

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

DEALS = simulator.library()
DEAL = DEFAULT if DEFAULT in DEALS else next(iter(DEALS))
PATIENCE = 60_000
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@pytest.fixture(scope="module")
def browser(browser_path: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=browser_path, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture
def complaints() -> list[str]:
    return []


@pytest.fixture
def page(browser: Browser, server: str, complaints: list[str]) -> Iterator[Page]:
    opened = browser.new_page(viewport={"width": 1280, "height": 720}, base_url=server)
    opened.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    opened.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("requestfailed", lambda request: complaints.append(f"request failed: {request.url}"))
    opened.on(
        "request",
        lambda request: complaints.extend(
            [request.url] * (not request.url.startswith((server, "data:", "blob:")))
        ),
    )
    yield opened
    opened.close()


def link(page: Page) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(page.url).query).items()}


def payment(params: dict[str, str], lang: str = "es") -> str:
    """The expected payment of a link by the public face, as the screen writes it."""
    scenario = simulator.load(DEALS[params["deal"]])
    positions = {
        lever.id: float(params[lever.id]) for lever in simulator.levers(scenario) if lever.id in params
    }
    moved = simulator.apply_levers(scenario, positions)
    run = simulator.simulate(moved, trials=int(params["trials"]), seed=int(params["seed"]))
    return Voice.of(lang, scenario).money(simulator.estimates(run)["payer.payments"].mean)


def shows(page: Page, amount: str) -> None:
    expect(page.locator(".st-key-headline_payments h2")).to_have_text(
        re.compile(re.escape(amount).replace("\u00a0", r"\s"))
    )


def test_a_visit(page: Page, complaints: list[str]) -> None:
    page.goto(f"/?deal={DEAL}&view=payer&trials=1000&seed=9")
    at_rest = payment({"deal": DEAL, "trials": "1000", "seed": "9"})
    shows(page, at_rest)
    expect(page.locator("html")).to_have_attribute("lang", "es")
    expect(page.locator(".js-plotly-plot").first).to_be_visible()

    slider = page.locator(".st-key-in_lever_prices input[type=range]")
    slider.focus()
    slider.press("ArrowRight")
    slider.press("ArrowRight")
    page.wait_for_url("**prices=1.1**")
    moved = payment(link(page))
    assert moved != at_rest
    shows(page, moved)

    page.reload()
    shows(page, moved)
    assert link(page)["prices"] == "1.1"
    expect(page.locator(".st-key-in_lever_prices input[type=range]")).to_have_value("110")

    page.get_by_text("English", exact=True).click()
    page.wait_for_url("**lang=en**")
    shows(page, payment(link(page), "en"))
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert link(page)["prices"] == "1.1"
    assert complaints == []


@pytest.mark.parametrize("view", ["deal", "budget", "value", "investor", "provider", "evidence"])
def test_every_page_draws_without_a_complaint(page: Page, complaints: list[str], view: str) -> None:
    deal = "plantilla-cis-reinsercion" if view == "value" else DEAL
    page.goto(f"/?deal={deal}&view={view}&trials=1000")
    place = page.locator(f".st-key-page_{view}")
    expect(place).to_be_visible()
    expect(place.locator("table" if view == "evidence" else ".js-plotly-plot").first).to_be_visible()
    expect(page.locator("[data-testid=stException], [data-testid=stAlert]")).to_have_count(0)
    assert complaints == []


def test_the_browsers_back_button_undoes_a_lever(page: Page) -> None:
    page.goto(f"/?deal={DEAL}&view=payer&trials=1000&seed=9")
    shows(page, payment({"deal": DEAL, "trials": "1000", "seed": "9"}))
    slider = page.locator(".st-key-in_lever_prices input[type=range]")
    slider.focus()
    slider.press("ArrowRight")
    page.wait_for_url("**prices=1.05**")
    page.go_back()
    expect(page.locator(".st-key-in_lever_prices input[type=range]")).to_have_value("100")
    shows(page, payment({"deal": DEAL, "trials": "1000", "seed": "9"}))


def test_the_page_fits_a_telephone(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"/?deal={DEAL}&view=payer&trials=1000")
    expect(page.locator(".js-plotly-plot").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_projector_shows_the_numbers_and_a_chart_without_scrolling(page: Page) -> None:
    page.goto(f"/?deal={DEAL}&view=payer&trials=1000")
    figure = page.locator(".st-key-chart_years")
    expect(figure.locator(".js-plotly-plot")).to_be_visible()
    expect(figure.locator(".bars path").first).to_be_visible()
    box = figure.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= 720


def test_the_link_is_copied(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"/?deal={DEAL}&view=payer&trials=1000")
    page.locator("#copy-link").click()
    expect(page.locator("#copy-link")).to_have_text("Copiado")
    assert page.evaluate("navigator.clipboard.readText()") == page.url


def test_the_visitors_own_file_opens(page: Page) -> None:
    page.goto(f"/?deal={DEAL}&trials=1000")
    page.locator(".st-key-own_file summary").click()
    page.locator("input[type=file]").set_input_files("docs/guide/primer-empleo.yaml")
    expect(page.locator("h1")).to_have_text("Primer Empleo")
    page.wait_for_url("**deal=own**")
