"""The standard in the words that residents read: 每月 4 次, 刷卡签到. Pure."""

from __future__ import annotations

from linli.ledger.standard.changes import Field, Placed, Value
from linli.sync.messages import Item, ItemLimit

PERIODS = {"day": "每天", "week": "每周", "month": "每月", "quarter": "每季", "year": "每年"}
RECORDS = {
    "checkin": "刷卡签到",
    "report": "报到登记",
    "declare": "手机申报",
    "task": "任务认领",
}
FIELDS = {
    Field.POINTS: "分值",
    Field.NAME: "名称",
    Field.LIMIT: "次数上限",
    Field.DURATION: "最短时长",
    Field.RECORD: "记录方式",
    Field.ADDED: "新增",
    Field.WITHDRAWN: "取消",
    Field.CLASS: "类别",
    Field.CLASS_NAME: "类别名称",
}
NO_LIMIT = "不限次数"
NO_DURATION = "不限时长"


def limit_words(limit: ItemLimit | None) -> str:
    return NO_LIMIT if limit is None else f"{PERIODS[limit.per]} {limit.n} 次"


def duration_words(minutes: int | None) -> str:
    return NO_DURATION if minutes is None else f"至少 {minutes} 分钟"


def item_words(item: Item) -> str:
    """An item on one line."""
    parts = [item.name, f"{item.points} 分", limit_words(item.limit)]
    if item.duration_min is not None:
        parts.append(duration_words(item.duration_min))
    return "，".join([*parts, RECORDS.get(item.record, item.record)])


def value_words(field: Field, value: Value) -> str:
    """A change's old or new value; 无 where there is nothing."""
    match field, value:
        case Field.POINTS, int(points):
            return f"{points} 分"
        case Field.LIMIT, (ItemLimit() | None) as limit:
            return limit_words(limit)
        case Field.DURATION, (int() | None) as minutes:
            return duration_words(minutes)
        case Field.RECORD, str(record):
            return RECORDS.get(record, record)
        case _, Placed(item=item):
            return item_words(item)
    return "无" if value is None else str(value)
