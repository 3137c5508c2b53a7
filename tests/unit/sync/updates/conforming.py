"""A client beside a repository, as the cases of TUF's conformance suite see the two: what it asks
for, what it believes afterwards, and whether it refused."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from doubles.clock import HandClock
from repository import NAME, Repository, in_days
from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import Metadata, Root

from linli.sync.updates import (
    FromStick,
    Refusal,
    ReleaseRefusedError,
    Releases,
    ReleasesNotReachedError,
)


class Client:
    """`asked` lists what was fetched, in order, as it lies below the repository."""

    def __init__(
        self, directory: Path, repository: Repository, patch: pytest.MonkeyPatch, root: bytes
    ) -> None:
        self.believed, self.into = directory / "believed", directory / "bundle"
        self.asked = list[str]()
        clock = HandClock()
        clock.wall = in_days(0)
        self.releases = Releases(str(repository.directory), root, self.believed, clock)
        self._watch(patch, repository.directory)

    def refresh(self) -> Refusal | str | None:
        """None where it went well, else why not."""
        return self._tried(lambda: self.releases.newest(NAME))

    def download(self, name: str = NAME) -> Refusal | str | None:
        return self._tried(lambda: self.releases.fetch(name, self.into))

    def version(self, role: str) -> int | None:
        """Of what it believes; None where that is nothing."""
        path = self.believed / "metadata" / f"{role}.json"
        return json.loads(path.read_bytes())["signed"]["version"] if path.exists() else None

    def bytes_of(self, role: str) -> bytes:
        return (self.believed / "metadata" / f"{role}.json").read_bytes()

    def _tried(self, act: Callable[[], object]) -> Refusal | str | None:
        try:
            act()
        except ReleaseRefusedError as error:
            return error.refusal
        except ReleasesNotReachedError:
            return "not-reached"
        return None

    def _watch(self, patch: pytest.MonkeyPatch, below: Path) -> None:
        fetched, asked = FromStick._fetch, self.asked

        def watched(fetcher: FromStick, url: str) -> Iterator[bytes]:
            asked.append(str(Path(url).relative_to(below)))
            return fetched(fetcher, url)

        patch.setattr(FromStick, "_fetch", watched)


def without_signatures(path: Path) -> bytes:
    """Of a file of metadata, which is overwritten so."""
    told: dict[str, Any] = json.loads(path.read_bytes())
    for signature in told["signatures"]:
        signature["sig"] = ""
    path.write_text(json.dumps(told))
    return path.read_bytes()


def root_of(
    repository: Repository,
    signers: list[CryptoSigner],
    keys: list[int],
    threshold: int,
    signed_by: list[int],
) -> bytes:
    """Root's next version, with these keys and signatures; the first is 1."""
    root = repository.root
    root.roles[Root.type].keyids.clear()
    root.roles[Root.type].threshold = threshold
    for number in keys:
        root.add_key(signers[number].public_key, Root.type)
    signed = Metadata(root)
    for number in signed_by:
        signed.sign(signers[number], append=True)
    data = signed.to_bytes()
    repository.file(f"{root.version}.root").write_bytes(data)
    return data
