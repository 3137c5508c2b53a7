"""Answers to what goes wrong: JSON for programs under /v1, a page in Chinese for people."""

from __future__ import annotations

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse
from sqlalchemy.exc import DataError, IntegrityError, SQLAlchemyError
from starlette.exceptions import HTTPException

from linli.ledger.documents.model import DocumentError
from linli.ledger.web.hardening import HEADERS, PRIVATE
from linli.ledger.web.refusals import DoneBefore, LoginNeeded, Refused
from linli.ledger.web.rendering import go, page

log = structlog.get_logger()
FOR_PROGRAMS = ("/v1/", "/healthz", "/openapi.json")
FOR_RESIDENTS, FOR_MERCHANTS = "/me/", "/merchant/"
SENTENCES = {
    400: "提交的内容不完整，或者文件太多。请返回检查后再交一次。",
    403: "您的岗位不能做这件事。需要的话，请联系系统管理员。",
    404: "没有这个页面，可能是地址不完整，或者内容已经撤下。",
    405: "这个地址不能这样打开。请从本系统的页面进入。",
    413: "内容太大，请减少照片或缩小文件后再交。",
    422: "地址里的内容不完整或不对，请从本系统的页面进入。",
}
NOT_SET = "这份文件暂时排不出来，可能是机器上缺少字体。请联系维护人员，账本里的内容没有影响。"
NOT_KEPT = "内容里有账本存不下的字符或数字，没有保存。请返回检查：太长的、太大的改短改小后再交。"
UNFORESEEN = "系统出了意外，这一步没有办成，原因已记进日志。请返回再试；还不行，请联系维护人员。"
QUICKER = "刚刚有人办了同一件事，您这一次没有保存。请返回、刷新页面，看过以后再决定。"
DATABASE_AWAY = "账本暂时打不开，您填的内容没有保存。请过一会儿再试；还不行，请联系维护人员。"


def answer_errors(app: FastAPI) -> None:
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(LoginNeeded, _login)
    app.add_exception_handler(DoneBefore, _done_before)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(DocumentError, _not_set)
    app.add_exception_handler(DataError, _not_kept)
    app.add_exception_handler(IntegrityError, _other_was_quicker)
    app.add_exception_handler(SQLAlchemyError, _database_away)
    app.add_exception_handler(Exception, _unforeseen)


def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)  # noqa: S101 - registered for these only
    return _said(request, error.status, error.sentence)


def _login(_request: Request, error: Exception) -> Response:
    assert isinstance(error, LoginNeeded)  # noqa: S101 - registered for these only
    return RedirectResponse(error.to, 303)


def _done_before(request: Request, error: Exception) -> Response:
    assert isinstance(error, DoneBefore)  # noqa: S101 - registered for these only
    return go(request, error.to, "这份表单刚才已经提交过，只办理了一次。")


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for these only
    if _for_programs(request):
        return JSONResponse({"error": error.detail}, error.status_code, error.headers)
    return _said(request, error.status_code, SENTENCES.get(error.status_code, SENTENCES[404]))


def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for these only
    if _for_programs(request):
        wrong = "; ".join(f"{one['loc'][-1]}: {one['msg']}" for one in error.errors())
        return JSONResponse({"error": wrong}, 422)
    return _said(request, 422, SENTENCES[422])


def _not_set(request: Request, error: Exception) -> Response:
    """The ledger has all that the document needs, this machine has not."""
    log.error("document not set", path=request.url.path, error=str(error))
    return _said(request, 503, NOT_SET)


def _not_kept(request: Request, error: Exception) -> Response:
    """The database is there, and has no room for what was sent."""
    log.warning("data not kept", path=request.url.path, error=str(error))
    if _for_programs(request):
        return JSONResponse({"error": "the ledger cannot keep such a text or number"}, 422)
    return _said(request, 422, SENTENCES[422] if request.method == "GET" else NOT_KEPT)


def _other_was_quicker(request: Request, error: Exception) -> Response:
    """Two did at one moment what only one can: the database refused the second."""
    log.warning("refused by the database", path=request.url.path, error=str(error))
    if _for_programs(request):
        return JSONResponse({"error": "somebody else was quicker: look at it again"}, 409)
    return _said(request, 409, QUICKER)


def _database_away(request: Request, error: Exception) -> Response:
    log.error("database not read", path=request.url.path, error=str(error))
    if _for_programs(request):
        return JSONResponse(
            {"error": "the ledger's database does not answer: try again later"}, 503
        )
    return _said(request, 503, DATABASE_AWAY)


def _unforeseen(request: Request, error: Exception) -> Response:
    """Answered outside of all else, so that it brings the headers of a page itself."""
    log.error("request failed", path=request.url.path, error=repr(error))
    if _for_programs(request):
        return JSONResponse({"error": "the ledger failed: its log says why"}, 500)
    response = _said(request, 500, UNFORESEEN)
    response.headers.update({**HEADERS, "Cache-Control": PRIVATE})
    return response


def _for_programs(request: Request) -> bool:
    """Where there are no pages, everybody is."""
    return request.app.state.site is None or request.url.path.startswith(FOR_PROGRAMS)


def _said(request: Request, status: int, sentence: str) -> Response:
    if f"{request.url.path}/".startswith(FOR_RESIDENTS):
        return page(request, "phone/error.html", status, me=None, sentence=sentence)
    if f"{request.url.path}/".startswith(FOR_MERCHANTS):
        return page(request, "merchant/error.html", status, till=None, sentence=sentence)
    return page(request, "error.html", status, status=status, sentence=sentence)
