"""Whom to tell of alerts (告警通知): made, closed and tried by an administrator.

Addresses, URLs (a robot's has its password in it) and the secret of a signature are sealed with the
keys of personal data: a copy of the database tells nobody's.
"""

from __future__ import annotations

import datetime as dt
import re
import secrets
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Connection, Row, insert, select, update

from linli.ledger.alerts.rules import Urgency
from linli.ledger.alerts.schema import alert_message, alert_route
from linli.ledger.people.vault import KeyRing, seal, unseal

MOST_ROUTES, MOST_ADDRESSES = 50, 10
LONGEST_URL = 500
ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")


class RouteError(ValueError):
    """A route cannot be made; the text says why."""


class RouteKind(StrEnum):
    """`ROBOT` is the robot of a group at 企业微信 or 钉钉, which takes a text."""

    EMAIL = "email"
    WEBHOOK = "webhook"
    ROBOT = "robot"


@dataclass(frozen=True, slots=True)
class Draft:
    """`target` is one address or several for e-mail, else a URL. Quiet hours are minutes of the
    day in Asia/Shanghai, None for none; they do not hold up what is urgent."""

    kind: RouteKind
    title: str
    target: str
    scope: str | None
    urgency: Urgency
    quiet: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Route:
    id: str
    kind: RouteKind
    title: str
    scope: str | None
    urgency: Urgency
    quiet: tuple[int, int] | None
    target: str = field(repr=False)
    secret: str = field(repr=False)


def make(connection: Connection, ring: KeyRing, draft: Draft, by: str, now: dt.datetime) -> Route:
    """Raises RouteError."""
    _check(draft)
    open_ = select(alert_route.c.id).where(alert_route.c.closed_at.is_(None))
    if len(connection.execute(open_).all()) >= MOST_ROUTES:
        raise RouteError(f"there are {MOST_ROUTES} routes already: close one first")
    id_, secret = secrets.token_hex(6), secrets.token_hex(24)
    row = {
        "id": id_,
        "kind": draft.kind.value,
        "title": draft.title,
        "scope": draft.scope,
        "urgency": int(draft.urgency),
        "quiet_from": draft.quiet[0] if draft.quiet else None,
        "quiet_until": draft.quiet[1] if draft.quiet else None,
        "key_id": ring.current,
        **_sealed(ring, id_, draft.target, secret),
        "made_by": by,
        "made_at": now,
    }
    connection.execute(insert(alert_route).values(row))
    return Route(
        id_, draft.kind, draft.title, draft.scope, draft.urgency, draft.quiet, draft.target, secret
    )


def routes(connection: Connection, ring: KeyRing) -> list[Route]:
    """Those in use, the oldest first. Raises VaultError."""
    query = select(alert_route).where(alert_route.c.closed_at.is_(None))
    rows = connection.execute(query.order_by(alert_route.c.made_at, alert_route.c.id))
    return [_opened(row, ring) for row in rows]


def route(connection: Connection, ring: KeyRing, id_: str) -> Route | None:
    """Also of one that is closed. Raises VaultError."""
    row = connection.execute(select(alert_route).where(alert_route.c.id == id_)).first()
    return None if row is None else _opened(row, ring)


def close(connection: Connection, id_: str, now: dt.datetime) -> bool:
    """Nothing goes there any more; False where none such is open."""
    open_ = (alert_route.c.id == id_) & alert_route.c.closed_at.is_(None)
    done = connection.execute(update(alert_route).where(open_).values(closed_at=now)).rowcount
    waiting = (
        (alert_message.c.route == id_)
        & alert_message.c.sent_at.is_(None)
        & alert_message.c.given_up_at.is_(None)
    )
    given_up = {"given_up_at": now, "error": "the route was closed"}
    connection.execute(update(alert_message).where(waiting).values(given_up))
    return bool(done)


def rekey(connection: Connection, ring: KeyRing) -> int:
    """Seal anew what is under an older key; returns how many. Raises VaultError."""
    old = select(alert_route).where(alert_route.c.key_id != ring.current).with_for_update()
    rows = connection.execute(old).all()
    for row in rows:
        known = _opened(row, ring)
        values = {"key_id": ring.current, **_sealed(ring, row.id, known.target, known.secret)}
        connection.execute(update(alert_route).where(alert_route.c.id == row.id).values(values))
    return len(rows)


def addresses(text: str) -> list[str]:
    """Separated by commas, spaces or lines."""
    return [one for one in re.split(r"[\s,;，；]+", text) if one]


def _check(draft: Draft) -> None:
    if not 0 < len(draft.title) <= 40:
        raise RouteError("give the route a name of 1 to 40 characters")
    if draft.quiet is not None and not all(0 <= minute < 24 * 60 for minute in draft.quiet):
        raise RouteError("quiet hours are times of the day")
    if draft.kind is RouteKind.EMAIL:
        some = addresses(draft.target)
        if not 0 < len(some) <= MOST_ADDRESSES:
            raise RouteError(f"give 1 to {MOST_ADDRESSES} addresses")
        for one in some:
            if not ADDRESS.fullmatch(one) or len(one) > 254:
                raise RouteError(f"this is no address: {one[:60]}")
        return
    _check_url(draft.target)


def _check_url(url: str) -> None:
    if len(url) > LONGEST_URL or not url.isascii() or not url.isprintable() or " " in url:
        raise RouteError("this is no address of a web page")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise RouteError("this is no address of a web page") from error
    if parts.scheme not in ("https", "http") or not parts.hostname or port == 0:
        raise RouteError("an address begins with https:// and names a host")
    if parts.username or parts.password or parts.fragment:
        raise RouteError("no user name, password or # may stand in the address")


def _opened(row: Row[Any], ring: KeyRing) -> Route:
    def open_(name: str, sealed: bytes) -> str:
        return unseal(ring, row.key_id, _name(row.id), name, sealed)

    return Route(
        row.id,
        RouteKind(row.kind),
        row.title,
        row.scope,
        Urgency(row.urgency),
        None if row.quiet_from is None else (row.quiet_from, row.quiet_until),
        open_("target", row.target),
        open_("secret", row.secret),
    )


def _sealed(ring: KeyRing, id_: str, target: str, secret: str) -> dict[str, bytes]:
    return {
        "target": seal(ring, _name(id_), "target", target),
        "secret": seal(ring, _name(id_), "secret", secret),
    }


def _name(id_: str) -> str:
    return f"alert-route-{id_}"
