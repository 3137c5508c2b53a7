"""The way out: a cable, an address, the broker, the ledger. Each says at which step it ends."""

from __future__ import annotations

import datetime as dt
import socket
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from pathlib import Path

import requests

from linli.kiosk.doctor.finding import Code, Finding, State, Subject, Value

PATIENCE_S = 5.0
APART_S = 120
INTERFACES, ROUTES = "sys/class/net", "proc/net/route"
ANYWHERE = "00000000"


class NetworkCheck:
    """By the kernel's word: a link, and a way to elsewhere."""

    subject = Subject.NETWORK

    def __init__(self, root: Path) -> None:
        self._root = root

    def look(self) -> Finding:
        linked = [place.name for place in sorted(self._interfaces()) if _carries(place)]
        values = {"interfaces": ", ".join(linked)}
        if not linked:
            return Finding(self.subject, State.BROKEN, Code.NETWORK_NO_CABLE)
        if not self._leads_out():
            return Finding(self.subject, State.BROKEN, Code.NETWORK_NO_ADDRESS, values)
        return Finding(self.subject, State.WELL, Code.NETWORK_WELL, values)

    def _interfaces(self) -> list[Path]:
        return [place for place in (self._root / INTERFACES).glob("*") if place.name != "lo"]

    def _leads_out(self) -> bool:
        try:
            lines = (self._root / ROUTES).read_text(encoding="ascii").splitlines()[1:]
        except OSError:
            return False
        return any(line.split()[1:2] == [ANYWHERE] for line in lines)


Connect = Callable[[str, int], None]
"""`connect(host, port)` and away again. Raises OSError."""


def connect(host: str, port: int) -> None:
    socket.create_connection((host, port), PATIENCE_S).close()


class BrokerCheck:
    """Whether its port can be reached. Nobody logs in: a second login under the terminal's name
    would throw the first one out."""

    subject = Subject.BROKER

    def __init__(self, host: str, port: int, connect: Connect = connect) -> None:
        self._host, self._port, self._connect = host, port, connect

    def look(self) -> Finding:
        values = {"where": f"{self._host}:{self._port}"}
        try:
            self._connect(self._host, self._port)
        except OSError as error:
            return Finding(self.subject, State.BROKEN, _why(error), values)
        return Finding(self.subject, State.WELL, Code.REACHED, values)


@dataclass(frozen=True)
class Answer:
    ok: bool
    date: dt.datetime | None


def ask(url: str) -> Answer:
    """Raises requests.RequestException."""
    answer = requests.get(f"{url.rstrip('/')}/healthz", timeout=PATIENCE_S)
    return Answer(answer.ok, _date(answer.headers.get("Date")))


class LedgerCheck:
    """Whether it answers over HTTP, and has the same time."""

    subject = Subject.LEDGER

    def __init__(
        self, url: str, now: Callable[[], dt.datetime], ask: Callable[[str], Answer] = ask
    ) -> None:
        self._url, self._now, self._ask = url, now, ask

    def look(self) -> Finding:
        values = {"where": self._url}
        try:
            answer = self._ask(self._url)
        except requests.exceptions.SSLError:
            return Finding(self.subject, State.BROKEN, Code.LEDGER_UNTRUSTED, values)
        except requests.RequestException as error:
            return Finding(self.subject, State.BROKEN, _why(_cause(error)), values)
        if not answer.ok:
            return Finding(self.subject, State.BROKEN, Code.LEDGER_TROUBLED, values)
        apart = self._apart(answer.date)
        if apart > APART_S:
            told: dict[str, Value] = {**values, "seconds": apart}
            return Finding(self.subject, State.NOTICE, Code.LEDGER_CLOCK_APART, told)
        return Finding(self.subject, State.WELL, Code.REACHED, values)

    def _apart(self, date: dt.datetime | None) -> int:
        return 0 if date is None else round(abs((self._now() - date).total_seconds()))


def _why(error: BaseException) -> Code:
    if isinstance(error, socket.gaierror):
        return Code.NO_NAME
    return Code.REFUSED if isinstance(error, ConnectionRefusedError) else Code.UNREACHED


def _cause(error: BaseException) -> BaseException:
    """What it began with, below the layers of requests and urllib3."""
    seen = error
    while True:
        inner = seen.__cause__ or seen.__context__ or getattr(seen, "reason", None)
        if not isinstance(inner, BaseException):
            return seen
        seen = inner


def _date(text: str | None) -> dt.datetime | None:
    try:
        return None if text is None else parsedate_to_datetime(text)
    except ValueError:
        return None


def _carries(place: Path) -> bool:
    try:
        return (place / "carrier").read_text(encoding="ascii").strip() == "1"
    except OSError:  # an interface that is down cannot be read
        return False
