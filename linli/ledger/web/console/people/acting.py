"""Does what a form asks for: in one transaction, once, with the rooms' refusals as answers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection

from linli.ledger.notice.objecting import ObjectionError
from linli.ledger.people.checks import PeopleError
from linli.ledger.people.importing import StaleImportError
from linli.ledger.people.vault import VaultError
from linli.ledger.staff.submissions import first_time
from linli.ledger.web.chinese import in_chinese
from linli.ledger.web.console.guard import Visitor
from linli.ledger.web.forms import Posted
from linli.ledger.web.refusals import DoneBefore, Refused
from linli.ledger.web.site import Site

AT_THE_DESK = "at the desk"
"""Why something was done that needs no reason of its own: somebody came and asked for it."""


@contextmanager
def acting(
    site: Site, visitor: Visitor, form: Posted, now: dt.datetime, back: str
) -> Iterator[Connection]:
    """The form's transaction; news goes out after it. Raises DoneBefore, which leads to `back`, for
    a form that was taken before, and Refused like `looking`."""
    if not form.token:
        raise Refused(422, "表单不完整，请返回、刷新页面后再提交一次。")
    with looking(site) as connection:
        if not first_time(connection, form.token, visitor.worker.login, now):
            raise DoneBefore(back)
        yield connection
    site.committed()


@contextmanager
def looking(site: Site) -> Iterator[Connection]:
    """A transaction that may be sent twice: it writes down who looked, and changes nothing else.
    Raises Refused, in Chinese, for what the rooms refuse: then nothing was changed."""
    try:
        with site.engine.begin() as connection:
            yield connection
    except StaleImportError as error:
        raise Refused(409, in_chinese(str(error))) from error
    except (PeopleError, ObjectionError, VaultError) as error:
        raise Refused(422, in_chinese(str(error))) from error


def reason_of(form: Posted, name: str = "why") -> str:
    """Raises Refused where none is given."""
    why = form.text(name)
    if not 0 < len(why) <= 200:
        raise Refused(422, "请写明原因或用途，1 到 200 个字：它会和您的名字一起记入操作记录。")
    return why
