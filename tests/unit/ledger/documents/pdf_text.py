"""Reads our own PDFs back: each page's size, its text with where it stands, glyphs that are boxes.

Only as much of the format as the type setter writes: no object streams, fonts with a Unicode map.
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from functools import cached_property

BOX = "\0"
"""What stands for glyph 0, which fonts draw as an empty box."""
_OBJECT = re.compile(rb"(?m)^(\d+) 0 obj\n(.*?)\nendobj", re.DOTALL)
_STREAM = re.compile(rb"stream\r?\n(.*)\r?\nendstream", re.DOTALL)
_MAPPED = re.compile(rb"<([0-9A-F]{4})> <([0-9A-F]+)>")
_PLAIN = rb"(?:\\.|[^\\()])"
_NESTED = rb"(?:\\.|[^\\()]|\(" + _PLAIN + rb"*\))"
_STRING = rb"\((?:\\.|[^\\()]|\(" + _NESTED + rb"*\))*\)|<[0-9A-Fa-f]+>"
"""Brackets in a string that match need no escape; no glyph's code has three of them in one."""
_TOKEN = re.compile(
    rb"/[A-Za-z]+ ?(?:" + _STRING + rb")"  # a property, not shown
    rb"|1 0 0 -1 (?P<x>-?[\d.]+) (?P<y>-?[\d.]+) cm"
    rb"|/(?P<font>f\d+) -?[\d.]+ Tf"
    rb"|(?P<text>" + _STRING + rb")",
    re.DOTALL,
)
_ESCAPE = re.compile(rb"\\([0-7]{3}|.)", re.DOTALL)
_LETTERS = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text and its start, in points from the page's lower left corner."""

    text: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Page:
    width: float
    height: float
    runs: tuple[Run, ...]

    @property
    def text(self) -> str:
        """All of it in reading order, without spaces: where lines break is no matter."""
        return squeezed("".join(run.text for run in self.runs))


def squeezed(text: str) -> str:
    """Without spaces, seen or unseen."""
    return re.sub(r"[\s\u200b]", "", text)


class Pdf:
    """A PDF's pages."""

    def __init__(self, content: bytes) -> None:
        self._objects = {int(number): body for number, body in _OBJECT.findall(content)}

    @cached_property
    def pages(self) -> tuple[Page, ...]:
        kids = next(body for body in self._objects.values() if b"/Type/Pages" in body)
        found = re.search(rb"/Kids ?\[(.*?)\]", kids)
        assert found
        return tuple(self._page(int(kid)) for kid in re.findall(rb"(\d+) 0 R", found[1]))

    @property
    def text(self) -> str:
        return "".join(page.text for page in self.pages)

    def _page(self, number: int) -> Page:
        body = self._objects[number]
        box = re.search(rb"/MediaBox ?\[0 0 ([\d.]+) ([\d.]+)\]", body)
        assert box
        resources = self._objects[self._reference(body, b"Resources")]
        fonts = {
            name.decode(): self._letters(int(font))
            for name, font in re.findall(rb"/(f\d+) (\d+) 0 R", resources)
        }
        content = self._stream(self._reference(body, b"Contents"))
        return Page(float(box[1]), float(box[2]), tuple(_runs(content, fonts)))

    def _reference(self, body: bytes, key: bytes) -> int:
        found = re.search(rb"/" + key + rb" (\d+) 0 R", body)
        assert found
        return int(found[1])

    def _stream(self, number: int) -> bytes:
        found = _STREAM.search(self._objects[number])
        assert found
        return zlib.decompress(found[1])

    def _letters(self, font: int) -> dict[int, str]:
        cmap = self._stream(self._reference(self._objects[font], b"ToUnicode"))
        return {
            int(glyph, 16): bytes.fromhex(text.decode()).decode("utf-16-be")
            for glyph, text in _MAPPED.findall(cmap)
        }


def _runs(content: bytes, fonts: dict[str, dict[int, str]]) -> list[Run]:
    runs = []
    x, y, letters = 0.0, 0.0, dict[int, str]()
    for token in _TOKEN.finditer(content):
        if token["x"] is not None:
            x, y = float(token["x"]), float(token["y"])
        elif token["font"] is not None:
            letters = fonts[token["font"].decode()]
        elif token["text"] is not None:
            glyphs = _bytes_of(token["text"])
            codes = [int.from_bytes(glyphs[at : at + 2], "big") for at in range(0, len(glyphs), 2)]
            text = "".join(letters[code] if code else BOX for code in codes)
            runs.append(Run(text, x, y))
    return runs


def _bytes_of(string: bytes) -> bytes:
    if string.startswith(b"<"):
        return bytes.fromhex(string[1:-1].decode())
    return _ESCAPE.sub(_unescaped, string[1:-1])


def _unescaped(found: re.Match[bytes]) -> bytes:
    if len(found[1]) == 3:
        return bytes([int(found[1], 8)])
    return _LETTERS.get(found[1], found[1])
