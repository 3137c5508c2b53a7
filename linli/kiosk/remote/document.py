"""The settings that may be changed from afar, and how they go over the terminal's own file.

What is plugged in, who the terminal is and who may maintain it stays with the file: from afar
nobody could see whether that is true. What a document leaves out is as the file has it.
"""

from __future__ import annotations

import hashlib
from typing import Any, TypeVar

import msgspec
from msgspec import UNSET, Struct, UnsetType
from msgspec.structs import replace

from linli.kiosk.settings import (
    Address,
    DisplaySettings,
    Language,
    Percent,
    Port,
    RestAfter,
    SoundSettings,
    TerminalSettings,
    TimeOfDay,
    in_words,
)
from linli.sync.parsing import parse
from linli.sync.shadow import Document, Wish
from linli.sync.shadow_messages import MESSAGE_BYTES, Desired, ShadowFault
from linli.sync.signing import MalformedError

DOCUMENT_BYTES = 4096
DETAIL = 200
S = TypeVar("S", bound=Struct)


class RemoteSound(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    volume: Percent | UnsetType = UNSET
    quiet_from: TimeOfDay | UnsetType | None = UNSET
    quiet_until: TimeOfDay | UnsetType | None = UNSET


class RemoteDisplay(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    output: str | UnsetType | None = UNSET
    rest_after_s: RestAfter | UnsetType = UNSET
    rest_percent: Percent | UnsetType = UNSET
    off_from: TimeOfDay | UnsetType | None = UNSET
    off_until: TimeOfDay | UnsetType | None = UNSET


class RemoteConnection(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    broker_host: str | UnsetType = UNSET
    broker_port: Port | UnsetType = UNSET
    ledger_url: Address | UnsetType = UNSET


class RemoteDocument(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Named as in the settings file."""

    language: Language | UnsetType = UNSET
    large_type: bool | UnsetType = UNSET
    high_contrast: bool | UnsetType = UNSET
    sound: RemoteSound | UnsetType = UNSET
    display: RemoteDisplay | UnsetType = UNSET
    connection: RemoteConnection | UnsetType = UNSET


class DocumentError(ValueError):
    """A document does not fit; `fault` is of which kind, the text names the field."""

    def __init__(self, fault: ShadowFault, said: str) -> None:
        super().__init__(said)
        self.fault = fault


def over(settings: TerminalSettings, document: Document) -> TerminalSettings:
    """The settings of the file with the document over them. Raises DocumentError."""
    try:
        told = msgspec.convert(document, RemoteDocument)
    except msgspec.ValidationError as error:
        said = in_words(str(error))
        unknown = said.startswith("there is no setting")
        fault = ShadowFault.UNKNOWN_KEY if unknown else ShadowFault.WRONG_VALUE
        raise DocumentError(fault, said[:DETAIL]) from error
    tables: dict[str, Any] = {}
    try:
        if told.sound is not UNSET:
            # A terminal that its file keeps silent begins to speak with this.
            tables["sound"] = _replaced(settings.sound or SoundSettings(volume=0), told.sound)
        if told.display is not UNSET:
            tables["display"] = _replaced(settings.display or DisplaySettings(), told.display)
        if told.connection is not UNSET:
            tables["connection"] = _replaced(settings.connection, told.connection)
    except ValueError as error:
        raise DocumentError(ShadowFault.WRONG_VALUE, str(error)[:DETAIL]) from error
    plain = {
        name: value
        for name in ("language", "large_type", "high_contrast")
        if (value := getattr(told, name)) is not UNSET
    }
    return replace(settings, **plain, **tables)


def read_wish(payload: bytes, settings: TerminalSettings) -> tuple[Wish, ShadowFault | None, str]:
    """What a `desired` asks for, and what is wrong with it by itself. One that cannot be read is
    known by its hash, under version 0."""
    unread = Wish(0, {"sha256": hashlib.sha256(payload).hexdigest()})
    if len(payload) > MESSAGE_BYTES:
        return unread, ShadowFault.TOO_LARGE, f"{len(payload)} bytes"
    try:
        desired = parse(payload, Desired)
        document = msgspec.json.decode(desired.doc, type=dict[str, Any])
    except (MalformedError, msgspec.DecodeError, RecursionError):
        return unread, ShadowFault.NOT_READABLE, ""
    wish = Wish(desired.version, document)
    if len(bytes(desired.doc)) > DOCUMENT_BYTES:
        return wish, ShadowFault.TOO_LARGE, f"{len(bytes(desired.doc))} bytes"
    try:
        over(settings, document)
    except DocumentError as error:
        return wish, error.fault, str(error)
    return wish, None, ""


def _replaced(table: S, told: Struct) -> S:
    given = {name: getattr(told, name) for name in told.__struct_fields__}
    return replace(table, **{name: v for name, v in given.items() if v is not UNSET})
