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

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from linli.kiosk.certificates import CertificateFiles
from linli.kiosk.enrolling.client import EnrolClient, EnrolError
from linli.kiosk.enrolling.settings_file import settings_text, write_new
from linli.sync.enrolment import Enrolled, Rejected, Waiting, grouped

ASK_S, REJECTED_S, OFTEN_S = 2.0, 30.0, 60.0


class Stage(StrEnum):
    """Where a newcomer stands."""

    ASKING = "asking"
    WAITING = "waiting"
    NOT_REACHED = "not-reached"
    TOO_OFTEN = "too-often"
    REFUSED = "refused"
    KNOWN_KEY = "known-key"
    NOT_SAVED = "not-saved"
    ENROLLED = "enrolled"


@dataclass(frozen=True)
class Step:
    """`code` and `url` while it waits; `name` and `place` once it is enrolled; `detail` is for a
    log. After `again_s` it is to be asked again, None once it is over."""

    stage: Stage
    again_s: float | None = ASK_S
    code: str = ""
    url: str = ""
    name: str = ""
    place: str = ""
    detail: str = ""


@dataclass(frozen=True)
class Newcomer:
    """`settings` is where its settings file will be."""

    client: EnrolClient
    settings: Path
    data: Path
    websockets: bool = False

    def step(self) -> Step:
        """Ask once, and do what follows from it."""
        try:
            answer = self.client.ask()
        except EnrolError as error:
            if error.often:
                return Step(Stage.TOO_OFTEN, OFTEN_S, detail=str(error))
            return Step(Stage.NOT_REACHED, detail=str(error))
        match answer:
            case Waiting(code=code, url=url):
                return Step(Stage.WAITING, code=grouped(code), url=url)
            case Rejected(reason=reason):
                known = reason == "known-key"
                return Step(Stage.KNOWN_KEY if known else Stage.REFUSED, REJECTED_S)
            case Enrolled():
                return self._keep(answer)

    def _keep(self, told: Enrolled) -> Step:
        text = settings_text(
            told,
            self.data,
            self.client.base_url,
            board=self.client.kind == "board",
            websockets=self.websockets,
        )
        try:
            if told.certified.certificate:
                CertificateFiles(self.data).keep(told.certified, self.client.key)
            write_new(self.settings, text)
        except OSError as error:
            return Step(Stage.NOT_SAVED, OFTEN_S, detail=str(error))
        return Step(Stage.ENROLLED, None, name=told.name, place=told.place)
