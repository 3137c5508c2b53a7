"""Where holders live: in a building, or in a household of one. A unit may be the community's own.

Rankings, boards and terminals know the building; the household stays in the ledger.
"""

from __future__ import annotations

from sqlalchemy import case

from linli.ledger.people.checks import HOUSEHOLD
from linli.ledger.people.schema import holder, org

home = org.alias("home")
building = org.alias("building")
AT_HOME = holder.join(home, home.c.id == holder.c.home).join(
    building,
    building.c.id == case((home.c.level == HOUSEHOLD, home.c.parent), else_=home.c.id),
)
"""Each holder beside their `home` and its `building`; the home is its own where it is no
household."""
