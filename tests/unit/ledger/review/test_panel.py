"""Who sits on a panel."""

from __future__ import annotations

import datetime as dt

import pytest

from linli.ledger.review.panel import (
    LEADER,
    MEMBER,
    PanelError,
    appoint,
    dismiss,
    members,
    quorum_of,
    set_quorum,
)
from tests.unit.ledger.village import Village

HOUR = dt.timedelta(hours=1)


def test_members_are_those_who_sat_at_the_moment(village: Village) -> None:
    now = village.now
    with village.engine.begin() as connection:
        appoint(connection, "village", "a1", LEADER, "支部", now)
        appoint(connection, "village", "a2", MEMBER, "居民代表", now)
        dismiss(connection, "village", "a2", now + HOUR)
        assert list(members(connection, "village", now)) == ["a1", "a2"]
        assert list(members(connection, "village", now + HOUR)) == ["a1"]
        assert not members(connection, "village", now - HOUR)


def test_who_was_dismissed_can_be_appointed_again(village: Village) -> None:
    now = village.now
    with village.engine.begin() as connection:
        appoint(connection, "village", "a1", MEMBER, "居民代表", now)
        dismiss(connection, "village", "a1", now + HOUR)
        appoint(connection, "village", "a1", LEADER, "支部", now + 2 * HOUR)
        assert members(connection, "village", now + 2 * HOUR)["a1"].role == LEADER


@pytest.mark.parametrize(
    ("account", "role", "says"),
    [
        ("a1", MEMBER, "on the panel of village already"),
        ("a2", LEADER, "has a leader already"),
        ("nobody", MEMBER, "is not a person of village"),
        ("a2", "chair", "is no role"),
    ],
)
def test_who_cannot_sit_is_refused(village: Village, account: str, role: str, says: str) -> None:
    with village.engine.begin() as connection:
        appoint(connection, "village", "a1", LEADER, "支部", village.now)
        with pytest.raises(PanelError, match=says):
            appoint(connection, "village", account, role, "", village.now)


def test_nobody_is_dismissed_twice(village: Village) -> None:
    with village.engine.begin() as connection, pytest.raises(PanelError, match="is not on"):
        dismiss(connection, "village", "a1", village.now)


def test_a_community_chooses_its_quorum(village: Village) -> None:
    with village.engine.begin() as connection:
        assert quorum_of(connection, "village") == 3
        set_quorum(connection, "village", 2)
        assert quorum_of(connection, "village") == 2
        with pytest.raises(PanelError):
            set_quorum(connection, "village", 0)
