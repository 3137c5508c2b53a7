"""Mosquitto's access lists (mosquitto.conf(5), `acl_file`): who may read and write what. Pure.

Every terminal and board is listed by its name. A name that is not listed can do nothing, even on
a connection that stands: the broker asks the list for each message, so that who is taken off it is
deaf and mute as soon as the list is read again.

Mosquitto grants every subscription and asks the list when it delivers. A subscription shared under
the ledger's own group would so take messages away from the ledger; that is why its group is a
secret (`group_of`).
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass

from linli.ledger.terminals.registry import BOARD
from linli.sync import topics
from linli.sync.messages import Stream

BOTH = ""
"""Reading and writing is said by naming neither: VerneMQ takes no `readwrite`."""
LEDGER = "@ledger"
"""No terminal's name: they begin with a letter or digit."""


@dataclass(frozen=True, slots=True)
class Admitted:
    """A terminal or board that may connect. One in quarantine may listen, and say nothing."""

    name: str
    kind: str
    scope: str
    quarantined: bool = False


def for_terminals(admitted: Iterable[Admitted]) -> str:
    """The list of the listeners that terminals and boards connect to."""
    parts = [_of(one) for one in sorted(admitted, key=lambda one: one.name)]
    return "\n".join(["# Written by the ledger. Nobody else may do anything.", "", *parts])


def for_ledger() -> str:
    """The list of the listener that the ledger connects to."""
    return _entry(
        LEDGER,
        [
            ("read", topics.ALL_EVENTS),
            (BOTH, topics.presence("+")),
            ("write", topics.ack("+")),
            ("write", topics.of_terminal("+", "desired")),
            ("read", topics.of_terminal("+", "reported")),
            ("write", topics.jobs("+")),
            ("read", topics.job_status("+")),
            ("read", topics.logs("+")),
            ("read", topics.health("+")),
            ("write", topics.of_terminal("+", "rpc")),
            ("read", topics.of_terminal("+", "rpc/answer")),
            ("write", f"{topics.ROOT}/scope/#"),
        ],
    )


def group_of(password: str) -> str:
    """The group under which the ledger's workers share events: the same for all who know the
    ledger's password, and not to be guessed by anybody else."""
    return "ledger-" + hmac.new(password.encode(), b"share group", hashlib.sha256).hexdigest()[:32]


def _of(one: Admitted) -> str:
    own = [
        (BOTH, topics.presence(one.name)),
        ("read", topics.of_terminal(one.name, "desired")),
        ("write", topics.of_terminal(one.name, "reported")),
        ("read", topics.jobs(one.name)),
        ("write", topics.job_status(one.name)),
        ("write", topics.logs(one.name)),
        ("write", topics.health(one.name)),
        ("read", topics.of_terminal(one.name, "rpc")),
        ("write", topics.of_terminal(one.name, "rpc/answer")),
    ]
    community = [
        ("read", topics.feed(one.scope, Stream.CHANGES)),
        ("read", topics.head(one.scope, Stream.CHANGES)),
        ("read", topics.standard(one.scope)),
    ]
    if one.kind != BOARD:
        own += [("write", topics.events(one.name)), ("read", topics.ack(one.name))]
        community += [
            ("read", topics.feed(one.scope, Stream.HOLDERS)),
            ("read", topics.head(one.scope, Stream.HOLDERS)),
            ("read", topics.hot_list(one.scope)),
        ]
    granted = own + community
    if one.quarantined:
        granted = [("read", topic) for access, topic in granted if access != "write"]
    return _entry(one.name, granted)


def _entry(name: str, granted: Iterable[tuple[str, str]]) -> str:
    lines = [" ".join(filter(None, ("topic", access, topic))) for access, topic in granted]
    return "\n".join([f"user {name}", *lines, ""])
