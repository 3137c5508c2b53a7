"""What residents, clerks and panel members do in the village, by the doors they use."""

from __future__ import annotations

import datetime as dt
from typing import Any

from PIL import Image

from linli.ledger.declarations.declaring import Declared, complete_declared, declare
from linli.ledger.declarations.entering import Entered, enter, refuse, sign
from linli.ledger.declarations.history import read_history
from linli.ledger.declarations.photos import Photo, prepared
from linli.ledger.declarations.steps import Step, steps
from linli.ledger.review.opinions import Choice
from linli.ledger.review.queue import Case, cases
from linli.ledger.review.weekly import Said, say
from linli.ledger.staff.accounts import Worker
from linli.ledger.staff.roles import Role
from linli.ledger.standard.versions import StandardShelf
from tests.unit.ledger.declarations.uploads import encoded
from tests.unit.ledger.village import DAY, Village


def worker(login: str, name: str, role: Role = Role.CLERK, account: str | None = None) -> Worker:
    return Worker(login, name, role, "village", account, False, False, None)


LI, WANG = worker("li", "李芳"), worker("wang", "王敏")
ZHOU = worker("zhou", "周敏", Role.LEADER)
PANELIST = worker("zhao", "赵强", account="a5")
"""A clerk who sits on the panel as a resident."""
STAFF = (LI, WANG, ZHOU, PANELIST)


def photo(shade: int = 0) -> Photo:
    """Another shade is another photo."""
    return prepared(encoded(Image.new("RGB", (32, 24), (shade, shade, shade)), "PNG"))


def declared(village: Village, who: str = "a1", **more: Any) -> str:
    """`who` ran an errand for a neighbour (F01, 5 points), unless `more` says otherwise."""
    form = {"item": "F01", "day": DAY, "words": "替李奶奶取药", "token": "form-of-this-phone"}
    with village.engine.begin() as connection:
        standards = StandardShelf().read(connection)
        return declare(connection, Declared(who, **(form | more)), standards, village.now)


def completed(village: Village, id_: str, who: str = "a1", words: str = "补上照片") -> None:
    with village.engine.begin() as connection:
        complete_declared(connection, who, id_, words, [photo(200)], village.now)


def entered(village: Village, who: str = "a1", by: Worker = LI, **more: Any) -> str:
    """A clerk enters that `who` patrolled (B01, 10 points) and lost their card meanwhile."""
    form: dict[str, Any] = {
        "item": "B01",
        "day": DAY,
        "reason": "卡片挂失补办中",
        "token": "form-of-this-desk",
        "paper": "签到表2026-17",
    }
    with village.engine.begin() as connection:
        standards = StandardShelf().read(connection)
        return enter(connection, Entered(who, **(form | more)), by, standards, village.now)


def signed(village: Village, id_: str, by: Worker = WANG) -> bool:
    with village.engine.begin() as connection:
        return sign(connection, id_, by, StandardShelf().read(connection), village.now)


def refused(village: Village, id_: str, by: Worker = WANG) -> None:
    with village.engine.begin() as connection:
        refuse(connection, id_, by, "签到表上没有此人", village.now)


def waiting(village: Village, id_: str) -> Case | None:
    with village.engine.connect() as connection:
        found = {case.deed.id: case for case in cases(connection, "village")}
    return found.get(id_)


def tell(village: Village, id_: str, choice: Choice, *panel: str, reason: str = "请补照片") -> None:
    """Each of these members says the same."""
    for member in panel:
        case = waiting(village, id_)
        said = [Said(id_, choice, case.seen if case else "", reason)]
        with village.engine.begin() as connection:
            standards = StandardShelf().read(connection)
            say(connection, "village", member, said, standards, village.now)
        village.now += dt.timedelta(minutes=1)


def told(village: Village, id_: str) -> list[Step]:
    with village.engine.connect() as connection:
        history = read_history(connection, id_)
    assert history is not None
    return steps(history)
