"""HTTP as programs speak it, apart from the person who is logged in on the machine."""

from __future__ import annotations

import requests


def direct_session() -> requests.Session:
    """A session that takes nothing from its surroundings: a .netrc entry for the host would
    replace the headers that we send, and a proxy of the environment would see them."""
    session = requests.Session()
    session.trust_env = False
    return session
