"""The wires between a virtual board's pins and the cabinet."""

from __future__ import annotations

from linli.devices.simulated.board_pins import BoardMemory, Word
from linli.devices.simulated.cabinet import Cabinet


class Wires:
    """`carry` must be called every few milliseconds: coils to the cabinet, contacts back."""

    def __init__(self, memory: BoardMemory, cabinet: Cabinet) -> None:
        self._memory = memory
        self._cabinet = cabinet
        self._coils = 0

    def carry(self, *, powered: bool = True) -> None:
        """Without power no coil is on, whatever the pins said last."""
        self._set_coils(self._memory[Word.COILS] if powered else 0)
        contacts = sum(1 << n for n, door in self._doors() if self._cabinet.contact_open(door))
        self._memory[Word.CONTACTS] = contacts

    def _set_coils(self, coils: int) -> None:
        before, self._coils = self._coils, coils
        if coils == before:
            return
        if before & ~coils:
            self._cabinet.coils_off()
        for n, door in self._doors():
            if coils >> n & 1:
                self._cabinet.coil_on(door)

    def _doors(self) -> enumerate[int]:
        return enumerate(self._cabinet.doors)
