"""The JSON Schemas in docs/ are what messages.py says today."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from linli.sync.asks import ASK_TYPES
from linli.sync.messages import WIRE_TYPES
from linli.sync.schemas import schemas, write

DOCS = Path(__file__).parents[3] / "docs" / "schemas"


def test_the_schemas_in_docs_are_up_to_date() -> None:
    found = {path.name: path.read_text(encoding="utf-8") for path in DOCS.glob("*.json")}
    assert found == schemas(), "run: make schemas"


@pytest.mark.parametrize("kind", [*WIRE_TYPES, *ASK_TYPES], ids=lambda kind: kind.__name__)
def test_every_message_has_a_schema_that_describes_it(kind: type) -> None:
    schema = json.loads(schemas()[f"{kind.__name__}.json"])
    described = schema["$defs"][kind.__name__]
    assert schema["$schema"].endswith("2020-12/schema")
    assert described["description"]
    assert set(described["properties"]) == set(kind.__struct_encode_fields__)


def test_schemas_of_messages_that_are_gone_are_removed(tmp_path: Path) -> None:
    (tmp_path / "Gone.json").write_text("{}")
    write(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == set(schemas())
