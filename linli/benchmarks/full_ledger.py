"""A district's ledger after a year: written as rows, so that it is full within minutes.

What pages read is there as the ledger itself would have left it: people, cards, attendance, deeds
with their transfers, opinions, verdicts, notices, objections, entries of the desk, standings and
the log of what staff did. What no page reads is not: the record's leaves, and the feeds' changes
but for those of the founding.
"""

from __future__ import annotations

import datetime as dt
import random

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, Engine, text

from linli.ledger.activities.planning import plan
from linli.ledger.database import insert_rows
from linli.ledger.people.access_log import GENESIS
from linli.ledger.people.personal_schema import audit_head, audit_log
from linli.ledger.staff.accounts import NewWorker, hire
from linli.ledger.staff.roles import Role
from linli.ledger.standard.versions import Standards
from linli.sync.periods import SHANGHAI
from linli.town.district import STREET, Community, build
from linli.town.founding import found
from linli.town.sender import Sender

SEED = 11
PEOPLE, DEEDS, PER_COMMUNITY = 100_000, 1_000_000, 5_000
FOUNDED = dt.datetime(2026, 1, 1, tzinfo=SHANGHAI)
FIRST_MONDAY, WEEKS = dt.date(2026, 1, 5), 44
NOW = dt.datetime(2026, 11, 8, 14, tzinfo=SHANGHAI)
"""A Sunday: October is on notice, and the week's deeds wait for the panel."""
THIS_WEEK, ON_NOTICE, THIS_MONTH = "2026-11-02", "2026-10", "2026-11"
ONE_IN = {"objection": 1000, "by hand": 100, "second opinion": 3}
LOGGED = 300_000
"""What staff did in a year: a thousand lines a working day."""
PASSWORD = "xiang-yang-2026"


def fill(engine: Engine) -> Community:
    """Fill an empty ledger; returns the community to be looked at."""
    communities = build(SEED, PEOPLE, PER_COMMUNITY)
    senders = {c.id: Sender(c.terminal, Ed25519PrivateKey.generate()) for c in communities}
    random_ = random.Random(SEED)
    with engine.begin() as connection:
        standards = found(connection, communities, senders, FOUNDED)
        _employ(connection, communities[0])
    with engine.connect().execution_options(linli_begin="") as connection:
        # Nobody needs this ledger after a power cut. In a transaction it could not be changed.
        connection.exec_driver_sql("PRAGMA synchronous = OFF")
        connection.exec_driver_sql("PRAGMA cache_size = -500000")
    with engine.begin() as connection:
        each = DEEDS // len(communities)
        for community in communities:
            _do_deeds(connection, community, each, standards, random_)
        for statement in DERIVED:
            connection.exec_driver_sql(statement)
        _log(connection)
    with engine.begin() as connection:
        connection.execute(text("ANALYZE"))
    return communities[0]


def _employ(connection: Connection, at: Community) -> None:
    for role in Role:
        account = {Role.LEADER: at.panel[0], Role.MEMBER: at.panel[1]}.get(role)
        scope = at.id if account or role is Role.CLERK else None
        new = NewWorker(role.value, f"{role.value}同志", role, scope, account)
        hire(connection, new, PASSWORD, FOUNDED, must_change=False)


def _do_deeds(
    connection: Connection,
    community: Community,
    count: int,
    standards: Standards,
    random_: random.Random,
) -> None:
    """Each of them came with a card to an activity of its community."""
    mondays = [FIRST_MONDAY + dt.timedelta(weeks=n) for n in range(WEEKS)]
    planned = [row for monday in mondays for row in community.week(monday)]
    past = [row for row in planned if row.ends_at < NOW]
    plan(connection, community.id, planned, standards, FOUNDED)
    people = [p.holder.account for p in community.people]
    for number, row in enumerate(past):
        coming = count * (number + 1) // len(past) - count * number // len(past)
        scored = standards.score(row.item, row.starts_at.date())
        if scored is None:
            raise LookupError(f"the standard has no item {row.item}")
        day = row.starts_at.date().isoformat()
        state = "pending" if day >= THIS_WEEK else "posted"
        same = (row.item, _text(row.ends_at), day, scored.points, scored.version, state)
        rows = [
            (f"{row.id}.{who}", who, row.id, *same, random_.choice(FLAGS), f"{row.id}.{who}.1")
            for who in random_.sample(people, coming)
        ]
        connection.exec_driver_sql(INSERT, rows)


FLAGS = ("", "", "", "late", "low-trust", "no-sign-out")
INSERT = (
    "INSERT INTO deed (id, account, activity, item, done_at, day, points, standard_version, state,"
    " flags, transfer, surplus) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)"
)
WEEK = (
    "'2026-W' || substr('0' || (1 + CAST((julianday(day) - julianday('2025-12-29')) / 7"
    " AS INTEGER)), -2)"
)
DERIVED = (
    "INSERT INTO account (id, purse, system, posted, pending)"
    " SELECT 'issuance:' || substr(item, 1, 1), 'issuance', 1,"
    " -sum(CASE state WHEN 'posted' THEN points ELSE 0 END),"
    " -sum(CASE state WHEN 'pending' THEN points ELSE 0 END) FROM deed GROUP BY 1"
    " ON CONFLICT (id) DO UPDATE SET posted = excluded.posted, pending = excluded.pending",
    "INSERT INTO transfer (id, debit, credit, points, state, deed, item, standard_version, made_at,"
    " decided_at, reason) SELECT transfer, 'issuance:' || substr(item, 1, 1), account || ':earned',"
    " points, state, id, item, standard_version, done_at,"
    " CASE state WHEN 'posted' THEN done_at END, '' FROM deed",
    "INSERT INTO attendance (account, activity, in_at, out_at, flags)"
    " SELECT account, activity, done_at, done_at, '' FROM deed",
    "INSERT INTO notice (scope, month, frozen_at, until, sealed_at)"
    " SELECT holder.scope, substr(day, 1, 7), max(done_at), '2026-11-10T16:00:00.000000+00:00',"
    f" CASE WHEN substr(day, 1, 7) < '{ON_NOTICE}' THEN max(done_at) END"
    f" FROM deed JOIN holder USING (account) WHERE day < '{THIS_MONTH}' GROUP BY 1, 2",
    "INSERT INTO notice_deed (deed, scope, month, sealed)"
    f" SELECT id, holder.scope, substr(day, 1, 7), substr(day, 1, 7) < '{ON_NOTICE}'"
    f" FROM deed JOIN holder USING (account) WHERE day < '{THIS_MONTH}'",
    "INSERT INTO verdict (deed, round, scope, week, choice, reason, at)"
    f" SELECT id, 1, holder.scope, {WEEK}, 'post', '', done_at"
    " FROM deed JOIN holder USING (account) WHERE state = 'posted'",
    "INSERT INTO opinion (deed, round, member, turn, choice, reason, at)"
    " SELECT id, 1, member.account, 1, 'post', '', done_at FROM deed JOIN holder USING (account)"
    " JOIN panel_member AS member ON member.scope = holder.scope"
    " AND member.account IN (SELECT account FROM panel_member AS other"
    " WHERE other.scope = holder.scope ORDER BY account LIMIT 2) WHERE state = 'posted'",
    "INSERT INTO opinion (deed, round, member, turn, choice, reason, at)"
    " SELECT deed.id, 1, min(member.account), 1, 'post', '', done_at FROM deed"
    " JOIN holder USING (account) JOIN panel_member AS member ON member.scope = holder.scope"
    f" WHERE state = 'pending' AND deed.rowid % {ONE_IN['second opinion']} = 0 GROUP BY deed.id",
    "INSERT INTO desk_entry (id, account, item, day, reason, paper, entered_by, entered_role,"
    " entered_at, outcome, settled_by, settled_role, settled_at, why)"
    " SELECT 'hand-' || rowid, account, item, day, '终端停电，按纸质签到表补录',"
    " '签到表 ' || rowid, 'clerk', 'clerk', done_at, 'signed', 'leader', 'leader', done_at, ''"
    f" FROM deed WHERE rowid % {ONE_IN['by hand']} = 0",
    "INSERT INTO objection (id, deed, account, way, words, made_at, upheld, answer, answered_by,"
    " answered_at) SELECT 'objection-' || deed.rowid, deed.id, deed.account, 'desk',"
    " '当天没有看到他来', done_at,"
    f" CASE WHEN substr(day, 1, 7) < '{ON_NOTICE}' THEN 0 END,"
    f" CASE WHEN substr(day, 1, 7) < '{ON_NOTICE}' THEN '核对过签到记录' END, NULL,"
    f" CASE WHEN substr(day, 1, 7) < '{ON_NOTICE}' THEN done_at END"
    " FROM deed JOIN notice_deed ON notice_deed.deed = deed.id"
    f" WHERE deed.rowid % {ONE_IN['objection']} = 0",
    *(
        "INSERT INTO standing (period, account, kind, building, scope, pending, posted, points,"
        f" reached_at) SELECT {period}, account, kind, home, scope,"
        " sum(CASE state WHEN 'pending' THEN points ELSE 0 END),"
        " sum(CASE state WHEN 'posted' THEN points ELSE 0 END), sum(points), max(done_at)"
        " FROM deed JOIN holder USING (account) GROUP BY 1, 2"
        for period in (
            "substr(day, 1, 7)",
            WEEK,
            "substr(day, 1, 4)",
        )
    ),
    *(
        "INSERT INTO point_count (period, kind, node, points, accounts)"
        f" SELECT period, kind, {node}, points, count(*) FROM standing GROUP BY 1, 2, 3, 4"
        for node in ("scope", f"'{STREET}'")
    ),
    *(
        "UPDATE account SET posted = part.posted, pending = part.pending FROM (SELECT account,"
        " sum(CASE state WHEN 'posted' THEN points ELSE 0 END) AS posted,"
        " sum(CASE state WHEN 'pending' THEN points ELSE 0 END) AS pending"
        f" FROM deed WHERE day {when} '{ON_NOTICE}' GROUP BY account) AS part"
        f" WHERE account.id = part.account || ':{purse}'"
        for purse, when in (("redeemable", "<"), ("earned", ">"))
    ),
)
"""What follows from the deeds, in SQLite's SQL, in the order in which the tables need it."""


def _log(connection: Connection) -> None:
    """Its digests are not those of the rows: pages read the log, and do not check it."""
    step = (NOW - FOUNDED) / LOGGED
    rows = [
        {
            "number": number,
            "at": FOUNDED + number * step,
            "who": ("clerk同志（clerk）", "leader同志（leader）")[number % 2],
            "role": ("clerk", "leader")[number % 2],
            "what": f"review c{number % 20 + 1:02d}-{number}: post",
            "account": None,
            "why": "no doubt",
            "previous": GENESIS,
            "digest": GENESIS,
        }
        for number in range(100_000, 100_000 + LOGGED)
    ]
    insert_rows(connection, audit_log, rows)
    connection.execute(audit_head.update().values(number=rows[-1]["number"]))


def _text(moment: dt.datetime) -> str:
    """As the ledger's tables keep it."""
    return moment.astimezone(dt.UTC).isoformat(timespec="microseconds")
