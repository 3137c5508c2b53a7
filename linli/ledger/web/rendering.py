"""Draws pages from templates: Jinja2 with everything escaped, and the filters that pages share."""

from __future__ import annotations

import base64
import datetime as dt
import re
import secrets
from functools import lru_cache
from pathlib import Path
from typing import Any

import segno
from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from linli import __version__
from linli.ledger.shop.codes import shown
from linli.ledger.web import job_words, words
from linli.ledger.web.chinese import translated
from linli.ledger.web.cookies import FLASH, FORM, set_cookie
from linli.ledger.web.forms import form_secret, form_token
from linli.ledger.web.site import site_of
from linli.sync.periods import SHANGHAI

TEMPLATES = Path(__file__).with_name("templates")
WEEKDAYS = "一二三四五六日"
NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9._-]+")
"""Of files: a header takes ASCII only, and a quote would end it."""


def page(request: Request, template: str, status: int = 200, /, **values: Any) -> HTMLResponse:
    """An answer drawn from the template. Values are as the template names them."""
    secret = request.cookies.get(FORM) or form_secret()
    flash = _unpacked(request.cookies.get(FLASH))
    body = (
        environment()
        .get_template(template)
        .render(
            request=request,
            path=request.url.path,
            csrf=form_token(request, secret),
            once=secrets.token_urlsafe(18),
            flash=flash,
            now=site_of(request).clock.now(),
            **values,
        )
    )
    response = HTMLResponse(body, status)
    if FORM not in request.cookies:
        set_cookie(response, FORM, secret, secure=site_of(request).secure)
    if flash is not None:
        response.delete_cookie(FLASH)
    return response


def go(request: Request, to: str, said: str = "") -> Response:
    """On to another page of ours, which shows the sentence once."""
    response = RedirectResponse(to, 303)
    if said:
        packed = base64.urlsafe_b64encode(said.encode()).decode()
        set_cookie(response, FLASH, packed, secure=site_of(request).secure, max_age=60)
    return response


def download(body: bytes, name: str, media_type: str, *, inline: bool = False) -> Response:
    """A file under a name; what no file's name has everywhere becomes a hyphen."""
    how, named = "inline" if inline else "attachment", NOT_IN_NAMES.sub("-", name)
    headers = {"Content-Disposition": f'{how}; filename="{named}"', "Cache-Control": "no-store"}
    return Response(body, media_type=media_type, headers=headers)


def _unpacked(packed: str | None) -> str | None:
    if not packed:
        return None
    try:
        return base64.urlsafe_b64decode(packed).decode()
    except ValueError:
        return None


@lru_cache(maxsize=1)
def environment() -> Environment:
    env = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.filters |= {
        "day": day,
        "moment": moment,
        "number": lambda value: f"{value:,}",
        "signed": lambda value: f"{value:+,}",
        "last_day": lambda until: day(until - dt.timedelta(seconds=1)),
        "period": period,
        "qr": qr,
        "zip_same": lambda values: [(one, one) for one in values],
        "outcome": translated,
        "fingerprint": fingerprint,
        "yuan": yuan,
        "code": shown,
        "month": lambda text: f"{text[:4]} 年 {int(text[5:7])} 月",
    }
    env.globals |= {"version": __version__, "words": words, "said": job_words}
    return env


def day(value: dt.date | dt.datetime | str | None) -> str:
    """11月24日 周二."""
    if value is None:
        return "—"
    if isinstance(value, str):
        value = dt.date.fromisoformat(value)
    if isinstance(value, dt.datetime):
        value = value.astimezone(SHANGHAI).date()
    return f"{value.month}月{value.day}日 周{WEEKDAYS[value.weekday()]}"


def period(key: str) -> str:
    """`2026-W47` → 2026 年第 47 周, `2026-10` → 2026 年 10 月, `2026-Q4` → 2026 年第 4 季度;
    a day like `day`."""
    year, _, rest = key.partition("-")
    if rest.startswith("W"):
        return f"{year} 年第 {int(rest[1:])} 周"
    if rest.startswith("Q"):
        return f"{year} 年第 {rest[1:]} 季度"
    if "-" in rest:
        return day(key)
    return f"{year} 年 {int(rest)} 月" if rest else f"{year} 年"


def moment(value: dt.datetime | None) -> str:
    """2026-11-24 14:05, in Asia/Shanghai."""
    return "—" if value is None else f"{value.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


def fingerprint(value: bytes | str, digits: int = 16) -> str:
    """A hash in hex, in groups to be compared by eye; its beginning, unless all is asked for."""
    text = value if isinstance(value, str) else value.hex()
    shown = text[: digits or None]
    return " ".join(shown[at : at + 4] for at in range(0, len(shown), 4))


def yuan(fen: int) -> str:
    """1,234.50 元."""
    return f"{fen / 100:,.2f} 元"


def qr(text: str) -> Markup:
    """A QR as an SVG that takes its size from the style sheet."""
    drawn = segno.make(text, error="m").svg_inline(omitsize=True, border=4, svgclass="qr")
    return Markup(drawn)  # noqa: S704 - segno's own markup, which holds no text  # nosec B704
