"""The MQTT 5 connection of one program: presence, subscriptions, and coming back by itself.

Each connection is a fresh paho client with a clean start and no session: nothing of an old
connection can be delivered late, and what must not be lost is kept by the outbox and the feed's
numbers, not here. The link's own thread supervises paho's: should that one ever die, whatever
the reason, the link connects anew.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable
from random import Random
from typing import Any, cast

import structlog
from paho.mqtt import client as mqtt
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode
from paho.mqtt.subscribeoptions import SubscribeOptions

from linli.sync import topics
from linli.sync.access import PLAIN, Access
from linli.sync.backoff import pause
from linli.sync.clock import Clock
from linli.sync.messages import Presence, PresenceState, encode
from linli.sync.parsing import parse
from linli.sync.signing import MalformedError

log = structlog.get_logger()
Handler = Callable[[str, bytes], None]

KEEPALIVE_S = 15
CONNECT_S = 10.0
"""How long a broker may take from the TCP connection to its SUBACK."""
FIRST_S, CAP_S = 0.5, 30.0
STEADY_S = 10.0
"""A connection that lasted this long was a good one: the back-off starts over."""
QUEUED = 1000
"""Messages paho may hold unconfirmed; beyond it `publish` answers False."""


class _Client(mqtt.Client):
    """A client that says when the broker has decided, and when its thread ends, however it ends."""

    def __init__(self, name: str, transport: str) -> None:
        super().__init__(
            CallbackAPIVersion.VERSION2,
            name,
            protocol=mqtt.MQTTv5,
            transport="websockets" if transport == "websockets" else "tcp",
            reconnect_on_failure=False,
        )
        self.max_queued_messages_set(QUEUED)
        self.decided = threading.Event()
        self.ended = threading.Event()

    def loop_forever(
        self, timeout: float = 1.0, retry_first_connection: bool = False
    ) -> MQTTErrorCode:
        try:
            return super().loop_forever(timeout, retry_first_connection)
        finally:
            self.decided.set()
            self.ended.set()


class Link:
    """One named client. `presence` keeps `t/{name}/presence` retained, with the last will.

    `subscribe` and `on_state` before `start`. Handlers get (topic, payload) on paho's thread and
    must be quick; they get nothing that `admits` says no to. State listeners are told True once a
    connection and its subscriptions stand, and False after its loss."""

    def __init__(
        self,
        name: str,
        host: str,
        port: int,
        boot_id: str,
        clock: Clock,
        version: str,
        presence: bool,
        random: Random | None = None,
        access: Access = PLAIN,
        admits: Callable[[str, bytes], bool] = lambda _topic, _payload: True,
    ) -> None:
        self.name = name
        self._admits = admits
        self._address = (host, port)
        self._access = access
        self._boot_id = boot_id
        self._clock = clock
        self._version = version
        self._presence = presence
        self._random = random or Random()
        self._handlers: list[tuple[str, Handler]] = []
        self._listeners: list[Callable[[bool], None]] = []
        self._attempt: _Client | None = None
        self._client: _Client | None = None
        self._closing = threading.Event()
        self._saying = threading.Lock()
        """Nothing may say `online` after the goodbye."""
        self._thread = threading.Thread(target=self._run, name=f"link-{name}", daemon=True)
        if presence:
            self.subscribe(topics.presence(name), self._see_presence)

    @property
    def online(self) -> bool:
        """Connected, accepted by the broker, and every subscription answered."""
        return self._client is not None

    def subscribe(self, topic_filter: str, handler: Handler) -> None:
        """Send messages that match the filter (also `$share/group/…`) to the handler."""
        self._handlers.append((topic_filter, handler))

    def on_state(self, listener: Callable[[bool], None]) -> None:
        self._listeners.append(listener)

    def start(self) -> None:
        self._thread.start()

    def publish(self, topic: str, payload: bytes, retain: bool = False, qos: int = 1) -> bool:
        """Hand a message over. False where there is no connection or too much is
        unconfirmed; True promises nothing about its arrival."""
        client = self._client
        if client is None:
            return False
        return (
            client.publish(topic, payload, qos=qos, retain=retain).rc
            == MQTTErrorCode.MQTT_ERR_SUCCESS
        )

    def close(self) -> None:
        """Say `offline`, disconnect and end the thread."""
        self._closing.set()
        if self._client is not None:
            self._say_goodbye(self._client)
        elif self._attempt is not None:
            self._attempt.decided.set()
        if self._thread.ident is not None:
            self._thread.join()

    def _say_goodbye(self, client: _Client) -> None:
        if self._presence:
            with self._saying:
                message = self._presence_message(PresenceState.OFFLINE)
                info = client.publish(*message, qos=1, retain=True)
            if info.rc == MQTTErrorCode.MQTT_ERR_SUCCESS:
                with contextlib.suppress(ValueError, RuntimeError):
                    info.wait_for_publish(1.0)
        client.disconnect()

    # --- the link's thread -------------------------------------------------------------------

    def _run(self) -> None:
        attempt = -1
        while not self._closing.is_set():
            began = self._clock.monotonic()
            self._session()
            steady = self._clock.monotonic() - began >= STEADY_S
            attempt = 0 if steady else attempt + 1
            self._closing.wait(pause(attempt, FIRST_S, CAP_S, self._random))

    def _session(self) -> None:
        """One connection from first to last byte."""
        properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
        properties.SessionExpiryInterval = 0
        try:
            client = self._new_client()
            client.connect(*self._address, KEEPALIVE_S, clean_start=True, properties=properties)
        except OSError as error:
            log.debug("broker not reached", link=self.name, error=str(error))
            return
        self._attempt = client
        client.loop_start()
        decided = self._closing.is_set() or client.decided.wait(CONNECT_S)
        if self._closing.is_set():
            self._say_goodbye(client)
        elif not decided:
            client.disconnect()
        client.ended.wait()
        client.loop_stop()
        client.disconnect()
        was_online, self._client = self._client is not None, None
        if was_online:
            self._tell(False)

    def _new_client(self) -> _Client:
        """Raises OSError where a file of the access cannot be used."""
        client = _Client(self.name, self._access.transport)
        self._access.give(client, clock_good=self._clock.good())
        client.on_connect = self._connected
        client.on_subscribe = self._subscribed
        client.on_message = self._dispatch
        if not self._access.websocket_path:
            client.on_socket_open = _send_at_once
        if self._presence:
            topic, payload = self._presence_message(PresenceState.OFFLINE)
            client.will_set(topic, payload, qos=1, retain=True)
        return client

    # --- on paho's thread --------------------------------------------------------------------

    def _connected(
        self, client: mqtt.Client, _data: Any, _flags: Any, reason: ReasonCode, _properties: Any
    ) -> None:
        if reason.is_failure:
            log.warning("broker refused the connection", link=self.name, reason=str(reason))
            client.disconnect()
            return
        if self._presence:
            self._say_online(client)
        if self._handlers:
            options = SubscribeOptions(qos=1)
            client.subscribe([(topic_filter, options) for topic_filter, _ in self._handlers])
        else:
            self._stands(client)

    def _subscribed(
        self, client: mqtt.Client, _data: Any, _id: int, reasons: list[ReasonCode], _properties: Any
    ) -> None:
        for (topic_filter, _), reason in zip(self._handlers, reasons, strict=False):
            if reason.is_failure:
                log.warning(
                    "broker refused a subscription",
                    link=self.name,
                    topic=topic_filter,
                    reason=str(reason),
                )
        self._stands(client)

    def _stands(self, client: mqtt.Client) -> None:
        """An answer to what is published from here on finds its subscription in place."""
        accepted = cast(_Client, client)
        self._client = accepted
        accepted.decided.set()
        self._tell(True)

    def _dispatch(self, _client: mqtt.Client, _data: Any, message: mqtt.MQTTMessage) -> None:
        payload = bytes(message.payload)
        if not self._admits(message.topic, payload):
            return
        for topic_filter, handler in self._handlers:
            if mqtt.topic_matches_sub(_unshared(topic_filter), message.topic):
                handler(message.topic, payload)

    def _see_presence(self, _topic: str, payload: bytes) -> None:
        """A will may be published late, after this connection's own `online`: say it again."""
        try:
            seen = parse(payload, Presence)
        except MalformedError:
            log.warning("own presence was overwritten", link=self.name)
            seen = None
        client = self._client
        if client is None or self._closing.is_set():
            return
        if seen is None or seen.state is PresenceState.OFFLINE:
            self._say_online(client)

    def _say_online(self, client: mqtt.Client) -> None:
        with self._saying:
            if not self._closing.is_set():
                client.publish(*self._presence_message(PresenceState.ONLINE), qos=1, retain=True)

    # --- both --------------------------------------------------------------------------------

    def _presence_message(self, state: PresenceState) -> tuple[str, bytes]:
        presence = Presence(
            terminal=self.name,
            state=state,
            bootid=self._boot_id,
            version=self._version,
            at=self._clock.now(),
        )
        return topics.presence(self.name), encode(presence)

    def _tell(self, online: bool) -> None:
        log.info("link", link=self.name, online=online)
        for listener in self._listeners:
            listener(online)


def _send_at_once(_client: mqtt.Client, _data: Any, sock: Any) -> None:
    """Nagle's algorithm would hold a small batch back until the last one's TCP answer."""
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def _unshared(topic_filter: str) -> str:
    """The filter inside `$share/{group}/{filter}` (MQTT 5, section 4.8.2)."""
    return topic_filter.split("/", 2)[2] if topic_filter.startswith("$share/") else topic_filter
