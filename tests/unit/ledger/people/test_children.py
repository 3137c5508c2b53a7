"""A child's name is never public, whatever was agreed; a corrected birthday is told at once."""

from __future__ import annotations

import pytest

from linli.ledger.audit.verify import verify
from linli.ledger.people.checks import NewHolder, PeopleError
from linli.ledger.people.consenting import set_child
from linli.ledger.people.directory import read_holders
from linli.ledger.people.register import enrol
from linli.sync.messages import Kind, StandingRow, Stream
from tests.unit.ledger.village import Village


def test_boards_hear_that_somebody_is_a_child(village: Village, told: object) -> None:
    village.send(village.check_in("a1", "visit", "10:05"))
    with village.engine.begin() as connection:
        assert set_child(connection, "a1", village.now, under14=True)
        assert not set_child(connection, "a1", village.now, under14=True)
        assert read_holders(connection, ["a1"])["a1"].public_name == "热心邻居0001"
    rows = told(village.engine, "village", Stream.CHANGES)  # type: ignore[operator]
    names = [row.name for row in rows if isinstance(row, StandingRow) and row.account == "a1"]
    assert (names[0], names[-1]) == ("张*1", "热心邻居0001")
    assert verify(village.engine) is None


def test_a_unit_is_no_child(village: Village) -> None:
    school = NewHolder("u1", "阳光小学", Kind.UNIT, "village", consent=True, under14=False)
    with village.engine.begin() as connection:
        enrol(connection, [school], village.now)
        with pytest.raises(PeopleError, match="only a resident can be"):
            set_child(connection, "u1", village.now, under14=True)
