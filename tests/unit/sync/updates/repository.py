"""A TUF repository of one's own, of which any part can be made wrong."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import tarfile
from collections.abc import Callable
from pathlib import Path

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

NAME = "linli-test.tar"
ROLES = ("root", "timestamp", "snapshot", "targets")


def in_days(days: float) -> dt.datetime:
    return dt.datetime.now(dt.UTC).replace(microsecond=0) + dt.timedelta(days=days)


def archive(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as opened:
        for name, body in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(body)
            opened.addfile(member, io.BytesIO(body))
    return out.getvalue()


class Repository:
    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.signers = {role: CryptoSigner.generate_ed25519() for role in ROLES}
        self.also: dict[str, list[CryptoSigner]] = {role: [] for role in ROLES}
        """Who signs beside them."""
        self.tells_hashes = False
        self.root = Root(expires=in_days(365), consistent_snapshot=True)
        for role, signer in self.signers.items():
            self.root.add_key(signer.public_key, role)
        self.timestamp = Timestamp(expires=in_days(7))
        self.snapshot = Snapshot(expires=in_days(30))
        self.targets = Targets(expires=in_days(90))
        (directory / "metadata").mkdir(parents=True)
        (directory / "targets").mkdir()
        self.put_bundle("2.0")
        self.first_root = self.write_root()
        self.write()

    def put_bundle(self, version: str, body: bytes | None = None, name: str = NAME) -> Path:
        told = json.dumps({"version": version}).encode()
        data = archive({"bundle.json": told, "requirements.txt": b""}) if body is None else body
        target = TargetFile.from_data(name, data, ["sha256"])
        target.unrecognized_fields["custom"] = {"version": version}
        self.targets.targets[name] = target
        path = self.directory / "targets" / f"{hashlib.sha256(data).hexdigest()}.{name}"
        path.write_bytes(data)
        return path

    def write_root(self, *extra: CryptoSigner) -> bytes:
        signed = Metadata(self.root)
        for signer in (self.signers["root"], *self.also["root"], *extra):
            signed.sign(signer, append=True)
        data = signed.to_bytes()
        self.file(f"{self.root.version}.root").write_bytes(data)
        return data

    def write(self, skip: tuple[str, ...] = ()) -> None:
        """Targets, snapshot and timestamp, each signed by its key, and telling of the one before;
        those of `skip` stay as they are on the disk."""
        targets = self._signed(self.targets, "targets")
        self.snapshot.meta["targets.json"] = self._told(self.targets, targets)
        snapshot = self._signed(self.snapshot, "snapshot")
        self.timestamp.snapshot_meta = self._told(self.snapshot, snapshot)
        for role, signed in (
            (f"{self.targets.version}.targets", targets),
            (f"{self.snapshot.version}.snapshot", snapshot),
            ("timestamp", self._signed(self.timestamp, "timestamp")),
        ):
            if role.rpartition(".")[2] not in skip:
                self.file(role).write_bytes(signed)

    def publish(self) -> None:
        """A new version of everything but root."""
        for part in (self.targets, self.snapshot, self.timestamp):
            part.version += 1
        self.write()

    def rotate(self, role: str) -> CryptoSigner:
        """Another key for this role; the one of before is returned. Root is written by both."""
        before = self.signers[role]
        after = CryptoSigner.generate_ed25519()
        self.root.revoke_key(before.public_key.keyid, role)
        self.root.add_key(after.public_key, role)
        self.signers[role] = after
        self.root.version += 1
        self.write_root(*([before] if role == "root" else []))
        return before

    def edit(self, role: str, change: Callable[[dict[str, object]], None]) -> None:
        """Behind the signature's back."""
        path = self.file(role)
        told = json.loads(path.read_bytes())
        change(told["signed"])
        path.write_text(json.dumps(told))

    def file(self, role: str) -> Path:
        return self.directory / "metadata" / f"{role}.json"

    def _signed(self, part: Targets | Snapshot | Timestamp, role: str) -> bytes:
        signed = Metadata(part)
        for signer in (self.signers[role], *self.also[role]):
            signed.sign(signer, append=True)
        return signed.to_bytes()

    def _told(self, part: Targets | Snapshot, data: bytes) -> MetaFile:
        if not self.tells_hashes:
            return MetaFile(part.version)
        return MetaFile.from_data(part.version, data, ["sha256"])
