"""Many terminals online in one process, as broker and ledger know them: presence with its will, the
subscriptions of a terminal, the answer to settings from afar, and health each minute.

What the answer is, `kiosk/remote/document.py` and `sync/shadow.py` decide, as in a real one. Such a
terminal has no window, no database, and does not start anew by its new settings: its word on a
wish stays at `trying`. Run it with the broker's port and a file that names them, `name scope` a
line; it prints `online` once all are, and goes when it is told to.
"""

from __future__ import annotations

import datetime as dt
import random
import selectors
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from paho.mqtt import client as mqtt
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode
from paho.mqtt.subscribeoptions import SubscribeOptions

from linli import __version__
from linli.kiosk.remote.document import read_wish
from linli.kiosk.settings import Connection, TerminalSettings
from linli.sync import topics
from linli.sync.health_messages import EVERY_S, Health, MachineHealth
from linli.sync.link import KEEPALIVE_S
from linli.sync.messages import Presence, PresenceState, Stream, encode
from linli.sync.shadow import Shadow, offered
from linli.sync.shadow_messages import Reported

AT_ONCE = 25
"""Connections that are made in one go: a broker takes in so many before it listens again."""
LOOK_S = 0.5


class CrowdError(RuntimeError):
    """A terminal lost its connection: what is measured after that is not about a thousand."""


class Simulated:
    """One of them. `watch` is told of its socket's wish to write."""

    def __init__(self, name: str, scope: str, selector: selectors.BaseSelector) -> None:
        self.name, self.online = name, False
        self._scope, self._selector = scope, selector
        self._began_at = now()
        self._shadow = Shadow()
        self._local = _settings(name, scope)
        self.client = mqtt.Client(
            CallbackAPIVersion.VERSION2, name, protocol=mqtt.MQTTv5, reconnect_on_failure=False
        )
        self.client.on_connect = self._connected
        self.client.on_subscribe = self._subscribed
        self.client.message_callback_add(topics.desired(name), self._wanted)
        self.client.on_socket_register_write = self._write
        self.client.on_socket_unregister_write = self._wrote

    def connect(self, port: int) -> None:
        self.client.will_set(*self._presence(PresenceState.OFFLINE), qos=1, retain=True)
        self.client.connect("127.0.0.1", port, KEEPALIVE_S, clean_start=True)
        socket: Any = self.client.socket()
        both = selectors.EVENT_READ | selectors.EVENT_WRITE
        self._selector.register(socket, both, self)

    def turn(self, events: int) -> None:
        """Raises CrowdError."""
        codes = []
        if events & selectors.EVENT_READ:
            codes.append(self.client.loop_read())
        if events & selectors.EVENT_WRITE:
            codes.append(self.client.loop_write())
        self._check(codes)

    def beat(self) -> None:
        """Keeps the connection. Raises CrowdError."""
        self._check([self.client.loop_misc()])

    def say_health(self) -> None:
        machine = MachineHealth(celsius=48.2, disk_free_mb=9_000, disk_total_mb=14_000)
        health = Health(
            terminal=self.name,
            at=now(),
            bootid="crowd",
            began_at=self._began_at,
            version=__version__,
            machine=machine,
        )
        self.client.publish(topics.health(self.name), encode(health), qos=1, retain=True)

    def _check(self, codes: Sequence[MQTTErrorCode]) -> None:
        if any(code != MQTTErrorCode.MQTT_ERR_SUCCESS for code in codes):
            raise CrowdError(f"{self.name} lost its connection: {codes}")

    def _connected(self, *_: Any) -> None:
        self.client.publish(*self._presence(PresenceState.ONLINE), qos=1, retain=True)
        options = SubscribeOptions(qos=1)
        self.client.subscribe([(topic, options) for topic in _heard(self.name, self._scope)])

    def _subscribed(self, *_: Any) -> None:
        self.online = True

    def _wanted(self, _client: mqtt.Client, _data: Any, message: mqtt.MQTTMessage) -> None:
        if not message.payload:
            return
        wish, fault, detail = read_wish(bytes(message.payload), self._local)
        after = offered(self._shadow, wish, fault, detail)
        if after == self._shadow or after.answer is None:
            return
        self._shadow = after
        said = Reported(
            terminal=self.name,
            version=after.answer.wish.version,
            state=after.answer.state,
            at=now(),
            error=after.answer.error,
            detail=after.answer.detail,
        )
        self.client.publish(topics.reported(self.name), encode(said), qos=1, retain=True)

    def _presence(self, state: PresenceState) -> tuple[str, bytes]:
        said = Presence(
            terminal=self.name, state=state, bootid="crowd", version=__version__, at=now()
        )
        return topics.presence(self.name), encode(said)

    def _write(self, _client: mqtt.Client, _data: Any, socket: Any) -> None:
        if socket in self._selector.get_map():
            both = selectors.EVENT_READ | selectors.EVENT_WRITE
            self._selector.modify(socket, both, self)

    def _wrote(self, _client: mqtt.Client, _data: Any, socket: Any) -> None:
        if socket in self._selector.get_map():
            self._selector.modify(socket, selectors.EVENT_READ, self)


class Crowd:
    def __init__(self, names: Sequence[tuple[str, str]], port: int) -> None:
        self._port = port
        self._selector = selectors.DefaultSelector()
        self._waiting = [Simulated(name, scope, self._selector) for name, scope in names]
        self._all = tuple(self._waiting)
        self._said_online = False

    def run(self) -> None:
        """Until the process ends. Raises CrowdError."""
        beat_at = time.monotonic()
        health_at = {one: beat_at + EVERY_S * random.random() for one in self._all}
        while True:
            for key, events in self._selector.select(LOOK_S):
                key.data.turn(events)
            self._come_in()
            if (moment := time.monotonic()) < beat_at:
                continue
            beat_at = moment + 1
            for one in self._all:
                if one.online:
                    one.beat()
                    if moment > health_at[one]:
                        health_at[one] += EVERY_S
                        one.say_health()

    def _come_in(self) -> None:
        """Some more, once those before are in."""
        connecting = sum(not one.online for one in self._all) - len(self._waiting)
        for one in self._waiting[: max(0, AT_ONCE - connecting)]:
            self._waiting.remove(one)
            one.connect(self._port)
        if not self._said_online and all(one.online for one in self._all):
            self._said_online = True
            print("online", flush=True)


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def _heard(name: str, scope: str) -> list[str]:
    """As `link.py`, `uplink.py`, `follower.py`, `keeper.py` and the keeper of jobs subscribe."""
    own = [topics.presence(name), topics.ack(name), topics.desired(name), topics.jobs(name)]
    feeds = [topic(scope, stream) for stream in Stream for topic in (topics.feed, topics.head)]
    return [*own, *feeds, topics.standard(scope), topics.hot_list(scope)]


def _settings(name: str, scope: str) -> TerminalSettings:
    where = Connection(broker_host="127.0.0.1", broker_port=1, ledger_url="http://127.0.0.1")
    return TerminalSettings(
        name=name,
        scope=scope,
        centre=f"{scope}-centre",
        centre_name="邻里中心",
        place="社区",
        data=Path("/nonexistent"),
        connection=where,
    )


def main(arguments: Sequence[str]) -> None:
    port, file = int(arguments[0]), Path(arguments[1])
    names = [tuple(line.split()) for line in file.read_text(encoding="utf-8").splitlines()]
    Crowd([(name, scope) for name, scope in names], port).run()


if __name__ == "__main__":
    main(sys.argv[1:])
