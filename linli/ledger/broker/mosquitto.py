"""Mosquitto's configuration and user file (mosquitto.conf(5), mosquitto_passwd(1)). Pure.

| listener        | for                      | who one is                    | what one may do |
|-----------------|--------------------------|-------------------------------|-----------------|
| 8883 MQTT       | terminals, boards        | the certificate's name        | terminals.acl   |
| 443 WebSocket   | the same, behind a       | the certificate's name        | terminals.acl   |
|                 | firewall that lets       |                               |                 |
|                 | HTTPS alone out          |                               |                 |
| 8884 MQTT       | the ledger and its       | user and password             | ledger.acl      |
|                 | workers                  |                               |                 |

Terminals cannot enter by the ledger's door, and at their own the broker gives each connection the
certificate's name as client id: nobody pushes another off by connecting under their id.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from pathlib import Path

from linli.ledger.broker.access_lists import LEDGER

CONF, USERS = "mosquitto.conf", "ledger.users"
TERMINALS_ACL, LEDGER_ACL = "terminals.acl", "ledger.acl"
AUTHORITY, CERTIFICATE, KEY, REVOKED = "authority.crt", "broker.crt", "broker.key", "revoked.crl"
PID = "mosquitto.pid"
LARGEST_PACKET = 8 * 2**20
"""A change of the feed after a long list was imported; a batch is never above 1 MiB."""
QUEUED_BYTES = 64 * 2**20
"""For one client that does not keep up. What is dropped is sent again (events), or fetched whole
(the feed): it is a bound on memory, not on what is kept."""
MOST_CONNECTIONS = 5000
ITERATIONS, SALT = 20_000, 12
"""The user file's PBKDF2; 12 bytes of salt are what Mosquitto 2.0 takes."""


@dataclass(frozen=True)
class Listeners:
    """Ports, and the address that each is bound to. `websockets` is None where there is none;
    `run_as` is a user of the system, for a broker started by root without Debian's service."""

    mqtt: int = 8883
    websockets: int | None = 443
    ledger: int = 8884
    bind: str = "0.0.0.0"  # noqa: S104 - terminals come from everywhere
    ledger_bind: str = "127.0.0.1"
    run_as: str = ""


def configuration(directory: Path, listeners: Listeners) -> str:
    """mosquitto.conf for the files in `directory`."""
    at = directory.absolute()
    common = [
        "# Written by `linli broker config`; docs/operations.md says how to run it.",
        "per_listener_settings true",
        f"pid_file {at / PID}",
        "persistence false",
        "max_queued_messages 0",
        f"max_queued_bytes {QUEUED_BYTES}",
        "max_inflight_messages 0",
        f"max_packet_size {LARGEST_PACKET}",
        "max_keepalive 60",
        "persistent_client_expiration 1h",
        "set_tcp_nodelay true",
        *(["user " + listeners.run_as] if listeners.run_as else []),
        *(f"log_type {kind}" for kind in ("error", "warning", "notice")),
    ]
    doors = [_terminals(at, listeners.mqtt, listeners.bind, websockets=False)]
    if listeners.websockets is not None:
        doors.append(_terminals(at, listeners.websockets, listeners.bind, websockets=True))
    doors.append(_ledger(at, listeners))
    return "\n\n".join("\n".join(lines) for lines in (common, *doors)) + "\n"


def user_line(password: str, salt: bytes) -> str:
    """The ledger's line of the user file: PBKDF2-HMAC-SHA512 in mosquitto_passwd's form 7."""
    digest = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, ITERATIONS)
    packed = (base64.b64encode(part).decode() for part in (salt, digest))
    return f"{LEDGER}:$7${ITERATIONS}${'$'.join(packed)}\n"


def _terminals(at: Path, port: int, bind: str, *, websockets: bool) -> list[str]:
    return [
        f"listener {port} {bind}",
        *(["protocol websockets"] if websockets else []),
        *_tls(at),
        "require_certificate true",
        "use_identity_as_username true",
        "use_username_as_clientid true",
        f"crlfile {at / REVOKED}",
        f"acl_file {at / TERMINALS_ACL}",
        "allow_anonymous false",
        "max_qos 1",
        f"max_connections {MOST_CONNECTIONS}",
    ]


def _ledger(at: Path, listeners: Listeners) -> list[str]:
    return [
        f"listener {listeners.ledger} {listeners.ledger_bind}",
        *_tls(at),
        "require_certificate false",
        f"password_file {at / USERS}",
        f"acl_file {at / LEDGER_ACL}",
        "allow_anonymous false",
    ]


def _tls(at: Path) -> list[str]:
    return [
        f"cafile {at / AUTHORITY}",
        f"certfile {at / CERTIFICATE}",
        f"keyfile {at / KEY}",
        "tls_version tlsv1.3",
    ]
