"""Another firmware for the board, over the line that is there: upload, test, restart, confirm.

The board starts what was uploaded once. Unless it is then confirmed, the next start is the old
one's again: whatever goes wrong on the way, a power cut included, the board comes back. An upload
that was broken off goes on where it was.
"""

from __future__ import annotations

import contextlib
import hashlib
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from linli.firmware_bridge.board import ONCE, OS, RESET
from linli.firmware_bridge.client import Client, Patience
from linli.firmware_bridge.errors import (
    BoardError,
    LineGoneError,
    MalformedAnswerError,
    NoAnswerError,
    RefusedError,
)
from linli.firmware_bridge.image import Image
from linli.firmware_bridge.smp import Op

IMAGE, STATE, UPLOAD = 1, 0, 1
"""The group and its commands."""
PIECE = 896
"""Bytes of the image in one request: with what is around them they fit into 1024."""
UNHURRIED = Patience(attempts=4, answer_s=2.0)
"""A sector is erased, or a signature checked, before the answer."""
START_S, ASK_AGAIN_S, BACK_S = 15.0, 0.1, 60.0
BUSY = 10
REASONS = {
    3: "it has no such image",
    4: "the image is cut off or not signed",
    5: "the image is signed with a key that this board does not trust",
    9: "the slot is needed: the firmware that runs now must be confirmed first",
    22: "the image is for another board",
    23: "what was sent is no firmware image",
    24: "the image was damaged on the way",
    25: "the image is made for the other slot",
    27: "the image is older than what the board has confirmed",
    30: "the image is too large",
    32: "the board's check of itself failed, or this firmware does not run",
}


class UpdateError(BoardError):
    """The update did not come about, and the board has the firmware it had; the text says why."""


class RevertedError(UpdateError):
    """The new firmware did not prove itself; the board went back to the one before."""


class Installed(Struct, frozen=True):
    """One image on the board. `active`: it runs; `confirmed`: it is started until told otherwise;
    `pending`: it is tried at the next start."""

    slot: int
    version: str
    hash: bytes
    active: bool = False
    confirmed: bool = False
    pending: bool = False


class _State(Struct, frozen=True):
    images: tuple[Installed, ...]


class _Progress(Struct, frozen=True):
    off: int
    match: bool | None = None


class Updater:
    """`client` is the board's; `told` hears how many bytes of how many have arrived; `moment`
    returns once the board may be restarted, or raises what ends the update before it."""

    def __init__(
        self,
        client: Client,
        told: Callable[[int, int], None] = lambda done, of: None,
        monotonic: Callable[[], float] = time.monotonic,
        pause: Callable[[float], None] = time.sleep,
        moment: Callable[[], None] = lambda: None,
    ) -> None:
        self.client = client
        self._moment = moment
        self._told = told
        self._monotonic = monotonic
        self._pause = pause

    def installed(self) -> tuple[Installed, ...]:
        """What is in the slots. Raises what `Client.request` raises."""
        return _as(_State, self._ask(Op.READ, STATE, {})).images

    def update(self, images: Sequence[Image]) -> Installed:
        """Install that one of `images` which is made for the free slot, and return it once it is
        confirmed. Does nothing where it is already. Raises UpdateError, and RevertedError where the
        new firmware was tried and given up."""
        before = self._until_back(self.installed)
        image = _fitting(images, before)
        running = next((one for one in before if one.active), None)
        if running is not None and running.hash in {one.hash for one in images}:
            return running if running.confirmed else self._confirm(running.hash)
        with _in_words():
            self.upload(image)
            self._moment()
            self.test(image)
            with contextlib.suppress(NoAnswerError):
                self.client.request(Op.WRITE, OS, RESET, {}, ONCE)
        return self._proven(image)

    def upload(self, image: Image) -> None:
        """Send it, or what is missing of it. Cables may be pulled meanwhile. Raises UpdateError
        if it arrived damaged, RefusedError."""
        at, data = 0, image.data
        while True:
            try:
                progress = self._send(data, at)
            except RefusedError:
                if at == 0:
                    raise
                at = 0  # the board was restarted, and asks what it is about
                continue
            at = progress.off
            self._told(at, len(data))
            if progress.match is not None or at >= len(data):
                break
        if progress.match is not True:
            raise UpdateError("the image was damaged on the way: try again")

    def _send(self, data: bytes, at: int) -> _Progress:
        body: dict[str, object] = {"off": at, "data": data[at : at + PIECE]}
        if at == 0:
            body |= {"len": len(data), "sha": hashlib.sha256(data).digest(), "image": 0}
        return _as(_Progress, self._until_back(lambda: self._ask(Op.WRITE, UPLOAD, body)))

    def test(self, image: Image) -> None:
        """Have it started once, at the next start. Raises RefusedError."""
        body = {"hash": image.hash, "confirm": False}
        self._until_back(lambda: self._ask(Op.WRITE, STATE, body))

    # --- the end of it ---------------------------------------------------------------------------

    def _proven(self, image: Image) -> Installed:
        """Wait until it runs and confirm it."""
        deadline = self._monotonic() + START_S
        while self._monotonic() < deadline:
            self._pause(ASK_AGAIN_S)
            try:
                installed = self.installed()
            except (LineGoneError, NoAnswerError):
                continue
            mine = next((one for one in installed if one.hash == image.hash), None)
            if mine is not None and mine.active:
                return self._confirm(image.hash)
            if mine is None or not mine.pending:
                raise RevertedError(
                    f"firmware {image.version} did not start, and the board went back to the one "
                    "before"
                )
        raise UpdateError("the board does not answer after its restart: see its cable and power")

    def _confirm(self, wanted: bytes) -> Installed:
        with _in_words():
            body = {"hash": wanted, "confirm": True}
            state = _as(_State, self._until_back(lambda: self._ask(Op.WRITE, STATE, body)))
        found = next((one for one in state.images if one.hash == wanted and one.confirmed), None)
        if found is None:
            raise RevertedError("the board restarted once more, and went back to the one before")
        return found

    def _ask(self, op: Op, command: int, body: Mapping[str, Any]) -> Mapping[str, Any]:
        return self.client.request(op, IMAGE, command, body, UNHURRIED)

    def _until_back(self, ask: Callable[[], T]) -> T:
        """The answer, waited for over an unplugged cable and a door that is just being opened."""
        deadline = self._monotonic() + BACK_S
        while True:
            try:
                return ask()
            except (LineGoneError, NoAnswerError):
                if self._monotonic() > deadline:
                    raise
            except RefusedError as error:
                if error.code != BUSY or self._monotonic() > deadline:
                    raise
            self._pause(ASK_AGAIN_S)


T = TypeVar("T")
S = TypeVar("S", bound=Struct)


def _fitting(images: Sequence[Image], installed: Sequence[Installed]) -> Image:
    active = next((one.slot for one in installed if one.active), None)
    running = {one.hash for one in installed if one.active}
    for image in images:
        if image.slot != active or image.hash in running:
            return image
    raise UpdateError(
        f"the board runs from slot {'AB'[active or 0]}: the image for the other slot is needed too"
    )


@contextlib.contextmanager
def _in_words() -> Iterator[None]:
    try:
        yield
    except RefusedError as error:
        reason = REASONS.get(error.code, f"it said {error.code}") if error.group == IMAGE else None
        raise UpdateError(f"the board refuses: {reason or error}") from error


def _as(kind: type[S], body: Mapping[str, Any]) -> S:
    try:
        return msgspec.convert(dict(body), kind)
    except msgspec.ValidationError as error:
        raise MalformedAnswerError(f"the board's answer does not fit: {error}") from error
