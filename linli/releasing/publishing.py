"""A TUF repository as files: four roles, a key each, consistent snapshots.

| role      | key             | good for | says                                  |
|-----------|-----------------|----------|---------------------------------------|
| root      | offline         | a year   | whose key is whose                    |
| targets   | offline         | 90 days  | which bundles there are, their hashes |
| snapshot  | offline         | 90 days  | which targets go together             |
| timestamp | where it serves | 7 days   | that this is the newest               |
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import shutil
from enum import StrEnum
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import (
    Metadata,
    MetaFile,
    Root,
    Snapshot,
    TargetFile,
    Targets,
    Timestamp,
)

from linli.releasing.bundles import PublishingError, version_in
from linli.sync.signing import load_or_make_key


class Role(StrEnum):
    ROOT = "root"
    TARGETS = "targets"
    SNAPSHOT = "snapshot"
    TIMESTAMP = "timestamp"


GOOD_FOR = {Role.ROOT: 365, Role.TARGETS: 90, Role.SNAPSHOT: 90, Role.TIMESTAMP: 7}
"""Days."""


def begin(where: Path, keys: Path, now: dt.datetime) -> None:
    """Raises PublishingError where there is one already, OSError."""
    if (where / "metadata").exists():
        raise PublishingError(f"{where} holds releases already")
    keys.mkdir(mode=0o700, parents=True, exist_ok=True)
    (where / "metadata").mkdir(parents=True)
    (where / "targets").mkdir()
    root = Root(expires=_until(Role.ROOT, now), consistent_snapshot=True)
    for role in Role:
        load_or_make_key(_key_file(keys, role))
        root.add_key(_signer(keys, role).public_key, role)
    _write(where, f"{root.version}.root", root, [_signer(keys, Role.ROOT)])
    targets, snapshot, timestamp = Targets(), Snapshot(), Timestamp()
    targets.version = snapshot.version = timestamp.version = 0
    _publish(where, keys, now, targets, snapshot, timestamp)


def offer(where: Path, bundle: Path, keys: Path, now: dt.datetime) -> None:
    """This bundle, under its file's name, instead of the one of that name before.

    Raises PublishingError, OSError."""
    version = version_in(bundle)
    targets, snapshot, timestamp = _newest(where)
    target = TargetFile.from_file(bundle.name, str(bundle), ["sha256"])
    target.unrecognized_fields["custom"] = {"version": version}
    targets.targets[bundle.name] = target
    # The bundle is there before anything speaks of it.
    digest = hashlib.sha256(bundle.read_bytes()).hexdigest()
    shutil.copyfile(bundle, where / "targets" / f"{digest}.{bundle.name}")
    _publish(where, keys, now, targets, snapshot, timestamp)


def renew(where: Path, keys: Path, now: dt.datetime) -> None:
    """The timestamp alone. Raises PublishingError, OSError."""
    _, snapshot, timestamp = _newest(where)
    _stamp(where, keys, now, snapshot, timestamp)


def rotate(where: Path, role: Role, keys: Path, now: dt.datetime) -> None:
    """Another key for this role; the one of before is kept beside it as NAME.old.

    Raises PublishingError, OSError."""
    root = _root(where)
    before = _signer(keys, role)
    signers = [_signer(keys, Role.ROOT)]  # the old one too, where it is root's that changes
    path = _key_file(keys, role)
    os.replace(path, path.with_suffix(".old"))
    load_or_make_key(path)
    root.revoke_key(before.public_key.keyid, role)
    root.add_key(_signer(keys, role).public_key, role)
    if role is Role.ROOT:
        signers.append(_signer(keys, role))
    root.version += 1
    root.expires = _until(Role.ROOT, now)
    _write(where, f"{root.version}.root", root, signers)
    if role is not Role.ROOT:
        _publish(where, keys, now, *_newest(where))


def _publish(
    where: Path,
    keys: Path,
    now: dt.datetime,
    targets: Targets,
    snapshot: Snapshot,
    timestamp: Timestamp,
) -> None:
    """In the order in which a client that reads meanwhile finds each whole."""
    for part, role in ((targets, Role.TARGETS), (snapshot, Role.SNAPSHOT)):
        part.version += 1
        part.expires = _until(role, now)
    snapshot.meta["targets.json"] = MetaFile(targets.version)
    _write(where, f"{targets.version}.targets", targets, [_signer(keys, Role.TARGETS)])
    _write(where, f"{snapshot.version}.snapshot", snapshot, [_signer(keys, Role.SNAPSHOT)])
    _stamp(where, keys, now, snapshot, timestamp)


def _stamp(
    where: Path, keys: Path, now: dt.datetime, snapshot: Snapshot, timestamp: Timestamp
) -> None:
    # By the time: the copy without a network need not know how often it was renewed elsewhere.
    timestamp.version = max(timestamp.version + 1, int(now.timestamp()))
    timestamp.expires = _until(Role.TIMESTAMP, now)
    timestamp.snapshot_meta = MetaFile(snapshot.version)
    _write(where, "timestamp", timestamp, [_signer(keys, Role.TIMESTAMP)])


def _newest(where: Path) -> tuple[Targets, Snapshot, Timestamp]:
    if not _path(where, "timestamp").is_file():
        raise PublishingError(f"{where} holds no releases: `linli release begin` makes it")
    timestamp = Metadata[Timestamp].from_file(str(_path(where, "timestamp"))).signed
    number = timestamp.snapshot_meta.version
    snapshot = Metadata[Snapshot].from_file(str(_path(where, f"{number}.snapshot"))).signed
    number = snapshot.meta["targets.json"].version
    targets = Metadata[Targets].from_file(str(_path(where, f"{number}.targets"))).signed
    return targets, snapshot, timestamp


def _root(where: Path) -> Root:
    numbers = [int(path.name.split(".")[0]) for path in (where / "metadata").glob("*.root.json")]
    if not numbers:
        raise PublishingError(f"{where} holds no releases: `linli release begin` makes it")
    return Metadata[Root].from_file(str(_path(where, f"{max(numbers)}.root"))).signed


def _write(
    where: Path,
    name: str,
    part: Root | Targets | Snapshot | Timestamp,
    signers: list[CryptoSigner],
) -> None:
    signed = Metadata[Any](part)
    for signer in signers:
        signed.sign(signer, append=True)
    beside = where / "metadata" / f".{name}.new"
    beside.write_bytes(signed.to_bytes())
    beside.replace(_path(where, name))


def _signer(keys: Path, role: Role) -> CryptoSigner:
    path = _key_file(keys, role)
    if not path.exists():
        raise PublishingError(f"the key of {role} is needed, and there is no {path}")
    key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise PublishingError(f"{path} holds another kind of key")
    return CryptoSigner(key)


def _key_file(keys: Path, role: Role) -> Path:
    return keys / f"{role}.key"


def _path(where: Path, name: str) -> Path:
    return where / "metadata" / f"{name}.json"


def _until(role: Role, now: dt.datetime) -> dt.datetime:
    return now + dt.timedelta(days=GOOD_FOR[role])
