"""Every page there is and who may open it, said apart from the guards of the pages."""

from __future__ import annotations

from collections.abc import Mapping

from linli.ledger.staff.roles import Right

READ, DESK, REVIEW, LEAD = Right.READ, Right.DESK, Right.REVIEW, Right.LEAD
OVERSEE, STAFF, TERMINALS = Right.OVERSEE, Right.STAFF, Right.TERMINALS

EVERYBODY = """
GET  /
GET  /c/{scope}
GET  /c/{scope}/notices
GET  /c/{scope}/notices/{month}
GET  /c/{scope}/notices/{month}/sheet.pdf
GET  /c/{scope}/notices/{month}/poster.png
GET  /c/{scope}/stories
GET  /board/keep.js
GET  /board/{scope}
GET  /board/{scope}/pages
GET  /board/{scope}/changes
GET  /standard
GET  /standard/history
GET  /standard/sheets/{id_}
GET  /standard/surveys/{id_}
GET  /check
POST /check
GET  /check/{place}.tlog-proof
GET  /console/login
POST /console/login
GET  /me/welcome
GET  /me/link
POST /me/link
GET  /merchant/login
POST /merchant/login
"""
"""Nobody has to be logged in."""

ONESELF = """
POST /console/logout
GET  /console/password
POST /console/password
GET  /console/code
POST /console/code
"""
"""Every member of staff, also before they changed their first password."""

PROGRAMS = """
GET  /healthz
GET  /v1/scope/{org}/{stream}/snapshot
GET  /v1/record/checkpoint
GET  /v1/record/leaves
GET  /v1/record/consistency
GET  /v1/record/inclusion
GET  /v1/pictures/{digest}
POST /v1/terminals/{name}/ask
POST /v1/enrol
POST /v1/terminals/{name}/certificate
POST /v1/terminals/{name}/batches
POST /v1/terminals/{name}/jobs/{id_}/result
"""
"""For terminals and auditors' programs, not for people's sessions."""

BY_RIGHTS: Mapping[tuple[Right, ...], str] = {
    (TERMINALS,): """
        GET  /console/alerts
        POST /console/alerts/acknowledge
        GET  /console/terminals
        POST /console/terminals
        GET  /console/terminals/new
        POST /console/terminals/new
        POST /console/terminals/new/refuse
        GET  /console/terminals/one
        GET  /console/terminals/tap
        POST /console/terminals/one/settle
        POST /console/terminals/one/let-out
        POST /console/terminals/one/retire
        POST /console/terminals/one/settings
        GET  /console/terminals/one/jobs
        POST /console/terminals/one/jobs
        POST /console/terminals/one/jobs/cancel
        GET  /console/terminals/job
        GET  /console/terminals/job/lines
        GET  /console/terminals/job/picture
        GET  /console/terminals/job/file
        GET  /console/rollouts
        GET  /console/rollouts/new
        POST /console/rollouts/new
        GET  /console/rollouts/one
        POST /console/rollouts/hold
        POST /console/rollouts/go-on
        POST /console/rollouts/cancel
        GET  /console/parked
        POST /console/parked
        GET  /console/card-keys
        POST /console/card-keys/begin
        POST /console/card-keys/retire
    """,
    (READ,): """
        GET  /console
        GET  /console/review/weeks
        GET  /console/review/minutes/{week}
        GET  /console/returned
        GET  /console/evidence/{deed}/{place}
        GET  /console/shop/shelves
        GET  /console/shop/windows
        GET  /console/shop/merchants
        GET  /console/shop/merchants/{merchant_id}
        GET  /console/shop/settlements
        GET  /console/shop/settlements/{merchant_id}/{month}.xlsx
        GET  /console/shop/settlements/{merchant_id}/{month}.pdf
        GET  /console/notices
        GET  /console/notices/{month}
        GET  /console/notices/{month}/sheet.pdf
        GET  /console/notices/{month}/poster.png
        GET  /console/standard
        GET  /console/standard/{id_}
        GET  /console/standard/{id_}/sheet
        GET  /console/surveys
        GET  /console/surveys/{id_}
        GET  /console/awards
        GET  /console/stories
        GET  /console/board
        GET  /console/calendar
        GET  /console/record
        GET  /console/record/{size}.checkpoint
        """,
    (DESK,): """
        GET  /console/by-hand/new
        POST /console/by-hand/new
        GET  /console/people/by-phone
        POST /console/people/by-phone
        GET  /console/people/new
        POST /console/people/new
        GET  /console/people/holder/full
        POST /console/people/holder/full
        POST /console/people/holder/personal
        POST /console/people/holder/consent
        GET  /console/people/holder/export
        POST /console/people/holder/export
        GET  /console/people/holder/home
        POST /console/people/holder/home
        GET  /console/people/holder/leave
        POST /console/people/holder/leave
        GET  /console/people/holder/erase
        POST /console/people/holder/erase
        GET  /console/people/holder/merge
        POST /console/people/holder/merge
        GET  /console/people/holder/objection
        POST /console/people/holder/objection
        GET  /console/people/holder/phones
        POST /console/people/holder/phones/code
        POST /console/people/holder/phones/revoke
        GET  /console/people/holder/pin
        POST /console/people/holder/pin
        POST /console/people/holder/pin/unlock
        GET  /console/cards
        GET  /console/cards/new
        POST /console/cards/new
        GET  /console/cards/replace
        POST /console/cards/replace
        GET  /console/cards/stop
        POST /console/cards/stop
        GET  /console/cards/free
        POST /console/cards/free
        GET  /console/cards/orders
        POST /console/cards/orders/withdraw
        GET  /console/cards/order
        POST /console/cards/order
        GET  /console/households
        POST /console/households
        GET  /console/households/one
        POST /console/households/name
        POST /console/households/in
        POST /console/households/out
        GET  /console/importing
        POST /console/importing
        POST /console/importing/take
        GET  /console/importing/template.xlsx
        GET  /console/shop/desk
        POST /console/shop/desk/goods
        POST /console/shop/desk/voucher
        GET  /console/shop/desk/voucher
        POST /console/shop/desk/refund
        POST /console/shop/desk/refund-voucher
        GET  /console/shop/orders
        POST /console/shop/orders/hand-out
        POST /console/shop/orders/refund
        GET  /console/shop/doors
        POST /console/shop/doors
        POST /console/shop/doors/fill
        GET  /console/shop/troubles
        POST /console/shop/troubles
        POST /console/shop/shelves/add
        POST /console/shop/shelves/take-in
        POST /console/shop/shelves/count
        POST /console/shop/shelves/picture
        POST /console/shop/shelves/price
        POST /console/shop/shelves/withdraw
        POST /console/shop/windows
        POST /console/shop/merchants/add
        POST /console/shop/merchants/{merchant_id}/code
        POST /console/shop/merchants/{merchant_id}/devices/end
        POST /console/shop/merchants/{merchant_id}/offers/add
        POST /console/shop/merchants/{merchant_id}/offers/withdraw
        """,
    (DESK, OVERSEE): """
        GET  /console/people
        GET  /console/people/holder
        """,
    (DESK, LEAD): """
        GET  /console/by-hand
        GET  /console/by-hand/entry
        POST /console/by-hand/sign
        POST /console/by-hand/refuse
        POST /console/awards/certificate
        """,
    (DESK, REVIEW): """
        POST /console/returned
        GET  /console/stories/new
        POST /console/stories/new
        POST /console/stories/approve
        POST /console/stories/down
        POST /console/board/plan
        POST /console/board/urgent
        POST /console/board/urgent/end
        """,
    (REVIEW,): """
        POST /console/review
        POST /console/objections
        POST /console/awards/vote
        """,
    (REVIEW, OVERSEE): """
        GET  /console/review
        GET  /console/review/deed
        GET  /console/objections
        """,
    (LEAD,): """
        POST /console/notices/freeze
        POST /console/notices/{month}/seal
        POST /console/standard/{id_}/publish
        POST /console/awards/propose
        POST /console/record
        """,
    (LEAD, STAFF): """
        POST /console/standard
        GET  /console/standard/{id_}/item
        POST /console/standard/{id_}/item
        POST /console/standard/{id_}/withdraw
        POST /console/standard/{id_}/drop
        POST /console/standard/{id_}/day
        POST /console/standard/{id_}/discard
        GET  /console/standard/{id_}/preview
        GET  /console/surveys/new
        POST /console/surveys/new
        GET  /console/surveys/{id_}/edit
        POST /console/surveys/{id_}/edit
        POST /console/surveys/{id_}/release
        POST /console/surveys/{id_}/discard
        """,
    (OVERSEE,): """
        GET  /console/audit
        """,
    (STAFF,): """
        GET  /console/alerts/routes
        POST /console/alerts/routes
        POST /console/alerts/routes/close
        POST /console/alerts/routes/test
        POST /console/calendar
        GET  /console/staff
        POST /console/staff/hire
        POST /console/staff/reset
        POST /console/staff/end
        POST /console/staff/panel
        POST /console/staff/panel/dismiss
        POST /console/staff/panel/quorum
        """,
}
"""Members of staff with one of the rights, and nobody else."""


def routes_in(text: str) -> list[tuple[str, str]]:
    """Method and path of each line."""
    return [(line.split()[0], line.split()[1]) for line in text.strip().splitlines()]
