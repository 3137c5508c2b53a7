"""Sends a message by e-mail: SMTP (RFC 5321), over TLS or STARTTLS."""

from __future__ import annotations

import datetime as dt
import smtplib
import ssl
from collections.abc import Sequence
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import format_datetime
from enum import StrEnum

TIMEOUT_S = 20.0


class NotSentError(OSError):
    """The other end did not take the message; the text says why."""


class Security(StrEnum):
    """`NONE` is for a server on this machine."""

    TLS = "tls"
    STARTTLS = "starttls"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed in, as whom, and from which address."""

    host: str
    port: int
    security: Security
    sender: str
    user: str = ""
    password: str = field(default="", repr=False)
    trust: ssl.SSLContext | None = field(default=None, repr=False)
    """Whose certificate is taken; the system's authorities where it is None."""


def send_mail(
    server: MailServer,
    to: Sequence[str],
    subject: str,
    text: str,
    id_: str,
    made_at: dt.datetime,
    timeout: float = TIMEOUT_S,
) -> None:
    """Raises NotSentError. `id_` makes the Message-ID: who gets it twice sees it once."""
    message = EmailMessage()
    message["Subject"] = " ".join(subject.split())
    message["From"] = server.sender
    message["To"] = ", ".join(to)
    message["Date"] = format_datetime(made_at)
    message["Message-ID"] = f"<{id_}@{server.sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text)
    try:
        with _connected(server, timeout) as session:
            refused = session.send_message(message, to_addrs=list(to))
    except (smtplib.SMTPException, OSError, ValueError) as error:
        raise NotSentError(_why(error)) from error
    if refused:
        raise NotSentError(f"{len(refused)} of {len(to)} addresses were not taken")


def _connected(server: MailServer, timeout: float) -> smtplib.SMTP:
    context = server.trust or ssl.create_default_context()
    session: smtplib.SMTP
    if server.security is Security.TLS:
        session = smtplib.SMTP_SSL(server.host, server.port, timeout=timeout, context=context)
    else:
        session = smtplib.SMTP(server.host, server.port, timeout=timeout)
    try:
        if server.security is Security.STARTTLS:
            session.starttls(context=context)
        if server.user:
            session.login(server.user, server.password)
    except BaseException:
        session.close()
        raise
    return session


def _why(error: Exception) -> str:
    """Of what a server said, the code and no more: it repeats addresses."""
    if isinstance(error, smtplib.SMTPResponseException):
        return f"the mail server answered {error.smtp_code}"
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = sorted({code for code, _ in error.recipients.values()})
        return f"the mail server took none of the addresses: {codes}"
    return f"the mail server cannot be used: {type(error).__name__}: {error}"
