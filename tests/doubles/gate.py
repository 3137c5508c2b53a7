"""A Mosquitto run from the files that the ledger writes, and programs that try to get in.

with Gate(tmp_path) as gate:
    with gate.caller("t1") as caller:
        assert caller.publish("linli/v1/t/t1/events") == "Success"
"""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import socket
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding
from paho.mqtt import client as mqtt
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from doubles.waiting import eventually
from linli.ledger.broker.access_lists import LEDGER, Admitted
from linli.ledger.broker.files import PASSWORD, BrokerFiles, read_password
from linli.ledger.broker.mosquitto import CONF, Listeners
from linli.ledger.terminals.authority import Authority, Revoked, for_terminal, found
from linli.sync.access import Access
from linli.sync.broker import Broker
from linli.sync.clock import SystemClock
from linli.sync.signing import load_or_make_key

WAIT_S = 10.0
ADMITTED = (
    Admitted("t1", "terminal", "yangguang"),
    Admitted("t2", "terminal", "hupan"),
    Admitted("b1", "board", "yangguang"),
)


def free_ports(count: int) -> list[int]:
    probes = [socket.socket() for _ in range(count)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    ports = [int(probe.getsockname()[1]) for probe in probes]
    for probe in probes:
        probe.close()
    return ports


def listens(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1.0):
        return True
    return False


class Gate:
    """Two terminals of two communities and a board may come in, and the ledger."""

    def __init__(self, directory: Path, admitted: Sequence[Admitted] = ADMITTED) -> None:
        self.directory = directory
        directory.mkdir(parents=True, exist_ok=True)
        self.clock = SystemClock()
        self.authority = found("Linli test", self.clock.now())
        self.files = BrokerFiles(directory / "broker", self.authority, self.clock)
        mqtt_port, ws_port, ledger_port = free_ports(3)
        self.listeners = Listeners(
            mqtt=mqtt_port,
            websockets=ws_port,
            ledger=ledger_port,
            bind="127.0.0.1",
            run_as="root" if os.geteuid() == 0 else "",
        )
        self.files.write_all(self.listeners, admitted, [])
        self.broker = Broker(directory / "broker", mqtt_port, config=self.files.directory / CONF)
        self._serial = 100

    def __enter__(self) -> Gate:
        self.broker.start()
        for port in (self.listeners.websockets, self.listeners.ledger):
            eventually(lambda port=port: listens(port))
        return self

    def __exit__(self, *_: object) -> None:
        self.broker.stop()

    @property
    def password(self) -> str:
        return read_password(self.files.directory / PASSWORD)

    def certify(
        self,
        name: str,
        *,
        days_ago: int = 0,
        authority: Authority | None = None,
        key: Ed25519PrivateKey | None = None,
    ) -> int:
        """A certificate for a name, made so long ago; returns its serial number."""
        self._serial += 1
        key = key or load_or_make_key(self.directory / f"{name}.key")
        made = for_terminal(
            authority or self.authority,
            name,
            key.public_key(),
            self._serial,
            self.clock.now() - dt.timedelta(days=days_ago),
        )
        (self.directory / f"{name}.crt").write_bytes(made.public_bytes(Encoding.PEM))
        return self._serial

    def access(self, name: str, *, websockets: bool = False) -> Access:
        """How that terminal connects."""
        if not (self.directory / f"{name}.crt").exists():
            self.certify(name)
        return Access(
            authority=self.files.directory / "authority.crt",
            certificate=self.directory / f"{name}.crt",
            key=self.directory / f"{name}.key",
            websocket_path="/mqtt" if websockets else "",
        )

    def ledger_access(self, password: str | None = None) -> Access:
        given = self.password if password is None else password
        authority = self.files.directory / "authority.crt"
        return Access(authority=authority, user=LEDGER, password=given)

    def caller(self, name: str, *, websockets: bool = False, client_id: str = "") -> Caller:
        ports = self.listeners
        port = ports.websockets if websockets and ports.websockets else ports.mqtt
        return Caller(self.access(name, websockets=websockets), port, client_id or name)

    def ledger(self) -> Caller:
        return Caller(self.ledger_access(), self.listeners.ledger, "")

    def revoke(self, *serials: int) -> None:
        at = self.clock.now()
        assert self.files.write_revoked([Revoked(serial, at) for serial in serials])
        self.broker.reload()


class Caller:
    """One connection, which says what became of it: `connected` is the reason code in words, or
    what TLS said."""

    def __init__(
        self, access: Access, port: int, client_id: str, will: tuple[str, bytes] | None = None
    ) -> None:
        self.heard: list[tuple[str, bytes]] = []
        self.lost = threading.Event()
        self._decided = threading.Event()
        self._said: dict[int, str] = {}
        self.connected = ""
        self._client = mqtt.Client(
            CallbackAPIVersion.VERSION2,
            client_id,
            protocol=mqtt.MQTTv5,
            transport="websockets" if access.websocket_path else "tcp",
            reconnect_on_failure=False,
        )
        access.give(self._client, clock_good=True)
        if will is not None:
            self._client.will_set(*will, qos=1, retain=True)
        self._client.on_connect = self._on_connect
        self._client.on_disconnect = self._on_disconnect
        self._client.on_message = self._on_message
        self._client.on_publish = self._on_publish
        self._client.on_subscribe = lambda _c, _d, mid, codes, _p: self._said.update(
            {mid: str(codes[0])}
        )
        properties = Properties(PacketTypes.CONNECT)
        properties.SessionExpiryInterval = 0
        try:
            self._client.connect("127.0.0.1", port, 15, clean_start=True, properties=properties)
        except OSError as error:
            self.connected = type(error).__name__
            self.lost.set()
            return
        self._client.loop_start()
        assert self._decided.wait(WAIT_S)

    def publish(self, topic: str, payload: bytes = b"x", *, retain: bool = False) -> str:
        """The broker's answer in words."""
        mid = self._client.publish(topic, payload, qos=1, retain=retain).mid
        eventually(lambda: mid in self._said or self.lost.is_set())
        return self._said.get(mid, "disconnected")

    def throw(self, topic: str, payload: bytes) -> None:
        """Publish without waiting for anything, at QoS 0."""
        self._client.publish(topic, payload, qos=0)

    def subscribe(self, topic_filter: str) -> str:
        _, mid = self._client.subscribe(topic_filter, qos=1)
        assert mid is not None
        eventually(lambda: mid in self._said or self.lost.is_set())
        return self._said.get(mid, "disconnected")

    def topics(self) -> set[str]:
        return {topic for topic, _ in self.heard}

    def die(self) -> None:
        """The line is cut: the broker publishes the will, if it may."""
        sock = self._client.socket()
        assert sock is not None
        sock.close()

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def __enter__(self) -> Caller:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _on_connect(self, _c: Any, _d: Any, _flags: Any, reason: Any, _p: Any) -> None:
        self.connected = str(reason)
        self._decided.set()

    def _on_disconnect(self, _c: Any, _d: Any, _flags: Any, reason: Any, _p: Any) -> None:
        self.connected = self.connected or f"refused: {reason}"
        self.lost.set()
        self._decided.set()

    def _on_message(self, _c: Any, _d: Any, message: mqtt.MQTTMessage) -> None:
        self.heard.append((message.topic, bytes(message.payload)))

    def _on_publish(self, _c: Any, _d: Any, mid: int, reason: Any, _p: Any) -> None:
        said = str(reason)
        self._said[mid] = "Success" if said == "No matching subscribers" else said
