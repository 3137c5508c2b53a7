"""View states of the maintainer's menu for the pictures of all screens."""

from __future__ import annotations

from dataclasses import replace

from linli.kiosk.flows.card_making_views import CardsToMake, Making, MakingCard, OrderedCard
from linli.kiosk.flows.maintenance_views import (
    COLOURS,
    AskRestart,
    Checked,
    ColourTest,
    Level,
    LevelNote,
    MaintenanceView,
    Menu,
    NetworkState,
    Pairing,
    Reach,
    Result,
    Room,
    SelfTest,
    TouchTest,
)
from linli.kiosk.flows.visit_views import Pad, PadFor, PadTrouble

ORDER = OrderedCard("1", "c000123", "张*三")
WELL, FAILED, NOT_TRIED = Result.WELL, Result.FAILED, Result.NOT_TRIED

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
    "self_test": SelfTest(((Checked.READER, WELL), (Checked.STORE, WELL), (Checked.SCREEN, WELL))),
    "self_test_all": SelfTest(
        (
            (Checked.READER, FAILED),
            (Checked.STORE, WELL),
            (Checked.PRINTER, FAILED),
            (Checked.LOCKER, WELL),
            (Checked.SCREEN, NOT_TRIED),
        )
    ),
    "touch": TouchTest(frozenset({0, 1, 5, 11})),
    "cards": CardsToMake((ORDER, replace(ORDER, id="2", name="欧阳*", card="c000125", begun=True))),
    "cards_many": CardsToMake(
        tuple(replace(ORDER, id=str(n), card=f"c0{n:05d}") for n in range(3)), more=5
    ),
    "cards_none": CardsToMake(()),
    "cards_asking": CardsToMake(),
    "cards_cut": CardsToMake((), reached=False),
    **{f"making_{state.value}": MakingCard(ORDER, state, step=3) for state in Making},
    "pairing": Pairing("yangguang-dangqun-2", "9f3a 6c21 b0d4 e875"),
    "restart": AskRestart(),
    "restarting": AskRestart(under_way=True),
}
MAINTENANCE |= {f"colour_{n}": ColourTest(n) for n in (0, COLOURS - 1)}
