"""Mail goes to a real server, and what the server says is kept."""

from __future__ import annotations

import email
import email.policy
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from linli.ledger.alerts.mail import MailServer, NotSentError, Security, send_mail
from linli.ledger.terminals.authority import for_broker, found
from tests.unit.ledger.alerts.devices import NOW

SENDER, TO = "linli@points.example", "wang@points.example"


class Inbox:
    def __init__(self) -> None:
        self.got: list[Any] = []
        self.says = "250 OK"

    async def handle_DATA(  # noqa: N802 - the server's word
        self, _server: Any, _session: Any, envelope: Any
    ) -> str:
        if self.says.startswith("250"):
            message = email.message_from_bytes(envelope.content, policy=email.policy.default)
            self.got.append((envelope.rcpt_tos, message))
        return self.says


def login(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
    right = isinstance(data, LoginPassword) and data.password == b"secret"
    return AuthResult(success=right, handled=False)


@pytest.fixture(scope="module")
def contexts(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Of the server, and of who trusts it."""
    authority = found("test", NOW)
    key = ec.generate_private_key(ec.SECP256R1())
    made = for_broker(authority, ["127.0.0.1"], key.public_key(), NOW)
    directory: Path = tmp_path_factory.mktemp("mail")
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (directory / "server.pem").write_bytes(secret + made.public_bytes(Encoding.PEM))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(directory / "server.pem")
    client = ssl.create_default_context(cadata=authority.pem.decode())
    client.verify_flags &= ~ssl.VERIFY_X509_STRICT
    return server, client


@pytest.fixture(scope="module")
def serving(contexts: tuple[ssl.SSLContext, ssl.SSLContext]) -> Iterator[tuple[Inbox, MailServer]]:
    inbox = Inbox()
    controller = Controller(
        inbox,
        "127.0.0.1",
        port=_free_port(),
        tls_context=contexts[0],
        require_starttls=True,
        auth_required=True,
        authenticator=login,
    )
    controller.start()
    yield (
        inbox,
        MailServer(
            "127.0.0.1", controller.port, Security.STARTTLS, SENDER, "linli", "secret", contexts[1]
        ),
    )
    controller.stop()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def changed(server: MailServer, **values: Any) -> MailServer:
    names = MailServer.__dataclass_fields__
    return MailServer(**{**{name: getattr(server, name) for name in names}, **values})


def test_a_message_arrives_over_starttls_with_a_password(
    serving: tuple[Inbox, MailServer],
) -> None:
    inbox, server = serving
    inbox.got.clear()
    send_mail(server, [TO, SENDER], "[邻里] 读卡器没有反应", "怎么办：拔插一次\n", "m1", NOW)
    ((to, message),) = inbox.got
    assert to == [TO, SENDER]
    assert message["Subject"] == "[邻里] 读卡器没有反应"
    assert message["Message-ID"] == "<m1@points.example>"
    assert message.get_content().strip() == "怎么办：拔插一次"


def test_a_server_that_nobody_vouches_for_gets_no_password(
    serving: tuple[Inbox, MailServer],
) -> None:
    inbox, server = serving
    inbox.got.clear()
    with pytest.raises(NotSentError, match="certificate"):
        send_mail(changed(server, trust=None), [TO], "s", "t", "m1", NOW)
    assert inbox.got == []


def test_what_the_server_says_is_kept_without_addresses(
    serving: tuple[Inbox, MailServer],
) -> None:
    inbox, server = serving
    inbox.says = f"554 no mail for {TO}"
    with pytest.raises(NotSentError, match="554") as refused:
        send_mail(server, [TO], "s", "t", "m1", NOW)
    assert TO not in str(refused.value)
    inbox.says = "250 OK"
    with pytest.raises(NotSentError, match="535"):
        send_mail(changed(server, password="wrong"), [TO], "s", "t", "m1", NOW)


def test_a_server_that_hangs_or_is_not_there_costs_no_more_than_the_time_limit() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        with pytest.raises(NotSentError, match="timed out"):
            send_mail(
                MailServer("127.0.0.1", port, Security.NONE, SENDER), [TO], "s", "t", "m", NOW, 0.2
            )
    with pytest.raises(NotSentError, match="refused"):
        send_mail(MailServer("127.0.0.1", port, Security.NONE, SENDER), [TO], "s", "t", "m", NOW)


def test_a_name_with_a_line_break_puts_nothing_into_the_head(
    serving: tuple[Inbox, MailServer],
) -> None:
    inbox, server = serving
    inbox.got.clear()
    send_mail(server, [TO], "a\r\nBcc: x@y.example", "t", "m1", NOW)
    ((to, message),) = inbox.got
    assert (to, message["Bcc"], message["Subject"]) == ([TO], None, "a Bcc: x@y.example")
