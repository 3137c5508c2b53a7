"""The real program of a terminal with its window, supervised, does jobs that it got from afar."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

from doubles.centre import at
from doubles.job_office import JobOffice
from kiosk_at_work import kiosk_at_work
from PIL import Image

from linli.kiosk.supervisor.restarts import read_lines
from linli.sync.broker import Broker
from linli.sync.job_messages import CollectLogs, Maintain, Part, Restart, Screenshot
from linli.sync.jobs import JobState
from linli.sync.signing import load_or_make_key


def test_the_real_window_is_seen_and_the_program_starts_anew_out_of_service(
    tmp_path: Path, broker: Broker
) -> None:
    with kiosk_at_work(tmp_path) as kiosk:
        key = load_or_make_key(kiosk.data / "terminal.key").public_key()
        office = JobOffice(broker.port, key, at("09:05"))
        text = kiosk.settings.read_text(encoding="utf-8")
        text = text.replace("broker_port = 9\n", f"broker_port = {broker.port}\n")
        text = text.replace("http://127.0.0.1:9", office.url)
        kiosk.settings.write_text(text, encoding="utf-8")
        program = [sys.executable, "-m", "linli", "kiosk", "--supervised", *kiosk.arguments]
        kiosk.start(program, {"SDL_VIDEODRIVER": "offscreen", "RUNTIME_DIRECTORY": str(tmp_path)})
        kiosk.comes_home(1)
        assert office.does("j-1", Screenshot()).detail == ""
        with Image.open(io.BytesIO(office.results["j-1"])) as picture:
            assert len(picture.getcolors(1 << 20) or []) > 20
        office.does("j-2", Maintain(on=True))
        assert office.does("j-3", Restart(part=Part.APP)).state is JobState.SUCCEEDED
        kiosk.comes_home(2)
        assert [
            json.loads(line)["reason"] for line in read_lines(kiosk.data / "restarts.jsonl")
        ] == ["asked"]
        assert not (kiosk.data / "home.json").exists()
        office.does("j-4", CollectLogs())
        lines = [json.loads(line) for line in office.results["j-4"].splitlines()]
        assert {"j-2", "j-3"} <= {line.get("job") for line in lines}  # of the run before too
        kiosk.end()
        office.close()
