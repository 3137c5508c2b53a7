"""What is published is believed only by what leads back to the root that came with the program.

The cases follow the client's workflow in the TUF specification, section 5, step by step."""

from __future__ import annotations

import datetime as dt
import functools
import http.server
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from doubles.clock import HandClock
from repository import NAME, Repository, archive, in_days
from securesystemslib.signer import CryptoSigner

from linli.sync.updates import ReleaseRefusedError, Releases, ReleasesNotReachedError


@pytest.fixture
def clock() -> HandClock:
    clock = HandClock()
    clock.wall = in_days(0)  # the library judges by the machine's own clock too
    return clock


@pytest.fixture
def releases(repository: Repository, tmp_path: Path, clock: HandClock) -> Releases:
    return Releases(str(repository.directory), repository.first_root, tmp_path / "believed", clock)


def fake(role: str) -> Callable[[Repository], None]:
    def signed_by_somebody_else(repository: Repository) -> None:
        repository.signers[role] = CryptoSigner.generate_ed25519()
        repository.publish()

    return signed_by_somebody_else


def expired(role: str) -> Callable[[Repository], None]:
    def of_yesterday(repository: Repository) -> None:
        getattr(repository, role).expires = in_days(-1)
        if role == "root":
            repository.root.version += 1
            repository.write_root()
        repository.publish()

    return of_yesterday


def older(role: str) -> Callable[[Repository], None]:
    def than_was_believed(repository: Repository) -> None:
        getattr(repository, role).version -= 1
        if role != "timestamp":
            repository.timestamp.version += 1
        if role == "targets":
            repository.snapshot.version += 1
        repository.write()

    return than_was_believed


def changed(role: str) -> Callable[[Repository], None]:
    def after_it_was_signed(repository: Repository) -> None:
        repository.publish()
        name = role if role == "timestamp" else f"{getattr(repository, role).version}.{role}"
        repository.edit(name, lambda signed: signed.update(note="changed"))

    return after_it_was_signed


def root_without_the_old_key(repository: Repository) -> None:
    repository.rotate("root")
    repository.write_root()


def root_without_the_new_key(repository: Repository) -> None:
    before = repository.rotate("root")
    repository.signers["root"] = before
    repository.write_root()


def root_of_another_number(repository: Repository) -> None:
    repository.root.version += 2
    data = repository.write_root()
    repository.file(f"{repository.root.version - 1}.root").write_bytes(data)


def root_of_two_signers_signed_by_one(repository: Repository) -> None:
    repository.root.roles["root"].threshold = 2
    repository.root.add_key(CryptoSigner.generate_ed25519().public_key, "root")
    repository.root.version += 1
    repository.write_root()


def timestamp_by_a_revoked_key(repository: Repository) -> None:
    repository.signers["timestamp"] = repository.rotate("timestamp")
    repository.publish()


def snapshot_of_another_number(repository: Repository) -> None:
    repository.publish()
    old = repository.file(f"{repository.snapshot.version - 1}.snapshot").read_bytes()
    repository.file(f"{repository.snapshot.version}.snapshot").write_bytes(old)


def targets_of_another_number(repository: Repository) -> None:
    repository.publish()
    old = repository.file(f"{repository.targets.version - 1}.targets").read_bytes()
    repository.file(f"{repository.targets.version}.targets").write_bytes(old)


def timestamp_without_its_snapshot(repository: Repository) -> None:
    repository.publish()
    repository.edit("timestamp", lambda signed: signed.pop("meta"))


def no_json(repository: Repository) -> None:
    repository.file("timestamp").write_bytes(b"\xff\xfe{")


UNBELIEVABLE = [
    *[fake(role) for role in ("timestamp", "snapshot", "targets")],
    *[expired(role) for role in ("root", "timestamp", "snapshot", "targets")],
    *[older(role) for role in ("timestamp", "snapshot", "targets")],
    *[changed(role) for role in ("timestamp", "snapshot", "targets")],
    root_without_the_old_key,
    root_without_the_new_key,
    root_of_another_number,
    root_of_two_signers_signed_by_one,
    timestamp_by_a_revoked_key,
    snapshot_of_another_number,
    targets_of_another_number,
    timestamp_without_its_snapshot,
    no_json,
]


def name_of(attack: Callable[[Repository], None]) -> str:
    return attack.__qualname__.replace(".<locals>.", "-")


@pytest.mark.parametrize("attack", UNBELIEVABLE, ids=name_of)
def test_update_that_is_not_published_as_it_must_be_is_refused(
    repository: Repository, releases: Releases, attack: Callable[[Repository], None]
) -> None:
    repository.publish()
    assert releases.newest(NAME) == "2.0"  # what is believed from now on
    attack(repository)
    with pytest.raises(ReleaseRefusedError):
        releases.newest(NAME)


def test_update_is_fetched_from_a_stick(
    repository: Repository, releases: Releases, tmp_path: Path
) -> None:
    assert releases.fetch(NAME, tmp_path / "bundle") == "2.0"
    assert sorted(path.name for path in (tmp_path / "bundle").iterdir()) == [
        "bundle.json",
        "requirements.txt",
    ]


@pytest.fixture
def served(repository: Repository) -> Iterator[str]:
    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None: ...

    handler = functools.partial(Quiet, directory=str(repository.directory))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()
    thread.join()
    server.server_close()


def test_update_is_fetched_over_http_by_the_same_rules(
    repository: Repository, served: str, tmp_path: Path, clock: HandClock
) -> None:
    releases = Releases(served, repository.first_root, tmp_path / "believed", clock)
    assert releases.fetch(NAME, tmp_path / "bundle") == "2.0"
    fake("timestamp")(repository)
    with pytest.raises(ReleaseRefusedError):
        releases.newest(NAME)


@pytest.mark.parametrize("role", ["root", "timestamp", "snapshot", "targets"])
def test_update_is_believed_after_a_key_was_changed_by_the_root(
    repository: Repository, releases: Releases, role: str
) -> None:
    assert releases.newest(NAME) == "2.0"
    repository.rotate(role)
    repository.put_bundle("2.1")
    repository.publish()
    assert releases.newest(NAME) == "2.1"


def test_update_is_believed_by_a_terminal_that_slept_through_three_roots(
    repository: Repository, releases: Releases
) -> None:
    for _ in range(3):
        repository.rotate("root")
    repository.publish()
    assert releases.newest(NAME) == "2.0"


def test_update_of_another_publisher_is_refused(
    repository: Repository, releases: Releases, tmp_path: Path, clock: HandClock
) -> None:
    other = Repository(tmp_path / "other")
    for role in ("timestamp", "1.snapshot", "1.targets"):
        repository.file(role).write_bytes(other.file(role).read_bytes())
    with pytest.raises(ReleaseRefusedError):
        releases.newest(NAME)


def test_update_that_expired_is_refused_though_the_clock_has_lost_a_month(
    releases: Releases, clock: HandClock
) -> None:
    assert releases.newest(NAME) == "2.0"
    was = clock.now()
    clock.wall = was + dt.timedelta(days=8)
    with pytest.raises(ReleaseRefusedError, match=r"timestamp .* has expired"):
        releases.newest(NAME)
    clock.wall, clock.is_good = was, False
    with pytest.raises(ReleaseRefusedError, match=r"timestamp .* has expired"):
        releases.newest(NAME)


def test_update_whose_bytes_were_changed_is_refused_and_nothing_of_it_stays(
    repository: Repository, releases: Releases, tmp_path: Path
) -> None:
    path = next((repository.directory / "targets").iterdir())
    data = bytearray(path.read_bytes())
    data[0] ^= 1
    path.write_bytes(data)
    with pytest.raises(ReleaseRefusedError, match="not what was signed"):
        releases.fetch(NAME, tmp_path / "bundle")
    assert not (tmp_path / "bundle").exists()


def test_update_without_an_end_is_cut_off(
    repository: Repository, releases: Releases, tmp_path: Path
) -> None:
    path = next((repository.directory / "targets").iterdir())
    path.write_bytes(path.read_bytes() + b"\0" * 1_000_000)
    with pytest.raises(ReleasesNotReachedError, match="not fetched"):
        releases.fetch(NAME, tmp_path / "bundle")


def test_update_metadata_without_an_end_is_cut_off(
    repository: Repository, releases: Releases
) -> None:
    repository.file("timestamp").write_bytes(b" " * 1_000_000)
    with pytest.raises(ReleasesNotReachedError):
        releases.newest(NAME)


@pytest.mark.parametrize("name", ["../outside", "/etc/linli", "folder/file"])
def test_update_that_would_write_elsewhere_is_refused(
    repository: Repository, releases: Releases, tmp_path: Path, name: str
) -> None:
    repository.put_bundle("2.1", archive({name: b"x"}))
    repository.publish()
    with pytest.raises(ReleaseRefusedError, match="files alone"):
        releases.fetch(NAME, tmp_path / "bundle")


def test_update_for_another_kind_of_machine_is_not_offered(releases: Releases) -> None:
    assert releases.newest("linli-other.tar") is None


def test_update_on_a_stick_that_was_torn_out_may_be_tried_again(
    repository: Repository, releases: Releases
) -> None:
    away = repository.directory.with_name("away")
    repository.directory.rename(away)
    with pytest.raises(ReleasesNotReachedError):
        releases.newest(NAME)
    away.rename(repository.directory)
    assert releases.newest(NAME) == "2.0"


@pytest.mark.parametrize("left", [b"", b"\0" * 100, b'{"signed": {'], ids=["empty", "zeros", "cut"])
def test_update_is_believed_again_after_a_power_cut_tore_what_was_kept(
    repository: Repository, releases: Releases, tmp_path: Path, left: bytes
) -> None:
    repository.rotate("timestamp")
    repository.publish()
    assert releases.newest(NAME) == "2.0"
    kept = [path for path in (tmp_path / "believed").rglob("*") if path.is_file()]
    names = {str(path.relative_to(tmp_path / "believed")) for path in kept}
    assert {"seen-at", "metadata/timestamp.json", "metadata/root_history/2.root.json"} <= names
    for path in kept:
        before = path.read_bytes()
        path.write_bytes(left)
        assert releases.newest(NAME) == "2.0", path
        path.write_bytes(before)
