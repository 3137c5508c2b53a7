"""How worn a flash disk says it is, decoded. Pure.

An eMMC estimates the life it has used in steps of a tenth, for its two kinds of memory, and how
much of its spare blocks is gone (JEDEC JESD84-B51, EXT_CSD bytes 267 to 269). SD cards say nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

EXCEEDED = 0x0B
NORMAL, WARNING, URGENT = 1, 2, 3
"""PRE_EOL_INFO: less than 80 %, more than 80 %, more than 90 % of the spare blocks are used."""
OLD_PERCENT = 80


@dataclass(frozen=True)
class Wear:
    """`used_percent` is the upper end of the step, 110 beyond the life that was promised; None
    where it is not told."""

    used_percent: int | None
    spare: int | None = None

    @property
    def old(self) -> bool:
        """It is time for another one."""
        used = self.used_percent is not None and self.used_percent >= OLD_PERCENT
        return used or self.spare in (WARNING, URGENT)


def worn(life_time: str, pre_eol: str = "") -> Wear:
    """Of the kernel's two files, such as "0x01 0x02" and "0x01". Raises ValueError."""
    steps = [int(step, 16) for step in life_time.split()]
    told = [min(step, EXCEEDED) * 10 for step in steps if step > 0]
    spare = int(pre_eol, 16) if pre_eol.strip() else 0
    return Wear(max(told, default=None), spare or None)
