"""How a text is cut into lines that fit: the first type size that has room, then shorter text.

Chinese breaks between any two characters, except that closing marks never begin a line and
opening ones never end one; Latin words and numbers stay whole; where a line breaks between two
parts of a list, the dot between them goes. A last line of a character or two is shared out.
Widths come from `measure`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from linli.kiosk.theme.fonts import stretches

STRONG_OPEN, STRONG_CLOSE = "⟦", "⟧"
"""Around what a translated sentence wants bold: `after ⟦15:06⟧`."""
ELLIPSIS = "…"
LIST_DOT = "·"
NOT_FIRST = set("，。、；：？！）》」』】”’…%·,.;:?!)]}")
NOT_LAST = set("（《「『【“‘([{+#")
QUOTES = set("“‘《「『")
PARTS_BEHIND = set("，。、；：？！,.;:?!" + LIST_DOT)
NO_BREAK = "\u00a0"
LINE_HEIGHT = 1.32
LEFTOVER = 0.34
"""A last line shorter than this part of the width looks lost."""
NARROWER = (0.92, 0.84, 0.76, 0.68, 0.6, 0.52)
"""Parts of the width that are tried, to share out two or three lines."""
_WORD = re.compile(
    r"(?:[^ \n\u00a0]+\u00a0)+[^ \n\u00a0]+"  # held together by no-break spaces
    r"|[^\s\u2e80-\u9fff\uf900-\uffef\U00020000-\U000323af]+|\s|.",
    re.DOTALL,
)


@dataclass(frozen=True)
class Run:
    """A stretch in one font. `ratio` is its size beside the line's."""

    text: str
    family: str = "linli"
    bold: bool = False
    strong: bool = False
    ratio: float = 1.0


Measure = Callable[[Run, float], float]
Line = tuple[Run, ...]


@dataclass(frozen=True)
class Fitted:
    """`shortened`: characters were dropped. `overflows`: and even so it has no room."""

    lines: tuple[Line, ...]
    size: float
    shortened: bool = False
    overflows: bool = False

    @property
    def height(self) -> float:
        return len(self.lines) * line_height(self.size)


def line_height(size: float) -> float:
    return size * LINE_HEIGHT


def runs(text: str, *, bold: bool = False, ratio: float = 1.0) -> Line:
    """The text in runs of one font each; what is marked strong is bold as well."""
    found = []
    strong = False
    for part in re.split(f"([{STRONG_OPEN}{STRONG_CLOSE}])", text):
        if part in (STRONG_OPEN, STRONG_CLOSE):
            strong = part == STRONG_OPEN
            continue
        for stretch, family in stretches(part):
            found.append(Run(stretch, family, bold or strong, strong, ratio))
    return tuple(found)


def fit(
    text: Sequence[Run],
    width: float,
    height: float,
    sizes: Sequence[float],
    measure: Measure,
    max_lines: int = 1,
) -> Fitted:
    """The largest size at which the text has room in `max_lines` lines."""
    if not text:
        return Fitted((), sizes[0])
    for size in sizes:
        room = min(max_lines, max(1, int((height + 1) / line_height(size))))
        lines = broken(text, width, size, measure, room)
        if lines is not None and len(lines) <= room and _fits(lines, height, size):
            return Fitted(_balanced(text, lines, width, size, measure), size)
    size = sizes[-1]
    room = min(max_lines, max(1, int((height + 1) / line_height(size))))
    lines = _shortened(text, width, size, measure, room)
    return Fitted(lines, size, True, not _fits(lines, height, size))


def _balanced(
    text: Sequence[Run], lines: tuple[Line, ...], width: float, size: float, measure: Measure
) -> tuple[Line, ...]:
    """As many lines, none of them a leftover of a character or two: two lines part behind a mark
    where they can, else short ones and three become about as long as each other."""
    if not 2 <= len(lines) <= 3 or any("\n" in run.text for run in text):
        return lines
    short = _width(lines[-1], size, measure) < width * LEFTOVER
    amid = lines[0][-1].text[-1] not in PARTS_BEHIND
    if len(lines) == 2 and (short or amid):
        parted = _parted(text, width, size, measure)
        if parted is not None:
            return parted
    if not short:
        return lines
    balanced = lines
    for part in NARROWER:
        narrower = broken(text, width * part, size, measure, len(lines))
        if narrower is None or len(narrower) != len(lines):
            break
        balanced = narrower
    return balanced


def _parted(
    text: Sequence[Run], width: float, size: float, measure: Measure
) -> tuple[Line, Line] | None:
    """Two lines that part behind a mark, or between two parts of a list, the nearest to the
    middle; else before a quoted title, which then stays whole, however short the line before it
    is. None where one has no room or is short."""
    atoms = _atoms(text)
    places = range(1, len(atoms))
    behind = [at for at in places if atoms[at - 1][-1].text[-1] in PARTS_BEHIND]
    before = [at for at in places if atoms[at][0].text[0] in QUOTES]
    for ways, shortest in ((behind, width * LEFTOVER), (before, 0.0)):
        found = []
        for at in ways:
            halves = _halves(atoms, at)
            first, second = (_width(line, size, measure) for line in halves)
            if max(first, second) <= width and first >= shortest and second >= width * LEFTOVER:
                found.append((max(first, second), halves))
        if found:
            return min(found, key=lambda one: one[0])[1]
    return None


def _halves(atoms: Sequence[list[Run]], at: int) -> tuple[Line, Line]:
    first, second = ([run for atom in part for run in atom] for part in (atoms[:at], atoms[at:]))
    _drop_dot(first)
    return _joined(_unblanked(first)), _joined(_unblanked(second))


def _unblanked(line: Sequence[Run]) -> Sequence[Run]:
    return line[1:] if _blank(line[:1]) else line


def _fits(lines: Sequence[Line], height: float, size: float) -> bool:
    """A line's glyphs are lower than the line: the last one may keep its leading."""
    return (len(lines) - 1) * line_height(size) + size * 1.15 <= height + 1


def broken(
    text: Sequence[Run], width: float, size: float, measure: Measure, max_lines: int = 99
) -> tuple[Line, ...] | None:
    """Lines no wider than `width`; None when one unbreakable piece is wider than a line."""
    whole = tuple(text)
    if not any("\n" in run.text for run in whole):
        if _width(whole, size, measure) <= width:
            return (whole,)
        if max_lines == 1:
            return None
    lines: list[list[Run]] = [[]]
    used = 0.0
    for atom in _atoms(whole):
        if atom[0].text == "\n":
            lines.append([])
            used = 0.0
            continue
        wide = _width(atom, size, measure)
        if wide > width:
            return None
        between = _blank(atom) or atom[0].text == LIST_DOT
        if used + wide > width:
            if between:
                continue
            _drop_dot(lines[-1])
            lines.append([])
            used = 0.0
        if not (used == 0 and between and len(lines) > 1):
            lines[-1].extend(atom)
            used += wide
    return tuple(_joined(line) for line in lines)


def _drop_dot(line: list[Run]) -> None:
    while line and (_blank(line[-1:]) or line[-1].text == LIST_DOT):
        line.pop()


def _shortened(
    text: Sequence[Run], width: float, size: float, measure: Measure, room: int
) -> tuple[Line, ...]:
    """As many characters as have room, with … at the end."""
    characters = [replace(run, text=character) for run in text for character in run.text]
    low, high = 0, len(characters)
    best: tuple[Line, ...] = ((Run(ELLIPSIS),),)
    while low <= high:
        middle = (low + high) // 2
        kept = characters[:middle]
        while kept and kept[-1].text.isspace():
            kept.pop()
        tail = replace(kept[-1], text=ELLIPSIS, family="linli") if kept else Run(ELLIPSIS)
        lines = broken((*_joined(kept), tail), width, size, measure, room)
        if lines is not None and len(lines) <= room:
            best, low = lines, middle + 1
        else:
            high = middle - 1
    return best


def _width(line: Sequence[Run], size: float, measure: Measure) -> float:
    return sum(measure(run, size * run.ratio) for run in line)


def _blank(atom: Sequence[Run]) -> bool:
    return all(run.text.isspace() and run.text != NO_BREAK for run in atom)


def _atoms(text: Sequence[Run]) -> list[list[Run]]:
    """What must stay together."""
    pieces = [
        replace(run, text=match.group()) for run in text for match in _WORD.finditer(run.text)
    ]
    atoms: list[list[Run]] = []
    glued = False
    for piece in pieces:
        if atoms and piece.text != "\n" and (glued or _sticks(atoms[-1], piece)):
            atoms[-1].append(piece)
        else:
            atoms.append([piece])
        glued = piece.text == NO_BREAK or piece.text[-1] in NOT_LAST
    return atoms


def _sticks(before: Sequence[Run], piece: Run) -> bool:
    if before[-1].text.isspace() and before[-1].text != NO_BREAK:
        return False
    return piece.text == NO_BREAK or piece.text[0] in NOT_FIRST


def _joined(line: Sequence[Run]) -> Line:
    """Neighbours of one style become one run; blanks at the end go."""
    joined: list[Run] = []
    for run in line:
        if joined and replace(joined[-1], text="") == replace(run, text=""):
            joined[-1] = replace(run, text=joined[-1].text + run.text)
        else:
            joined.append(run)
    while joined and joined[-1].text.isspace():
        joined.pop()
    if joined:
        joined[-1] = replace(joined[-1], text=joined[-1].text.rstrip())
    return tuple(joined)
