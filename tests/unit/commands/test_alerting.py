"""The options about mail: what they mean, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer

from linli.commands.alerting import mail_server, outside
from linli.commands.failure import Failure
from linli.ledger.alerts.mail import Security

SENDER = "linli@points.example"


def test_a_mail_server_is_named_with_how_it_is_reached(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text("secret\n")
    made = mail_server("starttls://mail.example", SENDER, "linli", file)
    assert made is not None
    assert (made.host, made.port, made.security) == ("mail.example", 587, Security.STARTTLS)
    assert made.password == "secret"
    assert "secret" not in repr(made)
    assert mail_server("", "") is None


@pytest.mark.parametrize(
    ("smtp", "sender", "user"),
    [
        ("mail.example:25", SENDER, ""),
        ("none://mail.example", SENDER, ""),
        ("tls://mail.example:x", SENDER, ""),
        ("tls://mail.example", "nobody", ""),
        ("tls://mail.example", SENDER, "linli"),
    ],
)
def test_what_cannot_be_meant_is_refused(smtp: str, sender: str, user: str) -> None:
    with pytest.raises(typer.BadParameter):
        mail_server(smtp, sender, user)


def test_a_password_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    with pytest.raises(Failure, match="password"):
        mail_server("tls://mail.example", SENDER, "linli", tmp_path / "none")


def test_hosts_of_the_inner_network_are_named_one_by_one() -> None:
    assert outside(["Hook.lan"]).allowed == {"hook.lan"}
