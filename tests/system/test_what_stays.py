"""Whoever goes home leaves nothing on the terminal: every sample is shown, then home, and all that
the widgets still hold is looked through."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def test_after_going_home_nothing_of_the_person_before_is_left() -> None:
    done = subprocess.run(
        [sys.executable, str(HERE / "what_stays.py")],
        env={
            **os.environ,
            "SDL_VIDEODRIVER": "offscreen",
            "LP_NUM_THREADS": "1",
            "PYTHONPATH": os.pathsep.join(map(str, (HERE.parents[1], HERE.parent, HERE))),
        },
        capture_output=True,
        text=True,
        timeout=110,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    found = json.loads(done.stdout.splitlines()[-1])
    assert len(found) > 90
    left = {name: what for name, what in found.items() if what}
    assert not left, json.dumps(left, ensure_ascii=False, indent=1)
