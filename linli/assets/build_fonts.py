"""Builds our fonts from Debian's fonts-noto-cjk: `python -m linli.assets.build_fonts`.

The Debian collections are 18 MB each, and their first face is the Japanese one. We take the
Simplified Chinese face by name and split it: a small everyday font that is opened at once, and a
font of all rarer Han characters that is opened when somebody's name needs it.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

SOURCES = Path("/usr/share/fonts/opentype/noto")
LICENCE = Path("/usr/share/doc/fonts-noto-cjk/copyright")
TARGET = Path(__file__).with_name("fonts")
WEIGHTS = {"regular": ("Regular", "Noto Sans CJK SC"), "bold": ("Bold", "Noto Sans CJK SC Bold")}
VERSION = 2
"""Part of the stamp: raise it when what is built changes."""

HAN = (
    (0x2E80, 0x2FDF),
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xF900, 0xFAFF),
    (0x20000, 0x323AF),
)
EVERYDAY_BLOCKS = (
    (0x20, 0x7E),
    (0xA0, 0x17F),
    (0x2010, 0x2027),
    (0x2030, 0x203B),
    (0x20AC, 0x20AC),
    (0x2116, 0x2122),
    (0x2190, 0x2199),
    (0x2200, 0x22BF),
    (0x2460, 0x2473),
    (0x25A0, 0x25EF),
    (0x3000, 0x3017),
    (0xFF01, 0xFF5E),
)


def is_han(code: int) -> bool:
    return any(first <= code <= last for first, last in HAN)


def everyday(codes: Iterable[int]) -> set[int]:
    """GB 2312's characters (all of daily life's, not all of names') and the Latin blocks."""
    return {
        code
        for code in codes
        if _in_gb2312(code) or any(first <= code <= last for first, last in EVERYDAY_BLOCKS)
    }


def _in_gb2312(code: int) -> bool:
    try:
        chr(code).encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def ranges(codes: Iterable[int]) -> list[tuple[int, int]]:
    """The same code points as first-last pairs."""
    found: list[tuple[int, int]] = []
    for code in sorted(codes):
        if found and found[-1][1] == code - 1:
            found[-1] = (found[-1][0], code)
        else:
            found.append((code, code))
    return found


def build(target: Path = TARGET) -> bool:
    """Builds what is missing or old. False when everything was there already."""
    stamp = _stamp()
    marker = target / "built"
    if marker.exists() and marker.read_text() == stamp:
        return False
    target.mkdir(parents=True, exist_ok=True)
    marker.unlink(missing_ok=True)
    for weight, (file, face) in WEIGHTS.items():
        path = SOURCES / f"NotoSansCJK-{file}.ttc"
        codes = set(_face(path, face).getBestCmap())
        common = everyday(codes)
        parts = {"linli": common, "linli-rare": {c for c in codes - common if is_han(c)}}
        for family, wanted in parts.items():
            _subset(path, face, wanted, target / f"{family}-{weight}.otf")
            coverage = json.dumps(ranges(wanted), separators=(",", ":"))
            (target / f"{family}.json").write_text(coverage, encoding="ascii")
    (target / "OFL.txt").write_text(_licence(), encoding="utf-8")
    marker.write_text(stamp)
    return True


def _face(path: Path, name: str) -> Any:
    from fontTools.ttLib import TTCollection

    for font in TTCollection(path, lazy=True).fonts:
        if font["name"].getDebugName(4) == name:
            return font
    raise LookupError(f"{path} has no face {name!r}")


def _subset(path: Path, face: str, codes: set[int], out: Path) -> None:
    from fontTools.subset import Options, Subsetter

    options = Options()
    options.layout_features = []
    options.hinting = False
    options.desubroutinize = (
        True  # a twentieth of the file, for two thirds of an open font's memory
    )
    options.notdef_outline = True
    options.drop_tables += ["BASE", "VORG", "vhea", "vmtx", "GPOS", "GSUB", "GDEF"]
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    font = _face(path, face)
    font.recalcBBoxes = False  # a third of the time, and nobody reads them
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=codes)
    subsetter.subset(font)
    font.save(out)


def _licence() -> str:
    if LICENCE.exists():
        return LICENCE.read_text(encoding="utf-8")
    with gzip.open(LICENCE.with_suffix(".gz"), "rt", encoding="utf-8") as text:
        return text.read()


def _stamp() -> str:
    facts = [str(VERSION)]
    for file, _ in WEIGHTS.values():
        source = (SOURCES / f"NotoSansCJK-{file}.ttc").stat()
        facts.append(f"{file} {source.st_size} {int(source.st_mtime)}")
    return hashlib.sha256("\n".join(facts).encode()).hexdigest()


def main() -> int:
    try:
        built = build()
    except FileNotFoundError as error:
        print(f"{error.filename} is missing: install fonts-noto-cjk", file=sys.stderr)
        return 1
    print(f"Fonts {'built' if built else 'are up to date'} in {TARGET}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
