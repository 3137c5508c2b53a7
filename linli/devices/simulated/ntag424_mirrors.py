"""What an NTAG 424 DNA mirrors into its file when it is read: who it is and how often it was read,
and a proof of both (NT4H2421Gx, section 9.3)."""

from __future__ import annotations

from linli.cards import sun
from linli.cards.file_settings import Dynamic
from linli.cards.ntag424 import KEYS

PADDING = 5
"""Random bytes behind number and counter."""


def fitting(dynamic: Dynamic | None, size: int) -> bool:
    """Whether both mirrors fit into a file of `size` without covering each other (10.7.1)."""
    if dynamic is None:
        return True
    apart = dynamic.picc_data + 32 <= dynamic.mac
    fits = dynamic.mac + 16 <= size
    known = max(dynamic.meta_read, dynamic.file_read) < KEYS
    return apart and fits and dynamic.mac_input <= dynamic.mac and known


def mirrored(
    content: bytes,
    dynamic: Dynamic,
    uid: bytes,
    counter: int,
    keys: tuple[bytes, bytes],
    padding: bytes,
) -> bytes:
    """The file with both mirrors in place. `keys` are those of SDMMetaRead and SDMFileRead."""
    meta, file = keys
    picc = sun.encrypt_picc_data(uid, counter, padding, meta)
    content = _put(content, dynamic.picc_data, picc)
    covered = content[dynamic.mac_input : dynamic.mac]
    return _put(content, dynamic.mac, sun.message_mac(file, uid, counter, covered))


def _put(content: bytes, at: int, value: bytes) -> bytes:
    text = value.hex().upper().encode("ascii")
    return content[:at] + text + content[at + len(text) :]
