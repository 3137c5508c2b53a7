"""A terminal's key: made once, whole, and only for its owner's eyes."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed448 import Ed448PrivateKey

from linli.sync.signing import MalformedError, load_or_make_key, public_from_hex, public_hex


def test_the_key_made_the_first_time_is_the_key_ever_after(tmp_path: Path) -> None:
    made = load_or_make_key(tmp_path / "key")
    assert public_hex(load_or_make_key(tmp_path / "key")) == public_hex(made)
    assert [path.name for path in tmp_path.iterdir()] == ["key"]


def test_nobody_else_may_read_it(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        load_or_make_key(tmp_path / "key")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "key").stat().st_mode) == 0o600


def test_a_crash_while_it_is_made_leaves_no_half_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(_: int) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", crash)
        with pytest.raises(KeyboardInterrupt):
            load_or_make_key(tmp_path / "key")
    assert not (tmp_path / "key").exists()
    made = load_or_make_key(tmp_path / "key")
    assert public_hex(load_or_make_key(tmp_path / "key")) == public_hex(made)


@pytest.mark.parametrize("content", [b"", b"-----BEGIN PRIVATE KEY-----\nAAAA\n"])
def test_a_file_without_a_key_is_said_to_be_one(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "key").write_bytes(content)
    with pytest.raises(MalformedError, match="key holds no key"):
        load_or_make_key(tmp_path / "key")


def test_another_kind_of_key_is_refused(tmp_path: Path) -> None:
    pem = Ed448PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    (tmp_path / "key").write_bytes(pem)
    with pytest.raises(MalformedError, match="another kind of key"):
        load_or_make_key(tmp_path / "key")


def test_a_public_key_survives_its_hex(tmp_path: Path) -> None:
    key = load_or_make_key(tmp_path / "key")
    assert public_hex(public_from_hex(public_hex(key))) == public_hex(key)
    with pytest.raises(ValueError, match=r"hex|32 bytes"):
        public_from_hex("not hex")
