"""Linking a phone at the terminal: who is offered it, and what the code says."""

from __future__ import annotations

import segno
from doubles.attending import SIGNING, VISIT, Centre, Open, done, trouble
from doubles.centre import activity

from linli.kiosk.flows.actions import LinkPhone, ShowPoints, ShowServices
from linli.kiosk.flows.phone import modules
from linli.kiosk.flows.views import Choose, PhoneLink, Refused, Screen, Success, Trouble
from linli.kiosk.flows.visit_views import Services
from linli.kiosk.phone_links import PhoneLinks
from linli.kiosk.visits.visits import PHONE_S
from linli.sync.messages import Trust
from linli.sync.phone_links import NONCE_SIZE, LinkTicket, link_address, seal_ticket

URL = "https://points.example"
NONCE = b"nonce____"


def linking(centre: Centre) -> Centre:
    """The centre's terminal knows the ledger's public address."""
    centre.desk.links = PhoneLinks(URL, "t-1", SIGNING, random_bytes=lambda n: NONCE[:n])
    return centre


def touch(centre: Centre, screen: Screen) -> Screen:
    """From the screen of a tap to the code: my points, services, my phone."""
    assert isinstance(screen.view, Refused | Success)
    assert screen.view.more
    return centre.act(ShowPoints(screen.view.trace), ShowServices(), LinkPhone())


def test_a_verified_card_gets_a_code_with_a_signed_ticket(open_centre: Open) -> None:
    centre = linking(open_centre(VISIT))
    centre.clock.pass_(minutes=3)
    shown = touch(centre, centre.tap_dynamic())
    ticket = LinkTicket(
        "t-1", "r-2", "c-dynamic", Trust.HIGH, centre.clock.now(), True, NONCE[:NONCE_SIZE]
    )
    assert isinstance(shown.view, PhoneLink)
    assert shown.view.name == "name of r-2"
    assert shown.view.code == modules(link_address(URL, seal_ticket(ticket, SIGNING)))
    assert shown.home_after_s == PHONE_S


def test_it_is_offered_too_where_there_is_nothing_to_sign_in_to(open_centre: Open) -> None:
    centre = linking(open_centre(activity("later", "15:00-16:00")))
    screen = centre.tap_dynamic()
    assert trouble(screen) is Trouble.NOTHING_OPEN
    shown = touch(centre, screen)
    assert isinstance(shown.view, PhoneLink)


def test_a_card_that_can_be_copied_is_sent_to_the_desk(open_centre: Open) -> None:
    centre = linking(open_centre(VISIT))
    shown = touch(centre, centre.tap())
    assert trouble(shown) is Trouble.PHONE_AT_DESK
    assert isinstance(shown.view, Refused)
    assert not shown.view.more


def test_before_the_clock_is_set_no_code_is_given(open_centre: Open) -> None:
    centre = linking(open_centre(VISIT))
    centre.clock.is_good = False
    shown = touch(centre, centre.tap_dynamic())
    assert trouble(shown) is Trouble.PHONE_LATER


def test_without_a_public_address_no_phone_is_linked(open_centre: Open) -> None:
    centre = open_centre(VISIT)
    shown = centre.act(ShowPoints(done(centre.tap_dynamic()).trace), ShowServices())
    assert isinstance(shown.view, Services)
    assert not shown.view.phone
    assert centre.act(LinkPhone()).view == shown.view


def test_a_card_that_is_not_taken_is_offered_nothing(open_centre: Open) -> None:
    centre = linking(open_centre(VISIT))
    stranger = centre.tap(b"\x04strange")
    assert isinstance(stranger.view, Refused)
    assert not stranger.view.more
    assert centre.attendant.act(ShowPoints(stranger.view.trace)) is None


def test_who_chose_an_activity_is_offered_it_after_that(open_centre: Open) -> None:
    centre = linking(open_centre(VISIT, activity("patrol")))
    asked = centre.tap_dynamic()
    assert isinstance(asked.view, Choose)
    shown = touch(centre, centre.attendant.choose("visit"))
    assert isinstance(shown.view, PhoneLink)


def test_the_code_holds_just_the_text(open_centre: Open) -> None:
    """Against the library's own picture of it: a border of 0 is the code alone."""
    rows = modules("https://points.example/me/link?t=abc")
    code = segno.make_qr("https://points.example/me/link?t=abc", error="l", boost_error=False)
    assert [list(row) for row in rows] == [list(row) for row in code.matrix_iter(border=0)]
    assert set(b"".join(rows)) == {0, 1}


def test_tickets_are_not_alike(open_centre: Open) -> None:
    centre = open_centre(VISIT)
    links = PhoneLinks(URL, "t-1", SIGNING)
    row = centre.replica.card(b"\x04dynami".hex())
    assert row is not None
    first, second = (
        links.address(row, Trust.HIGH, centre.clock.now(), clock_good=True) for _ in range(2)
    )
    assert first != second
