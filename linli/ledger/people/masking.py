"""How a name is shown: masked, or not at all.

A masked name keeps the first and the last character and one * for each hidden one: 张*三,
买****提. Of two characters the first stays: 张*. A compound surname stays whole: 欧阳*, 欧阳*娜.
Units are organisations: their full name is public.
"""

from __future__ import annotations

import hashlib

from linli.sync.messages import Kind

_PAIRS = (
    "欧阳司马上官诸葛东方皇甫尉迟公孙慕容令狐司徒司空夏侯闻人轩辕长孙宇文独孤南宫西门"
    "东郭百里呼延端木申屠公冶太史淳于单于濮阳钟离鲜于闾丘亓官仲孙赫连澹台宗政拓跋夹谷"
    "宰父谷梁段干东门南门第五左丘梁丘微生羊舌万俟"
)
COMPOUND_SURNAMES = frozenset(_PAIRS[at : at + 2] for at in range(0, len(_PAIRS), 2))
ALIAS = "热心邻居"
ERASED = "已注销"


def masked(name: str, kind: Kind = Kind.RESIDENT) -> str:
    """The name as screens show it to its bearer and to staff."""
    name = name.strip()
    if kind is Kind.UNIT:
        return name
    surname = name[:2] if len(name) > 2 and name[:2] in COMPOUND_SURNAMES else name[:1]
    hidden = len(name) - len(surname)
    if hidden <= 1:
        return (surname if hidden else "") + "*"
    return surname + "*" * (hidden - 1) + name[-1]


def alias_of(account: str) -> str:
    """The name of somebody who did not consent to theirs: 热心邻居0421, from nothing but the
    account's own number."""
    digits = "".join(character for character in account if character.isdecimal())
    if not digits:
        digits = str(int.from_bytes(hashlib.sha256(account.encode()).digest()[:4], "big"))
    return f"{ALIAS}{int(digits):04d}"


def erased_name(account: str) -> str:
    """What is shown in place of a name that was forgotten: 已注销0421."""
    return alias_of(account).replace(ALIAS, ERASED)


def public_name(name_masked: str, alias: str, kind: Kind, *, consent: bool, under14: bool) -> str:
    """The name for everybody's eyes: masked only with consent, and never a child's."""
    if kind is Kind.UNIT:
        return name_masked
    return name_masked if consent and not under14 else alias
