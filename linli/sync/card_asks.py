"""How a card is made at a terminal: the ledger computes, the terminal carries.

A *talk* is the conversation of the ledger with one card, for one order of a clerk or for newer
keys. The terminal chooses its name, begins with step 0 and no answers, and from then on brings what
the card answered to the commands of the step before. Commands and answers are APDUs in hex. No key
of a card crosses this line; a talk that was broken off is begun anew under another name, as the
card itself says how far it came. The same step with the same answers is answered as before.
"""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from linli.sync.messages import Count, Moment

Talk = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
Uid = Annotated[str, Meta(pattern=r"^([0-9a-f]{8}|[0-9a-f]{14}|[0-9a-f]{20})$")]
Apdu = Annotated[str, Meta(pattern=r"^([0-9a-f]{2}){0,262}$")]
"""As much as a PN532 carries (UM0701-02, 7.3.8)."""
MOST_COMMANDS = 16
Apdus = Annotated[tuple[Apdu, ...], Meta(max_length=MOST_COMMANDS)]


class AskCardOrders(Struct, frozen=True, kw_only=True, tag_field="ask", tag="card-orders"):
    """Which cards clerks have ordered to be made in this terminal's community."""


class AskCard(Struct, frozen=True, kw_only=True, tag_field="ask", tag="card"):
    """The next step of a talk with the card of this UID; `order` is empty where it is given newer
    keys. `answers` are as many as came: fewer than commands where the card was taken away."""

    talk: Talk
    step: Count
    uid: Uid
    order: str = ""
    answers: Apdus = ()


class CardOrder(Struct, frozen=True, kw_only=True):
    """`name` is masked; `begun` where a card was begun for it and not finished."""

    id: str
    card: str
    name: str
    made_at: Moment
    begun: bool = False


class CardOrders(Struct, frozen=True, kw_only=True, tag_field="answer", tag="card-orders"):
    """The oldest first."""

    orders: tuple[CardOrder, ...]


class CardCommands(Struct, frozen=True, kw_only=True, tag_field="answer", tag="card-commands"):
    """To be sent to the card in this order; `step` is where their answers belong."""

    step: Count
    commands: Apdus


class CardMade(Struct, frozen=True, kw_only=True, tag_field="answer", tag="card-made"):
    """The card works and is accepted from now on."""

    card: str
    name: str


CARD_REASONS = (
    "order-gone",
    "card-other",
    "card-taken",
    "card-chip",
    "card-keys",
    "card-locked",
    "card-torn",
    "card-failed",
    "talk-over",
)
"""The order was carried out, withdrawn or is too old · another card was begun for this order, or
another lies there than at first · the card is somebody's already · it is no NTAG 424 DNA · it has
keys that are none of ours · too many wrong keys were tried on it · it was taken away too soon · it
did not do as told, or somebody changed its answers · begin anew."""
