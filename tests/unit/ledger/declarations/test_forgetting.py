"""Words and photos go with the person; that something was declared, stays."""

from __future__ import annotations

import base64
import json

from linli.ledger.audit.verify import verify
from linli.ledger.declarations.schema import declaration, desk_entry, evidence, photo
from linli.ledger.people.access_log import Staff
from linli.ledger.people.erasing import erase
from linli.ledger.people.exporting import export
from linli.ledger.people.merging import merge
from linli.ledger.people.vault import KeyRing
from linli.ledger.review.opinions import Choice
from linli.ledger.review.schema import verdict
from tests.unit.ledger.declarations import forms
from tests.unit.ledger.declarations.forms import completed, declared, entered, signed, tell, waiting
from tests.unit.ledger.village import Village

CLERK = Staff("李主任", "clerk")
RING = KeyRing("k1", {"k1": bytes(32)})


def forget(village: Village, account: str = "a1") -> None:
    with village.engine.begin() as connection:
        erase(connection, account, CLERK, "本人书面申请", village.now)


def test_photos_and_words_are_gone_and_the_deeds_stay(village: Village) -> None:
    from_a_phone = declared(village, photos=[forms.photo(1)])
    by_hand = entered(village, photos=[forms.photo(2)])
    signed(village, by_hand)
    tell(village, from_a_phone, Choice.RETURN, "a4", "a5")
    completed(village, from_a_phone)
    forget(village)
    assert (village.rows(evidence), village.rows(photo)) == ([], [])
    assert village.rows(declaration)[0].words == ""
    entry = village.rows(desk_entry)[0]
    assert (entry.reason, entry.paper) == ("", "")
    assert village.rows(verdict)[0].completion == ""
    assert {village.deed(i).state for i in (from_a_phone, by_hand)} == {"pending"}
    assert verify(village.engine) is None


def test_a_photo_that_somebody_else_sent_too_stays_theirs(village: Village) -> None:
    declared(village, "a1", photos=[forms.photo(1), forms.photo(2)])
    other = declared(village, "a2", photos=[forms.photo(1)])
    forget(village)
    assert [row.id for row in village.rows(photo)] == [forms.photo(1).id]
    case = waiting(village, other)
    assert case is not None
    assert case.evidence is not None
    assert not case.evidence.pictures[0].elsewhere


def test_whoever_merged_their_accounts_is_forgotten_under_each(village: Village) -> None:
    declared(village, "a1", photos=[forms.photo(1)])
    with village.engine.begin() as connection:
        merge(connection, "a1", "a2", village.now)
    forget(village, "a2")
    assert (village.rows(photo), village.rows(declaration)[0].words) == ([], "")


def test_a_person_is_given_what_they_declared_with_its_photos(village: Village) -> None:
    id_ = declared(village, photos=[forms.photo(1)])
    entered(village)
    with village.engine.begin() as connection:
        given = export(connection, "a1", RING, CLERK, "本人申请", village.now)
    assert json.loads(json.dumps(given)) == given
    (one,) = given["accounts"]
    assert [row["words"] for row in one["declarations"]] == ["替李奶奶取药"]
    assert [row["reason"] for row in one["entered_at_the_desk"]] == ["卡片挂失补办中"]
    (shown,) = one["photos"]
    assert (shown["deed"], base64.b64decode(shown["jpeg"])) == (id_, forms.photo(1).jpeg)
