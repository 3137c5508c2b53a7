"""What every widget of a screen is: it is told its place, and forgets what it said."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kivy.uix.widget import Widget

from linli.kiosk.theme.rect import Rect


class Part(Widget):
    """A widget that is told its place. `rect` is where it is now."""

    rect = Rect(0, 0, 0, 0)

    def box(self, rect: Rect) -> bool:
        """Takes the place; False when it was there already."""
        if rect == self.rect:
            return False
        self.rect = rect
        self.pos, self.size = (rect.x, rect.y), (rect.w, rect.h)
        return True

    def only(self, children: Sequence[Widget]) -> None:
        """Shows these children and no others."""
        if self.children[::-1] != list(children):
            self.clear_widgets()
            for child in children:
                self.add_widget(child)

    def forget(self) -> None:
        """What was said here was said to somebody who has gone: nothing of it stays, in sight or
        out of it. A part that keeps more than its parts do adds to this."""
        for part in self.parts():
            part.forget()

    def parts(self) -> Iterator[Part]:
        """All it is made of, also what is out of sight now."""
        for value in vars(self).values():
            for one in value if isinstance(value, list | tuple) else (value,):
                if isinstance(one, Part):
                    yield one
