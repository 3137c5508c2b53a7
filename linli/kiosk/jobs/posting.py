"""Puts words on the resting screen, and takes the terminal out of service and back."""

from __future__ import annotations

from linli.kiosk.flows.afar_views import Notice
from linli.kiosk.jobs.doing import SUCCEEDED, Done
from linli.kiosk.on_show import OnShow
from linli.sync.job_messages import Maintain, ShowMessage
from linli.sync.periods import SHANGHAI


class MessagePoster:
    """The `Doer` of ShowMessage. The screen looks each second what is on show."""

    def __init__(self, on_show: OnShow) -> None:
        self._on_show = on_show

    def begin(self, _job_id: str, task: ShowMessage) -> Done:
        zh, en = (" ".join(words.split()) for words in (task.zh, task.en))
        notice = Notice(zh, en, task.until.astimezone(SHANGHAI)) if zh or en else None
        self._on_show.post(notice)
        return SUCCEEDED

    def look(self, job_id: str, task: ShowMessage) -> Done:
        """To post the same once more hurts nobody."""
        return self.begin(job_id, task)


class Maintainer:
    """The `Doer` of Maintain."""

    def __init__(self, on_show: OnShow) -> None:
        self._on_show = on_show

    def begin(self, _job_id: str, task: Maintain) -> Done:
        self._on_show.serve(again=not task.on)
        return SUCCEEDED

    def look(self, job_id: str, task: Maintain) -> Done:
        return self.begin(job_id, task)
