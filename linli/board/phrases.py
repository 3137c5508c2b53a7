"""What the board says: from values to words, without any drawing."""

from __future__ import annotations

import datetime as dt

from linli.assets.words import Words, time_of
from linli.board.state import (
    RANKINGS,
    Alterations,
    Altered,
    BoardState,
    Latest,
    Noticed,
    Rank,
    Shop,
    Sold,
    Tab,
    Tale,
    Urgent,
)

JUST_NOW = dt.timedelta(hours=1)


def tab_name(tab: Tab, words: Words) -> str:
    return {
        Tab.RESIDENT: words("Residents"),
        Tab.CADRE: words("Cadres"),
        Tab.UNIT: words("Units"),
        Tab.BUILDING: words("Buildings"),
        Tab.DEEDS: words("Latest deeds"),
        Tab.NOTICE: words("Notice"),
        Tab.TOMORROW: words("Tomorrow's activities"),
        Tab.STORY: words("Stories"),
        Tab.STANDARD: words("Points change"),
        Tab.SHOP: words("Redeem points"),
    }[tab]


def chosen_name(state: BoardState, words: Words) -> str:
    """The page's name, a ranking's with its period."""
    name = tab_name(state.tab, words)
    if state.tab not in RANKINGS:
        return name
    return words("{kind}, {period}", kind=name, period=period_name(state.per, words))


def period_name(per: str, words: Words) -> str:
    match per:
        case "week":
            return words("this week")
        case "year":
            return words("this year")
        case _:
            return words("this month")


def where_from(rank: Rank, words: Words) -> str:
    """What stands beside a name: the building, or how many people a building has."""
    if rank.people:
        return words.n("{n} person", "{n} people", rank.people)
    return rank.building


def latest_title(state: BoardState, words: Words) -> str:
    """Over what was done last: in a quiet hour that is not just now."""
    newest = state.latest[0].at if state.latest else state.now
    return words("Just now") if state.now - newest < JUST_NOW else words("Lately")


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
    if state.tab not in RANKINGS:
        return (_below(state.tab, words),)
    title = _ranking_name(state, words)
    if not state.participants:
        return (title,)
    if state.tab is Tab.UNIT:
        who = words.n("{n} unit with points", "{n} units with points", state.participants)
    elif state.tab is Tab.BUILDING:
        who = words.n("{n} building with points", "{n} buildings with points", state.participants)
    else:
        who = words.n("{n} person with points", "{n} people with points", state.participants)
    return words.listed(title, who), title


def _ranking_name(state: BoardState, words: Words) -> str:
    match state.per:
        case "week":
            return words("Ranking of this week, live")
        case "year":
            return words("Ranking of {year}, live", year=state.now.year)
        case _:
            return words("Ranking of {month}, live", month=month_name(state.month, words))


def _below(tab: Tab, words: Words) -> str:
    match tab:
        case Tab.STORY:
            return words("Told with their consent")
        case Tab.TOMORROW:
            return words("Tap your card when you come")
        case Tab.STANDARD:
            return words("A deed counts by the standard of its day")
        case Tab.SHOP:
            return words("At the service desk, the terminal or on your phone")
        case _:
            return words("One deed, one record")


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
    since = state.offline_since
    if since is None:
        return words("No network")
    if since.date() == state.now.date():
        return words("No network since {time}", time=time_of(since))
    said = words.listed(day_of(since.date(), words), time_of(since))
    return words("No network since {time}", time=said)


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


def notice_how(notice: Noticed, today: dt.date, words: Words) -> tuple[str, ...]:
    """What one may do about it, longest first."""
    if notice.is_sealed:
        return (words("The notice is over: the points may be spent at the shop."),)
    if notice.closes < today:
        return (
            words("The notice is over: objections are answered, then points count."),
            words("The notice is over."),
        )
    known = {
        "card": words("card at the terminal"),
        "phone": words("phone"),
        "desk": words("service desk"),
    }
    ways = [known[way] for way in notice.ways if way in known]
    day = day_of(notice.closes, words)
    return (
        words("Object until {day}: {ways}", day=day, ways=words.listed(*ways)),
        words("Object until {day}", day=day),
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


def alterations_title(some: Alterations, today: dt.date, words: Words) -> str:
    """From which day on the points count."""
    if some.since == today:
        return words("From today on")
    if some.since < today:
        return words("Since {day}", day=day_of(some.since, words))
    return words("From {day} on", day=day_of(some.since, words))


def altered_mark(one: Altered, words: Words) -> str:
    if one.old is None:
        return words("new")
    if one.new is None:
        return words("ends")
    return words("more") if one.new > one.old else words("less")


def shop_title(shop: Shop, words: Words) -> str:
    """Until when; the last moment of a day belongs to the day."""
    last = shop.closes - dt.timedelta(seconds=1)
    return words("Open until {day}", day=day_of(last.date(), words))


def part_of(part: int, parts: int) -> str:
    return f"{part} / {parts}" if parts > 1 else ""


def sold_note(one: Sold, words: Words) -> str:
    """Who gives it, or how many are left."""
    if one.merchant:
        return one.merchant
    if one.left is None:
        return words("service of the centre")
    return words.n("{n} left", "{n} left", one.left)


def urgent_until(urgent: Urgent, today: dt.date, words: Words) -> str:
    time = time_of(urgent.until)
    if urgent.until.date() != today:
        time = words.listed(day_of(urgent.until.date(), words), time)
    return words("until {time}", time=time)


def _record(state: BoardState, words: Words) -> str:
    return words("record #{record}", record=f"{state.record:,}") if state.record else ""
