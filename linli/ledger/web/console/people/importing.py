"""A list of people is uploaded, looked at, and taken whole or not at all."""

from __future__ import annotations

import io
from collections import Counter

from fastapi import APIRouter, Request
from fastapi.responses import Response
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from linli.ledger.database import reading
from linli.ledger.people.access_log import note
from linli.ledger.people.importing import Preview, preview, take
from linli.ledger.people.masking import masked
from linli.ledger.people.roster import CARD, CHIP, COLUMNS, CONSENT, KIND, KINDS, PHONE, UNDER14
from linli.ledger.people.spreadsheet import ROWS_CAP, SIZE_CAP
from linli.ledger.web.console.drawing import console_page
from linli.ledger.web.console.guard import Clerk
from linli.ledger.web.console.people.acting import acting
from linli.ledger.web.console.people.places import buildings_of
from linli.ledger.web.console.people.reach import PEOPLE
from linli.ledger.web.forms import Form
from linli.ledger.web.listing import XLSX
from linli.ledger.web.refusals import Refused
from linli.ledger.web.rendering import download, go
from linli.ledger.web.site import Here

IMPORTING = "/console/importing"
routes = APIRouter(prefix=IMPORTING)
SHOWN = 100
"""Of problems and of people: who has more of them corrects these first."""
GONE = "预览已经过期（超过半小时、系统重启过，或者已经导入）。请重新上传名单；没有导入任何人。"
HOW = "前三列必填。类别写居民、党员或单位；单位可以不写楼栋；卡号和卡片UID要填就都填。"


@routes.get("")
def show_form(request: Request, site: Here, visitor: Clerk) -> Response:
    with reading(site.engine) as connection:
        buildings = buildings_of(connection, visitor.scope)
    megabytes = SIZE_CAP // 2**20
    return console_page(
        request,
        visitor,
        "people/importing.html",
        buildings=buildings,
        most=f"{megabytes} MB、{ROWS_CAP} 行",
    )


@routes.post("")
def look_at(request: Request, site: Here, visitor: Clerk, form: Form) -> Response:
    """Nothing is kept but in memory, until it is confirmed."""
    files = form.files("list")
    if len(files) != 1:
        raise Refused(422, "请选择一个名单文件（xlsx 或 csv）再上传。")
    data = files[0].file.read(SIZE_CAP + 1)
    with reading(site.engine) as connection:
        found = preview(connection, visitor.scope, data, site.ring)
    name = ""
    if not found.problems:
        name = site.uploads.keep(visitor.worker.login, found, site.clock.now())
    return console_page(
        request,
        visitor,
        "people/preview.html",
        422 if found.problems else 200,
        found=found,
        upload=name,
        file_name=files[0].filename or "",
        kinds=Counter(line.kind.value for line in found.rows),
        cards=sum(line.card is not None for line in found.rows),
        names=[masked(line.name, line.kind) for line in found.rows[:SHOWN]],
        shown=SHOWN,
    )


@routes.post("/take")
def take_all(request: Request, site: Here, visitor: Clerk, form: Form) -> Response:
    name, now = form.text("upload"), site.clock.now()
    with acting(site, visitor, form, now, PEOPLE) as connection:
        found = site.uploads.read(visitor.worker.login, name, now)
        if not isinstance(found, Preview) or found.scope != visitor.scope:
            raise Refused(409, GONE)
        accounts = take(connection, found, site.ring, now)
        span = f"{accounts[0]} to {accounts[-1]}"
        note(connection, visitor.signature, f"import {len(accounts)} people", None, span, now)
    site.uploads.drop(name)
    return go(request, PEOPLE, f"名单已导入：登记了 {len(accounts)} 个账户（{accounts[0]} 起）。")


@routes.get("/template.xlsx")
def template(_visitor: Clerk) -> Response:
    """An empty list with its columns, their numbers kept as text and the choices offered."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "名单"
    sheet.append([HOW])
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(COLUMNS))
    sheet.cell(1, 1).alignment = Alignment(wrap_text=True, vertical="top")
    sheet.row_dimensions[1].height = 36
    sheet.append(list(COLUMNS))
    choices = {KIND: ",".join(KINDS), CONSENT: "是,否", UNDER14: "是,否"}
    for number, column in enumerate(COLUMNS, start=1):
        letter = get_column_letter(number)
        sheet.cell(2, number).font = Font(bold=True)
        sheet.column_dimensions[letter].width = 18 if column in (PHONE, CARD, CHIP) else 12
        sheet.column_dimensions[letter].number_format = "@"
        if column in choices:
            offered = DataValidation(type="list", formula1=f'"{choices[column]}"')
            offered.add(f"{letter}3:{letter}{ROWS_CAP}")
            sheet.add_data_validation(offered)
    sheet.freeze_panes = "A3"
    out = io.BytesIO()
    book.save(out)
    return download(out.getvalue(), "people-template.xlsx", XLSX)
