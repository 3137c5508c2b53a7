"""All tables of the ledger, gathered from its rooms."""

from __future__ import annotations

from linli.ledger.activities.schema import activity
from linli.ledger.alerts.schema import alert, alert_message, alert_route, alert_sent
from linli.ledger.awards.schema import ballot, candidate
from linli.ledger.board.schema import board_plan, urgent
from linli.ledger.cadence.schema import calendar, duty
from linli.ledger.database import metadata
from linli.ledger.declarations.schema import declaration, desk_entry, evidence, photo
from linli.ledger.feed.schema import change, feed_head
from linli.ledger.fleet.health.schema import (
    terminal_health,
    terminal_history,
    terminal_presence,
)
from linli.ledger.fleet.jobs.schema import job, job_list, job_result, rollout
from linli.ledger.fleet.settings.schema import terminal_report, terminal_wish
from linli.ledger.ingest.schema import attendance, batch, parked, received, waiting_word
from linli.ledger.issuing.schema import card_keys, card_master, card_order, card_talk
from linli.ledger.journal.schema import account, deed, ledger_step, ledger_total, transfer, zero
from linli.ledger.notice.schema import debt, notice, notice_deed, objection
from linli.ledger.people.personal_schema import audit_head, audit_log, person
from linli.ledger.people.schema import (
    card,
    card_before,
    card_stop,
    holder,
    holder_pin,
    hot_list,
    merged,
    org,
)
from linli.ledger.phones.schema import phone, phone_ticket
from linli.ledger.ranking.schema import point_count, standing
from linli.ledger.record.schema import log_checkpoint, log_leaf, log_node
from linli.ledger.review.schema import case_opened, opinion, panel, panel_member, verdict
from linli.ledger.shop.schema import (
    door_trouble,
    handed_out,
    lease,
    lease_spend,
    locker_door,
    merchant,
    merchant_device,
    merchant_login,
    offer,
    redemption,
    retired_terminal,
    settlement,
    shop_window,
    stock,
    voucher,
    ware,
)
from linli.ledger.staff.schema import attempt, staff, staff_session, submission
from linli.ledger.standard.schema import adjustment, adjustment_change, standard
from linli.ledger.stories.schema import story
from linli.ledger.surveys.schema import survey, survey_question, survey_reply
from linli.ledger.terminals.schema import (
    claim,
    identity_alarm,
    terminal,
    terminal_boot,
    terminal_certificate,
)

__all__ = [
    "account",
    "activity",
    "adjustment",
    "adjustment_change",
    "alert",
    "alert_message",
    "alert_route",
    "alert_sent",
    "attempt",
    "attendance",
    "audit_head",
    "audit_log",
    "ballot",
    "batch",
    "board_plan",
    "calendar",
    "candidate",
    "card",
    "card_before",
    "card_keys",
    "card_master",
    "card_order",
    "card_stop",
    "card_talk",
    "case_opened",
    "change",
    "claim",
    "debt",
    "declaration",
    "deed",
    "desk_entry",
    "door_trouble",
    "duty",
    "evidence",
    "feed_head",
    "handed_out",
    "holder",
    "holder_pin",
    "hot_list",
    "identity_alarm",
    "job",
    "job_list",
    "job_result",
    "lease",
    "lease_spend",
    "ledger_step",
    "ledger_total",
    "locker_door",
    "log_checkpoint",
    "log_leaf",
    "log_node",
    "merchant",
    "merchant_device",
    "merchant_login",
    "merged",
    "metadata",
    "notice",
    "notice_deed",
    "objection",
    "offer",
    "opinion",
    "org",
    "panel",
    "panel_member",
    "parked",
    "person",
    "phone",
    "phone_ticket",
    "photo",
    "point_count",
    "received",
    "redemption",
    "retired_terminal",
    "rollout",
    "settlement",
    "shop_window",
    "staff",
    "staff_session",
    "standard",
    "standing",
    "stock",
    "story",
    "submission",
    "survey",
    "survey_question",
    "survey_reply",
    "terminal",
    "terminal_boot",
    "terminal_certificate",
    "terminal_health",
    "terminal_history",
    "terminal_presence",
    "terminal_report",
    "terminal_wish",
    "transfer",
    "urgent",
    "verdict",
    "voucher",
    "waiting_word",
    "ware",
    "zero",
]
