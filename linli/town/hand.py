"""What a hand can do at the town's terminal beside touching its screen: what the strip below it may
ask for."""

from __future__ import annotations

import datetime as dt
import json
import threading
from dataclasses import dataclass
from pathlib import Path

from linli.devices.simulated.cards import Ntag213, SimulatedCard
from linli.ledger.people.masking import masked
from linli.sync.messages import Kind
from linli.town.cards import copied
from linli.town.control import ControlServer
from linli.town.errands import at_desk
from linli.town.town import Town
from linli.town.world import Resident

HELD_S = 0.4
"""How long a hand holds the card to the reader."""
LABELS = {Kind.RESIDENT: "居民", Kind.CADRE: "党员", Kind.UNIT: "单位"}


@dataclass(frozen=True)
class InHand:
    """One card of the strip: what is written on its button."""

    id: str
    name: str
    note: str


class Hand:
    """Listens at `hand.sock`: lay a card on the reader, push the locker's doors shut or hold them,
    take the printer's paper away, pull the cable, let time pass. What is held, taken or pulled is
    let go by the same word.

    The list of cards is left beside it in `hand.json` for the strip to read."""

    def __init__(self, town: Town) -> None:
        self._town = town
        self._cable_cut = False
        self._busy = threading.Lock()
        self._cards = dict(self._deal())
        listed = [vars(held) for held, _ in self._cards.values()]
        (town.directory / "hand.json").write_text(
            json.dumps(listed, ensure_ascii=False), encoding="utf-8"
        )
        self._server = ControlServer(
            town.directory / "hand.sock",
            {
                "tap": self._tap,
                "doors": self._shut_doors,
                "jam": self._jam,
                "paper": self._paper,
                "cable": self._cable,
                "pass": self._pass,
            },
        )

    def close(self) -> None:
        self._server.close()

    def _deal(self) -> list[tuple[str, tuple[InHand, SimulatedCard]]]:
        """Six neighbours of all kinds, and the three cards that must not work."""
        people = self._town.world.people
        able = [p for p in people if not p.card.blocked and not p.under14]
        plain = next(p for p in able if p.kind is Kind.RESIDENT and not p.card.key)
        chosen = [
            *[p for p in able if p.kind is Kind.RESIDENT and p.card.key][:3],
            at_desk(self._town.world).get("copyable", plain),
            next(p for p in able if p.kind is Kind.CADRE),
            next(p for p in able if p.kind is Kind.UNIT),
        ]
        blocked = next(p for p in people if p.card.blocked)
        victim = chosen[0]
        dealt = [self._held(p, LABELS[p.kind]) for p in chosen]
        dealt.append(self._held(blocked, "已挂失"))
        copy = copied(self._town.cards[victim.account])
        dealt.append((InHand("copy", masked(victim.name, victim.kind), "复制卡"), copy))
        dealt.append((InHand("stranger", "外地卡", "没开卡"), Ntag213(b"\x04strang")))
        return [(held.id, (held, card)) for held, card in dealt]

    def _held(self, person: Resident, note: str) -> tuple[InHand, SimulatedCard]:
        trust = "" if person.card.key else " · 普通卡"
        held = InHand(person.account, masked(person.name, person.kind), note + trust)
        return held, self._town.cards[person.account]

    def _tap(self, card: str) -> None:
        held = self._cards[card][1]
        if not self._busy.acquire(blocking=False):
            return
        field = self._town.reader.field
        field.place(held)

        def lift() -> None:
            field.remove()
            self._busy.release()

        timer = threading.Timer(HELD_S, lift)
        timer.daemon = True
        timer.start()

    def _shut_doors(self, _: str) -> None:
        cabinet = self._town.locker.cabinet
        for door in cabinet.doors:
            cabinet.push_shut(door)

    def _jam(self, _: str) -> None:
        cabinet = self._town.locker.cabinet
        if cabinet.jammed:
            cabinet.jammed.clear()
        else:
            cabinet.jammed.update(cabinet.doors)

    def _paper(self, _: str) -> None:
        printer = self._town.printer
        if printer.chip.rows_left == 0:
            printer.load_paper()
            return
        with printer.lock:
            printer.chip.rows_left = 0

    def _cable(self, _: str) -> None:
        self._cable_cut = not self._cable_cut
        if self._cable_cut:
            self._town.cut_cable()
        else:
            self._town.mend_cable()

    def _pass(self, minutes: str) -> None:
        self._town.clock.set(self._town.clock.now() + dt.timedelta(minutes=int(minutes)))


def cards_in_hand(socket: Path) -> list[InHand]:
    """What the strip shows."""
    listed = json.loads(socket.with_name("hand.json").read_text(encoding="utf-8"))
    return [InHand(**held) for held in listed]
