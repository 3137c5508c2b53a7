"""Names for simulated people: frequent surnames, compound ones, and a few rare characters."""

from __future__ import annotations

import random

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许邓冯韩曹"
    "曾彭萧蔡潘田董袁于余叶蒋杜苏魏程吕丁"
)
COMPOUND = ("欧阳", "司马", "诸葛", "上官", "皇甫")
GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰建国红梅"
    "志文淑珍海燕春生家乐思远雨欣浩然子涵"
)
RARE = ("王䶮", "李㛃", "赵𠅤明", "马喆", "周堃")
UNITS = (
    "阳光便民超市",
    "城关供电所",
    "第三小学",
    "老街面馆",
    "社区卫生服务站",
    "农商银行阳光支行",
    "康民药店",
    "惠邻物业公司",
    "向阳幼儿园",
    "邮政阳光网点",
    "清风理发店",
    "新华书店阳光店",
)


def person(random_: random.Random) -> str:
    """A name of two to four characters."""
    if random_.random() < 0.02:
        return random_.choice(COMPOUND) + random_.choice(GIVEN)
    length = 1 if random_.random() < 0.2 else 2
    return random_.choice(SURNAMES) + "".join(random_.choice(GIVEN) for _ in range(length))
