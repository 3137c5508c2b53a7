"""New versions as they are published: a TUF repository (The Update Framework, version 1.0), read
over HTTPS or from a stick. Nothing is believed but what leads back to the root that came with the
program.

    metadata/N.root.json, timestamp.json, N.snapshot.json, N.targets.json
    targets/HASH.linli-cp311-linux-aarch64.tar       one bundle for each kind of machine
    targets/HASH.linli-firmware-nucleo-f103rb.tar    and one for each kind of terminal board

Only the newest of each is offered: who may order an update cannot order one that is known to be
bad. No role is delegated.

A Raspberry Pi has no battery: its clock may say last month, and then expired metadata looks fresh.
So the latest time that was known to be right is kept, and nothing is judged by an earlier one.
"""

from __future__ import annotations

import datetime as dt
import shutil
import sys
import sysconfig
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from urllib.parse import unquote

import requests
from tuf.api.exceptions import (
    BadVersionNumberError,
    DownloadError,
    DownloadHTTPError,
    ExpiredMetadataError,
    LengthOrHashMismatchError,
    RepositoryError,
    UnsignedMetadataError,
)
from tuf.api.metadata import Metadata, TargetFile
from tuf.ngclient import FetcherInterface, Updater, UpdaterConfig

from linli.sync.clock import Clock
from linli.sync.sessions import direct_session

TIMEOUT_S = 30
CHUNK = 1 << 16
BUNDLE_MOST, FILES_MOST = 500_000_000, 500
"""Bytes of a bundle, and files in it: what a small disk can be asked to take."""
BELIEVED = "believed"
"""Where, beside the slots, it is kept what was believed last: once for all that asks there."""
ROLES = ("root", "timestamp", "snapshot", "targets")


class Refusal(StrEnum):
    """Why, for programs."""

    EXPIRED = "expired"
    OLDER = "older"
    """Older metadata than was believed before, or an older version than the one that runs."""
    NOT_SIGNED = "not-signed"
    DAMAGED = "damaged"
    MALFORMED = "malformed"
    WRONG_MACHINE = "wrong-machine"
    """Nothing is offered for this kind of machine or board."""
    NOT_OFFERED = "not-offered"
    """Another version is the newest."""
    TOO_LARGE = "too-large"


class ReleaseRefusedError(Exception):
    """What is published cannot be believed, or is not for this machine; the text says why, and
    `refusal` in a word."""

    def __init__(self, said: str, refusal: Refusal = Refusal.MALFORMED) -> None:
        super().__init__(said)
        self.refusal = refusal


class ReleasesNotReachedError(Exception):
    """Nothing was decided: the network, the stick or the server failed; the text says how."""


class OverHttp(FetcherInterface):
    """Through a session that takes nothing from its surroundings."""

    def _fetch(self, url: str) -> Iterator[bytes]:
        with direct_session().get(url, timeout=TIMEOUT_S, stream=True) as answer:
            if answer.status_code != requests.codes.ok:
                raise DownloadHTTPError(f"{url} answers {answer.status_code}", answer.status_code)
            yield from answer.iter_content(CHUNK)


class FromStick(FetcherInterface):
    """The same files below a directory, which stands in for the address."""

    def _fetch(self, url: str) -> Iterator[bytes]:
        path = Path(unquote(url))
        if not path.is_file():
            raise DownloadHTTPError(f"there is no {path}", requests.codes.not_found)
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                yield chunk


@dataclass(frozen=True)
class Offer:
    """What is offered under a name: which version, and how many bytes."""

    version: str
    length: int


def bundle_name() -> str:
    """Of this machine's kind: `linli-cp311-linux-aarch64.tar`."""
    return "linli-cp{}{}-{}.tar".format(*sys.version_info[:2], sysconfig.get_platform())


def firmware_name(board: str) -> str:
    """Of a kind of terminal board, as it names itself: `linli-firmware-nucleo-f103rb.tar`."""
    return f"linli-firmware-{board}.tar"


class Releases:
    """`source` is an https address or a directory; `root` the metadata that all trust begins with;
    in `directory` is kept what was believed last, so that no one can offer what is older."""

    def __init__(self, source: str, root: bytes, directory: Path, clock: Clock) -> None:
        self._source, self._root, self._clock = source.rstrip("/"), root, clock
        self._directory = directory
        self._seen = directory / "seen-at"

    def newest(self, name: str) -> str | None:
        """The version that is offered under this name, None where there is none.

        Raises ReleaseRefusedError, ReleasesNotReachedError."""
        offer = self.offered(name)
        return None if offer is None else offer.version

    def offered(self, name: str) -> Offer | None:
        """As `newest`, with how large it is."""
        _, target = self._target(name)
        return None if target is None else Offer(_version(target), target.length)

    def fetch(self, name: str, into: Path) -> str:
        """Its files, at `into`; returns the version. What lay there is replaced.

        Raises ReleaseRefusedError, ReleasesNotReachedError, OSError (a full disk)."""
        updater, target = self._target(name)
        if target is None:
            said = f"there is no {name} among the releases at {self._source}"
            raise ReleaseRefusedError(said, Refusal.WRONG_MACHINE)
        if target.length > BUNDLE_MOST:
            said = f"{name} would be {target.length} bytes large"
            raise ReleaseRefusedError(said, Refusal.TOO_LARGE)
        archive = self._directory / "bundle.tar"
        try:
            updater.download_target(target, str(archive))
            _unpack(archive, into)
        except RepositoryError as error:
            said = f"{name} is not what was signed: {error}"
            raise ReleaseRefusedError(said, _refusal(error)) from error
        except DownloadError as error:
            raise ReleasesNotReachedError(f"{name} was not fetched: {_why(error)}") from error
        finally:
            archive.unlink(missing_ok=True)
        return _version(target)

    def _target(self, name: str) -> tuple[Updater, TargetFile | None]:
        self._directory.mkdir(parents=True, exist_ok=True)
        kept = self._directory / "metadata"
        fetcher = OverHttp() if "://" in self._source else FromStick()
        try:
            updater = Updater(
                str(kept),
                f"{self._source}/metadata/",
                target_base_url=f"{self._source}/targets/",
                fetcher=fetcher,
                config=UpdaterConfig(max_delegations=0),
                bootstrap=self._root,
            )
            updater.refresh()
            self._require_fresh(kept)
            return updater, updater.get_targetinfo(name)
        except RepositoryError as error:
            said = f"{self._source} is not believed: {error}"
            raise ReleaseRefusedError(said, _refusal(error)) from error
        except DownloadError as error:
            raise ReleasesNotReachedError(f"{self._source}: {_why(error)}") from error

    def _require_fresh(self, kept: Path) -> None:
        """By the latest time that this machine has known, which its clock may have lost."""
        now = self._clock.now()
        known = self._latest_known()
        if self._clock.good():
            self._seen.write_text(now.isoformat(), encoding="utf-8")
        judged_at = max(now, known).astimezone(dt.UTC)
        for role in ROLES:
            if Metadata.from_file(str(kept / f"{role}.json")).signed.is_expired(judged_at):
                raise ReleaseRefusedError(
                    f"{role} of {self._source} has expired at {judged_at:%Y-%m-%d %H:%M} UTC: "
                    "publish it anew, or look at this machine's clock",
                    Refusal.EXPIRED,
                )

    def _latest_known(self) -> dt.datetime:
        try:
            known = dt.datetime.fromisoformat(self._seen.read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return dt.datetime.min.replace(tzinfo=dt.UTC)  # torn by a power cut, or the first time
        return known if known.tzinfo is not None else known.replace(tzinfo=dt.UTC)


REFUSALS: tuple[tuple[type[RepositoryError], Refusal], ...] = (
    (ExpiredMetadataError, Refusal.EXPIRED),
    (BadVersionNumberError, Refusal.OLDER),
    (UnsignedMetadataError, Refusal.NOT_SIGNED),
    (LengthOrHashMismatchError, Refusal.DAMAGED),
)


def _refusal(error: RepositoryError) -> Refusal:
    kinds = (refusal for kind, refusal in REFUSALS if isinstance(error, kind))
    return next(kinds, Refusal.MALFORMED)


def _version(target: TargetFile) -> str:
    told = target.unrecognized_fields.get("custom")
    version = told.get("version") if isinstance(told, dict) else None
    if not isinstance(version, str) or not version:
        raise ReleaseRefusedError(f"{target.path} does not say which version it is")
    return version


def _unpack(archive: Path, into: Path) -> None:
    """Plain files side by side, and nothing else; signed, but a signer may err."""
    shutil.rmtree(into, ignore_errors=True)
    into.mkdir(parents=True)
    try:
        with tarfile.open(archive, "r:") as opened:
            members = opened.getmembers()
            if len(members) > FILES_MOST:
                raise ReleaseRefusedError(f"a bundle of {len(members)} files")
            for member in members:
                source = opened.extractfile(member)
                if source is None or not member.isreg() or Path(member.name).name != member.name:
                    raise ReleaseRefusedError(f"a bundle holds files alone, not {member.name!r}")
                with source, (into / member.name).open("xb") as out:
                    shutil.copyfileobj(source, out)
    except (tarfile.TarError, FileExistsError) as error:
        raise ReleaseRefusedError(f"the bundle cannot be unpacked: {error}") from error


def _why(error: DownloadError) -> str:
    return f"{error}" if error.__cause__ is None else f"{error} ({error.__cause__})"
