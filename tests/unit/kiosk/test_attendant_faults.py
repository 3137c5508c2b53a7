"""The attendant where terminal.db cannot be written, or the replica not read."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

import msgspec
import pytest
from doubles.attending import (
    DYNAMIC,
    OTHER,
    PATROL,
    VISIT,
    Centre,
    Open,
    done,
    seen,
    trouble,
)
from sqlalchemy.exc import OperationalError

from linli.kiosk.flows.views import Screen, Trouble
from linli.kiosk.store.store import NotSavedError


def failing(*_: object, **__: object) -> None:
    raise NotSavedError("the tap was not saved: disk full")


@pytest.mark.parametrize(
    ("verb", "tap"),
    [
        ("check_in", lambda c: c.tap()),
        ("refuse", lambda c: c.attendant.tap(seen(DYNAMIC))),
        ("count", lambda c: c.tap(OTHER)),
        ("last_counter", lambda c: c.tap()),
        ("attendances", lambda c: c.tap()),
    ],
)
def test_success_is_never_said_without_the_commit(
    open_centre: Open,
    monkeypatch: pytest.MonkeyPatch,
    verb: str,
    tap: Callable[[Centre], Screen],
) -> None:
    centre = open_centre(VISIT)
    with monkeypatch.context() as patch:
        patch.setattr(centre.store, verb, failing)
        assert trouble(tap(centre)) is Trouble.NOT_SAVED
    assert centre.events() == []
    done(centre.tap())


def test_a_choice_that_is_not_saved_is_said_to_be_not_saved(
    open_centre: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    centre = open_centre(VISIT, PATROL)
    centre.tap()
    with monkeypatch.context() as patch:
        patch.setattr(centre.store, "check_in", failing)
        assert trouble(centre.attendant.choose("visit")) is Trouble.NOT_SAVED
    centre.tap()
    done(centre.attendant.choose("visit"))


def test_a_sign_out_that_is_not_saved_is_said_to_be_not_saved(
    open_centre: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    centre = open_centre(PATROL)
    centre.tap()
    centre.clock.pass_(minutes=61)
    with monkeypatch.context() as patch:
        patch.setattr(centre.store, "sign_out", failing)
        assert trouble(centre.tap()) is Trouble.NOT_SAVED
    assert done(centre.tap()).signed_out


@pytest.mark.parametrize(
    "error",
    [
        OperationalError("SELECT", {}, sqlite3.OperationalError("disk I/O error")),
        msgspec.ValidationError("a row of a newer ledger"),
    ],
)
def test_figures_that_cannot_be_read_do_not_make_a_committed_tap_a_failure(
    open_centre: Open, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    centre = open_centre(VISIT)

    def unreadable(*_: object) -> None:
        raise error

    monkeypatch.setattr(centre.replica, "deeds", unreadable)
    view = done(centre.tap())
    assert (view.points, view.standing) == (10, None)
    assert len(centre.events()) == 1
