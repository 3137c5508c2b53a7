"""Posts a message to a web address that an administrator gave.

Whoever may make a route must not get a way into the ledger's own network: the host is looked up
here, every address of it must be public, and just the address that was checked is connected to.
Nothing is followed elsewhere. What the operator names on the command line is let through. Whoever
answers a byte at a time is cut off: a try ends within TRY_S.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import ipaddress
import json
import socket
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool
from urllib3.exceptions import HTTPError

from linli.ledger.alerts.mail import NotSentError

CONNECT_S, ANSWER_S = 5.0, 10.0
TRY_S = 30.0
"""For all of it: the others are for each byte that comes."""
ANSWER_BYTES = 4096
Lookup = Callable[[str], Sequence[str]]


def addresses_of(host: str) -> Sequence[str]:
    """Raises OSError."""
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return [str(one[4][0]).partition("%")[0] for one in found]


@dataclass(frozen=True, slots=True)
class Outside:
    """Where webhooks may go: to every public address, and to hosts in `allowed` wherever they
    are."""

    allowed: frozenset[str] = frozenset()
    lookup: Lookup = field(default=addresses_of)

    def address(self, host: str) -> str:
        """The one to connect to. Raises NotSentError."""
        try:
            found = self.lookup(host)
        except (OSError, UnicodeError) as error:
            raise NotSentError(f"{host} has no address: {error}") from error
        if not found:
            raise NotSentError(f"{host} has no address")
        if host.lower() not in self.allowed:
            for one in found:
                if not is_public(one):
                    raise NotSentError(f"{host} is inside: only public addresses are called")
        return found[0]


def is_public(address: str) -> bool:
    """Nothing of this machine, of a private network, or of no single machine."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is not None and not is_public(str(inner)):
            return False
        if ip in NAT64:
            return is_public(str(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)))
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """`v1=` and HMAC-SHA256 (hex) over `{timestamp}.{body}`."""
    made = hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256)
    return f"v1={made.hexdigest()}"


def post_signed(
    url: str, body: bytes, secret: str, id_: str, timestamp: int, outside: Outside
) -> None:
    """Raises NotSentError for everything but an answer of 2xx."""
    at = str(timestamp)
    headers = {
        "Linli-Message": id_,
        "Linli-Timestamp": at,
        "Linli-Signature": signature(secret, at, body),
    }
    _post(url, body, headers, outside)


def post_to_robot(url: str, text: str, outside: Outside) -> None:
    """To a group's robot at 企业微信 or 钉钉, which says with 200 that it did not take it.
    Raises NotSentError."""
    said = {"msgtype": "text", "text": {"content": text}}
    answer = _post(url, json.dumps(said).encode(), {}, outside, ANSWER_BYTES)
    try:
        code = json.loads(answer).get("errcode", 0)
    except (ValueError, AttributeError) as error:
        raise NotSentError("the robot's answer is not understood") from error
    if code != 0:
        raise NotSentError(f"the robot answered errcode {str(code)[:20]}")


def _post(
    url: str, body: bytes, headers: Mapping[str, str], outside: Outside, most: int = 0
) -> bytes:
    """The first `most` bytes of the answer."""
    host = urlsplit(url).hostname or ""
    with requests.Session() as session:
        session.trust_env = False
        adapter = _Pinned(outside.address(host), host)
        session.mount("https://", adapter)
        session.mount("http://", adapter)
        try:
            with (
                adapter.within(TRY_S),
                session.post(
                    url,
                    data=body,
                    headers={"Content-Type": "application/json", **headers},
                    timeout=(CONNECT_S, ANSWER_S),
                    allow_redirects=False,
                    stream=True,
                ) as answer,
            ):
                if not 200 <= answer.status_code < 300:
                    raise NotSentError(f"{host} answered {answer.status_code}")
                return bytes(answer.raw.read(most, decode_content=True)) if most else b""
        except (requests.RequestException, HTTPError, OSError) as error:
            if isinstance(error, NotSentError):
                raise
            raise NotSentError(f"{host} does not answer: {type(error).__name__}") from error
        except ValueError as error:
            raise NotSentError(f"{host} does not answer: {error}"[:200]) from error


class _Pinned(HTTPAdapter):
    """Connects to one address, whatever the name stands for by then; the certificate is the
    name's."""

    def __init__(self, address: str, host: str) -> None:
        super().__init__(max_retries=0)
        self._address, self._host = address, host
        self._lines: list[socket.socket] = []

    @contextlib.contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """What is not over by then fails."""
        timer = threading.Timer(seconds, self._cut)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            for line in self._lines:
                line.close()

    def _cut(self) -> None:
        for line in self._lines:
            with contextlib.suppress(OSError):  # the other end has closed it by now
                line.shutdown(socket.SHUT_RDWR)

    def get_connection_with_tls_context(self, *args: Any, **how: Any) -> HTTPConnectionPool:
        pool: Any = super().get_connection_with_tls_context(*args, **how)
        pool.ConnectionCls = _known(pool.ConnectionCls, self._lines)
        return cast(HTTPConnectionPool, pool)

    def build_connection_pool_key_attributes(
        self, request: requests.PreparedRequest, verify: bool | str, cert: Any = None
    ) -> tuple[Any, Any]:
        where, how = super().build_connection_pool_key_attributes(request, verify, cert)
        name = {"server_hostname": self._host, "assert_hostname": self._host}
        named = {**how, **name} if where["scheme"] == "https" else how
        return {**where, "host": self._address}, named

    def add_headers(self, request: requests.PreparedRequest, **_how: Any) -> None:
        request.headers["Host"] = urlsplit(str(request.url)).netloc


def _known(kind: Any, lines: list[socket.socket]) -> Any:
    """Connections whose sockets can be cut from another thread: also while TLS begins, when the
    connection itself has none yet."""

    class Known(kind):  # type: ignore[misc]
        def _new_conn(self) -> socket.socket:
            made: socket.socket = super()._new_conn()
            lines.append(made.dup())
            return made

    return Known
