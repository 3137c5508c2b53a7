"""A terminal's life with a ledger and a Mosquitto over TLS: it comes in, renews, is copied, breaks,
is rescued and taken out."""

from __future__ import annotations

import datetime as dt
import shutil
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from doubles.clock import HandClock
from doubles.gate import Gate as BrokerGate
from doubles.gate import free_ports
from doubles.waiting import eventually, stays
from sqlalchemy import select

from linli.kiosk.enrolling.client import EnrolClient
from linli.kiosk.enrolling.newcomer import Newcomer
from linli.kiosk.flows.enrol_views import EnrolStage
from linli.kiosk.network.certificates import CertificateFiles, CertificateKeeper, RenewalClient
from linli.kiosk.network.connection import access_of
from linli.kiosk.network.rescue import RescueError, bring, poster, read_card
from linli.kiosk.settings import TerminalSettings, read_settings
from linli.kiosk.store.database import open_database as open_terminal
from linli.ledger.broker import keeping
from linli.ledger.broker.access_lists import group_of
from linli.ledger.database import open_database
from linli.ledger.ingest.schema import received
from linli.ledger.people.vault import KeyRing
from linli.ledger.running import Door, LedgerPrograms, Pages
from linli.ledger.terminals.authority import for_terminal
from linli.ledger.terminals.claiming import Naming, confirm
from linli.ledger.terminals.doubles import Sign, alarms
from linli.ledger.terminals.registry import find
from linli.ledger.terminals.retiring import retire
from linli.ledger.web.enrolling import Gate
from linli.sync import link as link_module
from linli.sync import resends as resends_module
from linli.sync.clock import Clock, SystemClock
from linli.sync.link import Link
from linli.sync.messages import CheckIn, Trust
from linli.sync.outbox import Outbox
from linli.sync.sessions import direct_session
from linli.sync.signing import load_or_make_key
from linli.sync.sqlite import Database
from linli.sync.uplink import Uplink
from tests.unit.ledger.village import Village

CLOCK = SystemClock()
NAMING = Naming("t2", "village", "centre", "阳光邻里中心")
RING = KeyRing("k1", {"k1": bytes(32)})


@pytest.fixture(autouse=True)
def _in_no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(link_module, "FIRST_S", 0.05)
    monkeypatch.setattr(link_module, "CAP_S", 0.2)
    monkeypatch.setattr(resends_module, "FIRST_S", 0.1)
    monkeypatch.setattr(resends_module, "CAP_S", 0.5)
    monkeypatch.setattr(keeping, "LOOK_S", 0.1)


class District:
    """A ledger with its broker, both as in a town. Nobody is let in but who was enrolled."""

    def __init__(self, directory: Path) -> None:
        directory.mkdir()
        self.engine = open_database(directory / "ledger.db")
        Village(self.engine, CLOCK.now())
        self.broker = BrokerGate(directory / "gate", admitted=())
        (http,) = free_ports(1)
        self.url = f"http://127.0.0.1:{http}"
        ports = self.broker.listeners
        gate = Gate(self.broker.authority, "127.0.0.1", ports.mqtt, ports.websockets or 0)
        door = Door(
            self.broker.ledger_access(), group_of(self.broker.password), gate, self.broker.files
        )
        self.programs = LedgerPrograms(
            self.engine,
            CLOCK,
            ("127.0.0.1", ports.ledger),
            ("127.0.0.1", http),
            pages=Pages(RING, self.url, "街道"),
            door=door,
        )

    def __enter__(self) -> District:
        self.broker.__enter__()
        self.programs.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.programs.close()
        self.broker.__exit__()
        self.engine.dispose()

    def confirm(self, code: str, naming: Naming = NAMING) -> None:
        with self.engine.begin() as connection:
            confirm(connection, code, naming, "wangli", CLOCK.now())

    def retire(self, name: str, *, lost: bool = False) -> None:
        with self.engine.begin() as connection:
            retire(connection, name, "wangli", "broken", CLOCK.now(), lost=lost)

    def watermark(self, name: str) -> int:
        with self.engine.connect() as connection:
            found = find(connection, name)
        assert found is not None
        return found.watermark

    def heard_of(self, name: str) -> list[str]:
        """Accounts of everything that is kept of a terminal, in their order."""
        query = select(received.c.account).where(received.c.terminal == name)
        with self.engine.connect() as connection:
            return list(connection.execute(query.order_by(received.c.seq)).scalars())

    def signs(self) -> set[Sign]:
        with self.engine.connect() as connection:
            return {one.kind for one in alarms(connection, "village")}


@pytest.fixture
def district(tmp_path: Path) -> Iterator[District]:
    with District(tmp_path / "district") as district:
        yield district


@dataclass
class Place:
    """A terminal's disk, and the programs that run from it."""

    directory: Path
    district: District
    websockets: bool = False

    @property
    def settings_file(self) -> Path:
        return self.directory / "terminal.toml"

    def newcomer(self) -> Newcomer:
        self.directory.mkdir(parents=True, exist_ok=True)
        key = load_or_make_key(self.directory / "terminal.key")
        client = EnrolClient(self.district.url, key, "terminal", "b0", "南门", direct_session())
        return Newcomer(client, self.settings_file, self.directory, self.websockets)

    def enrol(self, naming: Naming = NAMING) -> Place:
        newcomer = self.newcomer()
        step = newcomer.step()
        assert step.stage is EnrolStage.WAITING
        self.district.confirm(step.code, naming)
        assert newcomer.step().stage is EnrolStage.ENROLLED
        return self

    @property
    def settings(self) -> TerminalSettings:
        return read_settings(self.settings_file, TerminalSettings)

    def run(self, boot: str, clock: Clock = CLOCK) -> Running:
        return Running(self, boot, clock)

    def copy_to(self, directory: Path) -> Place:
        """The SD card, copied bit by bit; only the place of its files is another."""
        shutil.copytree(self.directory, directory)
        text = self.settings_file.read_text().replace(str(self.directory), str(directory))
        (directory / "terminal.toml").write_text(text)
        return replace(self, directory=directory)


class Running:
    """The terminal's link and outbox, as its program has them."""

    def __init__(self, place: Place, boot: str, clock: Clock) -> None:
        settings = place.settings
        key = load_or_make_key(settings.data / "terminal.key")
        self._engine = open_terminal(settings.data / "terminal.db")
        self.database = Database(self._engine)
        self.outbox = Outbox(self.database, settings.name, key, clock, boot)
        where = settings.connection
        self.link = Link(
            settings.name,
            where.broker_host,
            where.broker_port,
            boot,
            clock,
            "1.0",
            presence=True,
            access=access_of(settings),
        )
        renewals = RenewalClient(where.ledger_url, settings.name, key, direct_session())
        files = CertificateFiles(settings.data)
        self.certificates = CertificateKeeper(files, renewals, key, self.link, clock)
        self._uplink = Uplink(self.outbox, self.link, clock)

    def tap(self, account: str) -> None:
        event = CheckIn(
            account=account, card=f"card-{account}", activity="patrol", trust=Trust.HIGH
        )
        with self.database.writing() as connection:
            self.outbox.record(connection, event)
        self._uplink.poke()

    def __enter__(self) -> Running:
        self._uplink.start()
        self.link.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._uplink.close()
        self.link.close()
        self._engine.dispose()


@pytest.mark.parametrize("websockets", [False, True], ids=["mqtt", "websockets"])
def test_a_new_terminal_comes_in_and_what_it_records_arrives(
    district: District, tmp_path: Path, websockets: bool
) -> None:
    place = Place(tmp_path / "t2", district, websockets).enrol()
    assert (place.settings.centre_name, place.settings.place) == ("阳光邻里中心", "阳光社区")
    with place.run("boot-1") as terminal:
        eventually(lambda: terminal.link.online)
        terminal.tap("a1")
        eventually(lambda: terminal.outbox.waiting() == 0)
    assert district.heard_of("t2") == ["a1"]


def test_a_power_cut_between_the_confirmation_and_the_settings_costs_nothing(
    district: District, tmp_path: Path
) -> None:
    place = Place(tmp_path / "t2", district)
    district.confirm(place.newcomer().step().code)
    assert place.newcomer().step().stage is EnrolStage.ENROLLED
    assert place.settings.name == "t2"


def test_settings_that_are_there_are_not_overwritten(district: District, tmp_path: Path) -> None:
    place = Place(tmp_path / "t2", district)
    district.confirm(place.newcomer().step().code)
    place.settings_file.write_text("mine")
    assert place.newcomer().step().stage is EnrolStage.NOT_SAVED
    assert place.settings_file.read_text() == "mine"


def test_a_ledger_that_is_away_is_asked_again(tmp_path: Path) -> None:
    (port,) = free_ports(1)
    key = load_or_make_key(tmp_path / "terminal.key")
    url = f"http://127.0.0.1:{port}"
    client = EnrolClient(url, key, "terminal", "b0", "", direct_session())
    step = Newcomer(client, tmp_path / "terminal.toml", tmp_path).step()
    assert step.stage is EnrolStage.NOT_REACHED
    assert step.again_s is not None


def test_a_terminal_whose_certificate_is_out_of_date_renews_it_and_comes_back(
    district: District, tmp_path: Path
) -> None:
    place = Place(tmp_path / "t2", district).enrol()
    key = load_or_make_key(place.directory / "terminal.key")
    long_ago = CLOCK.now() - dt.timedelta(days=60)
    old = for_terminal(district.broker.authority, "t2", key.public_key(), 9, long_ago)
    files = CertificateFiles(place.directory)
    files.certificate.write_bytes(old.public_bytes(Encoding.PEM))
    with place.run("boot-1") as terminal:
        terminal.tap("a1")
        stays(lambda: not terminal.link.online)
        assert terminal.certificates.look()
        eventually(lambda: terminal.link.online and terminal.outbox.waiting() == 0)
    assert district.heard_of("t2") == ["a1"]


def test_a_terminal_that_woke_up_in_the_past_takes_the_brokers_certificate_all_the_same(
    district: District, tmp_path: Path
) -> None:
    place = Place(tmp_path / "t2", district).enrol()
    ahead = HandClock()
    ahead.wall = CLOCK.now() + dt.timedelta(days=400)
    assert replace(district.broker.files, clock=ahead).write_certificate()
    shown = (district.broker.files.directory / "broker.crt").read_text()
    door = ("127.0.0.1", district.broker.listeners.mqtt)

    def broker_shows_it() -> bool:
        district.broker.broker.reload()
        stays(lambda: True)
        return ssl.get_server_certificate(door).split() == shown.split()

    eventually(broker_shows_it)
    past = HandClock()
    past.wall, past.is_good = dt.datetime(2020, 1, 1, tzinfo=dt.UTC), False
    with place.run("boot-1", past) as lost_in_time:
        eventually(lambda: lost_in_time.link.online)
    present = HandClock()
    present.wall = CLOCK.now()
    with place.run("boot-2", present) as sure_of_the_time:
        stays(lambda: not sure_of_the_time.link.online)


def test_a_broker_of_another_authority_is_not_trusted_whatever_the_clock(
    district: District, tmp_path: Path
) -> None:
    place = Place(tmp_path / "t2", district).enrol()
    with BrokerGate(tmp_path / "impostor") as impostor:
        text = place.settings_file.read_text()
        ours = f"broker_port = {district.broker.listeners.mqtt}"
        theirs = f"broker_port = {impostor.listeners.mqtt}"
        place.settings_file.write_text(text.replace(ours, theirs))
        past = HandClock()
        past.is_good = False
        with place.run("boot-1", past) as terminal:
            stays(lambda: not terminal.link.online)


@pytest.mark.parametrize("lost", [False, True])
def test_a_terminal_that_is_retired_is_cut_off_within_seconds(
    district: District, tmp_path: Path, lost: bool
) -> None:
    place = Place(tmp_path / "t2", district).enrol()
    with place.run("boot-1") as terminal:
        eventually(lambda: terminal.link.online)
        terminal.tap("a1")
        eventually(lambda: district.watermark("t2") == 1)
        district.retire("t2", lost=lost)

        def cut_off() -> bool:
            terminal.tap("a2")
            stays(lambda: True, 0.5)
            return terminal.outbox.waiting() > 0

        eventually(cut_off)
        kept = district.watermark("t2")
        stays(lambda: district.watermark("t2") == kept, 1.0)
    with place.run("boot-2") as again:
        stays(lambda: not again.link.online)
        again.certificates.look()
        stays(lambda: not again.link.online)


def test_a_copied_card_is_noticed_by_its_starts_and_its_chain_and_no_event_is_lost(
    district: District, tmp_path: Path
) -> None:
    first = Place(tmp_path / "t2", district).enrol()
    with first.run("boot-1") as terminal:
        terminal.tap("a1")
        eventually(lambda: district.watermark("t2") == 1)
    copied = first.copy_to(tmp_path / "copy")
    one, two = first.run("boot-2"), copied.run("boot-3")
    one.tap("a2")
    two.tap("a3")
    with one:
        eventually(lambda: one.outbox.waiting() == 0)
        with two:
            eventually(lambda: district.signs() == {Sign.BOOT, Sign.FORK})
            stays(lambda: two.outbox.waiting() >= 1)
    assert district.heard_of("t2") == ["a1", "a2"]
    rescued = read_card(copied.directory, empty(tmp_path / "work"), CLOCK)
    done = bring(rescued, poster(district.url, "t2", direct_session()))
    assert (done.forks, done.whole) == (1, False)


# --- rescue --------------------------------------------------------------------------------------


def empty(directory: Path) -> Path:
    directory.mkdir()
    return directory


@pytest.fixture
def dead(district: District, tmp_path: Path) -> Place:
    """A terminal that died with one event confirmed, one in a batch and one in none."""
    place = Place(tmp_path / "t2", district).enrol()
    with place.run("boot-1") as terminal:
        terminal.tap("a1")
        eventually(lambda: terminal.outbox.waiting() == 0)
    terminal = place.run("boot-2")
    terminal.tap("a2")
    terminal.outbox.form()
    terminal.tap("a3")
    terminal.close()
    return place


def test_what_a_dead_terminal_had_not_sent_is_brought_once_however_often_it_is_brought(
    district: District, dead: Place, tmp_path: Path
) -> None:
    district.retire("t2")
    before = {path.name: path.read_bytes() for path in dead.directory.iterdir()}
    for run, fresh in enumerate((2, 0)):
        card = read_card(dead.directory, empty(tmp_path / f"work-{run}"), CLOCK)
        assert (card.terminal, card.formed, card.loose) == ("t2", 1, 0)
        done = bring(card, poster(district.url, "t2", direct_session()))
        assert (done.fresh, done.watermark, done.whole) == (fresh, 3, True)
    assert district.heard_of("t2") == ["a1", "a2", "a3"]
    assert {path.name: path.read_bytes() for path in dead.directory.iterdir()} == before


def test_two_people_who_bring_the_same_card_at_once_bring_everything_once(
    district: District, dead: Place, tmp_path: Path
) -> None:
    cards = [read_card(dead.directory, empty(tmp_path / f"w{n}"), CLOCK) for n in (1, 2)]
    threads = [
        threading.Thread(target=bring, args=(card, poster(district.url, "t2", direct_session())))
        for card in cards
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert district.heard_of("t2") == ["a1", "a2", "a3"]
    assert district.signs() == set()


def test_without_its_key_a_card_gives_what_was_signed_and_says_what_is_missing(
    district: District, dead: Place, tmp_path: Path
) -> None:
    (dead.directory / "terminal.key").unlink()
    card = read_card(dead.directory, empty(tmp_path / "work"), CLOCK)
    done = bring(card, poster(district.url, "t2", direct_session()))
    assert (done.fresh, done.missing, done.whole) == (1, 1, False)
    assert not (dead.directory / "terminal.key").exists()


def test_a_card_of_which_a_part_is_gone_gives_the_rest(district: District, tmp_path: Path) -> None:
    place = Place(tmp_path / "t2", district).enrol()
    terminal = place.run("boot-1")
    for account in ("a1", "a2", "a3"):
        terminal.tap(account)
        terminal.outbox.form()
    with terminal.database.writing() as connection:
        connection.exec_driver_sql("UPDATE batch SET payload = x'00' WHERE number = 2")
    terminal.close()
    card = read_card(place.directory, empty(tmp_path / "work"), CLOCK)
    assert card.unreadable == [2]
    done = bring(card, poster(district.url, "t2", direct_session()))
    assert (done.fresh, done.watermark, done.whole) == (2, 1, False)


def test_of_a_lost_terminal_nothing_is_taken_from_whoever_brings_its_card(
    district: District, dead: Place, tmp_path: Path
) -> None:
    district.retire("t2", lost=True)
    card = read_card(dead.directory, empty(tmp_path / "work"), CLOCK)
    with pytest.raises(RescueError, match="reported lost"):
        bring(card, poster(district.url, "t2", direct_session()))
    assert district.heard_of("t2") == ["a1"]


def test_a_ledger_that_was_put_back_gets_what_it_had_confirmed(
    district: District, dead: Place, tmp_path: Path
) -> None:
    with district.engine.begin() as connection:
        for table in ("waiting_word", "batch", "received"):
            connection.exec_driver_sql(f"DELETE FROM {table} WHERE terminal = 't2'")
        connection.exec_driver_sql("UPDATE terminal SET watermark = 0 WHERE name = 't2'")
    card = read_card(dead.directory, empty(tmp_path / "work"), CLOCK)
    done = bring(card, poster(district.url, "t2", direct_session()))
    assert (done.watermark, done.whole) == (3, True)
    assert district.heard_of("t2") == ["a1", "a2", "a3"]


@pytest.mark.parametrize("content", [None, b"", b"not a database" * 100])
def test_a_card_without_a_database_says_so(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "terminal.db").write_bytes(content)
    with pytest.raises(RescueError, match=r"terminal\.db"):
        read_card(tmp_path, empty(tmp_path / "work"), CLOCK)
