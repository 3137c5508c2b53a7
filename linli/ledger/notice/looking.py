"""Whose deeds stand on a notice, and who is found there by what is typed: one way for everybody who
looks through it, staff at the console and the desk, and residents on their phones."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, or_, select

from linli.ledger.journal.schema import deed
from linli.ledger.notice.schema import notice_deed
from linli.ledger.people.schema import holder
from linli.ledger.standard.versions import Standards
from linli.sync.messages import Kind


def on_notice(scope: str, month: str) -> Select[Any]:
    """The ids of all deeds on it, also of those that were taken back since; `deed` and `holder`
    are joined."""
    return (
        select(deed.c.id)
        .select_from(notice_deed)
        .join(deed, deed.c.id == notice_deed.c.deed)
        .join(holder, holder.c.account == deed.c.account)
        .where(and_(notice_deed.c.scope == scope, notice_deed.c.month == month))
    )


def called(name: str) -> ColumnElement[bool]:
    """Nobody is found by a name that everybody's eyes may not see: see `masking.public_name`."""
    named = (holder.c.kind == Kind.UNIT.value) | (
        holder.c.public_consent.is_(True) & holder.c.under14.is_(False)
    )
    masked = holder.c.name_masked.contains(name, autoescape=True)
    return (named & masked) | (~named & holder.c.alias.contains(name, autoescape=True))


def sought(text: str, standards: Standards) -> ColumnElement[bool]:
    """By the public name, what the item is called in any version, or the deed's whole number."""
    items = {
        item.code
        for doc in standards.docs
        for class_ in doc.classes
        for item in class_.items
        if text in item.name or text == item.code
    }
    named = deed.c.item.in_(sorted(items)) if items else false()
    return or_(called(text), named, deed.c.id == text)
