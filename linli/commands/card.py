"""`linli card`: cards at the desk's own reader."""

from __future__ import annotations

import json
import queue
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import requests
import typer

from linli.cards import inspecting
from linli.cards.inspecting import Finding, Kind
from linli.commands.failure import Failure
from linli.commands.windows import settings_from
from linli.devices.readers.base import CardLostError, CardSeen, Chip, Exchange, ReaderState
from linli.devices.readers.pn532 import Pn532
from linli.kiosk.cards.making import CardMaking, Progress
from linli.kiosk.network.ledger_asks import LedgerAsks
from linli.kiosk.settings import TerminalSettings
from linli.sync.card_asks import CardOrder
from linli.sync.clock import SystemClock
from linli.sync.signing import load_or_make_key

app = typer.Typer(
    no_args_is_help=True, add_completion=False, help="Secure cards at the desk's own reader."
)
WAIT_S = 120.0
LAY = "请放卡 · Lay the card on the reader."
STEPS = 6
Settings = Annotated[
    Path,
    typer.Option(
        "--settings",
        help="This machine's terminal.toml: it is registered at the ledger like a terminal.",
    ),
]
Reader = Annotated[Path, typer.Option("--reader", help="The serial path of a PN532.")]
Json = Annotated[bool, typer.Option("--json", help="For a program to read.")]
SAID = {
    "card-torn": "it was taken away too soon: lay it there again, it goes on where it stopped",
    "talk-over": "it took too long: lay the card there again",
    "card-chip": "this is no NTAG 424 DNA: take another card",
    "card-taken": "this card is somebody's already: take a blank one",
    "card-other": "another card was begun for this order: lay that one there, or withdraw it",
    "card-keys": "its keys are none of ours, it was made elsewhere: take a blank card",
    "card-locked": "too many wrong keys were tried on it: take another card",
    "card-failed": "it did not do as told: take it away, lay it there again, else take another",
    "order-gone": "the order was carried out, withdrawn or is more than a day old",
    "account": "the account was closed meanwhile",
    "": "the ledger does not answer: try again when the network is there",
}
AGAIN = ("card-torn", "talk-over")
KINDS = {
    Kind.BLANK: "a blank NTAG 424 DNA: it can be made into a card",
    Kind.HALF_MADE: "a card that is not finished: lay it there again for its order",
    Kind.MADE: "a finished secure card: its messages cannot be copied",
    Kind.OTHER_LAYOUT: "an NTAG 424 DNA that was made into something else: it stays what it is",
    Kind.OTHER_CHIP: "no NTAG 424 DNA: a phone, a bank card or another chip",
}
PLAIN = {
    Chip.TYPE2: "a simple card (NTAG or Ultralight): it has a number that can be copied",
    Chip.CLASSIC: "a MIFARE Classic: it has a number that can be copied",
}


@app.command("orders")
def orders(settings: Settings, as_json: Json = False) -> None:
    """List the cards that clerks have ordered for this community."""
    came: queue.Queue[tuple[CardOrder, ...] | None] = queue.Queue()
    with _making(settings) as making:
        making.orders(came.put)
        found = came.get(timeout=WAIT_S)
    if found is None:
        raise Failure(SAID[""])
    if as_json:
        typer.echo(json.dumps([_told(order) for order in found], ensure_ascii=False))
        return
    for order in found:
        begun = "  begun: lay the same card there" if order.begun else ""
        typer.echo(f"{order.id}  {order.card}  {order.name}{begun}")


@app.command("issue")
def issue(
    order: Annotated[str, typer.Option("--order", help="The order's number, from the console.")],
    reader: Reader,
    settings: Settings,
    as_json: Json = False,
) -> None:
    """Make the card that a clerk ordered: lay a blank NTAG 424 DNA on the reader.

    The ledger computes, this machine only carries. A card that was taken away too soon is finished
    when it lies there again, here or at any terminal of the community. The kiosk must not hold the
    reader meanwhile."""
    told: queue.Queue[Progress] = queue.Queue()
    with _making(settings) as making, _reading(reader) as driver:
        making.make(order, told.put)
        driver.speak_by(making)
        typer.echo(LAY, err=True)
        driver.start(lambda _: None)
        made = _wait(told)
    if made.made is None:
        raise Failure(SAID.get(made.reason, SAID["card-failed"]))
    if as_json:
        typer.echo(json.dumps({"card": made.made.card, "name": made.made.name}, ensure_ascii=False))
    else:
        typer.echo(f"卡制好了 · Card {made.made.card} for {made.made.name} is ready.")


@app.command("inspect")
def inspect(reader: Reader, as_json: Json = False) -> None:
    """Say in plain words what a card is. Nothing is changed, no key and no network is needed."""
    looking = _Looking()
    with _reading(reader) as driver:
        driver.speak_by(looking)
        typer.echo(LAY, err=True)
        driver.start(looking.taps.put)
        seen = _tapped(looking.taps)
        finding = None if seen.chip is not Chip.ISO_DEP or seen.random_uid else looking.wait()
    if as_json:
        typer.echo(json.dumps(_described(seen, finding)))
        return
    typer.echo(f"UID {seen.uid.hex()}{' (another each time)' if seen.random_uid else ''}")
    if finding is None:
        typer.echo(PLAIN.get(seen.chip, KINDS[Kind.OTHER_CHIP]))
        return
    typer.echo(KINDS[finding.kind])
    if finding.versions:
        typer.echo(f"generations of its keys 0 to 4: {', '.join(map(str, finding.versions))}")


@dataclass
class _Looking:
    """A `CardTalk` that asks a card what it is, once."""

    taps: queue.Queue[CardSeen | ReaderState] = field(default_factory=queue.Queue)
    _done: threading.Event = field(default_factory=threading.Event)
    _finding: Finding | None = None

    def wants(self, _: bytes) -> bool:
        return not self._done.is_set()

    def speak(self, _: bytes, exchange: Exchange) -> None:
        answers = list[bytes]()
        try:
            for command in inspecting.commands():
                answers.append(exchange(command))
        except CardLostError:
            if answers:
                return  # it comes back, or another does
        self._finding = inspecting.found(answers)
        self._done.set()

    def wait(self) -> Finding:
        if not self._done.wait(WAIT_S) or self._finding is None:
            raise Failure("the card was taken away before it said what it is: lay it there again")
        return self._finding


@contextmanager
def _making(path: Path) -> Iterator[CardMaking]:
    settings = settings_from(path, TerminalSettings)
    clock = SystemClock()
    key = load_or_make_key(settings.data / "terminal.key")
    with requests.Session() as session:
        asks = LedgerAsks(settings.connection.ledger_url, settings.name, key, clock, session)
        asks.start()
        with closing(asks):
            yield CardMaking(
                asks,
                clock,
                due=lambda _: False,
                online=lambda: False,
                spared=lambda _: False,
            )


@contextmanager
def _reading(path: Path) -> Iterator[Pn532]:
    with closing(Pn532("desk", path)) as driver:
        yield driver


def _wait(told: queue.Queue[Progress]) -> Progress:
    """The end of it; what can be put right by laying the card there again is only said."""
    while True:
        try:
            progress = told.get(timeout=WAIT_S)
        except queue.Empty:
            raise Failure("no card was laid on the reader within two minutes") from None
        if not progress.over:
            typer.echo(f"{progress.step}/{STEPS}", err=True)
        elif progress.reason in AGAIN:
            typer.echo(f"请再放一次 · {SAID[progress.reason]}", err=True)
        else:
            return progress


def _tapped(taps: queue.Queue[CardSeen | ReaderState]) -> CardSeen:
    try:
        while True:
            found = taps.get(timeout=WAIT_S)
            if isinstance(found, CardSeen):
                return found
            if not found.up:
                raise Failure(found.reason)
    except queue.Empty:
        raise Failure("no card was laid on the reader within two minutes") from None


def _told(order: CardOrder) -> dict[str, object]:
    return {"id": order.id, "card": order.card, "name": order.name, "begun": order.begun}


def _described(seen: CardSeen, finding: Finding | None) -> dict[str, object]:
    kind = seen.chip.value if finding is None else finding.kind.value
    versions = [] if finding is None else list(finding.versions)
    return {
        "uid": seen.uid.hex(),
        "random_uid": seen.random_uid,
        "kind": "other-chip" if seen.random_uid else kind,
        "key_generations": versions,
    }
