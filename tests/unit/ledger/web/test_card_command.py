"""`linli card` at the desk: the real driver on a simulated PN532, a real ledger over HTTP."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from linli.commands.card import app
from linli.commands.failure import Failure
from linli.devices.simulated.cards import MifareClassic, Ntag213, Ntag424, RandomUidPhone
from linli.devices.simulated.reader import SimulatedReader
from linli.ledger.terminals.registry import register
from linli.ledger.web.server import HttpServer
from linli.sync.clock import SystemClock
from linli.sync.signing import load_or_make_key, public_hex
from tests.unit.kiosk.test_settings import GOOD
from tests.unit.ledger.web.card_maker import CardMaker, blank
from tests.unit.ledger.web.site import VillageSite

UID = b"\x04abcdef"


class Desk:
    """`run` is given what lies on the reader from the beginning."""

    def __init__(self, site: VillageSite, directory: Path) -> None:
        site.clock.wall = SystemClock().now()
        self.maker = CardMaker(site)
        self.reader = SimulatedReader(directory / "reader")
        self._server = HttpServer(site.app, "127.0.0.1", 0)
        self._server.start()
        port = self._server.port
        self.settings = directory / "terminal.toml"
        data = directory / "data"
        data.mkdir()
        text = _settings(GOOD, data, f"http://127.0.0.1:{port}")
        self.settings.write_text(text, encoding="utf-8")
        with site.engine.begin() as connection:
            register(
                connection,
                name="desk",
                kind="terminal",
                public_key=public_hex(load_or_make_key(data / "terminal.key")),
                scope="village",
                centre="centre",
                now=site.village.now,
            )

    def run(self, *arguments: str) -> str:
        known = [*arguments, "--json"]
        if arguments[0] != "orders":
            known += ["--reader", str(self.reader.path)]
        if arguments[0] != "inspect":
            known += ["--settings", str(self.settings)]
        done = CliRunner().invoke(app, known, catch_exceptions=False)
        # Before it stands what the ledger in this process logged.
        return done.stdout.splitlines()[-1]

    def close(self) -> None:
        self._server.close()
        self.reader.close()


def _settings(text: str, data: Path, url: str) -> str:
    lines = []
    for line in text.splitlines():
        key = line.partition("=")[0].strip()
        values = {"name": '"desk"', "data": f'"{data}"', "ledger_url": f'"{url}"'}
        lines.append(f"{key} = {values[key]}" if key in values else line)
    return "\n".join(lines)


@pytest.fixture
def desk(site: VillageSite, tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(site, tmp_path)
    yield desk
    desk.close()


def test_a_card_is_made_at_the_desk(desk: Desk) -> None:
    order, card = desk.maker.order("a1", "K-1"), blank(UID)
    assert json.loads(desk.run("orders"))[0]["id"] == order
    desk.reader.field.place(card)
    assert json.loads(desk.run("issue", "--order", order)) == {"card": "K-1", "name": "张*1"}
    assert {slot.version for slot in card.chip.keys} == {1}
    assert json.loads(desk.run("orders")) == []
    assert json.loads(desk.run("inspect"))["kind"] == "made"


def test_a_card_that_flickers_is_finished_in_the_same_call(desk: Desk) -> None:
    order = desk.maker.order("a1", "K-1")
    desk.reader.field.tear(22)
    desk.reader.field.place(blank(UID))
    assert json.loads(desk.run("issue", "--order", order))["card"] == "K-1"


def test_what_cannot_be_made_is_said_in_words(desk: Desk) -> None:
    desk.reader.field.place(Ntag424(UID, b"somebody's key!!"))
    with pytest.raises(Failure, match="made elsewhere"):
        desk.run("issue", "--order", desk.maker.order("a1"))
    with pytest.raises(Failure, match="order was carried out"):
        desk.run("issue", "--order", "none")


def test_inspecting_says_what_a_card_is(desk: Desk) -> None:
    for card, kind in (
        (blank(UID), "blank"),
        (Ntag213(UID), "type2"),
        (MifareClassic(UID[:4]), "classic"),
        (RandomUidPhone(), "other-chip"),
    ):
        desk.reader.field.place(card)
        assert json.loads(desk.run("inspect"))["kind"] == kind
