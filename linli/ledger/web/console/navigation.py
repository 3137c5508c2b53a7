"""The console's menu: what there is, for whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from linli.ledger.staff.roles import Right


@dataclass(frozen=True, slots=True)
class Entry:
    title: str
    path: str
    rights: frozenset[Right]


@dataclass(frozen=True, slots=True)
class Group:
    title: str
    entries: tuple[Entry, ...]


def _entry(title: str, path: str, *rights: Right) -> Entry:
    return Entry(title, f"/console{path}", frozenset(rights))


MENU = (
    Group(
        "积分服务台",
        (
            _entry("居民与单位", "/people", Right.DESK, Right.OVERSEE),
            _entry("便民服务卡", "/cards", Right.DESK),
            _entry("家庭户", "/households", Right.DESK),
            _entry("手工录入", "/by-hand", Right.DESK, Right.LEAD),
            _entry("名单导入", "/importing", Right.DESK),
        ),
    ),
    Group(
        "考评监督",
        (
            _entry("每周审核", "/review", Right.REVIEW, Right.OVERSEE),
            _entry("月度公示", "/notices", Right.READ),
            _entry("异议答复", "/objections", Right.REVIEW, Right.OVERSEE),
            _entry("年度评选", "/awards", Right.READ),
            _entry("邻里故事", "/stories", Right.READ),
        ),
    ),
    Group("公开展示", (_entry("社区电子屏", "/board", Right.READ),)),
    Group(
        "标准与民意",
        (
            _entry("积分标准", "/standard", Right.READ),
            _entry("问卷调查", "/surveys", Right.READ),
        ),
    ),
    Group(
        "积分兑换",
        (
            _entry("兑换柜台", "/shop/desk", Right.DESK),
            _entry("待发放", "/shop/orders", Right.DESK),
            _entry("兑换柜", "/shop/doors", Right.DESK),
            _entry("柜门问题", "/shop/troubles", Right.DESK),
            _entry("货架", "/shop/shelves", Right.READ),
            _entry("商户和优惠", "/shop/merchants", Right.READ),
            _entry("兑换期", "/shop/windows", Right.READ),
            _entry("商户结算", "/shop/settlements", Right.READ),
        ),
    ),
    Group(
        "日程与记录",
        (
            _entry("工作日程", "/calendar", Right.READ),
            _entry("公开账本签署", "/record", Right.READ),
        ),
    ),
    Group(
        "系统",
        (
            _entry("告警", "/alerts", Right.TERMINALS),
            _entry("终端与电子屏", "/terminals", Right.TERMINALS),
            _entry("批量更新", "/rollouts", Right.TERMINALS),
            _entry("卡片密钥", "/card-keys", Right.TERMINALS),
            _entry("搁置的消息", "/parked", Right.TERMINALS),
            _entry("操作记录", "/audit", Right.OVERSEE),
            _entry("工作人员", "/staff", Right.STAFF),
        ),
    ),
)


def menu_for(rights: frozenset[Right]) -> Sequence[Group]:
    """What somebody with these rights can open."""
    groups = (
        Group(group.title, tuple(e for e in group.entries if e.rights & rights)) for group in MENU
    )
    return [group for group in groups if group.entries]
