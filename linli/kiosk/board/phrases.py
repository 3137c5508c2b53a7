"""What the board says: from values to words, without any drawing."""

from __future__ import annotations

import datetime as dt

from linli.kiosk.board.state import BoardState, Latest, Noticed, Tab, Tale
from linli.kiosk.theme.words import Words, time_of


def tab_name(tab: Tab, words: Words) -> str:
    match tab:
        case Tab.RESIDENT:
            return words("Residents")
        case Tab.CADRE:
            return words("Cadres")
        case Tab.UNIT:
            return words("Units")
        case Tab.NOTICE:
            return words("Notice")
        case Tab.STORY:
            return words("Stories")


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
    if state.tab is Tab.NOTICE and state.notice is not None:
        return fingerprint(state.notice, words)
    if state.tab is Tab.STORY:
        return (words("Told with their consent"),)
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


def notice_title(notice: Noticed, words: Words) -> str:
    return words("Notice of {month}", month=month_name(notice.month, words))


def notice_left(notice: Noticed, today: dt.date, words: Words) -> str:
    """How long somebody may object, or what came of it."""
    if notice.is_sealed:
        return words("may be spent")
    days = (notice.closes - today).days
    if days < 0:
        return words("is over")
    return words.n("{n} day left", "{n} days left", days) if days else words("last day today")


def notice_line(notice: Noticed, today: dt.date, words: Words) -> tuple[str, ...]:
    """The one line of the small card, longest first."""
    deeds = words.n("{n:,} deed confirmed", "{n:,} deeds confirmed", notice.deeds)
    if notice.is_sealed or notice.closes < today:
        points = words.n("{n:,} point given", "{n:,} points given", notice.points)
        return words("{one}, {two}", one=deeds, two=points), deeds
    hint = (
        words("tap your card to object") if "card" in notice.ways else words("object at the desk")
    )
    return words("{one}, {two}", one=deeds, two=hint), hint


def notice_how(notice: Noticed, today: dt.date, words: Words) -> str:
    """What one may do about it."""
    if notice.is_sealed:
        return words("The notice is over: the points may be spent at the shop.")
    if notice.closes < today:
        return words("The notice is over: objections are answered, then points count.")
    known = {
        "card": words("card at the terminal"),
        "phone": words("phone"),
        "desk": words("service desk"),
    }
    ways = [known[way] for way in notice.ways if way in known]
    return words(
        "Object until {day}: {ways}", day=day_of(notice.closes, words), ways=words.listed(*ways)
    )


def span(notice: Noticed, words: Words) -> str:
    first, last = (day_of(day, words) for day in (notice.opens, notice.closes))
    return words("{first} to {last}", first=first, last=last)


def day_of(day: dt.date, words: Words) -> str:
    return words("{day} {month}", day=day.day, month=words.month(day))


def fingerprint(notice: Noticed, words: Words) -> tuple[str, ...]:
    """The record's, in groups to be compared by eye; longest first."""
    if not notice.root:
        return (words("Everybody may check the record"),)
    root = " ".join(notice.root[at : at + 4] for at in range(0, len(notice.root), 4))
    short = words("Record {root}", root=root)
    entries = words.n("{n:,} entry", "{n:,} entries", notice.leaves)
    return (
        words.listed(short, entries, words("anybody may check it")),
        words.listed(short, entries),
        short,
    )


def honour(tale: Tale, words: Words) -> str:
    match tale.honour:
        case "star":
            return words("Points star of {year}", year=tale.year)
        case "neighbour":
            return words("Good neighbour of {year}", year=tale.year)
        case _:
            return words("Told by neighbours")


def _record(state: BoardState, words: Words) -> str:
    return words("record #{record}", record=f"{state.record:,}") if state.record else ""
