"""Kivy's own speed from a thread to the screen, with nothing of ours: the peer of tap → frame.

A thread asks for a change of one label; the time to the flip that shows it is written, one
number a line, to the file named by the first argument.
"""

from __future__ import annotations

import os
import sys
import threading
import time

os.environ.setdefault("KIVY_NO_ARGS", "1")
os.environ.setdefault("KIVY_NO_CONSOLELOG", "1")
ROUNDS = 60


def main(out: str) -> None:
    from kivy.config import Config

    Config.set("graphics", "width", "1280")
    Config.set("graphics", "height", "800")
    Config.set("graphics", "multisamples", "0")
    from kivy.app import App
    from kivy.clock import Clock
    from kivy.core.window import Window
    from kivy.uix.label import Label

    label = Label(text="0", font_size=84)
    times: list[float] = []
    shown = threading.Event()
    asked = [0.0]

    def flipped(*_: object) -> None:
        if asked[0]:
            times.append(time.monotonic() - asked[0])
            asked[0] = 0.0
            shown.set()

    def change(n: int) -> None:
        label.text = str(n)
        Window.bind(on_flip=flipped)

    def ask() -> None:
        time.sleep(1.0)
        for n in range(ROUNDS):
            time.sleep(0.1)
            shown.clear()
            asked[0] = time.monotonic()
            Clock.schedule_once(lambda _dt, n=n: change(n))
            shown.wait(2)
        with open(out, "w", encoding="utf-8") as file:
            file.writelines(f"{value}\n" for value in times)
        Clock.schedule_once(lambda _dt: App.get_running_app().stop())

    class Peer(App):  # type: ignore[misc]
        def build(self) -> Label:
            threading.Thread(target=ask, daemon=True).start()
            return label

    Peer().run()


if __name__ == "__main__":
    main(sys.argv[1])
