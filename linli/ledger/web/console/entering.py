"""Logging in and out, changing one's password, setting up one-time codes."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from linli.ledger.people.access_log import note
from linli.ledger.staff.accounts import StaffError, change_password
from linli.ledger.staff.attempts import TooManyAttemptsError
from linli.ledger.staff.codes import new_secret, provisioning, set_up
from linli.ledger.staff.passwords import PasswordError
from linli.ledger.staff.sessions import LONGEST, LoginError, log_in, log_out
from linli.ledger.web.chinese import in_chinese
from linli.ledger.web.console.guard import CODE, LOGIN, SignedIn
from linli.ledger.web.cookies import STAFF, set_cookie
from linli.ledger.web.forms import Form
from linli.ledger.web.refusals import Refused
from linli.ledger.web.rendering import go, page
from linli.ledger.web.site import Here

routes = APIRouter(prefix="/console")
HOME = "/console"
LONGEST_SECRET = 64
"""Twice as long as ours: the page shows it again, as a QR."""


@routes.get("/login")
def show_login(request: Request) -> Response:
    return page(request, "console/login.html", error="", login="", to=_inside(request))


@routes.post("/login")
def enter(request: Request, site: Here, form: Form) -> Response:
    address = request.client.host if request.client else "unknown"
    login = form.text("login").lower()
    try:
        token = log_in(
            site.engine,
            login,
            form.text("password"),
            form.text("code"),
            address,
            site.ring,
            site.clock.now(),
            site.phones_time.now(),
        )
    except (LoginError, TooManyAttemptsError) as error:
        said = in_chinese(str(error))
        return page(
            request, "console/login.html", 401, error=said, login=login, to=_inside(request)
        )
    response = go(request, _inside(request))
    set_cookie(response, STAFF, token, secure=site.secure, max_age=int(LONGEST.total_seconds()))
    return response


@routes.post("/logout")
def leave(request: Request, site: Here, worker: SignedIn, _form: Form) -> Response:
    with site.engine.begin() as connection:
        log_out(connection, request.cookies[STAFF], worker, site.clock.now())
    response = go(request, LOGIN, "您已退出。")
    response.delete_cookie(STAFF)
    return response


@routes.get("/password")
def show_password(request: Request, worker: SignedIn) -> Response:
    return page(request, "console/password.html", worker=worker, error="")


@routes.post("/password")
def set_password(request: Request, site: Here, worker: SignedIn, form: Form) -> Response:
    old, new, again = (form.text(name) for name in ("old", "new", "again"))
    now = site.clock.now()
    try:
        if new != again:
            raise PasswordError("the two new passwords are not the same")
        with site.engine.begin() as connection:
            change_password(connection, worker.login, old, new, now)
            note(connection, worker.signature(), "change password", None, "their own", now)
    except (StaffError, PasswordError) as error:
        said = in_chinese(str(error))
        return page(request, "console/password.html", 422, worker=worker, error=said)
    return go(request, LOGIN, "密码已修改，请用新密码登录。")


@routes.get("/code")
def show_code(request: Request, worker: SignedIn) -> Response:
    return _code_page(request, worker.login, new_secret(), "")


@routes.post("/code")
def set_code(request: Request, site: Here, worker: SignedIn, form: Form) -> Response:
    secret, now = form.text("secret")[:LONGEST_SECRET], site.clock.now()
    if worker.has_code:
        return go(request, HOME, "您已设置过动态码；要重设，请联系另一位管理员。")
    try:
        with site.engine.begin() as connection:
            set_up(
                connection,
                worker.login,
                secret,
                form.text("code"),
                site.ring,
                site.phones_time.now(),
            )
            note(connection, worker.signature(), "set up codes", None, "their own", now)
    except StaffError as error:
        return _code_page(request, worker.login, secret, in_chinese(str(error)), 422)
    except ValueError as error:
        raise Refused(422, "页面上的密钥不完整，请刷新页面，重新扫码设置。") from error
    return go(request, HOME, "动态码已设置，下次登录时要用。")


def _code_page(
    request: Request, login: str, secret: str, error: str, status: int = 200
) -> Response:
    return page(
        request,
        "console/code.html",
        status,
        secret=secret,
        address=provisioning(secret, login),
        error=error,
        path_to=CODE,
    )


def _inside(request: Request) -> str:
    """Where to go after the login: a console page of ours and nothing else."""
    wanted = request.query_params.get("next", HOME)
    inside = wanted.startswith("/console") and "//" not in wanted and "\\" not in wanted
    return wanted if inside and wanted != LOGIN else HOME
