"""How a broker lets a program in: TLS, a certificate or a password, MQTT bare or in WebSockets.

The files are read anew for each connection: a certificate that was renewed needs no restart.
"""

from __future__ import annotations

import ssl
from dataclasses import dataclass, field
from pathlib import Path

from paho.mqtt import client as mqtt

NO_CHECK_TIME = 0x200000
"""X509_V_FLAG_NO_CHECK_TIME of OpenSSL (X509_VERIFY_PARAM_set_flags(3)), which Python's `ssl` does
not name."""


@dataclass(frozen=True)
class Access:
    """`authority` is the certificate authority that the broker's certificate is from: without it
    there is no TLS. `certificate` and `key` are this program's own; `user` and `password` are for
    a broker that asks for those. `websocket_path` is where MQTT is spoken in WebSockets."""

    authority: Path | None = None
    certificate: Path | None = None
    key: Path | None = None
    user: str = ""
    password: str = field(default="", repr=False)
    websocket_path: str = ""

    @property
    def transport(self) -> str:
        return "websockets" if self.websocket_path else "tcp"

    def give(self, client: mqtt.Client, *, clock_good: bool) -> None:
        """Before the client connects. Raises OSError where a file cannot be read or used."""
        if self.websocket_path:
            client.ws_set_options(path=self.websocket_path)
        if self.user:
            client.username_pw_set(self.user, self.password)
        if self.authority is not None:
            client.tls_set_context(self._context(self.authority, clock_good=clock_good))

    def _context(self, authority: Path, *, clock_good: bool) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.load_verify_locations(authority)
        if self.certificate is not None and self.key is not None:
            context.load_cert_chain(self.certificate, self.key)
        if not clock_good:
            # A Raspberry Pi wakes up in the past, where the broker's certificate is not valid yet.
            # Who signed it and for which name is checked all the same.
            context.verify_flags |= NO_CHECK_TIME
        return context


PLAIN = Access()
"""A broker on the loopback, as the demo's."""
