"""A photo is its pixels and nothing else; what is no photo is refused with the reason."""

from __future__ import annotations

import hashlib
import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from linli.ledger.declarations.photos import (
    LONGEST_SIDE,
    MOST_BYTES,
    MOST_SCANS,
    Photo,
    prepared,
)
from linli.ledger.declarations.refusals import DeclarationError, Refusal
from tests.unit.ledger.declarations.uploads import (
    encoded,
    from_a_phone,
    jpeg_of_many_scans,
    picture,
    png_that_claims,
    png_with_a_text_bomb,
    segments,
)

APP0, APP15, COMMENT = 0xE0, 0xEF, 0xFE
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'


def opened(photo: Photo) -> Image.Image:
    return Image.open(io.BytesIO(photo.jpeg))


def refusal(raw: bytes) -> Refusal:
    with pytest.raises(DeclarationError) as raised:
        prepared(raw)
    return raised.value.refusal


def archive() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("photo.jpg", encoded(picture()))
    return out.getvalue()


def test_where_it_was_taken_and_by_whom_is_gone() -> None:
    raw = from_a_phone()
    assert b"Nokia 3310" in raw
    assert Image.open(io.BytesIO(raw)).getexif().get_ifd(0x8825)
    kept = prepared(raw)
    assert not opened(kept).getexif()
    assert not any(word in kept.jpeg for word in (b"Exif", b"Nokia", b"Zhang", b"http"))
    apart = [m for m in segments(kept.jpeg) if APP0 < m <= APP15 or m == COMMENT]
    assert apart == []


def test_it_stands_upright_as_the_phone_said() -> None:
    kept = prepared(from_a_phone(640, 480))
    assert (kept.width, kept.height) == (480, 640)
    image = opened(kept)
    red, _, blue = image.getpixel((240, 40))  # type: ignore[misc]
    assert red > 200 > 60 > blue


def test_a_large_one_is_scaled_and_a_small_one_left() -> None:
    large, small = prepared(encoded(picture(4000, 3000))), prepared(encoded(picture(64, 48)))
    assert (large.width, large.height) == (LONGEST_SIDE, 1200)
    assert (small.width, small.height) == (64, 48)
    assert opened(large).size == (large.width, large.height)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_three_kinds_are_taken_and_become_jpeg(kind: str) -> None:
    kept = prepared(encoded(picture(), kind))
    assert opened(kept).format == "JPEG"
    assert kept.id == hashlib.sha256(kept.jpeg).hexdigest()


def test_the_two_pictures_in_one_of_a_phone_are_the_first() -> None:
    raw = encoded(picture(), "MPO", save_all=True, append_images=[Image.new("RGB", (64, 48))])
    red, _, _ = opened(prepared(raw)).getpixel((8, 24))  # type: ignore[misc]
    assert red > 200


def test_what_is_transparent_is_white() -> None:
    kept = prepared(encoded(Image.new("RGBA", (8, 8), (0, 0, 0, 0)), "PNG"))
    assert opened(kept).getpixel((4, 4)) == (255, 255, 255)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "I;16", "RGBA"])
def test_pictures_of_any_depth_are_taken(mode: str) -> None:
    assert prepared(encoded(Image.new(mode, (8, 8)), "PNG")).width == 8


def test_a_printers_colours_are_taken() -> None:
    assert prepared(encoded(Image.new("CMYK", (8, 8)))).width == 8


def test_the_same_file_is_the_same_photo() -> None:
    assert prepared(from_a_phone()) == prepared(from_a_phone())


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff\xd8\xff",
        SVG,
        encoded(picture(), "GIF"),
        encoded(picture(), "BMP"),
        encoded(picture(), "TIFF"),
        archive(),
        b"%PDF-1.7",
        b"<!doctype html><script>alert(1)</script>",
        b"GIF89a" + encoded(picture()),
    ],
    ids=["empty", "stub", "svg", "gif", "bmp", "tiff", "zip", "pdf", "html", "gif-then-jpeg"],
)
def test_what_is_no_photo_is_refused(raw: bytes) -> None:
    assert refusal(raw) is Refusal.NOT_A_PHOTO


def test_what_hides_behind_a_photo_is_left_behind() -> None:
    script = b"<script>alert(1)</script>"
    kept = prepared(encoded(picture(), comment=script) + archive() + script)
    assert script not in kept.jpeg
    assert b"PK\x03\x04" not in kept.jpeg
    assert kept.jpeg.endswith(b"\xff\xd9")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_half_a_photo_is_refused(kind: str) -> None:
    whole = encoded(picture(800, 600), kind)
    assert refusal(whole[: len(whole) // 2]) is Refusal.BROKEN_PHOTO


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize(
    ("width", "height"), [(8000, 6000), (60000, 60000), (2**31 - 1, 2**31 - 1), (2**31 - 1, 1)]
)
def test_a_picture_that_would_fill_the_memory_is_not_even_decoded(width: int, height: int) -> None:
    assert refusal(png_that_claims(width, height)) is Refusal.TOO_MANY_PIXELS


def test_text_that_unpacks_without_end_is_refused() -> None:
    raw = png_with_a_text_bomb()
    assert len(raw) < MOST_BYTES
    assert refusal(raw) is Refusal.BROKEN_PHOTO


def test_a_picture_in_thousands_of_passes_is_refused() -> None:
    assert prepared(jpeg_of_many_scans(2)).width == 64
    assert refusal(jpeg_of_many_scans(MOST_SCANS + 1)) is Refusal.TOO_MANY_PIXELS


def test_a_file_that_is_too_large_is_not_even_opened() -> None:
    assert refusal(encoded(picture()) + bytes(MOST_BYTES)) is Refusal.TOO_LARGE


@pytest.mark.filterwarnings("ignore")
@settings(max_examples=300, deadline=None)
@given(
    kind=st.sampled_from(["JPEG", "PNG", "WEBP"]),
    changes=st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 255)), min_size=1, max_size=8),
    cut=st.integers(0, 2000),
)
def test_a_damaged_file_is_a_photo_or_a_refusal(
    kind: str, changes: list[tuple[int, int]], cut: int
) -> None:
    raw = bytearray(WHOLE[kind])
    for at, value in changes:
        raw[at % len(raw)] = value
    try:
        kept = prepared(bytes(raw[: len(raw) - cut % 40]))
    except DeclarationError:
        return
    assert max(kept.width, kept.height) <= LONGEST_SIDE
    assert opened(kept).format == "JPEG"


WHOLE = {
    "JPEG": from_a_phone(64, 48),
    "PNG": encoded(picture(), "PNG"),
    "WEBP": encoded(picture(), "WEBP"),
}
