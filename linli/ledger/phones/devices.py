"""What to call a phone in a list, from what its browser says of itself. Pure."""

from __future__ import annotations

DEVICES = (
    ("OpenHarmony", "鸿蒙手机"),
    ("HarmonyOS", "鸿蒙手机"),
    ("iPhone", "苹果手机"),
    ("iPad", "苹果平板"),
    ("HUAWEI", "华为手机"),
    ("HONOR", "荣耀手机"),
    ("Xiaomi", "小米手机"),
    ("Redmi", "红米手机"),
    ("OPPO", "OPPO 手机"),
    ("vivo", "vivo 手机"),
    ("Android", "安卓手机"),
    ("Windows", "电脑"),
    ("Macintosh", "电脑"),
    ("Linux", "电脑"),
)
"""The first that is named; a maker's name stands beside the system's."""
UNKNOWN = "手机"
IN_CHAT = ("MicroMessenger", "微信")


def device_words(user_agent: str) -> str:
    """Short, and never the browser's own text: it may say anything."""
    lowered = user_agent.lower()
    known = next((said for mark, said in DEVICES if mark.lower() in lowered), UNKNOWN)
    mark, chat = IN_CHAT
    return f"{known} · {chat}" if mark.lower() in lowered else known
