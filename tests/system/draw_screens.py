"""Draws every sample into pictures, and looks the widget trees over. A program of its own, run by
test_screens.py: Kivy keeps one window and much global state a process.

`python tests/system/draw_screens.py DIRECTORY` writes pictures, index.html and findings.json.
A second process draws the English ones meanwhile."""

from __future__ import annotations

import argparse
import gc
import html
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from linli.kiosk.theme.stage import write_png  # first: it settles Kivy's settings

from kivy.graphics import ClearBuffers, ClearColor, Fbo  # isort: skip
from kivy.graphics.opengl import GL_RGB, GL_UNSIGNED_BYTE, glReadPixels  # isort: skip
from kivy.uix.widget import Widget  # isort: skip

import board_samples
import screen_checks
import screen_samples

from linli.kiosk.board.drawing import BoardView
from linli.kiosk.screens.shell import Shell
from linli.kiosk.theme.high_contrast import HIGH_CONTRAST
from linli.kiosk.theme.rect import Rect
from linli.kiosk.theme.tokens import CALM, PAPER, rgba, wear
from linli.kiosk.theme.words import Words

SIZES = {"landscape": (1280, 800), "portrait": (1080, 1920)}
LANGUAGES = ("zh_CN", "en")
IN_CONTRAST = (
    "home",
    "home_cut_off",
    "home_notice",
    "out_of_service",
    "ask_picture",
    "choose",
    "success",
    "success_also",
    "offer_limit",
    "too_early",
    "phone",
    "visit_points",
    "visit_deed_proven",
    "visit_services",
    "visit_pad_pin",
    "visit_shop",
    "visit_ware_locker",
    "visit_redeeming_take",
    "visit_redeemed_voucher",
    "visit_news",
)
"""Each kind of surface there is: these are drawn in high contrast too."""
BOARDS_IN_CONTRAST = (
    "week",
    "deeds",
    "tomorrow",
    "notice",
    "story",
    "standard",
    "shop",
    "urgent",
    "offline",
)
FULL = (
    "home_notice",
    "ask_picture",
    "already_done",
    "phone",
    "phone_long",
    "visit_redeemed_staff",
    "visit_news_story",
)
"""Where words have no room for large type in one of the shapes, and take a smaller step than in
normal type: fewer of them would be better."""
BUSY_THRESHOLDS = (700, 10, 1_000_000)
"""Looking over all objects, again and again, was a sixth of the time."""
BOARDS = ((1920, 1080), (1080, 1920), (1280, 720))


class Album:
    """Pictures taken off screen, one after the other, with what is wrong with each."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.findings: dict[str, list[str]] = {}
        self.sizes: dict[tuple[str, str], dict[str, float]] = {}
        """Of the words of each sample in normal type, by sample and shape."""
        self._canvases: dict[tuple[int, int], Fbo] = {}

    def take(self, name: str, widget: Widget, size: tuple[int, int]) -> None:
        canvas = self._canvas(size)
        canvas.clear()
        with canvas:
            ClearColor(*rgba(PAPER))
            ClearBuffers()
        canvas.add(widget.canvas)
        canvas.draw()
        canvas.bind()
        pixels = glReadPixels(0, 0, *size, GL_RGB, GL_UNSIGNED_BYTE)
        canvas.release()
        canvas.remove(widget.canvas)
        write_png(self.directory / f"{name}.png", *size, pixels, effort=1)

    def _canvas(self, size: tuple[int, int]) -> Fbo:
        """One for each size: to make one, a shader is compiled."""
        if size not in self._canvases:
            self._canvases[size] = Fbo(size=size)
        return self._canvases[size]

    def write_index(self) -> None:
        figures = "\n".join(
            f'<figure><img loading="lazy" src="{name}.png"><figcaption>{html.escape(name)}'
            + "".join(f"<br>{html.escape(line)}" for line in found)
            + "</figcaption></figure>"
            for name, found in self.findings.items()
        )
        style = (
            "body{font:16px sans-serif;display:flex;flex-wrap:wrap;gap:16px}"
            "img{height:360px;border:1px solid #ccc}figure{margin:0}"
        )
        page = f"<!doctype html><meta charset=utf-8><style>{style}</style>{figures}"
        (self.directory / "index.html").write_text(page, encoding="utf-8")
        self.write_findings("findings.json")

    def write_findings(self, name: str) -> None:
        findings = json.dumps(self.findings, ensure_ascii=False, indent=1)
        (self.directory / name).write_text(findings, encoding="utf-8")


def new_shell(language: str) -> Shell:
    return Shell(Words(language), on_choose=print, on_act=print, on_home=lambda: None)


def draw_screens(album: Album, language: str) -> None:
    shell = new_shell(language)
    for large in (False, True):
        for sample in screen_samples.SAMPLES:
            draw_sample(album, shell, sample, f"{'large' if large else 'normal'}-{language}", large)


def draw_in_contrast(album: Album, language: str) -> None:
    wear(HIGH_CONTRAST)
    shell = new_shell(language)
    samples = {sample.name: sample for sample in screen_samples.SAMPLES}
    for name in IN_CONTRAST:
        draw_sample(album, shell, samples[name], f"contrast-{language}", large=False)
    wear(CALM)


def draw_sample(
    album: Album, shell: Shell, sample: screen_samples.Sample, variant: str, large: bool
) -> None:
    screen = replace(sample.screen, status=replace(sample.screen.status, large_type=large))
    for shape, size in SIZES.items():
        name, whole = f"{sample.name}-{shape}-{variant}", Rect(0, 0, *size)
        shell.put(whole, screen, screen_samples.NOW, sample.seconds)
        album.take(name, shell, size)
        album.findings[name] = screen_checks.look_over(
            shell, whole, large_type=large, may_shorten=sample.extreme
        )
        sizes = screen_checks.sizes_of(shell)
        if large and sample.name not in FULL:
            normal = album.sizes[sample.name, shape]
            album.findings[name] += screen_checks.smaller_in_large_type(whole, normal, sizes)
        elif not large:
            album.sizes[sample.name, shape] = sizes


def draw_boards(album: Album, language: str) -> None:
    for size in BOARDS if language == LANGUAGES[0] else BOARDS[:2]:
        view = BoardView(Words(language))
        whole = Rect(0, 0, *size)
        for sample in board_samples.SAMPLES[:: 1 if size in BOARDS[:2] else 4]:
            draw_board(album, view, sample, whole, language)


def draw_boards_in_contrast(album: Album, language: str) -> None:
    wear(HIGH_CONTRAST)
    view = BoardView(Words(language))
    samples = {sample.name: sample for sample in board_samples.SAMPLES}
    for size in BOARDS[:2]:
        for name in BOARDS_IN_CONTRAST:
            draw_board(album, view, samples[name], Rect(0, 0, *size), f"{language}-contrast")
    wear(CALM)


def draw_board(
    album: Album,
    view: BoardView,
    sample: board_samples.Sample,
    whole: Rect,
    variant: str,
) -> None:
    name = f"board_{sample.name}-{whole.h}-{variant}"
    view.put(whole, sample.state)
    view.settle()
    album.take(name, view, (int(whole.w), int(whole.h)))
    album.findings[name] = screen_checks.look_over_board(
        view, whole, sample.state, may_shorten=sample.extreme
    )


def draw(directory: Path, language: str) -> Album:
    gc.set_threshold(*BUSY_THRESHOLDS)
    album = Album(directory)
    draw_screens(album, language)
    draw_in_contrast(album, language)
    draw_boards(album, language)
    draw_boards_in_contrast(album, language)
    return album


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("directory", type=Path)
    parser.add_argument("--part", choices=LANGUAGES, help="only this language, and no index")
    given = parser.parse_args()
    directory: Path = given.directory
    if given.part:
        draw(directory, given.part).write_findings(f"{given.part}.json")
        return
    directory.mkdir(parents=True, exist_ok=True)
    for old in directory.glob("*.png"):
        old.unlink()
    mine, other = LANGUAGES
    with subprocess.Popen([sys.executable, __file__, str(directory), "--part", other]) as second:
        album = draw(directory, mine)
    if second.returncode != 0:
        sys.exit(f"drawing {other} failed")
    drawn = directory / f"{other}.json"
    album.findings |= json.loads(drawn.read_text(encoding="utf-8"))
    drawn.unlink()
    album.write_index()


if __name__ == "__main__":
    main()
