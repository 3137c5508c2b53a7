"""What must be true of every screen, read off its widget tree."""

from __future__ import annotations

from collections.abc import Iterator

from kivy.uix.behaviors import ButtonBehavior
from kivy.uix.widget import Widget

from linli.board.state import BoardState
from linli.kiosk.theme.fonts import MISSING, coverage
from linli.kiosk.theme.lines import line_height
from linli.kiosk.theme.part import Part
from linli.kiosk.theme.rect import Rect
from linli.kiosk.theme.text import PAD, Text, measure
from linli.kiosk.theme.tokens import (
    BOARD,
    SMALLEST,
    SMALLEST_BOARD,
    SMALLEST_TARGET,
    Look,
    contrast,
    worn,
)
from linli.kiosk.theme.widgets import Panel


def look_over(root: Widget, whole: Rect, *, large_type: bool, may_shorten: bool) -> list[str]:
    look = Look((whole.w, whole.h), large_type)
    found = list(_checked(root, whole, look.px(SMALLEST), may_shorten))
    for widget in root.walk():
        if isinstance(widget, ButtonBehavior):
            smallest = min(widget.width, widget.height)
            if smallest < look.px(SMALLEST_TARGET):
                found.append(f"a target is only {smallest:.0f} px")
    return found


def sizes_of(root: Widget) -> dict[str, float]:
    """Each text, and the largest size in which it stands there."""
    sizes: dict[str, float] = {}
    for widget in root.walk():
        if isinstance(widget, Text) and widget.fitted.lines:
            said = "".join(run.text for run in widget.content)
            sizes[said] = max(sizes.get(said, 0.0), widget.fitted.size)
    return sizes


def smaller_in_large_type(
    whole: Rect, normal: dict[str, float], large: dict[str, float]
) -> list[str]:
    """What is as large as a heading may give way to the words beside it."""
    enough = Look((whole.w, whole.h), large_type=True).type("heading")[0]
    return [
        f"{said!r} has {large[said]:.0f} px in large type, and {size:.0f} in normal"
        for said, size in normal.items()
        if large.get(said, size) < min(size - 1, enough)
    ]


def look_over_board(
    root: Widget, whole: Rect, state: BoardState, *, may_shorten: bool
) -> list[str]:
    """Whatever is on the board, an urgent message too: who just tapped finds themselves on it."""
    scale = max(whole.w, whole.h) / BOARD[0]
    found = list(_checked(root, whole, round(SMALLEST_BOARD * scale), may_shorten))
    said = ["".join(r.text for r in w.content) for w in root.walk() if isinstance(w, Text)]
    if state.latest and state.latest[0].name not in said:
        found.append(f"{state.latest[0].name} has just tapped and is nowhere")
    return found


def _checked(root: Widget, whole: Rect, smallest: float, may_shorten: bool) -> Iterator[str]:
    texts = []
    for widget in root.walk():
        if isinstance(widget, Part) and not whole.contains(widget.rect):
            yield f"{type(widget).__name__} leaves the screen: {widget.rect}"
        if isinstance(widget, Panel) and not widget.rect.w and any(widget._outer.size):
            yield f"a {type(widget).__name__} that was given no place is drawn"
        if isinstance(widget, Panel) and widget.rect.w and not _shaped(widget):
            yield f"a {type(widget).__name__} leaves its former shape at {widget.rect}"
        if isinstance(widget, Text) and widget.fitted.lines:
            texts.append(widget)
            yield from _text(widget, smallest, may_shorten)
    yield from _overlaps(texts)


def _shaped(panel: Panel) -> bool:
    """Kivy leaves a rounded shape that is given no size as it was, wherever that was."""
    surfaces = [panel._outer] if panel._stroke is not None else [panel._outer, panel._inner]
    return all(side > 0 for surface in surfaces for side in surface.size)


def _text(text: Text, smallest: float, may_shorten: bool) -> Iterator[str]:
    said = "".join(run.text for run in text.content)
    fitted = text.fitted
    if fitted.overflows:
        yield f"no room for {said!r} in {text.rect}"
    if fitted.shortened and not may_shorten:
        yield f"{said!r} is shortened"
    for line in fitted.lines:
        wide = sum(measure(run, fitted.size * run.ratio) for run in line)
        if wide > text.rect.w - 2 * PAD + 1:
            yield f"{said!r} is clipped: {wide:.0f} of {text.rect.w:.0f} px"
        for run in line:
            if fitted.size * run.ratio < smallest - 1:
                yield f"{run.text!r} has only {fitted.size * run.ratio:.0f} px"
            if any(ord(c) not in coverage(run.family) for c in run.text) or MISSING in run.text:
                yield f"{run.text!r} has no glyph"
    for colour in {text.colour, text.strong}:
        if contrast(colour, text.ground) < worn().contrast:
            yield f"{said!r}: {colour} on {text.ground} is too faint"


def _overlaps(texts: list[Text]) -> Iterator[str]:
    """No words run into each other."""
    inks = [(text, ink) for text in texts for ink in _inks(text)]
    for index, (text, ink) in enumerate(inks):
        for other, second in inks[index + 1 :]:
            if other is not text and _meet(ink, second):
                one, two = (t.content[0].text for t in (text, other))
                yield f"{one!r} and {two!r} overlap"


def _inks(text: Text) -> Iterator[Rect]:
    """Where the glyphs of each line are, leading left out."""
    size = text.fitted.size
    height = line_height(size)
    for number, middle in enumerate(text.middles()):
        line = text.fitted.lines[number]
        wide = sum(measure(run, size * run.ratio) for run in line)
        free = text.rect.w - 2 * PAD - wide
        shift = {"left": 0.0, "center": free / 2, "right": free}[text.align]
        glyphs = min(height, size * 1.0)
        yield Rect(text.rect.x + PAD + shift, middle - glyphs / 2, wide, glyphs)


def _meet(one: Rect, two: Rect) -> bool:
    slack = 2
    return (
        one.x < two.right - slack
        and two.x < one.right - slack
        and one.y < two.top - slack
        and two.y < one.top - slack
    )
