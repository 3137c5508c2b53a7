"""What is asked of a replica's tables, each by one look into an index. The statements are built
once: to build one costs more than to run it."""

from __future__ import annotations

from sqlalchemy import bindparam, func, select

from linli.sync.messages import Kind
from linli.sync.replica_schema import (
    activity,
    attendance,
    board_plan,
    card,
    deed,
    document,
    door,
    holder,
    lease,
    moment,
    notice,
    org,
    standard_change,
    standing,
    story,
    urgent,
    ware,
    window,
)
from linli.sync.statements import one_of

CARD = (
    select(card.c.body)
    .where(card.c.uid == bindparam("uid"))
    .order_by(card.c.active.desc(), card.c.card)
    .limit(1)
)
CARDS_LIKE = (
    select(card.c.body)
    .where(card.c.uid.like(bindparam("pattern")), card.c.active == 1)
    .order_by(card.c.card)
    .limit(2)
)
HOLDER = select(holder.c.body).where(holder.c.account == bindparam("account"))
LEASES = select(lease.c.body).where(lease.c.terminal == bindparam("terminal")).order_by(lease.c.id)
LEASES_OF = (
    select(lease.c.body)
    .where(lease.c.id >= bindparam("first"), lease.c.id < bindparam("beyond"))
    .order_by(lease.c.id)
)
DOORS = select(door.c.body).where(door.c.terminal == bindparam("terminal")).order_by(door.c.door)
DEEDS = (
    select(deed.c.body)
    .where(deed.c.account == bindparam("account"), deed.c.done >= bindparam("since"))
    .order_by(deed.c.done, deed.c.id)
)
ORG = select(org.c.body).where(org.c.id == bindparam("id"))
ACTIVITY = select(activity.c.body).where(activity.c.id == bindparam("id"))
ACTIVITIES = (
    select(activity.c.body)
    .where(activity.c.starts <= bindparam("end"), activity.c.ends >= bindparam("start"))
    .order_by(activity.c.starts, activity.c.id)
)
ATTENDANCES = (
    select(attendance.c.body)
    .where(attendance.c.account == bindparam("account"), one_of(attendance.c.activity, "among"))
    .order_by(attendance.c.activity)
)
PRESENT = select(func.count()).where(
    attendance.c.activity == bindparam("activity"), attendance.c.inside == 1
)
MOMENTS = (
    select(moment.c.body).order_by(moment.c.at.desc(), moment.c.id.desc()).limit(bindparam("most"))
)
NOTICES = select(notice.c.body).order_by(notice.c.month.desc()).limit(bindparam("most"))
STORIES = (
    select(story.c.body)
    .where(story.c.shown == 1)
    .order_by(story.c.at.desc(), story.c.id.desc())
    .limit(bindparam("most"))
)
WARES = select(ware.c.body).where(ware.c.on_sale == 1).order_by(ware.c.id, ware.c.centre)
WINDOWS = (
    select(window.c.body).where(window.c.closes > bindparam("at")).order_by(window.c.opens).limit(1)
)
BOARD_PLAN = select(board_plan.c.body)
URGENT = (
    select(urgent.c.body)
    .where(urgent.c.starts <= bindparam("at"), urgent.c.ends > bindparam("at"))
    .order_by(urgent.c.starts.desc(), urgent.c.id.desc())
    .limit(1)
)
STANDARD_CHANGES = (
    select(standard_change.c.body)
    .where(standard_change.c.day >= bindparam("day"))
    .order_by(standard_change.c.day)
)
BUILDINGS = (
    select(
        standing.c.building,
        func.sum(standing.c.posted).label("posted"),
        func.sum(standing.c.total).label("total"),
        func.count().label("people"),
        org.c.body,
    )
    .join(org, org.c.id == standing.c.building)
    .where(
        standing.c.period == bindparam("period"),
        standing.c.kind != Kind.UNIT.value,
        standing.c.total > 0,
    )
    .group_by(standing.c.building)
    .order_by(func.sum(standing.c.total).desc(), standing.c.building)
)
STANDING = select(standing.c.body).where(
    standing.c.account == bindparam("account"), standing.c.period == bindparam("period")
)
_RANKED = (
    (standing.c.period == bindparam("period"))
    & (standing.c.kind == bindparam("kind"))
    & (standing.c.total > bindparam("total"))
)
TOP = (
    select(standing.c.total, standing.c.body)
    .where(_RANKED)
    .order_by(standing.c.total.desc(), standing.c.reached, standing.c.account)
    .limit(bindparam("most"))
)
COUNT_RANKED = select(func.count()).where(_RANKED)
_OTHERS_ABOVE = _RANKED & (standing.c.account != bindparam("without"))
COUNT_ABOVE = select(func.count()).where(_OTHERS_ABOVE)
COUNT_NEIGHBOURS = select(func.count()).where(
    _OTHERS_ABOVE & (standing.c.building == bindparam("building"))
)
NEXT_ABOVE = select(func.min(standing.c.total)).where(_OTHERS_ABOVE)
STANDARD = (
    select(document.c.body)
    .where(document.c.name == "standard", document.c.version <= bindparam("day"))
    .order_by(document.c.version.desc())
    .limit(1)
)
