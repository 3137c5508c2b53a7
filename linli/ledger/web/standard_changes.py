"""What was adjusted in the standard, a change a row: for staff and for everybody alike."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from linli.ledger.standard.history import Step
from linli.ledger.standard.shown import show
from linli.ledger.standard.wording import FIELDS, value_words

CHANGES_HEAD = ("版本", "生效日期", "编码", "事项", "内容", "原来", "现在", "理由")


def change_rows(of: Sequence[Step]) -> Iterator[Sequence[object]]:
    for step in of:
        names = {one.code: one.name for one in show(step.entries, step.before)}
        for entry in step.entries:
            change = entry.change
            yield (
                step.doc.version,
                step.doc.effective_from,
                change.code,
                names[change.code],
                FIELDS[change.field],
                value_words(change.field, change.old),
                value_words(change.field, change.new),
                entry.reason,
            )
