"""One deed of one's own: is it in the public record, and is it right?"""

from __future__ import annotations

from dataclasses import replace

from linli.kiosk.flows import actions
from linli.kiosk.flows.actions import Action
from linli.kiosk.flows.visit_views import Complaint, Outcome, Proof
from linli.kiosk.visits import pages
from linli.kiosk.visits.proving import follow
from linli.kiosk.visits.visit import Visit
from linli.kiosk.visits.visitor import Visitor
from linli.sync.asks import Answer, AskProof, Declined, Proven
from linli.sync.messages import Objection

SAID = {
    Complaint.NOT_DONE: "这件事我没有做",
    Complaint.POINTS: "分值不对",
    Complaint.DAY: "日期不对",
    Complaint.CALL_ME: "请工作人员联系我",
}
"""What the panel reads: always Chinese, whatever the screen's language."""


def act(visit: Visit, visitor: Visitor, action: Action) -> None:
    """A touch among one's own deeds. Raises NotSavedError."""
    trail, desk, now = visit.trail, visit.desk, visit.desk.clock.now()
    match action, visit.page:
        case actions.ShowOlder(), pages.PointsPage() as page:
            trail.turn_to(desk.points.older(visitor.account, page, now))
        case actions.ShowNewer(), pages.PointsPage() as page:
            trail.turn_to(desk.points.newer(visitor.account, page, now))
        case actions.ShowDeed(id_), pages.PointsPage():
            trail.go(pages.DeedPage(id_))
        case actions.CheckProof(), pages.DeedPage() as page:
            _check_proof(visit, visitor, page)
        case actions.BeginObjection(), pages.DeedPage(deed):
            trail.go(pages.ObjectPage(deed))
        case actions.Complain(complaint), pages.ObjectPage(deed):
            _object_to(visit, visitor, deed, complaint)
        case _:
            pass


def _check_proof(visit: Visit, visitor: Visitor, page: pages.DeedPage) -> None:
    """Have the ledger prove it, and follow the proof here."""
    desk, key = visit.desk, visit.desk.record_key
    if key is None or desk.asks is None or not desk.online():
        visit.trail.turn_to(replace(page, proof=Proof.OFFLINE))
        return
    asking = replace(page, proof=Proof.ASKING)
    visit.trail.turn_to(asking)

    def answered(answer: Answer | None) -> None:
        match answer:
            case Proven():
                found = follow(answer, page.deed, key)
                done = replace(page, proof=found.proof, place=found.place, size=found.size)
            case Declined():
                done = replace(page, proof=Proof.NOT_YET)
            case _:
                done = replace(page, proof=Proof.OFFLINE)
        visit.trail.turn_to(done)

    visit.ask(AskProof(who=visitor.tapped(), deed=page.deed), asking, answered)


def _object_to(visit: Visit, visitor: Visitor, deed: str, complaint: Complaint) -> None:
    """Kept here first, so it works without the network. Raises NotSavedError."""
    desk = visit.desk
    event = Objection(
        account=visitor.account,
        card=visitor.known.card.card,
        trust=visitor.trust,
        deed=deed,
        words=SAID[complaint],
    )
    desk.store.say(event, desk.clock.now())
    visit.trail.back()
    visit.trail.go(pages.TellPage(Outcome.OBJECTED, visitor.holder.name))
