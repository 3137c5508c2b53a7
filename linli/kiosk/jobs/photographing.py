"""Sends a picture of the window. A screen that may speak of somebody is made so coarse that nothing
on it can be read, unless whoever stands there agreed to be seen.

| screen                        | asked for clear | then                                       |
|-------------------------------|-----------------|--------------------------------------------|
| nobody's                      | –               | as it is                                   |
| somebody's                    | no              | coarse                                     |
| somebody's                    | yes             | they are asked: as it is, or coarse        |

The picture is of the moment before the question, and never on the disk.
"""

from __future__ import annotations

from collections.abc import Callable

from linli.kiosk.flows import maintenance_views as menu
from linli.kiosk.flows.afar_views import AskPicture
from linli.kiosk.flows.views import Screen, rests
from linli.kiosk.jobs.doing import PNG, Done, failed
from linli.kiosk.png import Pixels, coarse, png
from linli.sync.job_messages import Screenshot
from linli.sync.jobs import JobState

EFFORT = 6
BLURRED, AGREED = "blurred", "agreed"
NOBODYS = (
    menu.Menu
    | menu.NetworkState
    | menu.Level
    | menu.SelfTest
    | menu.Diagnosis
    | menu.ColourTest
    | menu.TouchTest
    | menu.Pairing
    | menu.AskRestart
    | menu.AskService
    | AskPicture
)
"""Screens beside the resting ones that never speak of anybody."""
Answer = Callable[[bool], None]


def personal(screen: Screen | None) -> bool:
    """Whether something on it may speak of somebody."""
    if screen is None:
        return False
    return screen.also is not None or not (rests(screen.view) or isinstance(screen.view, NOBODYS))


class Photographer:
    """The `Doer` of Screenshot. `take` gives what is seen and the screen it is of, and raises
    TimeoutError; `ask` asks whoever stands there, and always tells an answer in the end."""

    def __init__(
        self,
        take: Callable[[], tuple[Pixels, Screen | None]],
        ask: Callable[[Answer], None],
    ) -> None:
        self._take, self._ask = take, ask
        self._job = ""
        self._pixels: Pixels = (0, 0, b"")
        self._answers: list[bool] = []

    def begin(self, job_id: str, task: Screenshot) -> Done | None:
        pixels, screen = self._take()
        if not personal(screen):
            return _done(png(pixels, EFFORT))
        if not task.clear:
            return _done(png(coarse(pixels), EFFORT), BLURRED)
        self._job, self._pixels, self._answers = job_id, pixels, []
        self._ask(self._answers.append)
        return None

    def look(self, job_id: str, _task: Screenshot) -> Done | None:
        if job_id != self._job:
            return failed("interrupted")
        if not self._answers:
            return None
        pixels, agreed = self._pixels, self._answers[0]
        self._job, self._pixels = "", (0, 0, b"")
        if agreed:
            return _done(png(pixels, EFFORT), AGREED)
        return _done(png(coarse(pixels), EFFORT), BLURRED)


def _done(data: bytes, detail: str = "") -> Done:
    return Done(JobState.SUCCEEDED, detail=detail, data=data, media_type=PNG)
