"""查一查: a leaf is followed to its signed root before everybody's eyes."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from httpx2 import Response
from sqlalchemy import update

from linli.ledger.record.log import make_checkpoint
from linli.ledger.schema import log_leaf
from linli.sync.record.leaves import open_for, opening_bytes
from tests.unit.ledger.record.cosigned import cosign_newest
from tests.unit.ledger.web.site import Browser, VillageSite

KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))
LEADER = Ed25519PrivateKey.from_private_bytes(b"1" * 32)


@pytest.fixture
def visitor(site: VillageSite) -> Browser:
    return site.browser()


@pytest.fixture
def signed(site: VillageSite) -> str:
    """Deeds of a1, a2 and a3 are in the record, which the leader cosigned; its root in hex."""
    village = site.village
    people = ("a1", "a2", "a3")
    village.send(*[village.check_in(who, "visit", "10:05") for who in people])
    village.decide(*[f"visit.{who}" for who in people])
    with site.engine.begin() as connection:
        made = make_checkpoint(connection, "points.example", KEY, lambda: bytes(32), village.now)
        cosign_newest(connection, "leader.example", LEADER, village.now)
    return made.root.hex()


def asked(visitor: Browser, what: str) -> Response:
    return visitor.submit("/check", {"what": what})


def test_before_the_first_checkpoint_it_says_so(visitor: Browser) -> None:
    assert "还没有签署过" in visitor.text("/check")


def test_the_record_is_shown_with_who_signed_it(visitor: Browser, signed: str) -> None:
    page = visitor.text("/check")
    assert " ".join(signed[at : at + 4] for at in range(0, 64, 4)) in page
    assert "points.example（账本自己）" in page
    assert "leader.example：2026-11-24 20:00 核对后共同签名" in page
    assert "linli ledger audit --url http://testserver" in page


def test_a_place_is_proven_step_by_step(visitor: Browser, signed: str) -> None:
    page = visitor.text("/check?place=1")
    assert "这一行在账本里，没有被改过" in page
    assert page.count("边的指纹") == 2
    assert "阳光社区" in page
    assert signed[:4] in page.partition("一样")[2]
    assert "张*" not in page


def test_a_receipt_leads_to_ones_own_line(visitor: Browser, signed: str) -> None:
    receipt = opening_bytes(open_for("a2", "visit.a2", bytes(32))).decode()
    answer = asked(visitor, receipt)
    assert answer.status_code == 200
    assert "第 1 行" in answer.text
    assert "no-store" in answer.headers["Cache-Control"]


def test_a_kept_proof_is_checked_again(visitor: Browser, signed: str) -> None:
    file = visitor.get("/check/2.tlog-proof")
    assert file.headers["Content-Disposition"] == 'attachment; filename="linli-2.tlog-proof"'
    assert "这一行在账本里" in asked(visitor, file.text).text


@pytest.mark.parametrize(
    ("what", "says"),
    [
        ("", "请填账本里的第几行"),
        ("三", "请填账本里的第几行"),
        ("99", "账本里没有第 99 行"),
        ("9" * 30, "请填账本里的第几行"),
        ("{", "贴进来的内容认不出"),
        ('{"account":"a1","deed":"visit.a2","salt":"' + "00" * 32 + '","v":1}', "对得上这份回执"),
        ("c2sp.org/tlog-proof@v1\nindex x\n\nnote", "没有写是第几行"),
        ("c2sp.org/tlog-proof@v1\nindex 1\n\nnote", "贴进来的内容认不出"),
    ],
)
def test_what_proves_nothing_says_why(visitor: Browser, signed: str, what: str, says: str) -> None:
    answer = asked(visitor, what)
    assert answer.status_code == 422
    assert says in answer.text


def test_a_changed_line_is_seen(site: VillageSite, visitor: Browser, signed: str) -> None:
    with site.engine.begin() as connection:
        changed = update(log_leaf).where(log_leaf.c.place == 1)
        connection.execute(changed.values(leaf=b'{"points":99}'))
    answer = visitor.get("/check?place=1")
    assert answer.status_code == 422
    assert "核验不过" in answer.text


def test_a_form_from_elsewhere_is_not_taken(visitor: Browser, signed: str) -> None:
    visitor.get("/check")
    assert visitor.post("/check", data={"what": "1"}).status_code == 409


def test_there_is_no_proof_of_a_line_that_is_not_there(visitor: Browser, signed: str) -> None:
    assert visitor.get("/check/99.tlog-proof").status_code == 404
    assert visitor.get("/check/x.tlog-proof").status_code == 422
