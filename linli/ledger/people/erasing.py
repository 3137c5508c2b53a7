"""A person wants to be forgotten: what says who they are goes, what was done stays.

The journal keeps its deeds and transfers under the account's number alone. Commitments in the
public record lose their salts: nobody can show any more whose deed it was.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Connection, case, delete, select, update

from linli.ledger.declarations.evidence import forget_evidence
from linli.ledger.feed.naming import naming_rows, scopes_naming
from linli.ledger.feed.rows import holder_rows, standing_rows
from linli.ledger.feed.writer import append_many
from linli.ledger.ingest.stopping import derive_again
from linli.ledger.journal.schema import deed
from linli.ledger.notice.answers import forget_objections
from linli.ledger.people.access_log import Staff, note
from linli.ledger.people.bearers import bearers, taken_over
from linli.ledger.people.directory import ERASED, MERGED, Holder, read_holders
from linli.ledger.people.holding import hold
from linli.ledger.people.leaving import close, stop_cards
from linli.ledger.people.masking import erased_name
from linli.ledger.people.personal_schema import person
from linli.ledger.people.pins import forget_pins
from linli.ledger.people.schema import holder
from linli.ledger.phones.revoking import forget_phones
from linli.ledger.ranking.standings import place_anew
from linli.ledger.record.schema import log_leaf
from linli.ledger.shop.recalling import lease_scopes, recall
from linli.ledger.staff.attempts import of_loss, succeeded
from linli.ledger.stories.schema import story
from linli.ledger.surveys.answering import forget_words
from linli.sync.messages import Stream


def erase(connection: Connection, account: str, by: Staff, why: str, now: dt.datetime) -> bool:
    """Forget who this account's bearer is, under all their numbers; False where that was done
    already. Points that are left stay in the books. Raises PeopleError for an unknown account or
    without a reason."""
    end = bearers(connection, [account])[account]
    family = [end, *sorted(taken_over(connection, [end]))]
    scopes = scopes_naming(connection, family, now) | lease_scopes(connection, family)
    before = hold(connection, family, scopes)
    if before[end].closed_as == ERASED:
        return False
    for one in family:
        note(connection, by, "erase", one, why, now)
        _forget(connection, before[one], now)
    forget_phones(connection, family)
    forget_pins(connection, family)
    after = read_holders(connection, family)
    moved = place_anew(connection, before, after)
    told = naming_rows(connection, family, now)
    for feed, rows in recall(connection, family, now).items():
        told[feed] += rows
    told[after[end].scope, Stream.CHANGES] += standing_rows(connection, moved)
    for one in family:
        told[after[one].scope, Stream.HOLDERS] += holder_rows(connection, [one])
    append_many(connection, told, now)
    derive_again(connection, family, now)
    return True


def _forget(connection: Connection, known: Holder, now: dt.datetime) -> None:
    stop_cards(connection, known, now)
    if known.closed_as != MERGED:
        # Who left before, left then: deeds are not looked at by another day.
        close(connection, known.account, ERASED, known.closed_at or now)
    name = erased_name(known.account)
    connection.execute(
        update(holder)
        .where(holder.c.account == known.account)
        .values(name_masked=name, alias=name, public_consent=False)
    )
    theirs = person.c.account == known.account
    number = connection.execute(select(person.c.phone_index).where(theirs)).scalar()
    if number is not None:
        succeeded(connection, of_loss(bytes(number)))
    connection.execute(delete(person).where(theirs))
    forget_evidence(connection, known.account)
    connection.execute(
        update(story)
        .where(story.c.account == known.account)
        .values(title="", text="", taken_down_why=case((story.c.taken_down_why.is_not(None), "")))
    )
    forget_words(connection, known.account)
    forget_objections(connection, known.account)
    done = select(deed.c.id).where(deed.c.account == known.account)
    connection.execute(update(log_leaf).where(log_leaf.c.deed.in_(done)).values(salt=None))
