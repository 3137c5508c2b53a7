"""The cookies of all pages: their names and how they are set."""

from __future__ import annotations

from starlette.responses import Response

STAFF, PHONE, MERCHANT, FORM, FLASH = "staff", "phone", "merchant", "form", "flash"
SESSIONS = (STAFF, PHONE, MERCHANT)


def set_cookie(
    response: Response, name: str, value: str, *, secure: bool, max_age: int | None = None
) -> None:
    """Unreadable for scripts, not sent along from other sites; for HTTPS alone where `secure`."""
    response.set_cookie(
        name, value, max_age=max_age, path="/", httponly=True, samesite="lax", secure=secure
    )
