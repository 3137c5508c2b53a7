"""What a database refuses is logged as its error's text: no value of a person may be in it."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from linli.sync.sqlite import open_engine


def test_the_error_of_a_refused_row_does_not_say_its_values(tmp_path: Path) -> None:
    engine = open_engine(tmp_path / "names.sqlite")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE person (name TEXT UNIQUE)"))
        connection.execute(text("INSERT INTO person VALUES (:name)"), {"name": "张建国"})
    with pytest.raises(IntegrityError) as refused, engine.begin() as connection:
        connection.execute(text("INSERT INTO person VALUES (:name)"), {"name": "张建国"})
    engine.dispose()
    assert "person.name" in str(refused.value)
    assert "张建国" not in str(refused.value)
