"""Two people look after the town's terminals, at the console: what they do, and how it ended.

| step     | who        | ends as expected where                                                  |
|----------|------------|-------------------------------------------------------------------------|
| block    | clerk      | the card is refused at the terminal, soon after the click               |
| settings | maintainer | a terminal that was given a broker that is not there comes back by      |
|          |            | itself, with the settings of before, and its page says why              |
| roll-out | maintainer | four terminals run the new version, the fifth runs the one of before,   |
|          |            | and the page of the roll-out says why                                   |
"""

from __future__ import annotations

import sqlite3
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import linli
from linli.town import world as towns
from linli.town.errands import cast
from linli.town.guest import Guest
from linli.town.outposts import NAMES, next_version
from linli.town.page_pictures import PagePictures
from linli.town.programs import TownError
from linli.town.staffing import PASSWORD
from linli.town.town import Town, free_port
from linli.town.waiting import eventually
from linli.town.web_visitor import WebVisitor

ONLINE_S, BACK_S, ROLLED_OUT_S = 60.0, 150.0, 240.0
REFUSED_S = 2.0
"""From the click to the refused tap, as `linli bench fleet` holds it: what a person would wait."""
TALL = 3000
"""Pixels of a terminal's page, with its settings below all else."""
WAVES = "2、其余"
NEW, ONE = "/console/rollouts/new", "/console/terminals/one"


class Step(StrEnum):
    BLOCK = "blocks a card at the console; it is tapped at the terminal"
    SETTINGS = "gives a terminal a broker that is not there"
    ROLLOUT = "rolls out a new version to five terminals, in waves of two and three"


@dataclass(frozen=True)
class Kept:
    """One step as it is told: `who` did it, and how it ended."""

    step: str
    who: str
    outcome: str
    expected: str

    @property
    def ok(self) -> bool:
        return self.outcome == self.expected


class Upkeep:
    """`begin` early, `finish` when the town's clock does not jump any more: what was begun is
    judged by it. Only reads the ledger's database, and only through pages changes anything."""

    def __init__(
        self, town: Town, pages: PagePictures, said: Callable[[str], None], guest: Guest
    ) -> None:
        self._town, self._pages, self._said, self._guest = town, pages, said, guest
        self._visitors: dict[str, WebVisitor] = {}
        self._settled = NAMES[0]

    def begin(self) -> None:
        """Waits until all are online, and changes the settings of one for the worse. Raises
        TownError."""
        names = {one.outpost for one in self._town.outposts}
        if not eventually(lambda: self._online() >= names, ONLINE_S):
            away = ", ".join(sorted(names - self._online()))
            raise TownError(f"not online: {away}\n{_words_of(self._town, away)}")
        maintainer = self._at_console("maintainer")
        maintainer.open(f"{ONE}?name={self._settled}")
        maintainer.press(
            f"{ONE}/settings",
            name=self._settled,
            whom="one",
            broker_port=str(free_port()),
            password=PASSWORD,
            why="换了消息服务器",
        )
        self._said(f"maintainer: {self._settled} is to use a broker that is not there")

    def finish(self) -> list[Kept]:
        """Never raises for what ended otherwise than it should; it says so."""
        self._log_out()  # it is evening: who logged in before has been logged out long since
        kept = [
            self._done(Step.BLOCK, "clerk", "refused within 2 s", self._block),
            self._done(
                Step.SETTINGS, "maintainer", "failed: no-broker, back by itself", self._came_back
            ),
            self._done(Step.ROLLOUT, "maintainer", _expected(), self._roll_out),
        ]
        self._log_out()
        return kept

    def _done(self, step: Step, who: str, expected: str, do: Callable[[], str]) -> Kept:
        try:
            outcome = do()
        except (OSError, LookupError, TownError) as error:
            self._town.check_alive()
            outcome = f"{type(error).__name__}: {error}"
        self._said(f"{who} {step}: {outcome}")
        return Kept(step, who, outcome, expected)

    # --- the steps -------------------------------------------------------------------------------

    def _block(self) -> str:
        """The clerk's page is open before: what counts is the time from the click."""
        person = _whose_card(self._town.world)
        clerk = self._at_console("clerk")
        clerk.open(f"/console/cards/stop?id={person.card.id}")
        self._pages.take("console-card-stop", clerk)
        self._guest.home()
        began = time.monotonic()
        clerk.press("/console/cards/stop")
        self._guest.tap(person.account)
        seen = self._guest.sees("Refused", "Success", "Choose", "Points")
        took = time.monotonic() - began
        self._guest.home()
        if seen.said != "blocked_card":
            return f"{seen.view} {seen.said}".strip()
        return "refused within 2 s" if took <= REFUSED_S else f"refused after {took:.1f} s"

    def _came_back(self) -> str:
        answered = self._number_of(
            "SELECT state = 'failed' FROM terminal_report WHERE terminal = ?", self._settled
        )
        if not eventually(lambda: answered() == 1, BACK_S):
            return "not answered"
        maintainer = self._at_console("maintainer")
        page = maintainer.open(f"{ONE}?name={self._settled}")
        self._pages.take("console-terminal-settings", maintainer, TALL)
        why = self._text_of(
            "SELECT state || ': ' || error FROM terminal_report WHERE terminal = ?", self._settled
        )
        told = "已自动恢复原来的设置" in page and "用新的地址连不上" in page
        here = eventually(lambda: self._settled in self._online(), ONLINE_S)
        return f"{why}, {'back by itself' if told and here else 'and nobody was told'}"

    def _roll_out(self) -> str:
        names = [one.outpost for one in self._town.outposts]
        version = self._town.releases.offer(self._town.clock.now())
        maintainer = self._at_console("maintainer")
        maintainer.open(NEW)
        self._pages.take("console-rollout-new", maintainer)
        maintainer.press(
            NEW,
            do="update-app",
            version=version,
            terminal=names,
            waves=WAVES,
            tolerated="0",
            hours="24",
            why="修正签退时间的显示",
            password=PASSWORD,
        )
        id_ = self._text_of("SELECT id FROM rollout WHERE scope = ?", towns.SCOPE)
        page = f"/console/rollouts/one?id={id_}"
        ended = self._number_of("SELECT count(ended_at) FROM job WHERE rollout = ?", id_)
        if eventually(lambda: ended() >= 1, ROLLED_OUT_S):
            maintainer.open(page)
            self._pages.take("console-rollout-under-way", maintainer)
        eventually(lambda: ended() == len(names), ROLLED_OUT_S)
        time.sleep(1.0)  # the roll-out takes note of its last job
        told = maintainer.open(page)
        self._pages.take("console-rollout", maintainer)
        ends = ", ".join(self._ends(id_))
        reads = (
            "its page says why" if "新版本启动后自己退出" in told else "its page does not say why"
        )
        return f"{ends}; {self._versions()}; {reads}"

    # --- looking ---------------------------------------------------------------------------------

    def _at_console(self, login: str) -> WebVisitor:
        visitor = self._visitors.get(login)
        if visitor is None:
            visitor = self._visitors[login] = WebVisitor(self._town.url)
            visitor.open("/console/login")
            visitor.press("/console/login", login=login, password=PASSWORD)
        return visitor

    def _log_out(self) -> None:
        for visitor in self._visitors.values():
            visitor.close()
        self._visitors.clear()

    def _ends(self, rollout: str) -> list[str]:
        query = (
            "SELECT count(*) || ' ' || state FROM job WHERE rollout = ? GROUP BY state"
            " ORDER BY count(*) DESC"
        )
        return [str(row[0]) for row in self._rows(query, rollout)]

    def _versions(self) -> str:
        """What each starts from now, as it is written down on its own disk."""
        own = linli.__version__
        found = Counter(one.slots.read().version or own for one in self._town.outposts)
        return " and ".join(f"{count} run {version}" for version, count in sorted(found.items()))

    def _online(self) -> set[str]:
        return {
            str(row[0]) for row in self._rows("SELECT terminal FROM terminal_presence WHERE online")
        }

    def _number_of(self, query: str, *values: str) -> Callable[[], int]:
        def look() -> int:
            rows = self._rows(query, *values)
            return int(rows[0][0]) if rows else 0

        return look

    def _text_of(self, query: str, *values: str) -> str:
        rows = self._rows(query, *values)
        return str(rows[0][0]) if rows else ""

    def _rows(self, query: str, *values: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(f"file:{self._town.ledger_db}?mode=ro", uri=True)) as found:
            return list(found.execute(query, values))


def _expected() -> str:
    ran = f"1 run {linli.__version__} and 4 run {next_version()}"
    return f"4 SUCCEEDED, 1 ROLLED_BACK; {ran}; its page says why"


def _whose_card(world: towns.World) -> towns.Resident:
    """Somebody with a dynamic card who does nothing else that day."""
    busy = {person.account for person in cast(world).values()}
    return next(
        person
        for person in reversed(world.people)
        if person.card.key is not None and not person.card.blocked and person.account not in busy
    )


def _words_of(town: Town, names: str) -> str:
    return "\n".join(
        one.log.read_text(errors="replace")[-800:] for one in town.outposts if one.outpost in names
    )
