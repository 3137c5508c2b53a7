"""Numbers and times as they are said: in Chinese as words, since a voice may read figures one
by one or in another language; in English as figures."""

from __future__ import annotations

import datetime as dt

CHINESE = "zh_CN"
_DIGITS = "零一二三四五六七八九"
_PLACES = ("", "十", "百", "千")
LARGEST = 99_999_999


def number(n: int, language: str) -> str:
    """A number that names something: door 2 is 二号. `n` is 0 … LARGEST; raises ValueError."""
    if not 0 <= n <= LARGEST:
        raise ValueError(f"{n} is not said aloud")
    return _chinese(n) if language == CHINESE else str(n)


def count(n: int, language: str) -> str:
    """A number of things: two of them are 两."""
    return "两" if n == 2 and language == CHINESE else number(n, language)


def time(moment: dt.datetime, language: str) -> str:
    """15:06 is 十五点零六分."""
    if language != CHINESE:
        return f"{moment:%H:%M}"
    hour = count(moment.hour, language) + "点"
    if moment.minute == 0:
        return hour + "整"
    nought = "零" if moment.minute < 10 else ""
    return f"{hour}{nought}{_chinese(moment.minute)}分"


def _chinese(n: int) -> str:
    if n == 0:
        return _DIGITS[0]
    myriads, rest = divmod(n, 10_000)
    if not myriads:
        return _below_a_myriad(n, leading=True)
    said = _below_a_myriad(myriads, leading=True) + "万"
    if rest:
        said += ("零" if rest < 1000 else "") + _below_a_myriad(rest, leading=False)
    return said


def _below_a_myriad(n: int, *, leading: bool) -> str:
    """Noughts within are said once, those at the end not at all; a `leading` 10 … 19 has no 一."""
    said, gap = "", False
    for place in reversed(range(4)):
        digit = n // 10**place % 10
        if digit == 0:
            gap = bool(said)
            continue
        said += ("零" if gap else "") + _DIGITS[digit] + _PLACES[place]
        gap = False
    return said.removeprefix("一") if leading and 10 <= n < 20 else said
