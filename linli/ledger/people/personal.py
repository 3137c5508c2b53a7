"""What the desk may know of a person: checked, and brought to one spelling. Pure."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass, field

from linli.ledger.people.checks import PeopleError

FIELDS = ("name", "phone", "id_tail", "birthday")
MOBILE = re.compile(r"1[3-9][0-9]{9}")
LANDLINE = re.compile(r"0[0-9]{9,11}")
ID_TAIL = re.compile(r"[0-9]{3}[0-9X]")
EARLIEST = dt.date(1900, 1, 1)


@dataclass(frozen=True, slots=True)
class Personal:
    """`id_tail` are the last four characters of the ID card's number; nobody needs the others."""

    name: str = field(repr=False)
    phone: str | None = field(default=None, repr=False)
    id_tail: str | None = field(default=None, repr=False)
    birthday: dt.date | None = field(default=None, repr=False)


def plain(text: str) -> str:
    """Full-width letters, digits and blanks as usual ones, and no blank more than one."""
    return " ".join(unicodedata.normalize("NFKC", text).split())


def plain_phone(text: str) -> str:
    """A telephone number as digits alone. Raises PeopleError for what is none; the text does not
    repeat it."""
    digits = re.sub(r"[ ()\-]", "", plain(text))
    digits = re.sub(r"^(?:\+|00)86", "", digits)
    if not MOBILE.fullmatch(digits) and not LANDLINE.fullmatch(digits):
        raise PeopleError(
            "the phone number is none: give 11 digits of a mobile, or a landline with its area code"
        )
    return digits


def plain_uid(text: str) -> str:
    """A chip's UID as readers type it, as hex digits alone: 04:A1:B2 as 04a1b2."""
    return re.sub(r"[ :\-]", "", plain(text)).lower()


def checked(given: Personal, today: dt.date) -> Personal:
    """The same in one spelling. Raises PeopleError, whose text repeats no value."""
    name = plain(given.name)
    if not 0 < len(name) <= 64:
        raise PeopleError("the name is empty or too long: give the full name")
    tail = None if given.id_tail is None else plain(given.id_tail).upper()
    if tail is not None and not ID_TAIL.fullmatch(tail):
        raise PeopleError("the ID card's last digits are not four: give 4, the last may be X")
    if given.birthday is not None and not EARLIEST <= given.birthday <= today:
        raise PeopleError("the birthday is in the future or too long ago: look at it again")
    phone = None if given.phone is None else plain_phone(given.phone)
    return Personal(name, phone, tail, given.birthday)
