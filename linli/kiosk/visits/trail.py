"""The pages somebody came by: back leads to the one before."""

from __future__ import annotations

from typing import TypeVar

from linli.kiosk.visits.pages import PadPage, Page, WaitPage

P = TypeVar("P", bound=Page)


class Trail:
    def __init__(self, first: Page) -> None:
        self._pages: list[Page] = [first]

    @property
    def page(self) -> Page:
        return self._pages[-1]

    def go(self, page: Page) -> None:
        self._pages.append(page)

    def turn_to(self, page: Page) -> None:
        """In the place of the page that is shown."""
        self._pages[-1] = page

    def back(self) -> None:
        """The first page stays."""
        if len(self._pages) > 1:
            self._pages.pop()

    def pad(self, page: PadPage) -> None:
        """Pads of one matter take each other's place: back leaves them all."""
        if isinstance(self.page, PadPage | WaitPage):
            self.turn_to(page)
        else:
            self.go(page)

    def end(self, page: Page) -> None:
        """Of a matter that took several pages: back leads to where it began."""
        while isinstance(self.page, PadPage | WaitPage) and len(self._pages) > 1:
            self._pages.pop()
        self.go(page)

    def last(self, kind: type[P]) -> P | None:
        """The page of this kind that was come by last."""
        found = (page for page in reversed(self._pages) if isinstance(page, kind))
        return next(found, None)
