"""A PN532 on its high-speed UART, as far as a reader of type A cards meets it (UM0701-02).

Bytes in, bytes out; no port, no clock. Commands it does not know are answered with the error
frame, as the chip does. Left out: type B and FeliCa, target modes, GPIO, the SAM.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from linli.devices.readers import frames
from linli.devices.simulated.cards import ISO_DEP_SAK
from linli.devices.simulated.field import Field
from linli.devices.simulated.iso_dep import ReaderBlocks

SPEEDS = (9600, 19_200, 38_400, 57_600, 115_200, 230_400, 460_800, 921_600, 1_288_000)
POWER_UP_SPEED = 115_200
FIRMWARE = bytes.fromhex("32010607")
"""IC PN532, firmware 1.6, ISO 14443 type A and B, ISO 18092 (UM0701-02, 7.2.2)."""
AUTOMATIC_RATS, FOR_EVER = 0x10, 0xFF
RATS_64 = b"\xe0\x50"
RX_MODE, FIFO_DATA, TX_CONTROL = 0x6303, 0x6339, 0x6304
CRC_ENABLED = 0x80
REQA = 0x26
OK, TIME_OUT, WRONG_CONTEXT = b"\x00", b"\x01", b"\x27"
SYNTAX_ERROR = bytes([frames.ERROR])


@dataclass(frozen=True)
class Reply:
    """Bytes to send to the host, `after_s` seconds after what came in."""

    data: bytes
    after_s: float = 0.0


@dataclass(frozen=True)
class Answer:
    """What a command comes to: response data, and how long the chip was busy."""

    data: bytes
    after_s: float = 0.0


class CommandSyntaxError(ValueError):
    """The command's parameters do not fit; the host gets the error frame."""


class Pn532Chip:
    """One chip above one `field`. It keeps its state until `power_up`, whoever opens the port.

    `searches` counts how often the host has looked for a card, so that a test can wait for polls
    instead of for time to pass."""

    def __init__(self, field: Field) -> None:
        self._field = field
        self.searches = 0
        self._commands: dict[int, Callable[[bytes], Answer | None]] = {
            0x00: self._diagnose,
            0x02: lambda _: Answer(FIRMWARE),
            0x06: self._read_register,
            0x08: self._write_register,
            0x10: self._set_serial_baud_rate,
            0x12: self._set_parameters,
            0x14: lambda _: Answer(b""),
            0x16: self._power_down,
            0x32: self._rf_configuration,
            0x40: self._in_data_exchange,
            0x42: self._in_communicate_thru,
            0x44: self._in_release,
            0x4A: self._in_list_passive_target,
            0x52: self._in_release,
        }
        self.power_up()

    def power_up(self) -> None:
        """All as after power-up, 115200 bit/s."""
        self.speed = POWER_UP_SPEED
        self._next_speed: int | None = None
        self._deframer = frames.Deframer()
        self._response = b""
        self._parameters = AUTOMATIC_RATS | 0x04
        self._registers = {RX_MODE: CRC_ENABLED}
        self._time_out_s = 0.0512
        self._retries = FOR_EVER
        self._blocks: ReaderBlocks | None = None
        self._target = False
        self._field.switch(on=False)

    def receive(self, data: bytes, speed: int) -> tuple[Reply, ...] | None:
        """What the host sent at `speed` bit/s. None: no whole frame yet. Otherwise the replies,
        which take the place of whatever was still to be sent: a new frame ends the old command."""
        if speed == self._next_speed:
            self._change_speed()
        if speed != self.speed:
            self._deframer.clear()
            return None
        replies: tuple[Reply, ...] | None = None
        for frame in self._deframer.feed(data):
            replies = self._take(frame)
        return replies

    def _take(self, frame: bytes) -> tuple[Reply, ...]:
        if frame == frames.ACK:
            self._change_speed()
            return ()
        if frame == frames.NACK:
            return (Reply(self._response),)
        content = frames.content_of(frame)
        if len(content) < 2 or content[0] != frames.HOST:
            return ()
        answer = self.execute(content)
        if answer is None:
            return (Reply(frames.ACK),)
        self._response = frames.encode(answer.data)
        return Reply(frames.ACK), Reply(self._response, answer.after_s)

    def execute(self, content: bytes) -> Answer | None:
        """One command without its frame, TFI first, and the response likewise. None: the chip
        searches until it is told to stop."""
        code, parameters = content[1], content[2:]
        command = self._commands.get(code)
        if command is None:
            return Answer(SYNTAX_ERROR)
        try:
            answer = command(parameters)
        except (IndexError, CommandSyntaxError):
            return Answer(SYNTAX_ERROR)
        if answer is None:
            return None
        return Answer(bytes([frames.CHIP, code + 1]) + answer.data, answer.after_s)

    def _change_speed(self) -> None:
        """The host's ACK (or its first bytes at the new speed) makes the change good."""
        if self._next_speed is not None:
            self.speed, self._next_speed = self._next_speed, None

    # --- the chip itself: UM0701-02, 7.2 -----------------------------------------------------

    def _diagnose(self, parameters: bytes) -> Answer:
        line_test, rom_test, ram_test = 0, 1, 2
        if parameters[0] == line_test:
            return Answer(parameters)
        if parameters[0] in (rom_test, ram_test):
            return Answer(OK)
        raise CommandSyntaxError

    def _read_register(self, parameters: bytes) -> Answer:
        if not parameters or len(parameters) % 2:
            raise CommandSyntaxError
        addresses = (parameters[n : n + 2] for n in range(0, len(parameters), 2))
        return Answer(bytes(self._registers.get(int.from_bytes(a, "big"), 0) for a in addresses))

    def _write_register(self, parameters: bytes) -> Answer:
        if not parameters or len(parameters) % 3:
            raise CommandSyntaxError
        for n in range(0, len(parameters), 3):
            self._registers[int.from_bytes(parameters[n : n + 2], "big")] = parameters[n + 2]
        return Answer(b"")

    def _set_serial_baud_rate(self, parameters: bytes) -> Answer:
        self._next_speed = SPEEDS[parameters[0]]
        return Answer(b"")

    def _set_parameters(self, parameters: bytes) -> Answer:
        self._parameters = parameters[0]
        return Answer(b"")

    def _power_down(self, _: bytes) -> Answer:
        self._field.switch(on=False)
        return Answer(OK)

    # --- the field: UM0701-02, 7.3 -----------------------------------------------------------

    def _rf_configuration(self, parameters: bytes) -> Answer:
        rf_field, timings, retries = 0x01, 0x02, 0x05
        item, values = parameters[0], parameters[1:]
        if item == rf_field:
            self._switch(on=bool(values[0] & 1))
        elif item == timings:
            self._time_out_s = 0.0001 * 2 ** (values[2] - 1) if values[2] else 0.0
        elif item == retries:
            self._retries = values[2]
        return Answer(b"")

    def _in_list_passive_target(self, parameters: bytes) -> Answer | None:
        """None, thus no response at all, where the host did not limit the search and no card
        is there: the real chip would search until told to stop."""
        if parameters[0] not in (1, 2):
            raise CommandSyntaxError
        type_a = parameters[1] == 0
        self._switch(on=True)
        self.searches += 1
        self._target, self._blocks = False, None
        self._registers[RX_MODE] |= CRC_ENABLED
        tries = 1 + (self._retries if self._retries != FOR_EVER else 1)
        for _ in range(tries if type_a else 0):
            target = self._activate()
            if target is not None:
                return Answer(b"\x01\x01" + target)
        self._registers[FIFO_DATA] = REQA
        return Answer(b"\x00") if self._retries != FOR_EVER else None

    def _activate(self) -> bytes | None:
        card = self._field.select()
        if card is None:
            return None
        target = card.sens_res + bytes([card.sak, len(card.uid)]) + card.uid
        if card.sak & ISO_DEP_SAK and self._parameters & AUTOMATIC_RATS:
            ats = self._field.send(RATS_64)
            if ats is None:
                return None
            self._blocks = ReaderBlocks(self._field.send)
            target += ats
        self._target = True
        return target

    def _in_data_exchange(self, parameters: bytes) -> Answer:
        if parameters[0] & 0x3F != 1 or not self._target:
            return Answer(WRONG_CONTEXT)
        exchange = self._blocks.exchange if self._blocks is not None else self._field.send
        return self._exchanged(exchange(parameters[1:]))

    def _in_communicate_thru(self, parameters: bytes) -> Answer:
        answer = self._field.send(parameters)
        if answer is not None and not self._registers[RX_MODE] & CRC_ENABLED:
            answer += crc_a(answer)
        return self._exchanged(answer)

    def _exchanged(self, answer: bytes | None) -> Answer:
        return Answer(TIME_OUT, self._time_out_s) if answer is None else Answer(OK + answer)

    def _in_release(self, _: bytes) -> Answer:
        self._field.halt()
        self._target, self._blocks = False, None
        return Answer(OK)

    def _switch(self, *, on: bool) -> None:
        self._field.switch(on=on)
        self._registers[TX_CONTROL] = 0x83 if on else 0x80


def crc_a(data: bytes) -> bytes:
    """CRC_A, low byte first (ISO/IEC 14443-3, annex B)."""
    crc = 0x6363
    for byte in data:
        byte ^= crc & 0xFF
        byte ^= (byte << 4) & 0xFF
        crc = (crc >> 8) ^ (byte << 8) ^ (byte << 3) ^ (byte >> 4)
    return crc.to_bytes(2, "little")
