"""The receipt printer: how it says it is, and a slip where somebody wants to see one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from linli.devices.printers.base import Printer, Status
from linli.devices.printers.slip import Line, Slip
from linli.kiosk.doctor.finding import Code, Finding, State, Subject
from linli.kiosk.doctor.person import Person, Question

FOUND: Mapping[Status, tuple[State, Code]] = MappingProxyType(
    {
        Status.READY: (State.WELL, Code.PRINTER_WELL),
        Status.PAPER_LOW: (State.NOTICE, Code.PRINTER_PAPER_LOW),
        Status.PAPER_OUT: (State.BROKEN, Code.PRINTER_PAPER_OUT),
        Status.COVER_OPEN: (State.BROKEN, Code.PRINTER_COVER_OPEN),
        Status.CUTTER_JAMMED: (State.BROKEN, Code.PRINTER_CUTTER_JAMMED),
        Status.OFFLINE: (State.BROKEN, Code.PRINTER_OFFLINE),
    }
)
SLIP = Slip(
    "测试凭条",
    (Line("汉字", "邻里中心 喆堃㛃"), Line("Test slip", "0123456789")),
    qr="https://linli.example/slip",
    footer="能看清、能扫码、已切断，就是好的。",
)


class PrinterCheck:
    """`hindered` says why it cannot be tried now. `borrow` opens it, or hands over the one in use;
    `own` says whether it is closed afterwards."""

    subject = Subject.PRINTER

    def __init__(
        self,
        borrow: Callable[[], Printer],
        person: Person,
        hindered: Callable[[], Finding | None],
        *,
        own: bool,
    ) -> None:
        self._borrow, self._person, self._hindered = borrow, person, hindered
        self._own = own

    def look(self) -> Finding:
        hindered = self._hindered()
        if hindered is not None:
            return hindered
        printer = self._borrow()
        try:
            status = printer.status()
            if status.prints and self._person.ask(Question.PRINT_SLIP):
                status = printer.print(SLIP).status
        finally:
            if self._own:
                printer.close()
        return Finding(self.subject, *FOUND[status])
