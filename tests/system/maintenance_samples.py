"""View states of the maintainer's menu for the pictures of all screens."""

from __future__ import annotations

from dataclasses import replace

from linli.kiosk.doctor.finding import Code, Finding, State, Subject, urgency
from linli.kiosk.flows.card_making_views import CardsToMake, Making, MakingCard, OrderedCard
from linli.kiosk.flows.enrol_views import Enrolling, EnrolStage
from linli.kiosk.flows.maintenance_views import (
    COLOURS,
    AskRestart,
    AskService,
    ColourTest,
    Diagnosis,
    Level,
    LevelNote,
    MaintenanceView,
    Menu,
    NetworkState,
    Pairing,
    Reach,
    Room,
    SelfTest,
    TouchTest,
)
from linli.kiosk.flows.phone import modules
from linli.kiosk.flows.visit_views import Pad, PadFor, PadTrouble

ORDER = OrderedCard("order-1", "c000123", "张*三")
WELL = (
    Finding(Subject.POWER, State.WELL, Code.POWER_WELL, {"celsius": "48"}),
    Finding(Subject.DISK, State.WELL, Code.DISK_WELL, {"free": "23.4 GB"}),
    Finding(Subject.DATABASE, State.WELL, Code.DATABASE_WELL),
    Finding(Subject.FONTS, State.WELL, Code.FONTS_WELL, {"n": 4}),
    Finding(Subject.CLOCK, State.WELL, Code.CLOCK_NO_BATTERY),
    Finding(Subject.NETWORK, State.WELL, Code.NETWORK_WELL, {"interfaces": "eth0"}),
    Finding(Subject.BROKER, State.WELL, Code.REACHED, {"where": "points.example:8883"}),
    Finding(Subject.LEDGER, State.WELL, Code.REACHED, {"where": "https://points.example"}),
    Finding(Subject.DISPLAY, State.UNTRIED, Code.DISPLAY_UNKNOWN),
    Finding(Subject.READER, State.WELL, Code.READER_WELL),
    Finding(Subject.SOUND, State.ABSENT, Code.NOT_SET),
)
WRONG = (
    Finding(Subject.PRINTER, State.BROKEN, Code.PRINTER_CUTTER_JAMMED),
    Finding(
        Subject.DISK,
        State.BROKEN,
        Code.DISK_NOT_WRITTEN,
        {"path": "/var/lib/linli", "error": "Read-only file system"},
    ),
    Finding(Subject.POWER, State.NOTICE, Code.POWER_WAS_LOW, {"celsius": "61"}),
    Finding(Subject.DATABASE, State.BROKEN, Code.DATABASE_NOT_SAVED, {"error": "disk is full"}),
    Finding(Subject.LOCKER, State.NOTICE, Code.LOCKER_DOOR_OPEN, {"doors": "3, 11"}),
)
KEY = "9f3a 6c21 b0d4 e875"
ENROL_URL = "https://points.xiangyang.example/console/terminals/new?code=K7PM3XQ4"

MAINTENANCE: dict[str, MaintenanceView | Pad] = {
    "pad": Pad(PadFor.MAINTENANCE, 6, 6, True, 101),
    "pad_wrong": Pad(PadFor.MAINTENANCE, 6, 6, True, 102, PadTrouble.WRONG, 3),
    "menu": Menu("yangguang-1"),
    "network": NetworkState(True, Reach.REACHED, 0, True),
    "network_cut": NetworkState(False, Reach.NOT_REACHED, 1286, False),
    "network_asking": NetworkState(True, Reach.ASKING, 1, True),
    "volume": Level(Room.VOLUME, 70),
    "volume_silent": Level(Room.VOLUME, None, LevelNote.NO_SOUND_SETTING),
    "volume_no_card": Level(Room.VOLUME, None, LevelNote.NO_SOUND_CARD),
    "brightness": Level(Room.BRIGHTNESS, 100, LevelNote.IN_PICTURE),
    "brightness_none": Level(Room.BRIGHTNESS, None),
    "self_test": SelfTest(WELL, under_way=False, screen_well=True),
    "self_test_under_way": SelfTest(WELL[:4], under_way=True),
    "self_test_all": SelfTest(tuple(sorted((*WELL[3:], *WRONG), key=urgency)), under_way=False),
    "diagnosis": Diagnosis(WRONG[0]),
    "diagnosis_long": Diagnosis(WRONG[1]),
    "touch": TouchTest(frozenset({0, 1, 5, 11})),
    "cards": CardsToMake(
        (ORDER, replace(ORDER, id="order-2", name="欧阳*", card="c000125", begun=True))
    ),
    "cards_many": CardsToMake(
        tuple(replace(ORDER, id=f"order-{n}", card=f"c0{n:05d}") for n in range(3)), more=5
    ),
    "cards_none": CardsToMake(()),
    "cards_asking": CardsToMake(),
    "cards_cut": CardsToMake((), reached=False),
    **{f"making_{state.name.lower()}": MakingCard(ORDER, state, step=3) for state in Making},
    "pairing": Pairing("yangguang-dangqun-2", KEY),
    "restart": AskRestart(),
    "restarting": AskRestart(under_way=True),
    "service": AskService(out=False),
    "service_out": AskService(out=True),
}
MAINTENANCE["enrol_waiting"] = Enrolling(EnrolStage.WAITING, KEY, "K7PM-3XQ4", modules(ENROL_URL))
MAINTENANCE |= {
    f"enrol_{stage.name.lower()}": Enrolling(stage, KEY)
    for stage in EnrolStage
    if stage not in (EnrolStage.WAITING, EnrolStage.ENROLLED)
}
MAINTENANCE["enrol_enrolled"] = Enrolling(
    EnrolStage.ENROLLED, KEY, name="yangguang-dangqun-2", place="阳光社区"
)
MAINTENANCE |= {f"colour_{n}": ColourTest(n) for n in (0, COLOURS - 1)}
