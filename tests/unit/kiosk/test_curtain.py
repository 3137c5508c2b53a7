"""The picture for the next start: when it is kept, and which one may be shown."""

from __future__ import annotations

import datetime as dt
import threading
from pathlib import Path

import pytest
from doubles.clock import HandClock
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.kiosk.curtain import keeping
from linli.kiosk.curtain.framebuffer import lay_down, take_up
from linli.kiosk.curtain.keeping import AGAIN_S, EVERY_S, FIRST_S, CurtainKeeper
from linli.kiosk.curtain.picture import NoPictureError, Picture, packed, picture_in, read
from linli.kiosk.curtain.show import found

TODAY = dt.date(2026, 11, 24)
RED, GREEN, BLUE = b"\xff\0\0", b"\0\xff\0", b"\0\0\xff"
PIXELS = (2, 2, BLUE + RED + GREEN + GREEN)
"""From the bottom up: blue and red below, green above."""
ROWS = bytes.fromhex("00ff0000 00ff0000 ff000000 0000ff00")
"""From the top down, and blue first."""


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    path = picture_in(tmp_path)
    path.write_bytes(packed(PIXELS, TODAY))
    return path


def test_what_was_drawn_is_kept_as_screens_hold_it(kept: Path) -> None:
    assert read(kept, TODAY) == Picture(2, 2, ROWS)


def test_what_was_today_is_today_no_more(kept: Path) -> None:
    with pytest.raises(NoPictureError, match="another day"):
        read(kept, TODAY + dt.timedelta(days=1))


def test_a_picture_that_may_not_be_shown_is_not_kept_either(kept: Path) -> None:
    with pytest.raises(NoPictureError):
        found(kept, TODAY + dt.timedelta(days=1))
    assert not kept.exists()


@pytest.mark.parametrize(
    "head",
    [
        b"2026-11-24 1e999 2",
        b"2026-11-24 99999999 99999999",
        b"2026-11-24 " + b"9" * 9999 + b" 2",
        b"2026-11-24 -2 -2",
        b"2026-11-24 wide 2",
        b"2026-11-24 2",
        b"2026-11-24 2 2 2",
        b"\xff\xfe",
        b"",
    ],
)
def test_a_strange_head_is_no_picture(tmp_path: Path, head: bytes) -> None:
    (tmp_path / "curtain").write_bytes(head + b"\n" + packed(PIXELS, TODAY))
    with pytest.raises(NoPictureError):
        read(tmp_path / "curtain", TODAY)


def test_where_there_is_none_that_is_said(tmp_path: Path) -> None:
    with pytest.raises(NoPictureError, match="there is none"):
        read(tmp_path / "none", TODAY)


@settings(max_examples=60)
@given(cut=st.integers(0, 200), at_=st.integers(0, 200), byte=st.integers(0, 255))
def test_a_file_that_is_damaged_shows_nothing_else(
    tmp_path_factory: pytest.TempPathFactory, cut: int, at_: int, byte: int
) -> None:
    path = tmp_path_factory.mktemp("damaged") / "curtain"
    data = bytearray(packed(PIXELS, TODAY))
    data[at_ % len(data)] = byte
    path.write_bytes(data[: max(1, len(data) - cut)])
    try:
        picture = read(path, TODAY)
    except NoPictureError:
        return
    assert picture == Picture(2, 2, ROWS)


def test_a_framebuffer_is_filled_row_by_row_as_wide_as_it_is(tmp_path: Path) -> None:
    device = tmp_path / "fb0"
    device.write_bytes(b"." * 24)
    facts(tmp_path, "2,2", "32", "12")
    lay_down(Picture(2, 2, ROWS), device, tmp_path)
    assert device.read_bytes() == ROWS[:8] + bytes(4) + ROWS[8:] + bytes(4)
    take_up(device, tmp_path)
    assert device.read_bytes() == bytes(24)


@pytest.mark.parametrize(("size", "bits"), [("3,2", "32"), ("2,2", "16")])
def test_a_framebuffer_of_another_shape_stays_as_it_is(
    tmp_path: Path, size: str, bits: str
) -> None:
    device = tmp_path / "fb0"
    device.write_bytes(b".")
    facts(tmp_path, size, bits, "12")
    with pytest.raises(NoPictureError, match="the framebuffer"):
        lay_down(Picture(2, 2, ROWS), device, tmp_path)
    assert device.read_bytes() == b"."


def facts(directory: Path, size: str, bits: str, stride: str) -> None:
    for name, text in (("virtual_size", size), ("bits_per_pixel", bits), ("stride", stride)):
        (directory / name).write_text(text + "\n", encoding="ascii")


def test_without_a_framebuffer_that_is_said(tmp_path: Path) -> None:
    with pytest.raises(NoPictureError, match="no framebuffer"):
        lay_down(Picture(2, 2, ROWS), tmp_path / "fb0", tmp_path)


def test_a_picture_is_kept_a_while_after_the_start_and_then_where_it_changes(
    tmp_path: Path,
) -> None:
    clock = HandClock()
    keeper = CurtainKeeper(picture_in(tmp_path), clock)
    assert not kept_by(keeper, "home")
    clock.pass_(seconds=FIRST_S)
    assert kept_by(keeper, "home")
    assert read(picture_in(tmp_path), clock.now().date()) == Picture(2, 2, ROWS)
    assert not kept_by(keeper, "another home")
    clock.pass_(seconds=EVERY_S)
    assert not kept_by(keeper, "home")
    assert kept_by(keeper, "another home")


def test_each_day_has_a_picture_of_its_own(tmp_path: Path) -> None:
    clock = HandClock()
    keeper = CurtainKeeper(picture_in(tmp_path), clock)
    clock.pass_(seconds=FIRST_S)
    assert kept_by(keeper, "home")
    clock.pass_(minutes=24 * 60)
    assert kept_by(keeper, "home")
    assert read(picture_in(tmp_path), clock.now().date()) == Picture(2, 2, ROWS)


def test_what_is_not_for_a_start_is_forgotten_and_may_be_kept_again(tmp_path: Path) -> None:
    clock = HandClock()
    keeper = CurtainKeeper(picture_in(tmp_path), clock)
    clock.pass_(seconds=FIRST_S)
    assert kept_by(keeper, "home")
    keeper.forget()
    assert not picture_in(tmp_path).exists()
    clock.pass_(seconds=EVERY_S)
    assert kept_by(keeper, "home")


def kept_by(keeper: CurtainKeeper, shown: str) -> bool:
    """Whether it was drawn; then it is written when this returns."""
    writing = keeper.keep(shown, lambda: PIXELS)
    if writing is not None:
        writing.join()
    return writing is not None


def test_what_was_forgotten_while_it_was_written_does_not_come_back(tmp_path: Path) -> None:
    clock = HandClock()
    keeper = CurtainKeeper(picture_in(tmp_path), clock)
    clock.pass_(seconds=FIRST_S)

    def drawn() -> tuple[int, int, bytes]:
        keeper.forget()  # as by a message from afar, which comes between
        return PIXELS

    writing = keeper.keep("home", drawn)
    assert writing is not None
    writing.join()
    assert not picture_in(tmp_path).exists()


def test_where_nothing_can_be_written_the_program_goes_on(tmp_path: Path) -> None:
    clock = HandClock()
    (tmp_path / "file").touch()
    keeper = CurtainKeeper(tmp_path / "file" / "curtain", clock)
    clock.pass_(seconds=FIRST_S)
    assert kept_by(keeper, "home")
    clock.pass_(seconds=EVERY_S)
    assert not kept_by(keeper, "home")
    clock.pass_(seconds=AGAIN_S)
    assert kept_by(keeper, "home"), "and tries again"


def test_nothing_is_drawn_while_the_last_picture_is_still_being_written(tmp_path: Path) -> None:
    clock = HandClock()
    keeper = CurtainKeeper(picture_in(tmp_path), clock)
    clock.pass_(seconds=FIRST_S)
    held = threading.Event()

    def drawn() -> tuple[int, int, bytes]:
        return PIXELS

    def slow(_path: Path, _data: bytes) -> None:
        held.wait()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keeping, "write_whole", slow)
        writing = keeper.keep("home", drawn)
        clock.pass_(seconds=EVERY_S)
        assert keeper.keep("another home", drawn) is None
        held.set()
        assert writing is not None
        writing.join()
    assert kept_by(keeper, "another home")
