"""What one terminal or board must be told: a small TOML file, checked when read."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import msgspec
from msgspec import Meta, Struct

from linli.sync.messages import Name

Port = Annotated[int, Meta(ge=1, le=65535)]
Language = Annotated[str, Meta(pattern="^(zh_CN|en)$")]
VerifierKey = Annotated[str, Meta(pattern=r"^[^+\s]+\+[0-9a-f]{8}\+[A-Za-z0-9+/]+=*$")]
Percent = Annotated[int, Meta(ge=0, le=100)]
RestAfter = Annotated[int, Meta(ge=10)]
TimeOfDay = Annotated[str, Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
CardHash = Annotated[str, Meta(pattern="^[0-9a-f]{32}-[0-9a-f]{64}$")]
PinHash = Annotated[str, Meta(pattern=r"^\$argon2id\$")]
ReaderName = Annotated[str, Meta(pattern="^(/.+|auto|acr122u|pcsc(:.+)?)$")]
DevicePath = Annotated[str, Meta(pattern="^/.+$")]
RELEASES_ROOT = Path("/etc/linli/releases-root.json")
Address = Annotated[str, Meta(pattern=r"^https?://[^/\s]+.*$")]

_NAME = "1 to 48 small letters, digits and hyphens, beginning with a letter or digit"
_TAKES = {
    "name": _NAME,
    "scope": _NAME,
    "centre": _NAME,
    "broker_port": "a whole number from 1 to 65535",
    "ledger_url": "an address like https://ledger.example",
    "public_url": "an address like https://points.example",
    "connection": "a [connection] table",
    "tls": "true or false",
    "websocket_path": 'a path like "/mqtt"',
    "readers": 'a list of serial paths, like ["/dev/linli-reader"], or of "auto", "acr122u", '
    '"pcsc" or "pcsc:" and a part of the reader\'s name',
    "wedges": "a list of [[wedges]] tables, each with path",
    "scanners": 'a list of paths, like ["/dev/linli-scanner"] or those under /dev/input/by-id',
    "digits": "hex (8 or 14 of them), decimal (10) or facility (8)",
    "last_byte_first": "true or false",
    "uid": "whole, or first or last: which part of a long UID is typed",
    "record_key": "a verifier key like points.example+1a2b3c4d+AbCd…",
    "locker": "a [locker] table with kind and path; watches_host only where kind is board",
    "kind": "board or rs485",
    "printer.kind": "serial, usb or network",
    "path": 'a serial path, like "/dev/linli-board"',
    "printer": 'a [printer] table with path, or with kind = "network" and host',
    "host": "a name or address in the network in quotes",
    "port": "a whole number from 1 to 65535",
    "paper_mm": "58 or 80",
    "doors": "a whole number from 1 to 24",
    "watches_host": "true or false",
    "language": "zh_CN or en",
    "large_type": "true or false",
    "high_contrast": "true or false",
    "display": "a [display] table, with both off_from and off_until or neither",
    "output": 'the name of a connector in quotes, like "HDMI-A-1"',
    "rest_after_s": "a whole number of seconds from 10",
    "rest_percent": "a whole number from 0 to 100",
    "off_from": 'a time like "22:00"',
    "off_until": 'a time like "06:00"',
    "releases": "a [releases] table with address",
    "address": "an address like https://releases.example",
    "root": "a path like /etc/linli/releases-root.json in quotes",
    "probation_s": "a whole number of seconds from 1 to 240",
    "call": 'who looks after it, like "街道运维 8800-1234"',
    "sound": "a [sound] table, with both quiet_from and quiet_until or neither",
    "volume": "a whole number from 0 to 100",
    "device": "the name of an ALSA device in quotes",
    "quiet_from": 'a time like "21:00"',
    "quiet_until": 'a time like "07:30"',
    "maintainer_cards": "a list of lines that `linli terminal maintainer-card` prints",
    "maintenance_pin": "what `linli terminal maintenance-pin` prints",
}
_WHERE = re.compile(r" - at `\$\.?(?P<path>[^`]*)`$")
_NAMED = re.compile(r"^Object (?P<what>missing required|contains unknown) field `(?P<field>[^`]*)`")


class SettingsError(ValueError):
    """A settings file is missing or wrong; the text names the file, the field and what it takes."""


class Connection(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where the broker and the ledger are. With `tls` the broker is entered by the certificate
    that lies in `data`; with `websocket_path` MQTT is spoken in WebSockets, for a firewall that
    lets HTTPS alone out."""

    broker_host: str
    broker_port: Port
    ledger_url: Address
    tls: bool = False
    websocket_path: Annotated[str, Meta(pattern="^/")] | None = None


class LockerSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`kind` is `board` for the terminal board, `rs485` for a ready-made lock board with `doors`
    doors; `path` is its serial path. `watches_host`: the terminal board restarts this machine by
    its power when the terminal has stood still for three minutes, where that is wired."""

    kind: Annotated[str, Meta(pattern="^(board|rs485)$")]
    path: Path
    doors: Annotated[int, Meta(ge=1, le=24)] = 6
    watches_host: bool = False

    def __post_init__(self) -> None:
        if self.watches_host and self.kind != "board":
            raise ValueError("only a terminal board watches over its host")


class PrinterSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A receipt printer with paper of 58 or 80 mm: on the serial port `path`, at the file `path`
    that a USB printer has (`kind` usb), or at `host` in the network."""

    kind: Annotated[str, Meta(pattern="^(serial|usb|network)$")] = "serial"
    path: Path | None = None
    host: str | None = None
    port: Port = 9100
    paper_mm: Literal[58, 80] = 58

    def __post_init__(self) -> None:
        networked = self.kind == "network"
        if (self.host is not None) != networked or (self.path is not None) == networked:
            raise ValueError("a printer is at a path or in the network")


class WedgeSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A reader that types card numbers as a keyboard, best named by its link in
    /dev/input/by-id. `digits`, `last_byte_first` and `uid` are how its model writes a UID."""

    path: Path
    digits: Literal["hex", "decimal", "facility"] = "hex"
    last_byte_first: bool = False
    uid: Literal["whole", "first", "last"] = "whole"


class SoundSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is said aloud, on an ALSA `device`. In quiet hours (Asia/Shanghai, also across midnight)
    there are only the cues, at a third of the `volume`."""

    volume: Percent
    device: str = "default"
    quiet_from: TimeOfDay | None = None
    quiet_until: TimeOfDay | None = None

    def __post_init__(self) -> None:
        if (self.quiet_from is None) != (self.quiet_until is None):
            raise ValueError("quiet hours have a beginning and an end")


class DisplaySettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The terminal's own screen, at the connector `output` (else: the first that can be told).
    After `rest_after_s` of nobody it has `rest_percent` of its brightness; between the two times
    of day (Asia/Shanghai, also across midnight) it is off then."""

    output: str | None = None
    rest_after_s: RestAfter = 120
    rest_percent: Percent = 40
    off_from: TimeOfDay | None = None
    off_until: TimeOfDay | None = None

    def __post_init__(self) -> None:
        if (self.off_from is None) != (self.off_until is None):
            raise ValueError("hours of darkness have a beginning and an end")


class ReleasesSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where new versions of program and board come from when one is asked for from afar, and
    `root`, the metadata that all trust in them begins with. A new version is kept once its window
    has turned for `probation_s` seconds, and what else it must prove is proven."""

    address: Address
    root: Path = RELEASES_ROOT
    probation_s: Annotated[int, Meta(ge=1, le=240)] = 60


class TerminalSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`scope` is the community whose feed is followed, `place` its name on the screen;
    `readers` are serial paths of PN532 readers, or `auto` for whatever is plugged in, `acr122u`
    for one on USB, `pcsc` for one behind the PC/SC service; `wedges` type card numbers;
    `scanners` read QR codes.
    `public_url` is the ledger's address as residents' phones reach it; without it no phone is
    linked here. `record_key` is the public key of the ledger's record, as `linli ledger
    checkpoint` prints it: without it no proof is followed here. `locker` and `printer` are what
    is plugged in beside the readers. Without `sound` nothing is heard, without `display` the
    screen never rests, without `releases` nothing is updated from afar. `maintainer_cards` and
    `maintenance_pin` open the maintainer's menu: hashes, printed by `linli terminal`. `call` says
    who looks after it and how they are reached, for the notice on the screen while the program
    cannot be started."""

    name: Name
    scope: Name
    centre: Name
    centre_name: str
    place: str
    data: Path
    connection: Connection
    readers: list[ReaderName] = []
    wedges: list[WedgeSettings] = []
    scanners: list[DevicePath] = []
    public_url: Address | None = None
    record_key: VerifierKey | None = None
    locker: LockerSettings | None = None
    printer: PrinterSettings | None = None
    language: Language = "zh_CN"
    large_type: bool = False
    high_contrast: bool = False
    call: str = ""
    sound: SoundSettings | None = None
    display: DisplaySettings | None = None
    releases: ReleasesSettings | None = None
    maintainer_cards: list[CardHash] = []
    maintenance_pin: PinHash | None = None


class BoardSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`output` is the connector of its screen, like HDMI-A-2: at night that screen itself is dimmed
    where it can be told, else the picture."""

    name: Name
    scope: Name
    place: str
    data: Path
    connection: Connection
    language: Language = "zh_CN"
    output: str | None = None
    high_contrast: bool = False
    call: str = ""


S = TypeVar("S", TerminalSettings, BoardSettings)


def read_settings(path: Path, kind: type[S]) -> S:
    """Raises SettingsError."""
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
        return msgspec.convert(document, kind, dec_hook=_path)
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} is not TOML: {error}") from error
    except msgspec.ValidationError as error:
        raise SettingsError(f"{path}: {in_words(str(error))}") from error


def _path(kind: type[Any], value: object) -> Path:
    """msgspec leaves paths to its caller."""
    if kind is not Path or not isinstance(value, str) or not value:
        raise ValueError("not a path")
    return Path(value)


def in_words(problem: str) -> str:
    """msgspec names types and places of its own; a person at a terminal knows the file."""
    where = _WHERE.search(problem)
    place = where["path"] if where else ""
    named = _NAMED.match(problem)
    if named is not None:
        field = f"{place}.{named['field']}" if place else named["field"]
        if named["what"] == "contains unknown":
            return f"there is no setting {field}"
        return f"{field} is missing: it takes {_taken(field)}"
    return f"{place} takes {_taken(place)}"


def _taken(place: str) -> str:
    if place.endswith("]"):
        place = place.partition("[")[0]
    return _TAKES.get(place) or _TAKES.get(place.rpartition(".")[2], "a text in quotes")
