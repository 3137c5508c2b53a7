"""Carries one talk between the ledger and the card that lies on the reader."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from linli.devices.readers.base import CardLostError, Exchange
from linli.kiosk.network.ledger_asks import NotReachedError
from linli.sync.asks import Answer, Ask, Declined
from linli.sync.card_asks import AskCard, CardCommands, CardMade

TRIES = 2
"""An answer of the ledger that was lost is asked for once more while the card lies there."""

Asking = Callable[[Ask], Answer | NotReachedError]


def carry(
    ask: Asking,
    exchange: Exchange,
    uid: bytes,
    order: str,
    talk: str,
    told: Callable[[int], None] = lambda _: None,
) -> CardMade | Declined | NotReachedError:
    """The end of it. `talk` names it and is used for no other; `told` hears how many steps are
    done. A card that was taken away is declined as `card-torn`: begin anew when it is back.
    Raises what `exchange` raises of a broken reader."""
    step, answers = 0, list[str]()
    while True:
        request = AskCard(talk=talk, step=step, uid=uid.hex(), order=order, answers=tuple(answers))
        answer = _asked(ask, request)
        match answer:
            case CardCommands():
                step, answers = answer.step, _answers(exchange, answer.commands)
                told(step)
            case CardMade() | Declined() | NotReachedError():
                return answer
            case _:
                return NotReachedError("the ledger answered something else", heard=True)


def _asked(ask: Asking, request: AskCard) -> Answer | NotReachedError:
    answer = ask(request)
    for _ in range(TRIES - 1):
        if not isinstance(answer, NotReachedError):
            break
        answer = ask(request)
    return answer


def _answers(exchange: Exchange, commands: Sequence[str]) -> list[str]:
    """As many as came before the card was lost."""
    answers = list[str]()
    for command in commands:
        try:
            answers.append(exchange(bytes.fromhex(command)).hex())
        except CardLostError:
            break
    return answers
