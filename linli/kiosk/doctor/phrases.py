"""What was found and what to do, in plain words. Values go in afterwards, so that a path with
braces in it harms nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from linli.assets.words import Words
from linli.kiosk.doctor.computer_phrases import computer, reaching
from linli.kiosk.doctor.device_phrases import devices, printing, sounding
from linli.kiosk.doctor.finding import WELL_STATES, Code, Finding, State, Subject
from linli.kiosk.doctor.person import Question


@dataclass(frozen=True)
class Said:
    """`remedy` is empty where nothing is to be done."""

    title: str
    sentence: str
    remedy: str


def said(finding: Finding, words: Words) -> Said:
    sentence, remedy = _texts(words)[finding.code]
    return Said(
        subject(finding.subject, words),
        sentence.format_map(finding.values),
        remedy.format_map(finding.values),
    )


def _texts(words: Words) -> Mapping[Code, tuple[str, str]]:
    return computer(words) | reaching(words) | devices(words) | printing(words) | sounding(words)


def subject(which: Subject, words: Words) -> str:
    return {
        Subject.SETTINGS: words("Settings"),
        Subject.POWER: words("Power"),
        Subject.DISK: words("Disk"),
        Subject.DATABASE: words("Database"),
        Subject.FONTS: words("Fonts"),
        Subject.CLOCK: words("Clock"),
        Subject.NETWORK: words("Network"),
        Subject.BROKER: words("Broker"),
        Subject.LEDGER: words("Ledger"),
        Subject.DISPLAY: words("Screens"),
        Subject.PLUGGED_IN: words("Plugged in"),
        Subject.READER: words("Card reader"),
        Subject.LOCKER: words("Locker"),
        Subject.PRINTER: words("Printer"),
        Subject.SOUND: words("Loudspeaker"),
    }[which]


def state(which: State, words: Words) -> str:
    return {
        State.WELL: words("In order"),
        State.ABSENT: words("None here"),
        State.UNTRIED: words("Not tried"),
        State.NOTICE: words("Look after it"),
        State.BROKEN: words("Does not work"),
    }[which]


def question(which: Question, words: Words) -> str:
    return {
        Question.LAY_CARD: words("Lay any card on the reader now."),
        Question.PRINT_SLIP: words("Print a test slip?"),
        Question.HEARD: words("Did you hear the sound?"),
    }[which]


def summary(findings: Iterable[Finding], words: Words) -> str:
    wrong = [finding for finding in findings if finding.state not in WELL_STATES]
    if not wrong:
        return words("Nothing is to be done.")
    return words.n("{n} thing to look after.", "{n} things to look after.", len(wrong))
