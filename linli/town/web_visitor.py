"""Whoever opens the ledger's pages in a browser: looks at a page, fills in a form, presses a
button."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser

import requests

from linli.sync.sessions import direct_session

TIMEOUT_S = 15.0


@dataclass
class Form:
    """`fields` are those that are filled in already; without `action` it leads to its own page."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)


class WebVisitor:
    """A browser of its own, with its cookies. `text` is the page that is open.

    Raises requests.RequestException where the pages are not served."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._session = direct_session()
        self._address = ""
        self.text = ""

    def open(self, address: str) -> str:
        """`address` is a path, or whole."""
        whole = address if address.startswith("http") else self._url + address
        return self._read(self._session.get(whole, timeout=TIMEOUT_S))

    def press(self, action: str, **typed: str | Sequence[str]) -> str:
        """The button of the first form that leads to `action` and has these values in its hidden
        fields, or takes them. Raises LookupError where there is none."""
        every = [Form(form.action or self._address, form.fields) for form in forms_of(self.text)]
        forms = [form for form in every if form.action.partition("?")[0] == action]
        fitting = [form for form in forms if typed.items() <= form.fields.items()]
        if not forms:
            raise LookupError(f"no button of the page leads to {action}")
        form = (fitting or forms)[0]
        data = {**form.fields, **typed}
        return self._read(self._session.post(self._url + form.action, data=data, timeout=TIMEOUT_S))

    def close(self) -> None:
        self._session.close()

    def _read(self, response: requests.Response) -> str:
        self.text, self._address = response.text, response.url.removeprefix(self._url)
        return self.text


def forms_of(page: str) -> list[Form]:
    """The forms of a page that are posted."""
    reading = _Forms()
    reading.feed(page)
    return reading.found


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Form] = []
        self._open: Form | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._open = Form(given.get("action", ""))
            if given.get("method", "get") == "post":
                self.found.append(self._open)
        elif tag == "input" and self._open is not None and _is_sent(given):
            self._open.fields[given["name"]] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None


def _is_sent(given: dict[str, str]) -> bool:
    """What is to be ticked or chosen is sent only where it is."""
    chosen = given.get("type") not in ("checkbox", "radio") or "checked" in given
    return bool(given.get("name")) and chosen
