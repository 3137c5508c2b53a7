"""What a card of this scheme carries: which key is for what, and how its message is laid out.

| key | for                                        | who knows it                         |
|-----|--------------------------------------------|--------------------------------------|
| 0   | changing everything else                   | the ledger, while it works on a card |
| 1   | making and checking dynamic messages       | the ledger and the centre's terminals|
| 2–4 | nothing; closed, so that nobody uses them  | as key 0                             |

All are derived from one master key by UID and number (AN10922). A key's version is the generation
of its master key, 0 as the chip is delivered: whoever asks a half-finished card for its versions
knows which keys are in.
"""

from __future__ import annotations

from linli.cards import sun
from linli.cards.file_settings import FREE, Access, Dynamic, FileSettings, Mode
from linli.cards.keys import diversified_key
from linli.cards.ntag424 import FACTORY_KEY, FACTORY_VERSION

AUTHORITY, MESSAGE = 0, 1
OTHERS = (2, 3, 4)
LATEST_GENERATION = 255
SYSTEM = b"linli"
_PICC, _MAC = "0" * 32, "0" * 16
_URI_HTTPS = b"\x04"


def card_key(master: bytes, uid: bytes, number: int) -> bytes:
    """Key `number` of the card with this UID of 7 bytes."""
    return diversified_key(master, uid + SYSTEM + bytes([number]))


def key_at(version: int, number: int, uid: bytes, masters: dict[int, bytes]) -> bytes | None:
    """The key that a card has where it says this version; None for a generation not known."""
    if version == FACTORY_VERSION:
        return FACTORY_KEY
    master = masters.get(version)
    return None if master is None else card_key(master, uid, number)


def template() -> bytes:
    """File 2 up to the end of its record: one short URI record with room for the mirrors (NFC Forum
    NDEF 1.0; URI RTD 1.0), its length first."""
    address = sun.URL.format(picc_data=_PICC, mac=_MAC).removeprefix("https://")
    payload = _URI_HTTPS + address.encode("ascii")
    record = b"\xd1\x01" + bytes([len(payload)]) + b"U" + payload
    return len(record).to_bytes(2, "big") + record


def settings() -> FileSettings:
    """Anybody reads; whoever has key 0 writes; the message is encrypted and signed with key 1."""
    content = template()
    picc_data = content.index(_PICC.encode("ascii"))
    mac = len(content) - len(_MAC)
    return FileSettings(
        Mode.PLAIN,
        Access(read=FREE, write=AUTHORITY, read_write=AUTHORITY, change=AUTHORITY),
        Dynamic(MESSAGE, MESSAGE, AUTHORITY, picc_data=picc_data, mac_input=mac, mac=mac),
    )
