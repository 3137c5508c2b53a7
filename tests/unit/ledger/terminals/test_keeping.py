"""The broker's files follow the ledger, and the broker hears of each change more than once."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography import x509
from doubles.clock import HandClock

from linli.ledger.broker.files import BrokerFiles
from linli.ledger.broker.keeping import TOLD_TIMES, BrokerKeeper, reload_by_pid
from linli.ledger.broker.mosquitto import Listeners
from linli.ledger.terminals.authority import found
from linli.ledger.terminals.certifying import certify
from linli.ledger.terminals.claiming import registered_as
from linli.ledger.terminals.retiring import retire
from tests.unit.ledger.village import Village


class Kept:
    """A keeper on the village's ledger; `told` is how often the broker was."""

    def __init__(self, village: Village, directory: Path) -> None:
        self.clock, self.told, self.deaf = HandClock(), 0, False
        self.clock.wall = village.now
        authority = found("Linli test", village.now)
        self.files = BrokerFiles(directory, authority, self.clock)
        self.files.write_all(Listeners(), [], [])
        self.keeper = BrokerKeeper(village.engine, self.files, self._reload)
        with village.engine.begin() as connection:
            certify(connection, authority, registered_as(connection, "t1"), village.now)

    def _reload(self) -> None:
        if self.deaf:
            raise PermissionError("not ours")
        self.told += 1

    def text(self, name: str) -> str:
        return (self.files.directory / name).read_text()


@pytest.fixture
def kept(village: Village, tmp_path: Path) -> Kept:
    return Kept(village, tmp_path)


def test_a_change_is_written_and_told_again_and_then_it_is_quiet(kept: Kept) -> None:
    assert kept.keeper.look()
    assert "user t1" in kept.text("terminals.acl")
    for _ in range(5):
        assert not kept.keeper.look()
    assert kept.told == TOLD_TIMES


def test_who_is_retired_is_off_the_list_and_its_certificate_on_the_other(
    kept: Kept, village: Village
) -> None:
    kept.keeper.look()
    with village.engine.begin() as connection:
        retire(connection, "t1", "wangli", "broken", village.now, lost=False)
    assert kept.keeper.look()
    assert "user t1" not in kept.text("terminals.acl")
    revoked = x509.load_pem_x509_crl(kept.text("revoked.crl").encode())
    assert len(list(revoked)) == 1


def test_a_broker_that_could_not_be_told_is_told_later(kept: Kept) -> None:
    kept.deaf = True
    with pytest.raises(PermissionError):
        kept.keeper.look()
    kept.deaf = False
    kept.keeper.look()
    assert kept.told == 1


def test_the_brokers_certificate_is_renewed_in_time_with_the_same_key(kept: Kept) -> None:
    before, key = kept.text("broker.crt"), kept.text("broker.key")
    kept.clock.pass_(minutes=60 * 24 * 170)
    kept.keeper.look()
    assert kept.text("broker.crt") == before
    kept.clock.pass_(minutes=60 * 24 * 20)
    kept.keeper.look()
    assert kept.text("broker.crt") != before
    assert kept.text("broker.key") == key


def test_the_list_of_revoked_certificates_never_runs_out(kept: Kept) -> None:
    before = kept.text("revoked.crl")
    kept.clock.pass_(minutes=60 * 24 * 190)
    kept.keeper.look()
    assert kept.text("revoked.crl") != before


def test_written_again_the_ledgers_password_stays(kept: Kept) -> None:
    before = kept.text("ledger.password"), kept.text("ledger.users")
    kept.files.write_all(Listeners(mqtt=1884), [], [])
    assert (kept.text("ledger.password"), kept.text("ledger.users")) == before
    assert "listener 1884" in kept.text("mosquitto.conf")


@pytest.mark.parametrize("name", ["broker.key", "ledger.users", "terminals.acl"])
def test_nobody_else_on_the_machine_reads_what_the_broker_reads(kept: Kept, name: str) -> None:
    assert (kept.files.directory / name).stat().st_mode & 0o007 == 0
    assert (kept.files.directory / "ledger.password").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("content", [None, "", "rubbish", "1"])
def test_a_broker_that_does_not_run_is_not_told(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "mosquitto.pid").write_text(content)
    reload_by_pid(tmp_path)
