"""A newcomer enrolled by a script: its own program asks, a maintainer's browser confirms.

The steps are those of the person: each is one page opened or one form sent.
"""

from __future__ import annotations

import time
from urllib.parse import quote

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from linli.benchmarks.fleet_town import Fleet, FleetError
from linli.kiosk.enrolling.client import EnrolClient
from linli.sync.enrolment import Enrolled, Waiting
from linli.sync.sessions import direct_session

POLL_S, MOST_S = 2.0, 60.0
"""A newcomer asks again every two seconds."""


def enrolled_by_script(fleet: Fleet) -> tuple[int, float]:
    """How many steps a maintainer takes, logging in among them, and seconds from the code on the
    newcomer's screen until it is in. Raises FleetError."""
    key = Ed25519PrivateKey.generate()
    client = EnrolClient(fleet.url, key, "terminal", "bench", "南门", direct_session())
    shown = client.ask()
    if not isinstance(shown, Waiting):
        raise FleetError(f"the ledger shows a newcomer no code: {shown}")
    began = time.monotonic()
    maintainer = fleet.staff("maintainer")  # the page, and the form
    maintainer.open(f"/console/terminals/new?scope={fleet.first.id}&code={quote(shown.code)}")
    maintainer.press(
        "/console/terminals/new",
        compared="yes",
        name="newcomer-1",
        centre=fleet.first.centre,
        centre_name="邻里中心",
    )
    while not isinstance(answer := client.ask(), Enrolled):
        if time.monotonic() - began > MOST_S:
            raise FleetError(f"the newcomer is not let in: {answer}")
        time.sleep(POLL_S)
    return 4, time.monotonic() - began
