"""Topic names. A terminal writes only under its own name (the broker's ACL holds it to that)."""

from __future__ import annotations

from linli.sync.messages import Stream

ROOT = "linli/v1"
ALL_EVENTS = f"{ROOT}/t/+/events"


def of_terminal(terminal: str, what: str) -> str:
    """A topic of one terminal's own, such as its `desired` settings."""
    return f"{ROOT}/t/{terminal}/{what}"


def events(terminal: str) -> str:
    return f"{ROOT}/t/{terminal}/events"


def ack(terminal: str) -> str:
    return f"{ROOT}/t/{terminal}/ack"


def presence(terminal: str) -> str:
    return f"{ROOT}/t/{terminal}/presence"


def desired(terminal: str) -> str:
    """Retained: the settings that the ledger wants there."""
    return of_terminal(terminal, "desired")


def reported(terminal: str) -> str:
    """Retained: what became of them."""
    return of_terminal(terminal, "reported")


def jobs(terminal: str) -> str:
    """Retained: every job of the terminal that has not ended yet."""
    return of_terminal(terminal, "jobs")


def job_status(terminal: str) -> str:
    return of_terminal(terminal, "jobs/status")


def logs(terminal: str) -> str:
    """Lines of a log that is followed."""
    return of_terminal(terminal, "logs")


def health(terminal: str) -> str:
    """Retained: how the terminal is."""
    return of_terminal(terminal, "health")


def feed(scope: str, stream: Stream) -> str:
    return f"{ROOT}/scope/{scope}/{stream.value}"


def head(scope: str, stream: Stream) -> str:
    """Retained: the last number published on the feed."""
    return f"{ROOT}/scope/{scope}/{stream.value}/head"


def standard(scope: str) -> str:
    return f"{ROOT}/scope/{scope}/standard"


def hot_list(scope: str) -> str:
    return f"{ROOT}/scope/{scope}/hotlist"


def terminal_of(topic: str) -> str:
    """The terminal a `t/…` topic belongs to. Raises ValueError for any other topic."""
    parts = topic.split("/")
    if len(parts) < 4 or "/".join(parts[:2]) != ROOT or parts[2] != "t":
        raise ValueError(f"{topic!r} is not a terminal's topic")
    return parts[3]
