"""What somebody said at a terminal for others to hear of: an objection, and whether their name may
stand in public."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Connection

from linli.ledger.ingest.events import Reason
from linli.ledger.ingest.word import Settled, Unfit, Word
from linli.ledger.notice.objecting import ObjectionError, Way, object_to
from linli.ledger.people.checks import PeopleError
from linli.ledger.people.consenting import set_consent
from linli.ledger.people.directory import read_holders
from linli.sync.messages import Consent, Objection, Trust, WordEvent


def settle_said(connection: Connection, word: Word, event: WordEvent, now: dt.datetime) -> Settled:
    """What the rooms refuse is parked, with their reason, for staff to look at."""
    if _was_stopped(connection, word, event):
        return Unfit(Reason.REFUSED, f"card {event.card} was stopped when this was said")
    try:
        with connection.begin_nested():
            match event:
                case Objection():
                    # In time is who said it while the notice hung, however late it is heard.
                    at = word.said_at if word.certain else now
                    object_to(connection, event.deed, event.account, Way.CARD, event.words, at)
                case Consent():
                    return _consent(connection, word, event, now)
    except (ObjectionError, PeopleError) as error:
        return Unfit(Reason.REFUSED, str(error))
    return None


def _consent(connection: Connection, word: Word, event: Consent, now: dt.datetime) -> Settled:
    """Raises PeopleError."""
    if event.agreed and event.trust is not Trust.HIGH:
        return Unfit(Reason.REFUSED, "a card that can be copied agrees to nothing: ask them again")
    if event.agreed and not word.certain:
        return Unfit(Reason.REFUSED, "no good clock says when they agreed: ask them again")
    at = word.said_at if word.certain else now
    set_consent(connection, event.account, now, agreed=event.agreed, said_at=at)
    return None


def _was_stopped(connection: Connection, word: Word, event: WordEvent) -> bool:
    of = read_holders(connection, [event.account])[event.account]
    return any(stop.covers(word.said_at) for stop in of.cards.get(event.card, ()))
