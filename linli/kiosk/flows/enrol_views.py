"""What a new terminal shows until a maintainer has confirmed it. Plain values, no words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class EnrolStage(StrEnum):
    """Where it stands."""

    ASKING = "asking"
    WAITING = "waiting"
    NOT_REACHED = "not-reached"
    TOO_OFTEN = "too-often"
    REFUSED = "refused"
    KNOWN_KEY = "known-key"
    NOT_SAVED = "not-saved"
    ENROLLED = "enrolled"


@dataclass(frozen=True)
class Enrolling:
    """`code` as it is typed in the console, `picture` the QR code of that page by rows; both only
    while it waits. `fingerprint` is the beginning of its public key, to be compared with what the
    console shows. `name` and `place` once it is enrolled."""

    stage: EnrolStage
    fingerprint: str
    code: str = ""
    picture: tuple[bytes, ...] = ()
    name: str = ""
    place: str = ""
