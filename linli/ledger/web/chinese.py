"""Says in Chinese what the ledger's rooms refuse in English.

A room's error is one sentence with values in it; the catalogue `ledger.po` holds each sentence as
the code writes it, `{}` for each value, and its translation. What it lacks is shown as it is, below
a sentence that says that nothing was changed: a refusal without its reason helps nobody.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files

VALUE = "{}"
PART = "part"
HAN = re.compile("[“《]?[\u4e00-\u9fff]")
ANY = re.compile(re.escape(re.escape(VALUE)))
LONG = 12
"""A value longer than this may be a sentence."""
NOTHING_DONE = "没有完成，什么都没有改动。原因："


def in_chinese(sentence: str) -> str:
    """A refusal in Chinese, values as they are; one that is in Chinese already stays so."""
    known = translated(sentence)
    return known if known != sentence or HAN.match(sentence) else f"{NOTHING_DONE}{sentence}"


def translated(sentence: str, context: str | None = None) -> str:
    """The sentence as the catalogue has it; as it is where the catalogue lacks it."""
    for pattern, text in _patterns(context):
        if found := pattern.fullmatch(sentence):
            return text.format(*(_value(value) for value in found.groups()))
    return sentence


def read_catalogue(context: str | None = None) -> Mapping[str, str]:
    """English sentence → Chinese one, both with `{}` for values (`{0}` in another order); or, in
    the context `PART`, what stands within a sentence."""
    from babel.messages.pofile import read_po

    file = files("linli.assets").joinpath("locale", "zh_CN", "LC_MESSAGES", "ledger.po")
    with file.open("rb") as opened:
        known = [m for m in read_po(opened) if m.id and m.string and m.context == context]
    return {str(m.id): str(m.string) for m in known}


@lru_cache(maxsize=2)
def _patterns(context: str | None = None) -> list[tuple[re.Pattern[str], str]]:
    """Longest first: the more a sentence says, the surer it is meant."""
    catalogue = read_catalogue(context)
    ordered = sorted(catalogue, key=lambda text: (-len(text.replace(VALUE, "")), text))
    return [(pattern_of(text), catalogue[text]) for text in ordered]


def pattern_of(text: str) -> re.Pattern[str]:
    return re.compile(ANY.sub("(.*?)", re.escape(text)), re.DOTALL)


def _value(value: str) -> str:
    """It may be a refusal of its own, “{error}: …”, or words of ours, “this month”."""
    known = translated(value) if len(value) > LONG else value
    return known if known != value else translated(value, PART)
