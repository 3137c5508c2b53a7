"""What stands on the poster, the minutes, the certificate, the adjustment and the settlement."""

from __future__ import annotations

import pytest

from linli.ledger.documents.model import (
    Award,
    Change,
    Document,
    DocumentError,
    Unshown,
    Verdict,
    Worth,
)
from linli.ledger.documents.render import pdf
from tests.unit.ledger.documents.documents_of import (
    ADDED,
    DROPPED,
    RAISED,
    adjustment,
    certificate,
    decision,
    minutes,
    poster,
    rankings,
    settlement,
    vouchers,
)
from tests.unit.ledger.documents.pdf_text import Pdf


def text_of(document: Document) -> str:
    return Pdf(pdf(document)).text


def test_the_poster_shows_the_first_ten_of_each_kind_and_no_more() -> None:
    text = text_of(poster(rankings(12, 10, 40)))
    assert text.count("邻居9号") == 3
    assert "邻居10号" not in text


def test_the_poster_shows_month_community_totals_and_the_last_day() -> None:
    text = text_of(poster())
    for part in ("阳光社区", "红色积分榜", "2026年10月", "1,286件", "423人", "公示到11月7日"):
        assert part in text


def test_the_poster_of_a_month_without_anybody_invites() -> None:
    assert text_of(poster(rankings(0, 0, 0))).count("下个月等您来") == 3


def test_the_minutes_name_the_week_and_its_days() -> None:
    text = text_of(minutes())
    assert "2026年第44周" in text
    assert "10月26日—11月1日" in text


def test_the_minutes_say_who_was_there_and_whether_that_is_enough() -> None:
    text = text_of(minutes())
    assert "3人" in text
    assert "2人，法定人数2人，已达到" in text
    assert "周志敏组长到会" in text
    assert "陈静监督委员请假" in text
    assert "未达到" in text_of(minutes(quorum=3))


def test_the_minutes_part_what_was_posted_from_what_was_voided() -> None:
    text = text_of(
        minutes(
            (
                decision("王*芳", recused=("李建华",)),
                decision("赵*", Verdict.VOIDED, "签退太早"),
                decision("孙*"),
            )
        )
    )
    _, _, after = text.partition("结果")
    posted, _, voided = after.partition("不予认定")
    assert "2件，共20分" in posted
    assert "王*芳" in posted
    assert "李建华" in posted
    assert "孙*" in posted
    assert "赵*" not in posted
    assert "赵*平安巡逻10月3日签退太早" in voided


def test_minutes_of_three_hundred_deeds_number_every_row() -> None:
    pages = Pdf(pdf(minutes(tuple(decision() for _ in range(300))))).pages
    assert 6 <= len(pages) <= 12
    assert "300王*芳" in "".join(page.text for page in pages)
    assert all("姓名" in page.text for page in pages[:-1])


@pytest.mark.parametrize("week", ["2026-44", "2026-W54", "2026-W00", "W44"])
def test_what_is_no_week_is_refused(week: str) -> None:
    with pytest.raises(DocumentError, match="is no week"):
        pdf(minutes(week=week))


def test_the_first_week_of_a_year_begins_in_the_old_one() -> None:
    assert "12月29日—1月4日" in text_of(minutes(week="2026-W01"))


@pytest.mark.parametrize(
    ("award", "title"), [(Award.STAR, "积分之星"), (Award.NEIGHBOUR, "社区好邻居")]
)
def test_the_certificate_honours_a_name_for_a_year(award: Award, title: str) -> None:
    text = text_of(certificate("欧阳秀英", award))
    for part in ("荣誉证书", "欧阳秀英：", "2026年度", "1,286", title, "2027年1月15日"):
        assert part in text


def test_a_certificate_is_one_sheet_whatever_is_said_on_it() -> None:
    long = "热心社区事务，" * 40
    assert len(Pdf(pdf(certificate("长" * 40, citation=long, issuer="名" * 40))).pages) == 1


def test_the_adjustment_shows_old_and_new_with_the_reason_and_the_answers() -> None:
    text = text_of(adjustment((RAISED,)))
    assert "现在20分每月4次" in text
    assert "12月1日起25分不限次数" in text
    assert "夜间值守多" in text
    assert "居民意见（229人）" in text
    assert "186人，81%" in text


def test_an_item_is_marked_as_changed_new_or_dropped() -> None:
    text = text_of(adjustment((RAISED, ADDED, DROPPED)))
    for part in ("应急值守调整", "文明养猫劝导新增", "捐赠闲置物资取消"):
        assert part in text
    assert "这一项没有做问卷" in text
    assert "没有收到答卷" in text


def test_what_changes_besides_stands_below_the_points() -> None:
    old, new = (
        Worth(10, details=("最短时长：不限时长",)),
        Worth(10, details=("最短时长：至少 60 分钟",)),
    )
    text = text_of(adjustment((Change("B01", "平安巡逻", old, new, "走完一圈"),)))
    assert "不限次数最短时长：不限时长" in text
    assert "最短时长：至少60分钟" in text


def test_answers_that_are_not_for_the_sheet_are_only_counted() -> None:
    few = Change("B01", "巡逻", Worth(5), Worth(10), "巡逻多", Unshown(3, few=True))
    other = Change("B02", "排查", Worth(5), Worth(10), "隐患多", Unshown(37, few=False))
    text = text_of(adjustment((few, other)))
    assert "收到3份答卷，为保护隐私不公布分布" in text
    assert "收到37份答卷，结果见网上公告" in text


def test_an_adjustment_of_nothing_says_so() -> None:
    assert "本月标准没有变化" in text_of(adjustment(()))


def test_the_settlement_adds_up_what_the_community_and_the_merchant_bear() -> None:
    text = text_of(settlement(vouchers(14)))
    assert "¥112.00" in text
    assert "¥49.00" in text
    assert "¥161.00" in text
    assert "人民币壹佰壹拾贰元整" in text
    assert "合计14张560112.0049.00161.00" in text


def test_a_settlement_of_nothing_owes_nothing() -> None:
    text = text_of(settlement())
    assert "本月没有核销的券" in text
    assert "人民币零元整" in text


def test_every_voucher_is_on_the_settlement() -> None:
    text = text_of(settlement(vouchers(200)))
    assert all(f"Q2610{at:05d}" in text for at in range(200))
