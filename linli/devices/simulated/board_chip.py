"""The terminal board at its serial line: SMP bytes in, SMP bytes out.

Served are echo, reset and parameters of the os group and all of group 65 (docs/protocol.md).
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from linli.devices.simulated.board_flash import PowerCutError
from linli.devices.simulated.board_machine import BoardMachine, RefusalError
from linli.firmware_bridge import smp
from linli.firmware_bridge.board import NONCE_BYTES, Cursor, Pattern, Refusal, Verb

NOT_SUPPORTED = 8
"""Error of every group (Zephyr, mcumgr_err_t)."""
POWER, WATCHDOG, TOLD_TO = 0, 1, 2
"""Why it started."""
LONGEST_PACKET = 1024
MOST_EVENTS = 16
PARTS = ("ambient", "buzzer", "lights", "pir", "power", "tamper", "temperature")

Body = Mapping[str, Any]


class BoardChip:
    """One board, powered. `light` and `buzzer` are what people see and hear of it."""

    def __init__(self, machine: BoardMachine) -> None:
        self.machine = machine
        self.light: tuple[Pattern, int] = (Pattern.OFF, 0)
        self.buzzer = Pattern.OFF
        self._decoder = smp.Decoder()
        self._dead = False
        self._verbs: dict[tuple[int, int, int], Callable[[Body], Body]] = {
            (0, 0, smp.Op.WRITE): lambda body: {"r": str(body.get("d", ""))},
            (0, 0, smp.Op.READ): lambda body: {"r": str(body.get("d", ""))},
            (0, 6, smp.Op.READ): lambda _: {"buf_size": LONGEST_PACKET, "buf_count": 1},
            (65, Verb.INFO, smp.Op.READ): self._info,
            (65, Verb.DOORS, smp.Op.READ): self._doors,
            (65, Verb.OPEN, smp.Op.WRITE): self._open,
            (65, Verb.OUTCOME, smp.Op.READ): self._outcome,
            (65, Verb.LIGHT, smp.Op.WRITE): self._light,
            (65, Verb.BUZZER, smp.Op.WRITE): self._buzz,
            (65, Verb.SENSORS, smp.Op.READ): self._sensors,
            (65, Verb.HEARTBEAT, smp.Op.WRITE): self._heartbeat,
            (65, Verb.LOG, smp.Op.READ): self._log,
        }
        self.power_up()

    def power_up(self, reason: int = POWER) -> None:
        """As after a reset or with power again."""
        self._dead = False
        self.light, self.buzzer = (Pattern.OFF, 0), Pattern.OFF
        self._decoder.clear()
        with self._power():
            self.machine.start(reason)

    def power_down(self) -> None:
        """Nothing happens from here on; springs and people go on."""
        self._dead = True
        self.machine.cabinet.coils_off()

    def tick(self) -> bytes:
        """See to what time has brought; the board says nothing of it unasked."""
        if not self._dead:
            with self._power():
                self.machine.tick()
        return b""

    def receive(self, data: bytes) -> bytes:
        """What the board says to what came in."""
        answers = b""
        if self._dead:
            return answers
        for packet in self._decoder.feed(data):
            with self._power():
                answers += self._handled(packet)
        return answers

    @contextlib.contextmanager
    def _power(self) -> Iterator[None]:
        try:
            yield
        except PowerCutError:
            self.power_down()

    def _handled(self, packet: bytes) -> bytes:
        try:
            request = smp.unpacked(packet)
        except smp.MalformedMessageError:
            return b""
        if request.op not in (smp.Op.READ, smp.Op.WRITE) or len(packet) > LONGEST_PACKET:
            return b""
        if (request.group, request.command, request.op) == (0, 5, smp.Op.WRITE):
            self.power_up(TOLD_TO)
            return _answer(request, {})
        return _answer(request, self._done(request))

    def _done(self, request: smp.Message) -> Body:
        verb = self._verbs.get((request.group, request.command, request.op))
        if verb is None:
            return {"rc": NOT_SUPPORTED}
        try:
            self.machine.tick()
            return verb(request.body)
        except RefusalError as error:
            return {"err": {"group": 65, "rc": error.refusal.value}}

    def _info(self, _: Body) -> Body:
        flash = self.machine.flash
        return {
            "v": 1,
            "fw": "simulated 1.0",
            "hw": "simulated",
            "boot": flash.boot,
            "doors": len(self.machine.cabinet.doors),
            "nonces": flash.kept,
            "buf": LONGEST_PACKET,
            "parts": list(PARTS),
        }

    def _doors(self, _: Body) -> Body:
        return {"doors": [state.value for state in self.machine.door_states()]}

    def _open(self, body: Body) -> Body:
        opening = self.machine.open(_number(body, "door"), _nonce(body))
        return {"door": opening.door, "outcome": opening.outcome.value, "again": opening.again}

    def _outcome(self, body: Body) -> Body:
        opening = self.machine.outcome(_nonce(body))
        return {"door": opening.door, "outcome": opening.outcome.value, "again": True}

    def _light(self, body: Body) -> Body:
        pattern, door = _pattern(body), _number(body, "door")
        if pattern is Pattern.GUIDE and door not in self.machine.cabinet.doors:
            raise RefusalError(Refusal.NO_SUCH_DOOR)
        self.light = (pattern, door)
        return {}

    def _buzz(self, body: Body) -> Body:
        self.buzzer = _pattern(body)
        return {}

    def _sensors(self, _: Body) -> Body:
        feels = self.machine.surroundings
        return {
            "pir": feels.presence,
            "tamper": feels.tamper,
            "temp": feels.temperature,
            "lux": feels.ambient,
        }

    def _heartbeat(self, body: Body) -> Body:
        self.machine.heartbeat(_number(body, "s"))
        return {}

    def _log(self, body: Body) -> Body:
        after = Cursor(_number(body, "boot"), _number(body, "seq"))
        most = min(MOST_EVENTS, max(1, _number(body, "max")))
        flash = self.machine.flash
        fresh = [event for event in flash.log if Cursor(event.boot, event.sequence) > after]
        told = [[e.boot, e.sequence, e.at_ms, e.kind, e.subject] for e in fresh[:most]]
        lost = after < flash.overwritten
        return {"events": told, "lost": lost, "more": len(fresh) > most}


def _answer(request: smp.Message, body: Body) -> bytes:
    op = smp.Op(request.op + 1)
    answer = smp.Message(
        op, request.group, request.command, request.sequence, body, request.version
    )
    return smp.framed(smp.packed(answer))


def _number(body: Body, key: str) -> int:
    value = body.get(key)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise RefusalError(Refusal.WRONG_REQUEST)
    return value


def _nonce(body: Body) -> bytes:
    nonce = body.get("nonce")
    if not isinstance(nonce, bytes) or len(nonce) != NONCE_BYTES:
        raise RefusalError(Refusal.WRONG_REQUEST)
    return nonce


def _pattern(body: Body) -> Pattern:
    try:
        return Pattern(_number(body, "p"))
    except ValueError as error:
        raise RefusalError(Refusal.WRONG_REQUEST) from error
