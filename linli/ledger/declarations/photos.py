"""What somebody sends as a photo becomes a plain JPEG of bounded size, or a clear error. Pure.

Nothing of the file itself is kept: it is decoded, and its pixels are written anew. So what a phone
writes beside them (place, time, its owner's name) is gone, and whatever else a file may hide.
"""

from __future__ import annotations

import hashlib
import io
import struct
import zlib
from dataclasses import dataclass, field

from PIL import Image, ImageOps, UnidentifiedImageError

from linli.ledger.declarations.refusals import DeclarationError, Refusal

MOST_BYTES = 8 * 1024 * 1024
MOST_PIXELS = 40_000_000
MOST_SCANS = 100
"""A progressive JPEG has some ten. Each costs as much as the whole picture: a small file with
thousands of them is made to keep a server busy."""
LONGEST_SIDE = 1600
QUALITY = 82
FORMATS = ("JPEG", "PNG", "WEBP")
_SCAN = b"\xff\xda"
_BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    LookupError,
    TypeError,
    ArithmeticError,
    EOFError,
    MemoryError,
    NotImplementedError,
    struct.error,
    zlib.error,
)
"""What Pillow's decoders raise at files that are not what they say."""


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo as it is kept. `id` is the SHA-256 (hex) of its bytes."""

    id: str
    jpeg: bytes = field(repr=False)
    width: int
    height: int


def prepared(raw: bytes, longest: int = LONGEST_SIDE) -> Photo:
    """The photo in an uploaded file, upright, no side longer than `longest` pixels, without
    anything but its pixels. Raises DeclarationError."""
    if len(raw) > MOST_BYTES:
        raise DeclarationError(
            Refusal.TOO_LARGE, f"a photo has more than {MOST_BYTES // 2**20} MB: send a smaller one"
        )
    image = _opened(raw)
    _check_cost(image, raw)
    return _kept(_plain(image, longest))


def _opened(raw: bytes) -> Image.Image:
    try:
        return Image.open(io.BytesIO(raw), formats=FORMATS)
    except UnidentifiedImageError as error:
        raise DeclarationError(
            Refusal.NOT_A_PHOTO, "this is no photo that can be taken: send a JPEG, PNG or WebP"
        ) from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels(str(error)) from error
    except _BROKEN as error:
        raise _broken(error) from error


def _check_cost(image: Image.Image, raw: bytes) -> None:
    """Before anything is decoded."""
    width, height = image.size
    if width * height > MOST_PIXELS:
        raise _too_many_pixels(f"{width} × {height}")
    if image.format in ("JPEG", "MPO") and raw.count(_SCAN) > MOST_SCANS:
        raise DeclarationError(
            Refusal.TOO_MANY_PIXELS, "the photo is stored in too many passes: take a new one"
        )


def _plain(image: Image.Image, longest: int) -> Image.Image:
    """Its pixels alone, upright and scaled, on white where it is transparent."""
    try:
        # A JPEG can be decoded at a fraction of its size; other formats ignore this.
        image.draft("RGB", (longest, longest))
        image.load()
        upright = ImageOps.exif_transpose(image)
        seen = upright.convert("RGBA" if _has_holes(upright) else "RGB")
        seen.thumbnail((longest, longest), Image.Resampling.LANCZOS)
        plain = Image.new("RGB", seen.size, "white")
        plain.paste(seen, mask=seen if seen.mode == "RGBA" else None)
    except _BROKEN as error:
        raise _broken(error) from error
    return plain


def _has_holes(image: Image.Image) -> bool:
    return image.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in image.info


def _kept(plain: Image.Image) -> Photo:
    out = io.BytesIO()
    plain.save(out, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    jpeg = out.getvalue()
    return Photo(hashlib.sha256(jpeg).hexdigest(), jpeg, *plain.size)


def _too_many_pixels(how_many: str) -> DeclarationError:
    return DeclarationError(
        Refusal.TOO_MANY_PIXELS,
        f"the photo has too many pixels ({how_many}): at most {MOST_PIXELS} are taken",
    )


def _broken(error: BaseException) -> DeclarationError:
    return DeclarationError(
        Refusal.BROKEN_PHOTO, f"the photo is damaged ({type(error).__name__}): take it again"
    )
