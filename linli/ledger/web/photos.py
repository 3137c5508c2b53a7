"""Photos in pages: taken out of a form, and given to who may see them."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path
from fastapi.responses import Response

from linli.ledger.declarations.evidence import MOST_PHOTOS
from linli.ledger.declarations.photos import MOST_BYTES, Photo, prepared
from linli.ledger.declarations.refusals import DeclarationError, Refusal
from linli.ledger.web.forms import Posted
from linli.ledger.web.refusals import Refused

HEADERS = {
    "Cache-Control": "private, no-store",
    "Content-Disposition": 'inline; filename="photo.jpg"',
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
}
GONE = "这张照片已经没有了。"
Place = Annotated[int, Path(ge=0, lt=10_000)]
"""Of a photo among those of its deed, in an address."""


def sent_photos(form: Posted) -> list[Photo]:
    """The photos of the form, in its order. Raises DeclarationError."""
    files = form.files("photo")
    if len(files) > MOST_PHOTOS:
        raise DeclarationError(
            Refusal.TOO_MANY_PHOTOS, f"there are {len(files)} photos: send {MOST_PHOTOS} at most"
        )
    return [prepared(one.file.read(MOST_BYTES + 1)) for one in files]


def photo_answer(jpeg: bytes | None) -> Response:
    """A photo and nothing that could run; not to be kept by the browser. Raises Refused where
    there is none."""
    if jpeg is None:
        raise Refused(404, GONE)
    return Response(jpeg, media_type="image/jpeg", headers=HEADERS)
