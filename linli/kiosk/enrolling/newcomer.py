"""One newcomer, from its first question to its settings file.

| the ledger says | what is shown                      | then                                   |
|-----------------|------------------------------------|----------------------------------------|
| waiting         | code, address, the key's beginning | asked again                            |
| enrolled        | who it is                          | certificate, then settings on the disk |
| rejected        | why                                | asked again, slowly                    |
| nothing         | that the network does not reach it | asked again                            |

Until the settings file is there a power cut changes nothing: the next start asks with the same
key, and is told the same.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path

from linli.kiosk.enrolling.client import EnrolClient, EnrolError, require_https
from linli.kiosk.enrolling.settings_file import settings_text, write_new
from linli.kiosk.flows.enrol_views import EnrolStage
from linli.kiosk.network.certificates import CertificateFiles
from linli.kiosk.network.connection import KEY_FILES
from linli.kiosk.settings import BoardSettings, TerminalSettings
from linli.sync.enrolment import Enrolled, Rejected, Waiting, grouped
from linli.sync.sessions import direct_session
from linli.sync.signing import load_or_make_key

ASK_S, REJECTED_S, OFTEN_S = 2.0, 30.0, 60.0


@dataclass(frozen=True)
class Step:
    """`code` and `url` while it waits; `name` and `place` once it is enrolled; `detail` is for a
    log. After `again_s` it is to be asked again, None once it is over."""

    stage: EnrolStage
    again_s: float | None = ASK_S
    code: str = ""
    url: str = ""
    name: str = ""
    place: str = ""
    detail: str = ""


class NewcomerError(ValueError):
    """Nobody can be enrolled like this; the text says why."""


@dataclass(frozen=True)
class Newcomer:
    """`settings` is where its settings file will be, `releases` where new versions of the program
    come from, if that is known."""

    client: EnrolClient
    settings: Path
    data: Path
    websockets: bool = False
    releases: str = ""

    def step(self) -> Step:
        """Ask once, and do what follows from it."""
        try:
            answer = self.client.ask()
        except EnrolError as error:
            if error.often:
                return Step(EnrolStage.TOO_OFTEN, OFTEN_S, detail=str(error))
            return Step(EnrolStage.NOT_REACHED, detail=str(error))
        match answer:
            case Waiting(code=code, url=url):
                return Step(EnrolStage.WAITING, code=grouped(code), url=url)
            case Rejected(reason=reason):
                known = reason == "known-key"
                return Step(EnrolStage.KNOWN_KEY if known else EnrolStage.REFUSED, REJECTED_S)
            case Enrolled():
                return self._keep(answer)

    def _keep(self, told: Enrolled) -> Step:
        text = settings_text(
            told,
            self.data,
            self.client.base_url,
            board=self.client.kind == "board",
            websockets=self.websockets,
            releases=self.releases,
        )
        try:
            if told.certified.certificate:
                CertificateFiles(self.data).keep(told.certified, self.client.key)
            write_new(self.settings, text)
        except OSError as error:
            return Step(EnrolStage.NOT_SAVED, OFTEN_S, detail=str(error))
        return Step(EnrolStage.ENROLLED, None, name=told.name, place=told.place)


def newcomer_at(
    ledger: str,
    settings: Path,
    data: Path,
    *,
    board: bool,
    place: str,
    websockets: bool,
    releases: str = "",
) -> Newcomer:
    """With its key, made here the first time. Raises NewcomerError."""
    if settings.exists():
        raise NewcomerError(f"{settings} is there already: this was enrolled before")
    try:
        require_https(ledger)
        if releases:
            require_https(releases)
        data.mkdir(parents=True, exist_ok=True)
        key = load_or_make_key(data / KEY_FILES[BoardSettings if board else TerminalSettings])
    except (OSError, ValueError) as error:
        raise NewcomerError(str(error)) from error
    kind, boot_id = "board" if board else "terminal", secrets.token_hex(8)
    client = EnrolClient(ledger, key, kind, boot_id, place[:40], direct_session())
    return Newcomer(client, settings, data, websockets, releases)
