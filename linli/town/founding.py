"""A simulated district on an empty ledger, before anybody has done anything: the standard, its
communities with their people, cards, panels and calendars, and a terminal in each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from importlib.resources import files

from sqlalchemy import Connection

from linli.ledger.cadence.calendar import Calendar
from linli.ledger.cadence.running import set_calendar
from linli.ledger.notice.publishing import DAYS
from linli.ledger.people.cards import issue_cards
from linli.ledger.people.checks import NewOrg
from linli.ledger.people.register import enrol
from linli.ledger.people.tree import add_orgs
from linli.ledger.review.panel import LEADER, MEMBER, appoint
from linli.ledger.standard.document import parse_standard
from linli.ledger.standard.versions import Standards, StandardShelf, store
from linli.ledger.terminals.registry import TERMINAL, register
from linli.sync.signing import public_hex
from linli.town.district import STREET, Community
from linli.town.sender import Sender


def found(
    connection: Connection,
    communities: Sequence[Community],
    senders: Mapping[str, Sender],
    now: dt.datetime,
) -> Standards:
    """`senders` are the terminals by community. Returns the standard that scores from now on."""
    text = files("linli.assets").joinpath("points-standard.yaml").read_text(encoding="utf-8")
    store(connection, parse_standard(text), now)
    add_orgs(connection, [NewOrg(STREET, None, "street", "向阳街道")], now)
    for community in communities:
        _found_community(connection, community, senders[community.id], now)
    return StandardShelf().read(connection)


def _found_community(
    connection: Connection, community: Community, sender: Sender, now: dt.datetime
) -> None:
    add_orgs(connection, community.orgs, now)
    enrol(connection, [p.holder for p in community.people], now)
    issue_cards(connection, [p.card for p in community.people], now)
    for number, account in enumerate(community.panel):
        role = MEMBER if number else LEADER
        appoint(connection, community.id, account, role, "居民代表", now)
    first_month = f"{now.year}-{now.month:02d}"
    set_calendar(connection, Calendar(community.id, first_month, 5, DAYS))
    register(
        connection,
        name=community.terminal,
        kind=TERMINAL,
        public_key=public_hex(sender.key),
        scope=community.id,
        centre=community.centre,
        now=now,
    )
