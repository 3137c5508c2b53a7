"""Writes docs/schemas: one JSON Schema (2020-12) for each message of the wire.

python -m linli.sync.schemas docs/schemas
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import msgspec

from linli.sync.asks import ASK_TYPES
from linli.sync.enrolment import ENROL_TYPES
from linli.sync.health_messages import HEALTH_TYPES
from linli.sync.job_messages import JOB_TYPES, TASK_TYPES
from linli.sync.messages import WIRE_TYPES
from linli.sync.shadow_messages import SHADOW_TYPES

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schemas() -> dict[str, str]:
    """File name → text, for every message."""
    every: tuple[type[msgspec.Struct], ...] = (
        *WIRE_TYPES,
        *ASK_TYPES,
        *ENROL_TYPES,
        *SHADOW_TYPES,
        *JOB_TYPES,
        *TASK_TYPES,
        *HEALTH_TYPES,
    )
    return {f"{struct.__name__}.json": _text(struct) for struct in every}


def write(directory: Path) -> None:
    """Bring the directory up to date; schemas of messages that are gone are removed."""
    directory.mkdir(parents=True, exist_ok=True)
    wanted = schemas()
    for old in directory.glob("*.json"):
        if old.name not in wanted:
            old.unlink()
    for name, text in wanted.items():
        (directory / name).write_text(text, encoding="utf-8")


def _text(struct: type[msgspec.Struct]) -> str:
    schema = {"$schema": DIALECT, **msgspec.json.schema(struct)}
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m linli.sync.schemas DIRECTORY")
    write(Path(sys.argv[1]))
