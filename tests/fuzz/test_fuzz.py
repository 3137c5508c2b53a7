"""Half a minute of libFuzzer over the board's firmware, with sanitizers; `make fuzz SECONDS=600`
for longer. An input that failed goes into tests/fuzz/corpus with its mend."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from linli.devices.simulated.firmware import SOURCES

CORPUS = Path(__file__).with_name("corpus")


def test_half_a_minute_of_fuzzing_finds_nothing(tmp_path: Path) -> None:
    command = ["make", "-s", "-C", str(SOURCES), f"BUILD={tmp_path}", f"CORPUS={CORPUS}", "fuzz"]
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    assert done.returncode == 0, done.stderr[-4000:]
    tried = re.search(r"number_of_executed_units: (\d+)", done.stderr)
    assert tried is not None, done.stderr[-4000:]
    assert int(tried[1]) > len(list(CORPUS.iterdir()))
    assert not list(tmp_path.glob("crash-*"))
