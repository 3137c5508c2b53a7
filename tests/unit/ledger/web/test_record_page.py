"""The page on which a panel's leader cosigns the record with a key that never comes here."""

from __future__ import annotations

import datetime as dt

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from httpx2 import Response

from linli.ledger.record.log import make_checkpoint, newest_note
from linli.ledger.staff.roles import Role
from linli.sync.record.checkpoint import Checkpoint, CosignerKey, cosign
from linli.sync.record.notes import parse_note, sign
from tests.unit.ledger.web.site import Browser, VillageSite

LOG = Ed25519PrivateKey.from_private_bytes(bytes(32))
MINE = Ed25519PrivateKey.from_private_bytes(b"1" * 32)
OTHER = Ed25519PrivateKey.from_private_bytes(b"2" * 32)
KEY = str(CosignerKey.of("陈国强", MINE))
PAGE = "/console/record"


@pytest.fixture
def leader(site: VillageSite) -> Browser:
    """Logged in, with a checkpoint that waits."""
    with site.engine.begin() as connection:
        make_checkpoint(connection, "points.example", LOG, lambda: bytes(32), site.clock.now())
    return site.log_in(Role.LEADER)


def downloaded(leader: Browser) -> bytes:
    return leader.get(f"{PAGE}/0.checkpoint").content


def cosigned(
    raw: bytes, site: VillageSite, key: Ed25519PrivateKey = MINE, minutes: int = 0
) -> bytes:
    at = site.clock.now() + dt.timedelta(minutes=minutes)
    return str(cosign(parse_note(raw), "陈国强", key, int(at.timestamp()))).encode()


def brought(leader: Browser, raw: bytes, key: str = KEY) -> Response:
    return leader.submit(PAGE, {"key": key}, files={"cosigned": ("cosigned.txt", raw)})


def test_what_was_downloaded_comes_back_cosigned(site: VillageSite, leader: Browser) -> None:
    assert "等组长共同签署" in leader.text(PAGE)
    said = brought(leader, cosigned(downloaded(leader), site)).text
    assert "核对无误" in said
    assert "陈国强" in said
    assert KEY in leader.text(PAGE)
    assert "公钥没有在这里登记" not in said
    with site.engine.connect() as connection:
        assert any(s.name == "陈国强" for s in newest_note(connection).signatures)
    assert "cosign 0 leaves" in site.audited()
    assert "陈国强：" in leader.text("/check")


def test_a_file_saved_by_windows_is_taken_too(site: VillageSite, leader: Browser) -> None:
    raw = cosigned(downloaded(leader), site).replace(b"\n", b"\r\n")
    assert "核对无误" in brought(leader, raw).text


def test_cosigning_again_takes_the_place_of_the_first_word(
    site: VillageSite, leader: Browser
) -> None:
    for minutes in (0, 1):
        brought(leader, cosigned(downloaded(leader), site, minutes=minutes))
    with site.engine.connect() as connection:
        names = [signature.name for signature in newest_note(connection).signatures]
    assert names == ["points.example", "陈国强"]


def test_what_does_not_fit_is_refused_with_its_reason(site: VillageSite, leader: Browser) -> None:
    raw = downloaded(leader)
    forged = sign(
        parse_note(
            str(Checkpoint("points.example", 0, b"x" * 32)).encode()
            + b"\n"
            + raw.partition(b"\n\n")[2]
        ),
        "points.example",
        LOG,
    )
    refused = {
        "签署好的版本": (b"\xff\x00", KEY),
        "没有用这个公钥": (raw, KEY),
        "公钥不完整": (cosigned(raw, site), "陈国强"),
        "有改动": (cosigned(str(forged).encode(), site), KEY),
        "时间在将来": (cosigned(raw, site, minutes=60), KEY),
    }
    for reason, (file, key) in refused.items():
        answer = brought(leader, file, key)
        assert answer.status_code == 422
        assert reason in answer.text, reason
    other = str(CosignerKey.of("陈国强", OTHER))
    assert "没有用这个公钥" in brought(leader, cosigned(raw, site), other).text
    assert downloaded(leader) == raw


def test_a_cosignature_that_was_tampered_with_is_refused(
    site: VillageSite, leader: Browser
) -> None:
    raw = cosigned(downloaded(leader), site)
    note = parse_note(raw)
    last = note.signatures[-1]
    wrong = note.signed_by(type(last)(last.name, last.key_id, last.value[:-1] + b"\x00"))
    assert "核对不过" in brought(leader, str(wrong).encode()).text


def test_nobody_but_a_leader_cosigns_and_everybody_of_staff_looks_on(site: VillageSite) -> None:
    with site.engine.begin() as connection:
        make_checkpoint(connection, "points.example", LOG, lambda: bytes(32), site.clock.now())
    auditor = site.log_in(Role.AUDITOR)
    assert "上传并核对" not in auditor.text(PAGE)
    assert downloaded(auditor).startswith(b"points.example\n")
    assert brought(auditor, b"x").status_code == 403
    assert auditor.get(f"{PAGE}/7.checkpoint").status_code == 404
    assert auditor.get(f"{PAGE}/{'9' * 40}.checkpoint").status_code == 404
