"""Draws the samples of the board as its web page does, each beside the board's own picture where
`test_screens.py` has drawn that.

`python -m tests.system.draw_board_pages DIRECTORY [SCREENS]` (with `tests` on the path).
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, Route

from linli.assets.words import Words
from linli.board.state import BoardState
from linli.ledger.web.public.board import Drawn, markup
from linli.sync.messages import UrgentRow
from linli.town import world as towns
from tests.system.board_samples import SAMPLES, Sample
from tests.system.browser import chromium
from tests.system.pages_town import PagesTown, SettledTown

SIZES = ((1920, 1080), (1080, 1920))
LANGUAGES = ("zh_CN", "en")
GAP = 24


def page_of(state: BoardState, words: Words) -> str:
    """The sample as the only page of the round."""
    urgent = []
    if state.urgent is not None:
        one = state.urgent
        urgent = [UrgentRow(id="1", text=one.text, starts_at=state.now, until=one.until)]
    schedule = {
        "steps": [{"keys": ["only"], "seconds": 600}],
        "dim": ["00:00", "24:00" if state.darkness else "00:00", round(state.darkness * 100)],
        "now": round(state.now.timestamp() * 1000),
    }
    return markup([Drawn("only", state)], state, schedule, urgent, words)


WRONG = """() => {
  const wrong = [], wide = innerWidth, high = innerHeight, least = 32 * Math.min(
    ...(wide > high ? [wide / 1920, high / 1080] : [wide / 1080, high / 1920]));
  for (const box of document.querySelectorAll("#board *")) {
    const rect = box.getBoundingClientRect();
    if (!rect.width || getComputedStyle(box).visibility === "hidden") continue;
    const own = [...box.childNodes].some(n => n.nodeType === 3 && n.textContent.trim());
    if (!own || box.closest("svg")) continue;
    const said = box.textContent.trim().slice(0, 30);
    if (parseFloat(getComputedStyle(box).fontSize) < least - .5) wrong.push(`small: ${said}`);
    if (rect.left < -1 || rect.right > wide + 1 || rect.top < -1 || rect.bottom > high + 1)
      wrong.push(`off the screen: ${said}`);
    if (box.scrollWidth > box.clientWidth + 1 && getComputedStyle(box).display !== "inline")
      wrong.push(`shortened: ${said}`);
    const slack = .25 * parseFloat(getComputedStyle(box).fontSize);
    if (box.dataset.lines && box.scrollHeight > box.clientHeight + slack)
      wrong.push(`cut: ${said}`);
  }
  return wrong;
}"""


def drawn(page: Page, town: PagesTown, sample: Sample, language: str) -> Iterator[str]:
    """Shows the sample, and says what is wrong with it."""
    body = page_of(sample.state, Words(language))
    page.unroute_all()
    page.route("**/pages?*", lambda route: _answer(route, body))
    offline = sample.state.offline
    page.route("**/changes", lambda route: route.abort() if offline else route.continue_())
    page.goto(f"{town.url}/board/{towns.SCOPE}?lang={language}")
    page.wait_for_selector(".page:not([hidden]), .urgent:not([hidden])")
    page.evaluate("document.fonts.ready")
    page.wait_for_timeout(7000 if offline else 700)
    yield from page.evaluate(WRONG)


def _answer(route: Route, body: str) -> None:
    route.fulfill(status=200, content_type="text/html; charset=utf-8", body=body)


def beside(ours: Path, screens: Path | None) -> None:
    """Web page left, the board's own picture right."""
    known = None if screens is None else screens / ours.name.replace("web_", "board_")
    if known is None or not known.exists():
        return
    with Image.open(ours) as left, Image.open(known) as right:
        both = Image.new("RGB", (left.width * 2 + GAP, left.height), "#888888")
        both.paste(left, (0, 0))
        both.paste(right, (left.width + GAP, 0))
        both.save(ours.with_name(ours.name.replace("web_", "both_")))


def main(directory: Path, screens: Path | None, only: tuple[str, ...] = ()) -> None:
    directory.mkdir(parents=True, exist_ok=True)
    findings: dict[str, list[str]] = {}
    with (
        tempfile.TemporaryDirectory() as name,
        PagesTown(Path(name), SettledTown(Path(name))) as town,
        chromium() as browser,
    ):
        for width, height in SIZES:
            page = browser.new_page(viewport={"width": width, "height": height})
            for language in LANGUAGES:
                for sample in SAMPLES:
                    if only and sample.name not in only:
                        continue
                    if sample.state.offline and language != LANGUAGES[0]:
                        continue
                    picture = directory / f"web_{sample.name}-{height}-{language}.png"
                    found = list(drawn(page, town, sample, language))
                    page.screenshot(path=picture)
                    beside(picture, screens)
                    if found and not sample.extreme:
                        findings[picture.stem] = found
    text = json.dumps(findings, ensure_ascii=False, indent=1)
    (directory / "findings.json").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main(
        Path(sys.argv[1]),
        Path(sys.argv[2]) if len(sys.argv) > 2 else None,
        tuple(sys.argv[3:]),
    )
