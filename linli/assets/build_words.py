"""Builds what the program reads of each translation: `python -m linli.assets.build_words`.

A flat JSON beside the .po file. The terminal then starts without Babel, which takes 7 MB of a
small computer's memory.
"""

from __future__ import annotations

import json
from pathlib import Path

LOCALE = Path(__file__).with_name("locale")


def po_file(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "linli.po"


def built_file(language: str) -> Path:
    return po_file(language).with_suffix(".json")


def read_texts(language: str) -> dict[str, str]:
    """msgid → text; of a plural its first form. Raises FileNotFoundError."""
    from babel.messages.pofile import read_po

    with po_file(language).open("rb") as file:
        read = read_po(file, locale=language)
    texts: dict[str, str] = {}
    for message in read:
        msgid, text = message.id, message.string
        if msgid and text:
            key = msgid if isinstance(msgid, str) else msgid[0]
            texts[key] = text if isinstance(text, str) else text[0]
    return texts


def main() -> None:
    for po in LOCALE.glob("*/LC_MESSAGES/linli.po"):
        language = po.parts[-3]
        texts = json.dumps(read_texts(language), ensure_ascii=False)
        built_file(language).write_text(texts, encoding="utf-8")


if __name__ == "__main__":
    main()
