"""What `linli release` publishes is what a terminal believes."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pytest
from doubles.clock import HandClock
from doubles.signed_images import SignedImages
from typer.testing import CliRunner

from linli.commands.failure import Failure
from linli.commands.release import app
from linli.firmware_bridge.image import read_image
from linli.kiosk.updating.installing import version_of
from linli.releasing import bundles, publishing
from linli.releasing.bundles import PublishingError
from linli.releasing.publishing import Role
from linli.sync.updates import ReleaseRefusedError, Releases
from tests.unit.kiosk.updating.bundles import bundle

NAME = "linli-cp311-linux-aarch64.tar"


def ago(days: int) -> dt.datetime:
    return dt.datetime.now(dt.UTC).replace(microsecond=0) - dt.timedelta(days=days)


class Publisher:
    def __init__(self, directory: Path, days_ago: int = 0) -> None:
        self.directory, self.where = directory, directory / "published"
        self.keys = directory / "keys"
        if days_ago:
            publishing.begin(self.where, self.keys, ago(days_ago))
        else:
            self.run("begin")
        self.first_root = (self.where / "metadata" / "1.root.json").read_bytes()

    def run(self, command: str, *arguments: str) -> None:
        CliRunner().invoke(
            app,
            [command, str(self.where), *arguments, "--keys", str(self.keys)],
            catch_exceptions=False,
        )

    def offer(self, version: str) -> None:
        wheels = bundle(self.directory / version, version)
        CliRunner().invoke(
            app, ["build", str(wheels), str(self.directory / NAME)], catch_exceptions=False
        )
        self.run("sign", str(self.directory / NAME))

    def terminal(self, name: str = "terminal") -> Releases:
        clock = HandClock()
        clock.wall = dt.datetime.now(dt.UTC)  # the library judges by the machine's clock too
        return Releases(str(self.where), self.first_root, self.directory / name, clock)


@pytest.fixture
def publisher(tmp_path: Path) -> Publisher:
    return Publisher(tmp_path)


def test_update_that_was_built_and_signed_is_believed_and_can_be_installed(
    publisher: Publisher, tmp_path: Path
) -> None:
    assert publisher.terminal().newest(NAME) is None
    publisher.offer("2.0")
    assert publisher.terminal().fetch(NAME, tmp_path / "fetched") == "2.0"
    assert version_of(tmp_path / "fetched") == "2.0"
    listed = (tmp_path / "fetched" / "requirements.txt").read_text()
    assert listed.startswith("linli==2.0 --hash=sha256:")
    publisher.offer("2.1")
    assert publisher.terminal().newest(NAME) == "2.1"


def test_update_is_said_to_be_the_newest_with_the_key_of_timestamp_alone(
    publisher: Publisher,
) -> None:
    publisher.offer("2.0")
    for role in (Role.ROOT, Role.TARGETS, Role.SNAPSHOT):
        (publisher.keys / f"{role}.key").unlink()
    publisher.run("publish")
    assert publisher.terminal().newest(NAME) == "2.0"
    with pytest.raises(Failure, match="the key of targets is needed"):
        publisher.offer("2.1")


@pytest.mark.parametrize("role", list(Role))
def test_update_is_believed_after_its_key_was_rotated_and_not_by_the_key_of_before(
    publisher: Publisher, role: Role
) -> None:
    publisher.offer("2.0")
    assert publisher.terminal().newest(NAME) == "2.0"
    publisher.run("rotate", role.value)
    publisher.offer("2.1")
    assert publisher.terminal().newest(NAME) == "2.1"
    assert publisher.terminal("new").newest(NAME) == "2.1"
    (publisher.keys / f"{role}.old").replace(publisher.keys / f"{role}.key")
    if role is Role.ROOT:
        publisher.run("rotate", Role.TIMESTAMP.value)
    else:
        publisher.offer("2.2")
    with pytest.raises(ReleaseRefusedError):
        publisher.terminal().newest(NAME)


def test_update_is_believed_though_the_offline_copy_knows_nothing_of_what_was_renewed_since(
    tmp_path: Path,
) -> None:
    publisher = Publisher(tmp_path, days_ago=6)
    offline = tmp_path / "offline"
    shutil.copytree(publisher.where, offline)
    for days in (5, 4, 3):
        publishing.renew(publisher.where, publisher.keys, ago(days))
    assert publisher.terminal().newest(NAME) is None
    shutil.rmtree(publisher.where)
    offline.rename(publisher.where)
    publisher.offer("2.0")
    assert publisher.terminal().newest(NAME) == "2.0"


def test_update_is_believed_again_after_a_stolen_key_went_far_ahead_and_was_changed(
    publisher: Publisher,
) -> None:
    publisher.offer("2.0")
    ahead = ago(-9999)
    before = (publisher.where / "metadata" / "timestamp.json").read_bytes()
    publishing.renew(publisher.where, publisher.keys, ahead)
    assert publisher.terminal().newest(NAME) == "2.0"
    (publisher.where / "metadata" / "timestamp.json").write_bytes(before)
    publisher.run("publish")
    with pytest.raises(ReleaseRefusedError):
        publisher.terminal().newest(NAME)
    publisher.run("rotate", Role.TIMESTAMP.value)
    assert publisher.terminal().newest(NAME) == "2.0"


def test_update_that_nobody_renewed_expires_after_a_week(publisher: Publisher) -> None:
    publisher.offer("2.0")
    publishing.renew(publisher.where, publisher.keys, ago(8))
    with pytest.raises(ReleaseRefusedError, match="expired"):
        publisher.terminal().newest(NAME)


FIRMWARE = "linli-firmware-host.tar"


def images(directory: Path, *kinds: tuple[int, str]) -> Path:
    """Signed images of these slots and versions."""
    directory.mkdir()
    made = SignedImages(directory)
    for slot, version in kinds:
        file = directory / f"host-{slot}.img"
        file.write_bytes(made.for_host(slot, version).data)
    return directory


def test_update_of_firmware_is_built_signed_and_believed_like_one_of_the_program(
    publisher: Publisher, tmp_path: Path
) -> None:
    publisher.offer("2.0")
    source = images(tmp_path / "images", (0, "1.1.0"), (1, "1.1.0"))
    assert bundles.build(source, tmp_path / FIRMWARE) == "1.1.0"
    publisher.run("sign", str(tmp_path / FIRMWARE))
    assert publisher.terminal().fetch(FIRMWARE, tmp_path / "fetched") == "1.1.0"
    got = sorted((tmp_path / "fetched").glob("*.img"))
    assert [read_image(file.read_bytes()).slot for file in got] == [0, 1]
    assert publisher.terminal().newest(NAME) == "2.0"


@pytest.mark.parametrize(
    ("kinds", "name", "said"),
    [
        ([(0, "1.1.0")], FIRMWARE, "slots A and B"),
        ([(0, "1.1.0"), (1, "1.2.0")], FIRMWARE, "one firmware"),
        ([(0, "1.1.0"), (1, "1.1.0")], "firmware.tar", "call it linli-firmware-host.tar"),
    ],
)
def test_update_of_firmware_that_no_board_could_take_is_not_built(
    tmp_path: Path, kinds: list[tuple[int, str]], name: str, said: str
) -> None:
    source = images(tmp_path / "images", *kinds)
    with pytest.raises(PublishingError, match=said):
        bundles.build(source, tmp_path / name)


def test_update_keys_are_read_by_nobody_else(publisher: Publisher) -> None:
    assert {path.stat().st_mode & 0o777 for path in publisher.keys.iterdir()} == {0o600}
