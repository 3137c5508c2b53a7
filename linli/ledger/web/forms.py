"""Forms: their token against forgery, their size, and what was typed, as text.

The token is bound to a cookie of this browser and to who is logged in, so that a form of another
site, another browser or an earlier login is not taken.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from starlette.datastructures import FormData, UploadFile

from linli.ledger.web.cookies import FORM, SESSIONS
from linli.ledger.web.refusals import Refused

LARGEST = 30 * 2**20
MOST_FIELDS, MOST_FILES = 3000, 6
LARGEST_NUMBER = 10**9
"""No form asks for more, and every database keeps it."""
_NEVER_TYPED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
"""Control characters but for tab and line breaks, and halves of characters."""


def form_secret() -> str:
    """What a browser that has none yet gets as its cookie."""
    return secrets.token_urlsafe(18)


def form_token(request: Request, secret: str) -> str:
    """What a form carries along to be taken from this browser."""
    session = "".join(request.cookies.get(name, "-") for name in SESSIONS)
    return hmac.new(secret.encode(), session.encode(), hashlib.sha256).hexdigest()


@dataclass(frozen=True, slots=True)
class Posted:
    """A form that may be taken. `token` names this one copy of it: see staff.submissions."""

    data: FormData

    @property
    def token(self) -> str:
        return self.text("once")

    def text(self, name: str) -> str:
        """What was typed, trimmed; empty where the field is missing or is a file."""
        value = self.data.get(name, "")
        return value.strip() if isinstance(value, str) else ""

    def texts(self, name: str) -> list[str]:
        return [value.strip() for value in self.data.getlist(name) if isinstance(value, str)]

    def whole(self, name: str) -> int:
        """Raises Refused for what is no whole number, or a larger one than anybody means."""
        text = self.text(name).translate(_PLAIN_DIGITS)
        try:
            number = int(text)
        except ValueError:
            raise Refused(422, f"“{text[:20]}”不是整数，请改成像 12 这样的数字。") from None
        if abs(number) > LARGEST_NUMBER:
            raise Refused(422, f"“{text[:20]}”太大了，请改成像 12 这样的数字。")
        return number

    def files(self, name: str) -> list[UploadFile]:
        """Those that have something in them."""
        return [v for v in self.data.getlist(name) if isinstance(v, UploadFile) and v.size]


_PLAIN_DIGITS = str.maketrans("０１２３４５６７８９－", "0123456789-")


async def posted(request: Request) -> Posted:
    """The request's form. Raises Refused for one that is too large, from elsewhere, or with what
    nobody types and not every database keeps."""
    length = request.headers.get("content-length", "")
    if not length.isdecimal() or int(length) > LARGEST:
        raise Refused(413, f"内容太大：一次最多 {LARGEST // 2**20} MB，请减少照片后再交。")
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise Refused(403, "这个表单不是从本系统打开的，没有提交。请从本系统的页面重新填写。")
    data = await request.form(max_fields=MOST_FIELDS, max_files=MOST_FILES)
    given, secret = data.get("csrf"), request.cookies.get(FORM, "")
    expected = form_token(request, secret)
    if not (secret and isinstance(given, str) and _same(given, expected)):
        raise Refused(409, "这个页面打开得太久，或者中途重新登录过。请返回、刷新页面后再提交一次。")
    typed = (value for _, value in data.multi_items() if isinstance(value, str))
    if any(map(_NEVER_TYPED.search, typed)):
        raise Refused(422, "填写的内容里有看不见的控制字符，请删掉重新输入后再提交。")
    return Posted(data)


def _same(given: str, expected: str) -> bool:
    """In a time that tells nothing; what was given may be any text."""
    return hmac.compare_digest(given.encode("utf-8", "replace"), expected.encode())


Form = Annotated[Posted, Depends(posted)]
