"""Cards of a town's people as a reader's field sees them."""

from __future__ import annotations

from linli.devices.simulated.cards import Ntag213, Ntag424, ReplayedCard, SimulatedCard
from linli.town import world as towns


def physical(card: towns.Card) -> SimulatedCard:
    if card.key is not None:
        return Ntag424(card.uid, card.key)
    return Ntag213(card.uid)


def copied(card: SimulatedCard) -> ReplayedCard:
    """What a cloner makes of a card it has read once. Raises TypeError for a card without keys."""
    if not isinstance(card, Ntag424):
        raise TypeError("only a card with dynamic messages can be replayed")
    return ReplayedCard(card.uid, card.read_url())
