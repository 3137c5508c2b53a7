"""A plain paho client of a test: hears everything, says anything.

with Peer(broker.port, "linli/v1/t/#") as peer:
    peer.say("linli/v1/t/t-1/ack", b"{}")
    eventually(lambda: peer.heard["linli/v1/t/t-1/ack"] == [b"{}"])
"""

from __future__ import annotations

import threading
from collections import defaultdict
from typing import Any

from paho.mqtt import client as mqtt
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties


class Peer:
    """Comes back by itself within a fraction of a second when its broker does. With
    `session_s` the broker keeps its session that long."""

    def __init__(self, port: int, *filters: str, name: str = "", session_s: int = 0) -> None:
        self.heard: dict[str, list[bytes]] = defaultdict(list)
        self._filters = filters
        self._ready = threading.Event()
        self._client = mqtt.Client(CallbackAPIVersion.VERSION2, name, protocol=mqtt.MQTTv5)
        self._client.reconnect_delay_set(0.05, 0.2)
        self._client.max_inflight_messages_set(1000)
        self._client.on_connect = self._connected
        self._client.on_subscribe = lambda *_: self._ready.set()
        self._client.on_message = lambda _c, _d, m: self.take(m.topic, bytes(m.payload))
        properties = Properties(PacketTypes.CONNECT)
        properties.SessionExpiryInterval = session_s
        self._client.connect("127.0.0.1", port, 5, clean_start=not session_s, properties=properties)
        self._client.loop_start()
        assert self._ready.wait(10)

    def take(self, topic: str, payload: bytes) -> None:
        self.heard[topic].append(payload)

    def say(self, topic: str, payload: bytes, *, retain: bool = False) -> None:
        self._client.publish(topic, payload, qos=1, retain=retain)

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def _connected(self, client: mqtt.Client, *_: Any) -> None:
        if self._filters:
            client.subscribe([(f, mqtt.SubscribeOptions(qos=1)) for f in self._filters])
        else:
            self._ready.set()

    def __enter__(self) -> Peer:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
