"""Money in words, as Chinese accounts require it: 人民币壹仟贰佰元伍角整."""

from __future__ import annotations

from linli.ledger.documents.model import DocumentError

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_STEPS = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿")
_MOST = 10**14
"""One fen more would need a fourth group of four digits."""


def in_words(fen: int) -> str:
    """The amount in capital characters, ending in 整 where no fen follow. Raises DocumentError
    for an amount below nothing or beyond twelve digits of yuan."""
    if not 0 <= fen < _MOST:
        raise DocumentError(f"{fen} fen cannot be written in words")
    yuan, rest = divmod(fen, 100)
    jiao, cents = divmod(rest, 10)
    words = f"{_whole(yuan)}元" if yuan or not rest else ""
    if jiao:
        words += f"{_DIGITS[jiao]}角"
    elif cents and words:
        words += "零"
    words += f"{_DIGITS[cents]}分" if cents else "整"
    return f"人民币{words}"


def _whole(number: int) -> str:
    if number == 0:
        return _DIGITS[0]
    words = ""
    for group in reversed(range(len(_GROUPS))):
        four = number // 10 ** (4 * group) % 10_000
        if four:
            # One 零 stands for all noughts skipped between what is said already and this group.
            skipped = words and (four < 1000 or words.endswith(_DIGITS[0]))
            words = words.rstrip(_DIGITS[0]) + (_DIGITS[0] if skipped else "")
            words += _group(four) + _GROUPS[group]
        elif words:
            words = words.rstrip(_DIGITS[0]) + _DIGITS[0]
    return words.rstrip(_DIGITS[0])


def _group(four: int) -> str:
    words = ""
    for step in reversed(range(len(_STEPS))):
        digit = four // 10**step % 10
        if digit:
            words += _DIGITS[digit] + _STEPS[step]
        elif words and not words.endswith(_DIGITS[0]):
            words += _DIGITS[0]
    return words.rstrip(_DIGITS[0])
