"""What every document promises: its size, its glyphs, its bytes, and that text stays text."""

from __future__ import annotations

import re
import struct
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.kiosk.theme import tokens
from linli.ledger.documents import render
from linli.ledger.documents.glyphs import LONGEST, MISSING, printable
from linli.ledger.documents.model import Certificate, Document, DocumentError, Notice
from linli.ledger.documents.render import ROOM, TEMPLATES, pdf, pictures
from tests.unit.ledger.documents.documents_of import (
    HOSTILE,
    certificate,
    notice,
    of_hostile_text,
    one_of_each,
    posted,
    poster,
    rankings,
    settlement,
)
from tests.unit.ledger.documents.pdf_text import BOX, Pdf, squeezed

MM = 72 / 25.4
A4, A3 = (210, 297), (297, 420)
COLOUR = re.compile(r'#let ([a-z-]+) = rgb\("(#[0-9A-F]{6})"\)')


def name_of(document: Document) -> str:
    return type(document).__name__


each = pytest.mark.parametrize("document", one_of_each(), ids=name_of)


def png_size(picture: bytes) -> tuple[int, int]:
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", picture[16:24])
    return width, height


@each
def test_every_document_is_set_on_its_paper(document: Document) -> None:
    sizes = {(round(p.width / MM), round(p.height / MM)) for p in Pdf(pdf(document)).pages}
    match document:
        case Notice():
            assert sizes == {A3}
        case Certificate():
            assert sizes == {(297, 210)}
        case _ if TEMPLATES[type(document)] == "poster.typ":
            assert len(sizes) == 1
        case _:
            assert sizes == {A4}


@each
def test_the_same_document_gives_the_same_bytes(document: Document) -> None:
    assert pdf(document) == pdf(document)
    assert pictures(document) == pictures(document)


@each
def test_no_document_is_dated_by_the_clock(document: Document) -> None:
    assert b"CreationDate" not in pdf(document)
    assert b"ModDate" not in pdf(document)


@each
def test_there_is_a_picture_of_every_page(document: Document) -> None:
    assert len(pictures(document, 36)) == len(Pdf(pdf(document)).pages)


@pytest.mark.parametrize("people", [0, 1, 10, 40])
def test_a_poster_is_one_picture_1080_pixels_wide(people: int) -> None:
    (picture,) = pictures(poster(rankings(people, people, people)))
    width, height = png_size(picture)
    assert width == 1080
    assert height > 1080


def test_a_poster_is_as_tall_as_its_lists() -> None:
    heights = [png_size(pictures(poster(rankings(n, n, n)))[0])[1] for n in (1, 5, 10, 20)]
    assert heights[0] < heights[1] < heights[2] == heights[3]


@pytest.mark.parametrize("document", of_hostile_text(), ids=name_of)
def test_whatever_is_typed_is_printed_and_never_run(document: Document) -> None:
    text = Pdf(pdf(document)).text
    typed = [document.name] if isinstance(document, Certificate) else HOSTILE
    for part in typed:
        assert squeezed(printable(part)) in text
    assert BOX not in text


@settings(max_examples=40, deadline=None)
@given(st.text(min_size=1, max_size=60))
def test_any_name_can_be_honoured(name: str) -> None:
    text = Pdf(pdf(certificate(name))).text
    assert squeezed(printable(name)) + "：" in text
    assert BOX not in text


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=300))
def test_any_merchant_can_be_settled_with(name: str) -> None:
    assert squeezed(printable(name)) in Pdf(pdf(settlement(merchant=name))).text


@pytest.mark.parametrize("name", ["䶮㛃", "张𠅤", "买买提·吐尔逊", "䶮 Müller"])
def test_rare_characters_have_their_glyphs_in_every_weight(name: str) -> None:
    deeds = tuple(type(deed)(name, name, deed.day, deed.points) for deed in posted(1))
    for document in (notice(deeds), certificate(name)):
        text = Pdf(pdf(document)).text
        assert squeezed(name) in text
        assert BOX not in text
        assert MISSING not in text


def test_without_its_fonts_no_document_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(render, "FONTS", tmp_path)
    monkeypatch.setattr(render, "_fonts", render._fonts.__wrapped__)
    with pytest.raises(DocumentError, match="install fonts-noto-cjk"):
        pdf(certificate())


def test_a_character_no_font_has_is_marked_as_missing() -> None:
    assert printable("张😀三") == f"张{MISSING}三"


def test_marks_that_turn_or_join_letters_are_left_out() -> None:
    assert printable("\u202e反\u202c\u200d\ufe0f\xad") == "反"


def test_text_stays_on_one_line() -> None:
    assert printable(" 行一\n行二\t三\r") == "行一 行二 三"


def test_a_text_without_end_is_cut_with_an_ellipsis() -> None:
    cut = printable("长" * 5000)
    assert len(cut) == LONGEST
    assert cut.endswith("…")


def test_a_long_word_may_break_and_a_short_one_not() -> None:
    assert "\u200b" in printable("a" * 13)
    assert "\u200b" not in printable("a" * 12)


def test_paper_and_screens_have_the_same_colours() -> None:
    style = (ROOM / "style.typ").read_text(encoding="utf-8")
    found = dict(COLOUR.findall(style))
    names = {"line-colour": "LINE"}
    assert len(found) >= 14
    for name, colour in found.items():
        token = names.get(name, name.upper().replace("-", "_"))
        assert getattr(tokens, token) == colour, name
    assert 'rgb("#E6B43A"), rgb("#C9CDD3"), rgb("#D9A07C")' in style
    assert (tokens.FIRST, tokens.SECOND, tokens.THIRD) == ("#E6B43A", "#C9CDD3", "#D9A07C")


def test_templates_take_text_only_as_data() -> None:
    for template in ROOM.glob("*.typ"):
        source = template.read_text(encoding="utf-8")
        assert "eval(" not in source
        assert 'mode: "markup"' not in source


def test_every_kind_of_document_has_its_template() -> None:
    assert {(ROOM / name).exists() for name in TEMPLATES.values()} == {True}
    assert {type(document) for document in one_of_each()} == set(TEMPLATES)
