"""Reads a record that somebody else serves over HTTP, and believes nothing of it."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping

import msgspec
import requests

from linli.ledger.record.audit import AuditError, Fault, Source

TIMEOUT_S = 20.0
SIZE_CAP = 4 * 1024 * 1024


class _Answer(msgspec.Struct):
    leaves: list[str] = []
    proof: list[str] = []


class UnreachableError(OSError):
    """The record cannot be read there; the text says where and why."""


def over_http(base_url: str, session: requests.Session) -> Source:
    """The record of the ledger at `base_url`. Its calls raise UnreachableError, and AuditError for
    answers that are none."""
    base = base_url.rstrip("/")

    def get(path: str, **query: int) -> bytes:
        url = f"{base}/v1/record/{path}"
        try:
            with session.get(
                url, params=query, timeout=TIMEOUT_S, allow_redirects=False, stream=True
            ) as answer:
                body = answer.raw.read(SIZE_CAP + 1, decode_content=True)
        except requests.RequestException as error:
            raise UnreachableError(f"{url} could not be read: {error}") from error
        if answer.status_code != requests.codes.ok:
            raise UnreachableError(f"{url} answered {answer.status_code}: {body[:200]!r}")
        if len(body) > SIZE_CAP:
            raise UnreachableError(f"{url} sends more than {SIZE_CAP} bytes")
        return bytes(body)

    def listed(path: str, name: str, query: Mapping[str, int]) -> list[bytes]:
        try:
            answer = msgspec.json.decode(get(path, **query), type=_Answer)
            values: list[str] = getattr(answer, name)
            return [base64.b64decode(value, validate=True) for value in values]
        except (msgspec.DecodeError, UnicodeDecodeError, binascii.Error, ValueError) as error:
            raise AuditError(Fault.MALFORMED, f"{base} {path}: {error}") from error

    return Source(
        checkpoint=lambda: get("checkpoint"),
        leaves=lambda begin, end: listed("leaves", "leaves", {"begin": begin, "end": end}),
        consistency=lambda first, second: listed(
            "consistency", "proof", {"first": first, "second": second}
        ),
    )
