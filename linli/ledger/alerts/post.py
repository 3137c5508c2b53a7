"""Brings one message to its route, by whatever way that is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from linli.ledger.alerts.mail import MailServer, NotSentError, send_mail
from linli.ledger.alerts.routes import Route, RouteKind, addresses
from linli.ledger.alerts.sending import Message
from linli.ledger.alerts.webhook import Outside, post_signed, post_to_robot
from linli.ledger.alerts.wording import document, subject, text
from linli.sync.clock import Clock

ROBOT_BYTES = 2048
"""What 企业微信 takes in one text (developer documentation, 群机器人配置说明)."""


@dataclass(frozen=True, slots=True)
class Post:
    """`mail` is None where the operator named no mail server."""

    public_url: str
    mail: MailServer | None = None
    outside: Outside = field(default_factory=Outside)

    def send(self, message: Message, route: Route, names: Mapping[str, str], clock: Clock) -> None:
        """`names` are those of communities. Raises NotSentError."""
        if route.kind is RouteKind.EMAIL:
            if self.mail is None:
                raise NotSentError("no mail server is set: start the ledger with --smtp")
            said = text(message, names, self.public_url)
            to = addresses(route.target)
            send_mail(self.mail, to, subject(message), said, message.id, message.made_at)
        elif route.kind is RouteKind.ROBOT:
            head = f"{subject(message)}\n\n"
            most = ROBOT_BYTES - len(head.encode())
            said = text(message, names, self.public_url, most)
            post_to_robot(route.target, head + said, self.outside)
        else:
            now = clock.now()
            body = document(message, self.public_url, now)
            at = int(now.timestamp())
            post_signed(route.target, body, route.secret, message.id, at, self.outside)
