"""What the maintainer's menu says."""

from __future__ import annotations

from dataclasses import dataclass

from linli.kiosk.doctor.finding import State
from linli.kiosk.doctor.phrases import state, subject, summary
from linli.kiosk.flows.maintenance_views import (
    AskRestart,
    AskService,
    Level,
    LevelNote,
    NetworkState,
    Pairing,
    Reach,
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


@dataclass(frozen=True)
class Rest:
    """A row of the self-test: `names` of all that are so, or a `value`."""

    title: str
    names: str = ""
    value: str = ""
    good: bool = False


def room(which: Room, words: Words) -> Choice:
    return {
        Room.NETWORK: Choice("network", words("Network"), words("Link, ledger, clock")),
        Room.VOLUME: Choice("sound", words("Volume"), words("Voice and sounds")),
        Room.BRIGHTNESS: Choice("sun", words("Brightness"), words("Of this screen")),
        Room.SELF_TEST: Choice("tick", words("Self-test"), words("Reader, screen, devices")),
        Room.CARDS: Choice("card-paper", words("Make cards"), words("Ordered at the desk")),
        Room.PAIRING: Choice("seal", words("Pairing"), words("Name and key")),
        Room.RESTART: Choice("restart", words("Restart"), words("Only the program")),
        Room.SERVICE: Choice("wrench", words("Out of service"), words("And back again")),
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


def heading(view: SelfTest, words: Words) -> str:
    return words("Looking …") if view.under_way else summary(view.findings, words)


def rest(view: SelfTest, words: Words) -> list[Rest]:
    """What need not be looked after, in few rows."""

    def named(which: State) -> str:
        found = [one.subject for one in view.findings if one.state is which]
        return words.listed(*(subject(one, words) for one in found))

    screen = words("In order") if view.screen_well else words("Not tried yet")
    rows = [
        Rest(state(State.WELL, words), names=named(State.WELL)),
        Rest(state(State.UNTRIED, words), value=named(State.UNTRIED)),
        Rest(words("Touchscreen"), value=screen, good=view.screen_well),
    ]
    return [row for row in rows if row.names or row.value]


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


def service(view: AskService, words: Words) -> tuple[str, str]:
    if view.out:
        return (
            words("This terminal is out of service"),
            words("It takes no cards until it is put back."),
        )
    return (
        words("Take it out of service?"),
        words("The screen says that it is being looked after, and no card is taken."),
    )


def restart(view: AskRestart, words: Words) -> tuple[str, str]:
    if view.under_way:
        return words("It starts again"), words("The resting screen is back in a few seconds.")
    return (
        words("Restart the program?"),
        words("It takes a few seconds. Nothing that was recorded is lost."),
    )
