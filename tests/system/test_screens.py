"""Every screen in both orientations, type sizes and languages: drawn, and looked over.

The pictures are in out/screens/, with an index.html to leaf through."""

from __future__ import annotations

import json
import os
import struct
import subprocess
import sys
from pathlib import Path

import pytest
import screen_samples
import zxingcpp
from PIL import Image

HERE = Path(__file__).parent
OUT = HERE.parents[1] / "out" / "screens"
SHAPES = {
    "landscape": (1280, 800),
    "portrait": (1080, 1920),
    "1080": (1920, 1080),
    "720": (1280, 720),
    "1920": (1080, 1920),
}


pytestmark = pytest.mark.timeout(330)


@pytest.fixture(scope="module")
def findings() -> dict[str, list[str]]:
    """What the drawing program found, by picture."""
    environment = {
        **os.environ,
        "SDL_VIDEODRIVER": "offscreen",
        "LP_NUM_THREADS": "1",
        "PYTHONPATH": os.pathsep.join(map(str, (HERE.parents[1], HERE.parent))),
    }
    done = subprocess.run(
        [sys.executable, str(HERE / "draw_screens.py"), str(OUT)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    return json.loads((OUT / "findings.json").read_text(encoding="utf-8"))


def test_nothing_is_clipped_faint_small_or_missing(findings: dict[str, list[str]]) -> None:
    wrong = {name: found for name, found in findings.items() if found}
    assert not wrong, json.dumps(wrong, ensure_ascii=False, indent=1)


def test_every_trouble_has_a_sample(findings: dict[str, list[str]]) -> None:
    from linli.kiosk.flows.views import Trouble

    drawn = {name.split("-")[0] for name in findings}
    assert {trouble.value for trouble in Trouble} <= drawn


def test_screens_are_looked_over_in_high_contrast_too(findings: dict[str, list[str]]) -> None:
    drawn = [name for name in findings if name.split("-")[2] == "contrast"]
    assert len(drawn) > 60


def test_a_phone_reads_the_code_off_every_picture_of_it(findings: dict[str, list[str]]) -> None:
    pictures = [name for name in findings if name.split("-")[0] in ("phone", "phone_long")]
    assert len(pictures) == 20
    for name in pictures:
        with Image.open(OUT / f"{name}.png") as picture:
            (code,) = zxingcpp.read_barcodes(picture)
        assert code.text == screen_samples.LINK, name


def test_pictures_are_whole(findings: dict[str, list[str]]) -> None:
    for name in findings:
        data = (OUT / f"{name}.png").read_bytes()
        assert struct.unpack(">II", data[16:24]) == SHAPES[name.split("-")[1]]
        assert data.endswith(b"IEND\xaeB`\x82")
        assert len(data) > 9000, f"{name} looks empty"


def test_a_button_that_becomes_the_main_one_leaves_nothing_of_its_wider_self(
    findings: dict[str, list[str]],
) -> None:
    between_buttons = (371, 1818)
    with Image.open(OUT / "maintenance_self_test-portrait-large-zh_CN.png") as picture:
        assert picture.getpixel(between_buttons) == (0xFB, 0xF7, 0xF0)
