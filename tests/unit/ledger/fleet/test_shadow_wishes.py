"""What is wanted of terminals' settings is kept, told and answered; the second of two is stale."""

from __future__ import annotations

import json

import pytest

from linli.ledger.fleet.settings.wishes import (
    StaleError,
    desired,
    merged,
    report,
    said,
    seen_of,
    want,
    want_of_all,
    wished,
)
from linli.sync.shadow_messages import Reported, ShadowFault, ShadowState
from tests.unit.ledger.village import Village

LOUD = {"sound": {"volume": 80}}


def test_what_is_wanted_is_told_once_on_the_terminals_own_topic(village: Village) -> None:
    with village.engine.begin() as connection:
        assert want(connection, "t1", LOUD, 0, "m", village.now) == 1
        (message,) = desired(connection, {})
        assert message.topic == "linli/v1/t/t1/desired"
        assert json.loads(message.payload) == {"version": 1, "doc": LOUD}
        assert list(desired(connection, {message.topic: message.edition})) == []


def test_the_second_of_two_maintainers_is_told_and_changes_nothing(village: Village) -> None:
    with village.engine.begin() as connection:
        want(connection, "t1", LOUD, 0, "first", village.now)
        with pytest.raises(StaleError):
            want(connection, "t1", {}, 0, "second", village.now)
        assert (wished(connection, "t1").doc, wished(connection, "t1").by) == (LOUD, "first")


def test_a_change_to_the_community_keeps_what_it_does_not_speak_of(village: Village) -> None:
    with village.engine.begin() as connection:
        want(connection, "t1", LOUD | {"language": "en"}, 0, "m", village.now)
        seen = seen_of(connection, "village")
        quiet = {"sound": {"volume": 5}}
        assert "t1" in want_of_all(connection, "village", quiet, seen, "m", village.now)
        assert wished(connection, "t1").doc == {"sound": {"volume": 5}, "language": "en"}
        with pytest.raises(StaleError):
            want_of_all(connection, "village", LOUD, seen, "m", village.now)


def test_tables_are_merged_by_their_fields() -> None:
    below = {"sound": {"volume": 1, "quiet_from": "21:00"}}
    assert merged(below, {"sound": {"volume": 2}}) == {
        "sound": {"volume": 2, "quiet_from": "21:00"}
    }


def test_the_last_word_of_a_registered_terminal_is_kept(village: Village) -> None:
    def word(terminal: str, state: ShadowState, error: ShadowFault | None = None) -> Reported:
        return Reported(terminal=terminal, version=1, state=state, at=village.now, error=error)

    with village.engine.begin() as connection:
        assert not report(connection, word("nobody", ShadowState.TRYING), village.now)
        assert report(connection, word("t1", ShadowState.TRYING), village.now)
        failed = word("t1", ShadowState.FAILED, ShadowFault.NO_BROKER)
        assert report(connection, failed, village.now)
        kept = said(connection, "t1")
    assert kept
    assert (kept.state, kept.error) == ("failed", "no-broker")
