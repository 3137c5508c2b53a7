"""Which settings may be changed from afar, what is said of one that may not, and what is kept."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from doubles.settings import terminal_settings

from linli.kiosk.remote.document import DOCUMENT_BYTES, DocumentError, over, read_wish
from linli.kiosk.remote.keeping import FILE, ShadowFile, begin
from linli.kiosk.settings import SoundSettings
from linli.sync.shadow import Shadow, Wish, offered, proven, started
from linli.sync.shadow_messages import MESSAGE_BYTES, ShadowFault

LOUD = {"sound": {"volume": 80}}


def wanted(doc: object) -> bytes:
    return json.dumps({"version": 4, "doc": doc}).encode()


def test_a_document_goes_over_the_file_and_leaves_the_rest(tmp_path: Path) -> None:
    sound = SoundSettings(volume=40, device="hw:1")
    told = over(terminal_settings(tmp_path, sound=sound, language="en"), LOUD)
    assert told.sound == SoundSettings(volume=80, device="hw:1")
    assert told.language == "en"


def test_quiet_hours_are_taken_away_with_null(tmp_path: Path) -> None:
    sound = SoundSettings(volume=40, quiet_from="21:00", quiet_until="07:00")
    none = {"sound": {"quiet_from": None, "quiet_until": None}}
    assert over(terminal_settings(tmp_path, sound=sound), none).sound == SoundSettings(volume=40)


@pytest.mark.parametrize(
    ("doc", "fault"),
    [
        ({"volum": 3}, ShadowFault.UNKNOWN_KEY),
        ({"sound": {"volum": 3}}, ShadowFault.UNKNOWN_KEY),
        ({"maintainer_cards": []}, ShadowFault.UNKNOWN_KEY),
        ({"sound": {"volume": 101}}, ShadowFault.WRONG_VALUE),
        ({"sound": {"quiet_from": "21:00"}}, ShadowFault.WRONG_VALUE),
        ({"connection": {"broker_port": 0}}, ShadowFault.WRONG_VALUE),
        ({"language": "fr"}, ShadowFault.WRONG_VALUE),
    ],
)
def test_a_shadow_document_that_does_not_fit_is_refused(
    tmp_path: Path, doc: dict[str, Any], fault: ShadowFault
) -> None:
    settings = terminal_settings(tmp_path)
    wish, found, detail = read_wish(wanted(doc), settings)
    assert (wish.version, found) == (4, fault)
    assert detail
    with pytest.raises(DocumentError):
        over(settings, doc)


@pytest.mark.parametrize(
    ("payload", "fault"),
    [
        (b"not JSON", ShadowFault.NOT_READABLE),
        (b"\xff\xfe", ShadowFault.NOT_READABLE),
        (wanted([1]), ShadowFault.NOT_READABLE),
        (b'{"version":1,"doc":' + b"[" * 4000 + b"]" * 4000 + b"}", ShadowFault.NOT_READABLE),
        (b"x" * (MESSAGE_BYTES + 1), ShadowFault.TOO_LARGE),
        (wanted({"language": "x" * DOCUMENT_BYTES}), ShadowFault.TOO_LARGE),
    ],
)
def test_a_shadow_message_that_cannot_be_read_is_refused(
    tmp_path: Path, payload: bytes, fault: ShadowFault
) -> None:
    assert read_wish(payload, terminal_settings(tmp_path))[1] is fault


def test_a_trial_is_counted_on_the_disk_before_its_settings_are_used(tmp_path: Path) -> None:
    local = terminal_settings(tmp_path)
    file = ShadowFile(tmp_path / FILE)
    file.write(offered(Shadow(), Wish(1, LOUD)))
    begun = begin(local)
    assert begun.trying
    assert begun.settings.sound == SoundSettings(volume=80)
    trial = file.read().trial
    assert trial
    assert trial.starts == 1


def test_two_interrupted_starts_bring_the_old_settings_back(tmp_path: Path) -> None:
    local = terminal_settings(tmp_path)
    ShadowFile(tmp_path / FILE).write(offered(Shadow(), Wish(1, LOUD)))
    starts = [begin(local).settings.sound is not None for _ in range(4)]
    assert starts == [True, True, False, False]


def test_a_file_torn_by_a_dying_disk_leaves_the_terminal_its_own_settings(tmp_path: Path) -> None:
    local = terminal_settings(tmp_path)
    (tmp_path / FILE).write_bytes(b'{"good": [1')
    assert begin(local).settings == local


def test_good_settings_that_an_older_program_does_not_know_are_left_out(tmp_path: Path) -> None:
    local = terminal_settings(tmp_path)
    newer = proven(started(offered(Shadow(), Wish(1, {"of_next_year": 1}))))
    ShadowFile(tmp_path / FILE).write(newer)
    assert begin(local).settings == local


def test_a_trial_that_cannot_be_counted_waits(tmp_path: Path) -> None:
    local = terminal_settings(tmp_path)
    ShadowFile(tmp_path / FILE).write(offered(Shadow(), Wish(1, LOUD)))
    (tmp_path / f"{FILE}.part").mkdir()
    begun = begin(local)
    assert (begun.settings, begun.trying) == (local, False)
