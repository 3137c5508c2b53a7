"""The one place that sets type: a document and its template become a PDF or pictures.

Text reaches the templates as data, never as markup, so nothing that anybody types can be run.
Equal documents give equal bytes: there is no date in them but those they state.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import typst

from linli.ledger.documents.data import data_of
from linli.ledger.documents.model import (
    Adjustment,
    Certificate,
    Document,
    DocumentError,
    Minutes,
    Notice,
    Poster,
    Settlement,
)

ROOM = Path(__file__).parent
TEMPLATES: dict[type[Document], str] = {
    Notice: "notice.typ",
    Poster: "poster.typ",
    Minutes: "minutes.typ",
    Certificate: "certificate.typ",
    Adjustment: "adjustment.typ",
    Settlement: "settlement.typ",
}
FONTS = Path("/usr/share/fonts/opentype/noto")
"""Debian's fonts-noto-cjk, of which the screens' fonts are cut. Theirs will not do here: they share
one name, and a space after a rare character would be set in the font that has none."""
FAMILIES = frozenset({"Noto Sans CJK SC", "Noto Serif CJK SC"})
POSTER_PPI = 72.0
"""The poster's template counts in points, 1080 wide: at this density a point is a pixel."""
SHEET_PPI = 144.0


def pdf(document: Document) -> bytes:
    """The document as one PDF. Raises DocumentError."""
    return _compiled(document, "pdf", None)[0]


def pictures(document: Document, ppi: float | None = None) -> tuple[bytes, ...]:
    """The document's pages as PNG pictures; a poster is one, 1080 pixels wide unless `ppi` says
    otherwise. Raises DocumentError."""
    usual = POSTER_PPI if isinstance(document, Poster) else SHEET_PPI
    return _compiled(document, "png", ppi or usual)


def _compiled(document: Document, form: typst.OutputFormat, ppi: float | None) -> tuple[bytes, ...]:
    data = json.dumps(data_of(document), ensure_ascii=False)
    try:
        made, warnings = typst.compile_with_warnings(
            ROOM / TEMPLATES[type(document)],
            root=ROOM,
            format=form,
            ppi=ppi,
            font_paths=_fonts(),
            sys_inputs={"data": data},
        )
    except typst.TypstError as error:
        raise DocumentError(f"the document could not be set: {error.message}") from error
    if warnings:
        # Such as a font that is missing or a layout that does not settle: not fit to be shown.
        raise DocumentError(f"the document was not set well: {warnings[0].message}")
    return tuple(made) if isinstance(made, list) else (made,)


@cache
def _fonts() -> typst.Fonts:
    """Those fonts and no others, so that a sheet looks the same wherever it is made."""
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS]
    )
    if not FAMILIES.issubset(fonts.families()):
        raise DocumentError("the fonts of documents are missing: install fonts-noto-cjk")
    return fonts
