"""What the maintainer's menu says."""

from __future__ import annotations

from dataclasses import dataclass

from linli.kiosk.flows.maintenance_views import (
    AskRestart,
    Checked,
    Level,
    LevelNote,
    NetworkState,
    Pairing,
    Reach,
    Result,
    Room,
    SelfTest,
)
from linli.kiosk.screens.visit.telling_phrases import Choice
from linli.kiosk.theme.words import Words


@dataclass(frozen=True)
class Fact:
    """`good` is None where there is nothing to judge."""

    title: str
    value: str
    good: bool | None = None


def room(which: Room, words: Words) -> Choice:
    return {
        Room.NETWORK: Choice("network", words("Network"), words("Link, ledger, clock")),
        Room.VOLUME: Choice("sound", words("Volume"), words("Voice and sounds")),
        Room.BRIGHTNESS: Choice("sun", words("Brightness"), words("Of this screen")),
        Room.SELF_TEST: Choice("tick", words("Self-test"), words("Reader, screen, devices")),
        Room.CARDS: Choice("card-paper", words("Make cards"), words("Ordered at the desk")),
        Room.PAIRING: Choice("seal", words("Pairing"), words("Name and key")),
        Room.RESTART: Choice("restart", words("Restart"), words("Only the program")),
    }[which]


def network(view: NetworkState, words: Words) -> list[Fact]:
    reach = {
        Reach.ASKING: (words("Asking …"), None),
        Reach.REACHED: (words("Answers"), True),
        Reach.NOT_REACHED: (words("Does not answer"), False),
    }
    ledger, answers = reach[view.ledger]
    link = words("Connected") if view.linked else words("Cut off")
    clock = words("Right") if view.clock_good else words("Not certain")
    waiting = words.n("{n} record waits", "{n} records wait", view.waiting)
    return [
        Fact(words("Link"), link, view.linked),
        Fact(words("Ledger"), ledger, answers),
        Fact(words("Not yet sent"), waiting, view.waiting == 0 or None),
        Fact(words("Clock"), clock, view.clock_good),
    ]


def self_test(view: SelfTest, words: Words) -> list[Fact]:
    names = {
        Checked.READER: words("Card reader"),
        Checked.STORE: words("Saving"),
        Checked.PRINTER: words("Printer"),
        Checked.LOCKER: words("Locker"),
        Checked.SCREEN: words("Touchscreen"),
    }
    results = {
        Result.WELL: (words("In order"), True),
        Result.FAILED: (words("Does not work"), False),
        Result.NOT_TRIED: (words("Not tried yet"), None),
    }
    return [Fact(names[which], *results[result]) for which, result in view.results]


def pairing(view: Pairing, words: Words) -> list[Fact]:
    return [Fact(words("Name"), view.name), Fact(words("Key"), view.fingerprint)]


def level(view: Level, words: Words) -> tuple[str, str]:
    """The title, and the value or that there is none."""
    title = room(view.room, words).title
    return title, words("Not connected") if view.percent is None else f"{view.percent} %"


def level_note(view: Level, words: Words) -> str:
    """What to do where there is none, or how it is changed."""
    return {
        None: "",
        LevelNote.NO_SOUND_SETTING: words(
            "This terminal is silent: its settings have no [sound] table."
        ),
        LevelNote.NO_SOUND_CARD: words(
            "No sound card is found. Plug in the loudspeaker, or switch the HDMI sound on."
        ),
        LevelNote.IN_PICTURE: words(
            "This screen cannot be told how bright to be: its picture is made darker instead."
        ),
    }[view.note]


def restart(view: AskRestart, words: Words) -> tuple[str, str]:
    if view.under_way:
        return words("It starts again"), words("The resting screen is back in a few seconds.")
    return (
        words("Restart the program?"),
        words("It takes a few seconds. Nothing that was recorded is lost."),
    )
