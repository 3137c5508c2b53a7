"""Draws every sample into pictures, and looks the widget trees over. A program of its own, run by
test_screens.py: Kivy keeps one window and much global state a process.

`python tests/system/draw_screens.py DIRECTORY` writes pictures, index.html and findings.json."""

from __future__ import annotations

import html
import json
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

from linli.kiosk.screens.shell import Shell
from linli.kiosk.theme.rect import Rect
from linli.kiosk.theme.tokens import PAPER, rgba
from linli.kiosk.theme.words import Words

SIZES = {"landscape": (1280, 800), "portrait": (1080, 1920)}
LANGUAGES = ("zh_CN", "en")
BOARDS = ((1920, 1080), (1080, 1920), (1280, 720))


class Album:
    """Pictures taken off screen, one after the other, with what is wrong with each."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.findings: dict[str, list[str]] = {}

    def take(self, name: str, widget: Widget, size: tuple[int, int]) -> None:
        canvas = Fbo(size=size)
        with canvas:
            ClearColor(*rgba(PAPER))
            ClearBuffers()
        canvas.add(widget.canvas)
        canvas.draw()
        canvas.bind()
        pixels = glReadPixels(0, 0, *size, GL_RGB, GL_UNSIGNED_BYTE)
        canvas.release()
        canvas.remove(widget.canvas)
        write_png(self.directory / f"{name}.png", *size, pixels)

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
        findings = json.dumps(self.findings, ensure_ascii=False, indent=1)
        (self.directory / "findings.json").write_text(findings, encoding="utf-8")


def draw_screens(album: Album) -> None:
    for language in LANGUAGES:
        for large in (False, True):
            shell = Shell(
                Words(language),
                on_choose=print,
                on_act=print,
                on_home=lambda: None,
            )
            for shape, size in SIZES.items():
                whole = Rect(0, 0, *size)
                for sample in screen_samples.SAMPLES:
                    name = f"{sample.name}-{shape}-{'large' if large else 'normal'}-{language}"
                    status = replace(sample.screen.status, large_type=large)
                    screen = replace(sample.screen, status=status)
                    shell.put(whole, screen, screen_samples.NOW, sample.seconds)
                    album.take(name, shell, size)
                    album.findings[name] = screen_checks.look_over(
                        shell, whole, large_type=large, may_shorten=sample.extreme
                    )


def draw_boards(album: Album) -> None:
    from linli.kiosk.board.drawing import BoardView

    for language in LANGUAGES:
        for size in BOARDS if language == LANGUAGES[0] else BOARDS[:2]:
            view = BoardView(Words(language))
            whole = Rect(0, 0, *size)
            for sample in board_samples.SAMPLES:
                name = f"board_{sample.name}-{size[1]}-{language}"
                view.put(whole, sample.state)
                view.settle()
                album.take(name, view, size)
                album.findings[name] = screen_checks.look_over_board(
                    view, whole, may_shorten=sample.extreme
                )


def main(directory: Path) -> None:
    directory.mkdir(parents=True, exist_ok=True)
    for old in directory.glob("*.png"):
        old.unlink()
    album = Album(directory)
    draw_screens(album)
    if len(sys.argv) < 3:
        draw_boards(album)
    album.write_index()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
