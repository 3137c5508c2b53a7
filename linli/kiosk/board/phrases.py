"""What the board says: from values to words, without any drawing."""

from __future__ import annotations

import datetime as dt

from linli.kiosk.board.state import BoardState, Latest, Tab
from linli.kiosk.theme.words import Words, time_of


def tab_name(tab: Tab, words: Words) -> str:
    match tab:
        case Tab.RESIDENT:
            return words("Residents")
        case Tab.CADRE:
            return words("Cadres")
        case Tab.UNIT:
            return words("Units")


def ago(at: dt.datetime, now: dt.datetime, words: Words) -> str:
    minutes = int((now - at).total_seconds() // 60)
    if minutes < 1:
        return words("just now")
    if minutes < 60:
        return words.n("{n} min ago", "{n} min ago", minutes)
    if at.date() == now.date():
        return words.n("{n} h ago", "{n} h ago", minutes // 60)
    if at.date() == now.date() - dt.timedelta(days=1):
        return words("yesterday")
    days = max(2, (now.date() - at.date()).days)
    return words.n("{n} day ago", "{n} days ago", days)


def won(latest: Latest, words: Words) -> str:
    return words("came in") if latest.points is None else f"+{latest.points}"


def coming_title(state: BoardState, words: Words) -> str:
    return words("Today") if state.coming_is_today else words("Tomorrow")


def month_name(month: str, words: Words) -> str:
    return words.month(dt.date.fromisoformat(f"{month}-01"))


def foot_left(state: BoardState, words: Words) -> tuple[str, ...]:
    """Longest first."""
    title = words("Ranking of {month}, live", month=month_name(state.month, words))
    if not state.participants:
        return (title,)
    if state.tab is Tab.UNIT:
        who = words.n("{n} unit with points", "{n} units with points", state.participants)
    else:
        who = words.n("{n} person with points", "{n} people with points", state.participants)
    return words.listed(title, who), title


def foot_right(state: BoardState, words: Words) -> str:
    if state.offline:
        return ""
    updated = ""
    if state.updated_at is not None:
        updated = words("Updated {time}", time=time_of(state.updated_at))
    return words.listed(updated, _record(state, words))


def cut_off(state: BoardState, words: Words) -> str:
    """What is said instead when nothing new can come."""
    if not state.offline:
        return ""
    if state.updated_at is None:
        return words("Offline")
    return words("Offline · showing the ranking of {time}", time=time_of(state.updated_at))


def _record(state: BoardState, words: Words) -> str:
    return words("record #{record}", record=f"{state.record:,}") if state.record else ""
