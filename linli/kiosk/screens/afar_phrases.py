"""What is said where somebody from afar has a hand in it. Both languages at once: it is for all who
stand there, whichever the terminal speaks."""

from __future__ import annotations

from dataclasses import dataclass

from linli.kiosk.flows.afar_views import AskPicture, OutOfService
from linli.kiosk.theme.words import Words


@dataclass(frozen=True)
class Told:
    headline: str
    sentence: str


def both(words: Words) -> tuple[Words, Words]:
    """The terminal's own language first."""
    chinese, english = Words("zh_CN"), Words("en")
    return (chinese, english) if words.language.startswith("zh") else (english, chinese)


def out_of_service(words: Words) -> Told:
    return Told(
        words("This terminal is being looked after"),
        words("It takes no cards right now. Please use another one, or go to the service desk."),
    )


def call(view: OutOfService, words: Words) -> str:
    return words("Looked after by {call}", call=view.call) if view.call else ""


def ask_picture(view: AskPicture, words: Words) -> Told:
    return Told(
        words("May a maintainer see your screen?"),
        words(
            "Also the name and points on it. Without an answer in {n} seconds they see it blurred.",
            n=view.shown_s,
        ),
    )
