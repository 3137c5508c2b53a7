"""Shows every sample, goes home, and tells what of the person before is still there. A program of
its own, run by test_what_stays.py: Kivy keeps one window and much global state a process.

`python tests/system/what_stays.py` writes `{"sample": ["what stays", …]}` as JSON."""

from __future__ import annotations

import gc
import json
import types
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from linli.kiosk.theme.stage import Stage  # first: it settles Kivy's settings

from kivy.graphics import Rectangle  # isort: skip

import screen_samples

from linli.kiosk.flows.actions import Typed
from linli.kiosk.flows.views import Home, Screen
from linli.kiosk.flows.visit_views import Pad
from linli.kiosk.screens.phone import Code
from linli.kiosk.screens.shell import Shell
from linli.kiosk.screens.visit.pad import KEYS, Key
from linli.kiosk.theme import text as words
from linli.kiosk.theme.rect import Rect
from linli.kiosk.theme.text import Text
from linli.kiosk.theme.words import Words

LANDSCAPE = Rect(0, 0, 1280, 800)
HOME = Screen(Home("邻里中心"))
NOT_PARTS = (types.ModuleType, types.FunctionType, types.BuiltinFunctionType, type, Words)
"""Code, not state: what it refers to is the whole program."""


def personal(value: object) -> Iterator[str]:
    """All words of a view that are somebody's: names, titles, codes. Ids in plain letters are left
    out: Kivy's own sources, which its widgets refer to, are full of such words."""
    if is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from personal(getattr(value, field.name))
    elif isinstance(value, tuple):
        for one in value:
            yield from personal(one)
    elif type(value) is str and (not value.isascii() or value[:1].isdigit()):
        yield value


def reached(root: object) -> Iterator[Any]:
    """All objects that a widget tree holds on to, by whatever way."""
    waiting, seen = [root], {id(root)}
    while waiting:
        one = waiting.pop()
        yield one
        for other in gc.get_referents(one):
            if id(other) not in seen and not isinstance(other, NOT_PARTS):
                seen.add(id(other))
                waiting.append(other)


def type_digits(shell: Shell) -> None:
    for widget in shell.walk():
        if isinstance(widget, Key) and widget.key in KEYS[:9]:
            for _ in range(2):
                widget.dispatch("on_press")


def remains(shell: Shell, sample: Screen, common: set[str]) -> list[str]:
    """What is left of `sample`; `common` words are said to everybody."""
    kept = {*personal(sample.view), *personal(sample.also)} - common
    found = []
    home = {id(widget) for widget in shell.walk()}
    objects = list(reached(shell))
    for one in objects:
        if isinstance(one, Text) and id(one) not in home and one.content:
            found.append(f"text {one.content[0].text!r}")
        if isinstance(one, Text):
            drawn = [picture for _, picture in one._drawn if id(one) not in home]
            found += ["a text's picture" for picture in drawn if picture.size != (0, 0)]
        if isinstance(one, Code) and (one._shown or one._area.size != (0, 0)):
            found.append("a code's picture")
        if isinstance(one, Rectangle) and one.texture is None:
            continue
        if isinstance(one, type(sample.view) | Typed) and not isinstance(one, Home):
            found.append(f"a {type(one).__name__}")
        if type(one) is str and any(word in one for word in kept):
            found.append(f"word {one!r}")
    if isinstance(sample.view, Pad) and words._extent.cache_info().currsize > 0:
        found.append("widths of digits")
    return sorted(set(found))


def main() -> None:
    acted: list[object] = []
    shell = Shell(Words("zh_CN"), on_choose=print, on_act=acted.append, on_home=lambda: None)
    stage = Stage("", shell, lambda *_: None)
    now = screen_samples.NOW
    shell.put(LANDSCAPE, HOME, now, None)
    persons = [s for s in screen_samples.SAMPLES if not isinstance(s.screen.view, Home)]
    for sample in persons:
        shell.put(LANDSCAPE, sample.screen, now, 5)
    shell.put(LANDSCAPE, HOME, now, None)
    common = {one for one in reached(shell) if type(one) is str}
    found = {}
    for sample in persons:
        shell.put(LANDSCAPE, sample.screen, now, 5)
        if isinstance(sample.screen.view, Pad):
            type_digits(shell)
        acted.clear()
        shell.put(LANDSCAPE, HOME, now, None)
        found[sample.name] = remains(shell, sample.screen, common)
    found["at all"] = sorted(
        word
        for word in common
        for name in ("张*", "欧阳", "王*", "李*", screen_samples.LONG_UNIT)
        if name in word
    )
    stage.stop()
    print(json.dumps(found, ensure_ascii=False))


if __name__ == "__main__":
    main()
