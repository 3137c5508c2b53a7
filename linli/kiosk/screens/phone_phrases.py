"""What is said beside the code that links a phone."""

from __future__ import annotations

from dataclasses import dataclass

from linli.kiosk.flows.views import PhoneLink
from linli.kiosk.screens.phrases import addressed
from linli.kiosk.theme.words import Words


@dataclass(frozen=True)
class PhoneWords:
    headline: str
    steps: tuple[str, str, str]
    hint: str


def phone(view: PhoneLink, words: Words) -> PhoneWords:
    return PhoneWords(
        headline=addressed(view.name, words("please scan this code"), words),
        steps=(
            words("Open the chat app and its scanner."),
            words("Hold the phone up to the code."),
            words("Touch the red button on the phone."),
        ),
        hint=words("Good for ten minutes, for one phone."),
    )
