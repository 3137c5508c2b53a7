"""What the checks found, for programs."""

from __future__ import annotations

import json
from collections.abc import Iterable

from linli.assets.words import Words
from linli.kiosk.doctor.finding import Finding, exit_code
from linli.kiosk.doctor.phrases import said
from linli.sync.clock import Clock
from linli.sync.periods import SHANGHAI

SCHEMA = 1


def document(terminal: str, findings: Iterable[Finding], clock: Clock) -> str:
    """For programs: codes and values; the sentences are there for people who read it."""
    found = list(findings)
    chinese, english = Words("zh_CN"), Words("en")
    return json.dumps(
        {
            "schema": SCHEMA,
            "terminal": terminal,
            "at": clock.now().astimezone(SHANGHAI).isoformat(timespec="seconds"),
            "clock_good": clock.good(),
            "exit": exit_code(found),
            "checks": [_row(finding, chinese, english) for finding in found],
        },
        ensure_ascii=False,
        indent=2,
    )


def _row(finding: Finding, chinese: Words, english: Words) -> dict[str, object]:
    zh, en = said(finding, chinese), said(finding, english)
    return {
        "subject": finding.subject.value,
        "state": finding.state.value,
        "code": finding.code.value,
        "values": dict(finding.values),
        "says": {"zh_CN": zh.sentence, "en": en.sentence},
        "remedy": {"zh_CN": zh.remedy, "en": en.remedy},
    }
