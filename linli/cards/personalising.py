"""Makes a blank NTAG 424 DNA into one of a community's cards, or gives it newer keys.

| stage    | commands sent                                    | what their answers tell        |
|----------|--------------------------------------------------|--------------------------------|
| PROBE    | select, version, versions of all keys, challenge | kind of chip, keys that are in |
| PROVE    | proof of key 0                                   | it is ours, or as delivered    |
| IDENTIFY | the true UID, versions of keys 1–4, protected    | it is the card it should be    |
| WRITE    | keys 1–4, message, settings, key 0, challenge    | each took effect               |
| CHECK    | proof of the new key 0, one reading              | the card works                 |

Pure: whoever carries the commands to the card brings the answers back. Keys that are in already are
left alone, everything else is written again, so that a card torn away at any moment is finished by
beginning anew. Commands of one stage are made before any of them is answered, as each only depends
on the session's counter: five journeys to the card are enough.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from linli.cards import authentication, layout, ntag424, sun
from linli.cards.authentication import Challenge
from linli.cards.secure_messaging import (
    CardAnswerError,
    Session,
    good,
    open_maced,
)

ISO_OK = 0x9000
DELAYED, DENIED = 0x91AD, 0x919D


class Stage(StrEnum):
    PROBE = "probe"
    PROVE = "prove"
    IDENTIFY = "identify"
    WRITE = "write"
    CHECK = "check"


class Reason(StrEnum):
    """Why a card cannot be worked on."""

    TORN = "torn"
    """Not all answers came: lay it there again."""
    OTHER_CHIP = "other-chip"
    OTHER_CARD = "other-card"
    UNKNOWN_KEYS = "unknown-keys"
    """It has keys that are none of ours: made elsewhere."""
    LOCKED = "locked"
    """Too many wrong keys were tried on it."""
    FAILED = "failed"
    """It did not do as told, or its answers were changed on the way."""


class CannotWorkError(Exception):
    """This card cannot be finished now; nothing is left in it that hinders another try."""

    def __init__(self, reason: Reason, text: str) -> None:
        super().__init__(text)
        self.reason = reason


@dataclass(frozen=True)
class Work:
    """What is to be done to one card: keys of this generation, and with `file` its message and
    settings too. Only then may it be as delivered."""

    uid: bytes
    generation: int
    file: bool


@dataclass(frozen=True)
class State:
    """What must be remembered until the answers come. It holds session keys: seal it."""

    work: Work
    stage: Stage = Stage.PROBE
    versions: tuple[int, ...] = ()
    challenge: Challenge | None = field(default=None, repr=False)
    session: Session | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Send:
    state: State
    commands: tuple[bytes, ...]


@dataclass(frozen=True)
class Done:
    """The card works; `counter` is that of the message it was checked by."""

    counter: int


Masters = dict[int, bytes]
"""Master keys by generation."""
Random = Callable[[int], bytes]


def begin(work: Work) -> Send:
    probes = (ntag424.get_key_version(number) for number in range(ntag424.KEYS))
    commands = (
        ntag424.select_application(),
        *ntag424.get_version(),
        *probes,
        authentication.begin(layout.AUTHORITY),
    )
    return Send(State(work), commands)


def step(state: State, answers: Sequence[bytes], masters: Masters, random: Random) -> Send | Done:
    """What to do next. Raises CannotWorkError."""
    try:
        match state.stage:
            case Stage.PROBE:
                return _probed(state, answers, masters, random)
            case Stage.PROVE:
                return _proved(state, answers, masters)
            case Stage.IDENTIFY:
                return _identified(state, answers, masters)
            case Stage.WRITE:
                return _written(state, answers, masters, random)
            case Stage.CHECK:
                return _checked(state, answers, masters)
    except CardAnswerError as error:
        locked = error.status in (DELAYED, DENIED)
        raise CannotWorkError(Reason.LOCKED if locked else Reason.FAILED, str(error)) from error


def _probed(state: State, answers: Sequence[bytes], masters: Masters, random: Random) -> Send:
    work = state.work
    said, challenge = list(answers[:-1]), answers[-1] if answers else b""
    _require(len(answers), 5 + ntag424.KEYS)
    try:
        good(said[0], ISO_OK)
        version = ntag424.read_version((said[1], said[2], said[3]))
        versions = tuple(ntag424.read_key_version(answer) for answer in said[4:])
    except CardAnswerError as error:
        raise CannotWorkError(Reason.OTHER_CHIP, "this card is no NTAG 424 DNA") from error
    if not version.ntag424:
        raise CannotWorkError(Reason.OTHER_CHIP, "this card is no NTAG 424 DNA")
    if version.uid != work.uid:
        raise CannotWorkError(Reason.OTHER_CARD, "another card lies there than was announced")
    for number, of in enumerate(versions):
        _key(of, number, work, masters)
    key = _key(versions[layout.AUTHORITY], layout.AUTHORITY, work, masters)
    drawn, proof = authentication.respond(key, layout.AUTHORITY, challenge, random(16))
    return Send(State(work, Stage.PROVE, versions, drawn), (proof,))


def _proved(state: State, answers: Sequence[bytes], masters: Masters) -> Send:
    _require(len(answers), 1)
    session = _opened(state, answers[0], state.versions[layout.AUTHORITY], masters)
    following = State(state.work, Stage.IDENTIFY, state.versions, session=session)
    commands, later = [ntag424.get_card_uid(session)], session.after()
    for number in (layout.MESSAGE, *layout.OTHERS):
        commands.append(ntag424.get_key_version(number, later))
        later = later.after()
    return Send(following, tuple(commands))


def _identified(state: State, answers: Sequence[bytes], masters: Masters) -> Send:
    """What was said before the proof may have been changed on the way; this cannot."""
    _require(len(answers), ntag424.KEYS)
    session = _session(state)
    if ntag424.read_card_uid(session, answers[0]) != state.work.uid:
        raise CannotWorkError(Reason.OTHER_CARD, "the card's true number is another")
    for answer, version in zip(answers[1:], state.versions[layout.MESSAGE :], strict=True):
        session = session.after()
        if ntag424.read_key_version(answer, session) != version:
            raise CannotWorkError(Reason.FAILED, "its keys' versions were changed on the way")
    session = session.after()
    commands, _ = _writing(State(state.work, Stage.WRITE, state.versions), session, masters)
    following = State(state.work, Stage.WRITE, state.versions, session=session)
    again = (ntag424.select_application(), authentication.begin(layout.AUTHORITY))
    return Send(following, (*commands, *again))


def _written(state: State, answers: Sequence[bytes], masters: Masters, random: Random) -> Send:
    commands, sessions = _writing(state, _session(state), masters)
    _require(len(answers), len(commands) + 2)
    for answer, session in zip(answers, sessions, strict=False):
        good(answer) if session is None else open_maced(session, answer)
    good(answers[-2], ISO_OK)
    key = _key(state.work.generation, layout.AUTHORITY, state.work, masters)
    drawn, proof = authentication.respond(key, layout.AUTHORITY, answers[-1], random(16))
    reading = (
        ntag424.select_application(),
        ntag424.select_file(),
        ntag424.read_binary(len(layout.template())),
    )
    return Send(State(state.work, Stage.CHECK, state.versions, drawn), (proof, *reading))


def _checked(state: State, answers: Sequence[bytes], masters: Masters) -> Done:
    _require(len(answers), 4)
    _opened(state, answers[0], state.work.generation, masters)
    good(answers[1], ISO_OK)
    good(answers[2], ISO_OK)
    key = _key(state.work.generation, layout.MESSAGE, state.work, masters)
    try:
        identity = sun.verify(sun.read_message(good(answers[3], ISO_OK)[2:]), key)
    except (sun.NotSunError, sun.ForgedError) as error:
        raise CannotWorkError(Reason.FAILED, f"its message does not verify: {error}") from error
    if identity.uid != state.work.uid:
        raise CannotWorkError(Reason.OTHER_CARD, "its message names another card")
    return Done(identity.counter)


def _writing(
    state: State, session: Session, masters: Masters
) -> tuple[list[bytes], list[Session | None]]:
    """The commands that change the card, and the session that each one's answer is opened with;
    None where the answer is not protected: the change then shows in CHECK."""
    work, commands, sessions = state.work, list[bytes](), list[Session | None]()
    for number in (layout.MESSAGE, *layout.OTHERS):
        if state.versions[number] != work.generation:
            old = _key(state.versions[number], number, work, masters)
            new = _key(work.generation, number, work, masters)
            commands.append(ntag424.change_key(session, number, new, work.generation, old))
            sessions.append(session)
            session = session.after()
    if work.file:
        commands.append(ntag424.write_data(ntag424.NDEF_FILE, 0, layout.template()))
        sessions.append(None)
        session = session.after()
        settings = layout.settings()
        commands.append(ntag424.change_file_settings(session, ntag424.NDEF_FILE, settings))
        sessions.append(session)
        session = session.after()
    if state.versions[layout.AUTHORITY] != work.generation:
        new = _key(work.generation, layout.AUTHORITY, work, masters)
        commands.append(ntag424.change_key(session, layout.AUTHORITY, new, work.generation))
        sessions.append(None)
    return commands, sessions


def _opened(state: State, answer: bytes, version: int, masters: Masters) -> Session:
    wrong_key = 0x91AE
    if state.challenge is None:
        raise CannotWorkError(Reason.FAILED, "no proof was asked for")
    key = _key(version, layout.AUTHORITY, state.work, masters)
    try:
        return authentication.opened(key, state.challenge, answer)
    except CardAnswerError as error:
        if error.status == wrong_key and state.stage is Stage.PROVE:
            text = "the card does not take the key that its version names: it was made elsewhere"
            raise CannotWorkError(Reason.UNKNOWN_KEYS, text) from error
        raise


def _key(version: int, number: int, work: Work, masters: Masters) -> bytes:
    key = layout.key_at(version, number, work.uid, masters)
    if key is None or (version == ntag424.FACTORY_VERSION and not work.file):
        text = f"key {number} has version {version}, which is none of ours: it was made elsewhere"
        raise CannotWorkError(Reason.UNKNOWN_KEYS, text)
    return key


def _session(state: State) -> Session:
    if state.session is None:
        raise CannotWorkError(Reason.FAILED, "nothing was authenticated")
    return state.session


def _require(came: int, sent: int) -> None:
    if came != sent:
        raise CannotWorkError(
            Reason.TORN, f"{came} of {sent} answers came: the card was taken away"
        )
