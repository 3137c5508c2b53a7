"""The real program of a terminal, supervised, starts anew by settings that it got from afar."""

from __future__ import annotations

from pathlib import Path

from test_shadow_settings import Office
from test_supervised import SETTINGS, Supervised, eventually
from test_terminal import WorkingClock

from linli.kiosk.remote.keeping import FILE, ShadowFile
from linli.sync.broker import Broker
from linli.sync.shadow_messages import ShadowState
from linli.town.processes import VirtualDisplay


def test_shadow_settings_start_the_program_anew(tmp_path: Path, broker: Broker) -> None:
    office = Office(broker, WorkingClock())
    text = SETTINGS.replace("broker_port = 1\n", f"broker_port = {broker.port}\n")
    with VirtualDisplay(tmp_path / "display.log", "1280x800x24") as display:
        kiosk = Supervised(tmp_path, display.name, text=text)
        try:
            eventually(lambda: kiosk.frames() == 1)
            office.want(1, {"high_contrast": True})
            office.hears(ShadowState.TRYING)
            eventually(lambda: kiosk.frames() == 2)
            trial = ShadowFile(tmp_path / "data" / FILE).read().trial
            assert trial
            assert trial.starts == 1
        finally:
            kiosk.close()
            office.say(b"")
            office.link.close()
