"""Hands a person all that the ledger has of them, as a workbook to read or as JSON."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from openpyxl import Workbook
from openpyxl.styles import Font

from linli.ledger.database import reading
from linli.ledger.documents.cells import put
from linli.ledger.people.exporting import export
from linli.ledger.web.console.drawing import console_page
from linli.ledger.web.console.guard import Clerk
from linli.ledger.web.console.people.acting import looking, reason_of
from linli.ledger.web.console.people.reach import HOLDER, holder_in_reach
from linli.ledger.web.forms import Form
from linli.ledger.web.listing import XLSX
from linli.ledger.web.rendering import download
from linli.ledger.web.site import Here
from linli.ledger.web.words import FIELD

routes = APIRouter(prefix=HOLDER)
LONGEST_CELL = 32_767
"""What a spreadsheet takes: a file with more is called damaged."""
SHEETS = {
    "personal": "个人信息",
    "holder": "账户",
    "merged": "合并的账户",
    "cards": "便民服务卡",
    "balances": "积分余额",
    "deeds": "积分事项",
    "transfers": "积分收支",
    "attendance": "签到签退",
    "standings": "排名积分",
    "objections": "提出的异议",
    "debts": "待扣回的积分",
    "looked_at_by": "谁看过",
    "phones": "绑定的手机",
    "declarations": "手机申报",
    "photos": "申报的照片",
    "entered_at_the_desk": "服务台录入",
    "stories": "邻里故事",
    "survey_replies": "问卷",
}
"""What is not here yet gets a sheet all the same, under its name in the ledger."""
COLUMNS = {
    **FIELD,
    "account": "账户",
    "kind": "类别",
    "home": "住址编号",
    "scope": "社区",
    "name_masked": "打星号的姓名",
    "alias": "化名",
    "public_consent": "同意公示姓名",
    "under14": "未满14岁",
    "closed_at": "关闭时间",
    "closed_as": "关闭方式",
    "id": "编号",
    "uid": "卡片UID",
    "chip": "芯片",
    "status": "状态",
    "blocked_at": "挂失时间",
    "posted": "已入账",
    "pending": "待审核",
    "item": "事项",
    "activity": "活动",
    "day": "日期",
    "done_at": "完成时间",
    "points": "分值",
    "state": "状态",
    "standard_version": "标准版本",
    "flags": "标记",
    "made_at": "时间",
    "decided_at": "决定时间",
    "reason": "理由",
    "in_at": "签到",
    "out_at": "签退",
    "period": "周期",
    "deed": "事项编号",
    "words": "内容",
    "answer": "答复",
    "answered_at": "答复时间",
    "at": "时间",
    "who": "谁",
    "role": "岗位",
    "what": "做了什么",
    "why": "用途",
    "linked_at": "绑定时间",
    "seen_at": "最近使用",
    "ended_at": "解除时间",
}
"""What has no word here goes by its name in the ledger, which the record uses as well."""


@routes.get("/export")
def ask_why(request: Request, site: Here, visitor: Clerk, account: str) -> Response:
    with reading(site.engine) as connection:
        of = holder_in_reach(connection, visitor, account)
    return console_page(request, visitor, "people/export.html", of=of)


@routes.post("/export")
def hand_over(site: Here, visitor: Clerk, form: Form) -> Response:
    account, why, now = form.text("account"), reason_of(form), site.clock.now()
    with looking(site) as connection:
        holder_in_reach(connection, visitor, account)
        told = export(connection, account, site.ring, visitor.signature, why, now)
    if form.text("format") == "json":
        body = json.dumps(told, ensure_ascii=False, indent=2).encode()
        return download(body, f"{account}.json", "application/json")
    return download(workbook(told), f"{account}.xlsx", XLSX)


def workbook(told: Mapping[str, Any]) -> bytes:
    """A sheet for each kind of thing, with the rows of all their accounts."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for key in [key for key in told["accounts"][0] if key != "account"]:
        rows = [row for one in told["accounts"] for row in _rows(one, key)]
        sheet = book.create_sheet(SHEETS.get(key, key))
        names = list(rows[0]) if rows else []
        for column, name in enumerate(names, start=1):
            put(sheet.cell(1, column), COLUMNS.get(name, name))
            sheet.cell(1, column).font = Font(bold=True)
        for number, row in enumerate(rows, start=2):
            for column, name in enumerate(names, start=1):
                put(sheet.cell(number, column), _plain(row[name]))
        if not rows:
            put(sheet.cell(1, 1), "没有")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _rows(one: Mapping[str, Any], key: str) -> Sequence[Mapping[str, Any]]:
    value = one[key]
    if value is None:
        return []
    rows = value if isinstance(value, list) else [value]
    return [row if "account" in row else {"account": one["account"], **row} for row in rows]


def _plain(value: object) -> object:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, str) and len(value) > LONGEST_CELL:
        return "太长，完整内容（例如照片）在 JSON 导出里"
    return value
