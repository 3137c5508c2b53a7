"""What a card is, as far as it tells anybody: nothing is proved, nothing changed, no key needed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from linli.cards import layout, ntag424
from linli.cards.file_settings import MalformedSettingsError, read_settings
from linli.cards.ntag424 import FACTORY_VERSION
from linli.cards.secure_messaging import CardAnswerError, good

ISO_OK = 0x9000


class Kind(StrEnum):
    BLANK = "blank"
    """An NTAG 424 DNA as delivered."""
    HALF_MADE = "half-made"
    """It was taken away too soon: its order finishes it."""
    MADE = "made"
    """One of this scheme's, as far as can be seen."""
    OTHER_LAYOUT = "other-layout"
    """An NTAG 424 DNA that was made into something else."""
    OTHER_CHIP = "other-chip"


@dataclass(frozen=True)
class Finding:
    """`versions` are those of keys 0–4, the generations of their master keys; empty for another
    chip. `dynamic`: file 2 is laid out as ours, with a dynamic message."""

    kind: Kind
    versions: tuple[int, ...] = ()
    dynamic: bool = False


def commands() -> tuple[bytes, ...]:
    """To be sent in this order; give all answers to `found`."""
    versions = (ntag424.get_key_version(number) for number in range(ntag424.KEYS))
    return (
        ntag424.select_application(),
        *ntag424.get_version(),
        *versions,
        ntag424.get_file_settings(ntag424.NDEF_FILE),
    )


def found(answers: Sequence[bytes]) -> Finding:
    """What the answers amount to; a card that does not understand the commands is another chip."""
    if len(answers) != len(commands()):
        return Finding(Kind.OTHER_CHIP)
    try:
        good(answers[0], ISO_OK)
        known = ntag424.read_version((answers[1], answers[2], answers[3])).ntag424
        versions = tuple(ntag424.read_key_version(answer) for answer in answers[4:-1])
    except CardAnswerError:
        return Finding(Kind.OTHER_CHIP)
    if not known:
        return Finding(Kind.OTHER_CHIP)
    dynamic = _ours(answers[-1])
    return Finding(_kind(versions, answers[-1], dynamic=dynamic), versions, dynamic)


def _kind(versions: tuple[int, ...], settings: bytes, *, dynamic: bool) -> Kind:
    authority = versions[layout.AUTHORITY]
    if dynamic and authority and set(versions) == {authority}:
        return Kind.MADE
    if not any(versions) and not dynamic:
        return Kind.BLANK if _as_delivered(settings) else Kind.OTHER_LAYOUT
    half = dynamic or authority == FACTORY_VERSION or len(set(versions)) > 1
    return Kind.HALF_MADE if half else Kind.OTHER_LAYOUT


def _ours(answer: bytes) -> bool:
    try:
        return read_settings(good(answer))[0] == layout.settings()
    except (CardAnswerError, MalformedSettingsError):
        return False


def _as_delivered(answer: bytes) -> bool:
    try:
        return read_settings(good(answer))[0].dynamic is None
    except (CardAnswerError, MalformedSettingsError):
        return False
