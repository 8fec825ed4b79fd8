"""How the tests of the screen look at it: run a link in process, read what a visitor would read."""

from __future__ import annotations

import re
from pathlib import Path

from streamlit.testing.v1 import AppTest

APP = str(Path(__file__).resolve().parents[2] / "app.py")
_KEY = re.compile(r"\b(?:app|ui|chart|lever|metric|party|tag)\.[a-z_]+(?:\.[a-z_0-9]+)*\b")
_GAP = re.compile(r"\{[a-z_]+\}", re.IGNORECASE)


def open_link(**params: object) -> AppTest:
    """Open the app at a link; 1,000 futures unless it says otherwise."""
    app = AppTest.from_file(APP, default_timeout=120)
    app.query_params.update({name: str(value) for name, value in {"trials": 1000, **params}.items()})
    return app.run()


def texts(app: AppTest) -> str:
    """Return everything that is written on the screen, without the escapes."""
    kinds = ("title", "header", "subheader", "markdown", "caption", "warning", "error", "info")
    parts = [str(element.value) for kind in kinds for element in getattr(app, kind)]
    widgets = [*app.slider, *app.button, *app.selectbox, *app.text_input, *app.expander]
    parts += [str(widget.label) for widget in widgets]
    parts += [cell for table in app.table for cell in map(str, table.value.to_numpy().ravel())]
    return plain("\n".join(parts))


def plain(text: str) -> str:
    """Take escapes and unbreakable spaces out."""
    return re.sub(r"\\(.)", r"\1", text).replace("\u00a0", " ")


def assert_healthy(app: AppTest) -> None:
    """No exception, no message of failure, no key or gap shown in place of a text."""
    assert not app.exception
    assert not app.error
    written = texts(app)
    assert not _KEY.findall(written)
    assert not _GAP.findall(written)


def address(app: AppTest) -> dict[str, str]:
    """Return the parameters of the address, one value each."""
    return {
        name: values[0] if isinstance(values, list) else str(values)
        for name, values in app.query_params.items()
    }
