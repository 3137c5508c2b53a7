"""One-time codes from a phone (TOTP, RFC 6238): each is good once."""

from __future__ import annotations

import datetime as dt

import pyotp
from sqlalchemy import Connection, Row, update

from linli.ledger.people.vault import KeyRing, seal, unseal
from linli.ledger.staff.accounts import StaffError
from linli.ledger.staff.schema import staff

STEP_S = 30
NEIGHBOURS = (0, -1, 1)
"""Steps before and after the clock's that are taken too: phones are some seconds off."""
FIELD = "totp"


def new_secret() -> str:
    return pyotp.random_base32()


def provisioning(secret: str, login: str) -> str:
    """What a phone's app reads from a QR (otpauth, Key Uri Format)."""
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name="邻里")


def matching_step(secret: str, code: str, now: dt.datetime, used: int | None) -> int | None:
    """The step of a code that is right now and newer than the one `used` last; None for others."""
    totp = pyotp.TOTP(secret)
    step = int(now.timestamp()) // STEP_S
    for near in NEIGHBOURS:
        if totp.verify(code, for_time=(step + near) * STEP_S) and (
            used is None or step + near > used
        ):
            return step + near
    return None


def set_up(
    connection: Connection, login: str, secret: str, code: str, ring: KeyRing, now: dt.datetime
) -> None:
    """Codes of this secret are asked for from now on; the code proves that the phone has it.
    Raises StaffError."""
    step = matching_step(secret, code, now, None)
    if step is None:
        raise StaffError("this code is not right: type the six digits that the phone shows now")
    sealed = seal(ring, login, FIELD, secret)
    values = {"totp": sealed, "totp_key": ring.current, "totp_step": step}
    connection.execute(update(staff).where(staff.c.login == login).values(**values))


def use(
    connection: Connection, row: Row[tuple[object, ...]], code: str, ring: KeyRing, now: dt.datetime
) -> bool:
    """Whether the code is right for this row of `staff`; it is used up then. Raises VaultError
    where the ring lacks the key."""
    kept = row._mapping
    secret = unseal(ring, kept["totp_key"], kept["login"], FIELD, bytes(kept["totp"]))
    step = matching_step(secret, code, now, kept["totp_step"])
    if step is None:
        return False
    newer = (staff.c.login == kept["login"]) & (
        staff.c.totp_step.is_(None) | (staff.c.totp_step < step)
    )
    return connection.execute(update(staff).where(newer).values(totp_step=step)).rowcount == 1
