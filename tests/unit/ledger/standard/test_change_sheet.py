"""The published notice tells each item once: old and new, why, and what changed besides."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import Connection

from linli.ledger.documents.model import Worth
from linli.ledger.documents.render import pdf
from linli.ledger.standard.changes import Change, Field, Placed, items_of
from linli.ledger.standard.faults import AdjustError, Fault
from linli.ledger.standard.sheet import adjustment_sheet
from linli.sync.messages import Item, ItemLimit, StandardDoc
from tests.unit.ledger.documents.pdf_text import Pdf
from tests.unit.ledger.standard.conftest import FIRST, RAISED, Draft, Publish

NEW = Item(code="C06", name="文明养猫劝导", points=5, record="checkin", duration_min=30)


@pytest.mark.usefixtures("town")
def test_an_items_changes_stand_together(
    connection: Connection, drafted: Draft, published: Publish, now: dt.datetime
) -> None:
    id_ = drafted(
        RAISED,
        Change("B05", Field.LIMIT, ItemLimit(n=4, per="month"), None),
        Change("B05", Field.DURATION, 180, 120),
    )
    published(id_)
    sheet = adjustment_sheet(connection, id_, "yangguang", "评审小组", now)
    (change,) = sheet.changes
    assert (change.code, change.item, change.reason) == ("B05", "应急值守", "夜间值守多")
    assert change.old == Worth(20, "每月 4 次", ("最短时长：至少 180 分钟",))
    assert change.new == Worth(25, "", ("最短时长：至少 120 分钟",))
    assert (sheet.community, sheet.version, sheet.month) == ("阳光社区", "2026-12", "2026-12")
    assert (sheet.effective_on, sheet.issued_on) == (FIRST, now.date())


@pytest.mark.usefixtures("town")
def test_the_pdf_shows_what_came_what_went_and_what_is_called_otherwise(
    connection: Connection,
    drafted: Draft,
    published: Publish,
    standard_doc: StandardDoc,
    now: dt.datetime,
) -> None:
    id_ = drafted(
        Change("B01", Field.NAME, "平安巡逻", "夜间巡逻"),
        Change("C06", Field.ADDED, None, Placed(class_code="C", item=NEW)),
        Change("D05", Field.WITHDRAWN, items_of(standard_doc)["D05"], None),
    )
    published(id_)
    text = Pdf(pdf(adjustment_sheet(connection, id_, "xiangyang", "向阳街道", now))).text
    for part in (
        "向阳街道",
        "文明养猫劝导新增",
        "捐赠闲置物资取消",
        "夜间巡逻调整",
        "名称：平安巡逻",
        "名称：夜间巡逻",
        "到积分服务台当面提出",
    ):
        assert part in text


def test_a_sheet_for_a_place_that_is_not_there_is_refused(
    connection: Connection, drafted: Draft, published: Publish, now: dt.datetime
) -> None:
    id_ = drafted(RAISED)
    published(id_)
    with pytest.raises(AdjustError) as refused:
        adjustment_sheet(connection, id_, "nowhere", "评审小组", now)
    assert refused.value.fault is Fault.BAD_VALUE
