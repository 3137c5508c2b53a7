"""Voucher codes: twelve characters that people can read out, type on a phone, and not guess.

Eleven are random (55 bits), the last is their check character. The letters are Crockford's
base32 (https://www.crockford.com/base32.html): no I, L, O and U; what is typed as I or L is read
as 1, and O as 0. Crockford's own check needs five more symbols; instead the code is a word of a
Reed-Solomon code over the field of 32 elements: the sum of each character times its own power of
a generator is zero. One wrong character adds a product of two factors that are not zero, and two
neighbours swapped add one of three: neither can ever give zero.

A code is stored, not signed. Only the ledger can say whether a voucher was used, so it is asked
anyway; a signature would make the code several times longer and could be recalled by nobody.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable

from linli.ledger.shop.refusals import Refusal, ShopError
from linli.sync.spelling import spelled

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
RANDOM = 11
BITS = 5 * RANDOM
LENGTH = RANDOM + 1
READ_AS = str.maketrans({"I": "1", "L": "1", "O": "0"})
VALUE = {letter: value for value, letter in enumerate(ALPHABET)}
FIELD, OVERFLOW = 0b100101, 0b100000
"""x^5 + x^2 + 1 is primitive: x generates all 31 elements that are not zero."""


def new_code(random_bits: Callable[[int], int]) -> str:
    """A new code; `random_bits` is `secrets.randbits` or stands for it."""
    number = random_bits(BITS)
    values = [(number >> (5 * place)) & 31 for place in range(RANDOM)]
    values.append(_times_generator(_weighed(values)))
    return "".join(ALPHABET[value] for value in values)


def read_code(typed: str) -> str:
    """The code that somebody typed, whatever their keyboard, spaces and hyphens. Raises ShopError
    for what cannot be one."""
    folded = unicodedata.normalize("NFKC", typed).upper()
    code = "".join(c for c in folded if not _is_between(c)).translate(READ_AS)
    if len(code) != LENGTH:
        raise ShopError(
            Refusal.MISTYPED, f"a code has {LENGTH} letters and digits, this has {len(code)}"
        )
    if any(c not in VALUE for c in code) or _weighed(VALUE[c] for c in code):
        raise ShopError(
            Refusal.MISTYPED, "this is not quite a code: compare it letter by letter, type it again"
        )
    return code


def shown(code: str) -> str:
    """In groups that can be read out: 7KQ4-M2XA-90TB."""
    return spelled(code)


def _is_between(character: str) -> bool:
    return character.isspace() or unicodedata.category(character) == "Pd"


def _weighed(values: Iterable[int]) -> int:
    """Each value times a power of the generator by its place, summed: 0 for a code."""
    total = 0
    for value in values:
        total = _times_generator(total) ^ value
    return total


def _times_generator(value: int) -> int:
    doubled = value << 1
    return doubled ^ FIELD if doubled & OVERFLOW else doubled
