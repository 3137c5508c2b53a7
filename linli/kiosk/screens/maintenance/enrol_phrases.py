"""What a new terminal says until a maintainer has confirmed it."""

from __future__ import annotations

from dataclasses import dataclass

from linli.kiosk.flows.enrol_views import Enrolling, EnrolStage
from linli.kiosk.theme.words import Words

STEPS = 3


@dataclass(frozen=True)
class Said:
    """`steps` only where there is a code."""

    headline: str
    sentence: str
    key_title: str
    drawing: str = "network"
    good: bool = False
    steps: tuple[str, ...] = ()


def enrolling(view: Enrolling, words: Words) -> Said:
    key = words("Key, to compare")
    if view.stage is EnrolStage.WAITING:
        steps = (
            words("Console: “Enrol a terminal”."),
            words("Type the code, or scan."),
            words("Compare the key below."),
        )
        return Said(words("This terminal is new. Its code:"), "", key, steps=steps)
    if view.stage is EnrolStage.ENROLLED:
        sentence = words("It is {name}, of {place}. It starts in a moment.")
        told = sentence.format(name=view.name, place=view.place)
        return Said(words("Enrolled"), told, key, "tick", good=True)
    headline, sentence, drawing = _trouble(view.stage, words)
    return Said(headline, sentence, key, drawing)


def _trouble(stage: EnrolStage, words: Words) -> tuple[str, str, str]:
    return {
        EnrolStage.ASKING: (
            words("Asking the ledger …"),
            words("The code comes in a moment."),
            "network",
        ),
        EnrolStage.NOT_REACHED: (
            words("The ledger is not reached"),
            words("Check the network cable, the address and the clock. It asks again by itself."),
            "network",
        ),
        EnrolStage.TOO_OFTEN: (
            words("Too many new terminals here"),
            words("It asks again in a minute."),
            "warning",
        ),
        EnrolStage.REFUSED: (
            words("Refused by a maintainer"),
            words("If that was a mistake, wait: a new code comes within a quarter of an hour."),
            "warning",
        ),
        EnrolStage.KNOWN_KEY: (
            words("This key is known already"),
            words("This looks like a copied card. Delete terminal.key to come in as a new one."),
            "warning",
        ),
        EnrolStage.NOT_SAVED: (
            words("Confirmed, but not saved here"),
            words("The disk is full or read-only. It tries again by itself."),
            "warning",
        ),
    }[stage]
