"""Who can read, write and subscribe at a Mosquitto that runs from the ledger's files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from doubles.gate import ADMITTED, Caller, Gate
from doubles.waiting import eventually

from linli.ledger.broker.access_lists import group_of
from linli.ledger.terminals.authority import found
from linli.sync import link as link_module
from linli.sync.clock import SystemClock
from linli.sync.link import Link

ROOT = "linli/v1"
DENIED, DONE, CUT_OFF = "Not authorized", "Success", "disconnected"
OF_A_BOARD = ("presence", "reported", "jobs/status", "logs", "health", "rpc/answer")
OF_A_TERMINAL = ("events", *OF_A_BOARD)
TO_ONE = ("ack", "presence", "desired", "jobs", "rpc")
SCOPED = ("changes", "changes/head", "holders", "holders/head", "standard", "hotlist")
OPEN = ("changes", "changes/head", "standard")
"""What a board may read of its community."""


def own(name: str, *whats: str) -> set[str]:
    return {f"{ROOT}/t/{name}/{what}" for what in whats}


def scope(name: str, *whats: str) -> set[str]:
    return {f"{ROOT}/scope/{name}/{what}" for what in whats}


EVERY = {
    topic
    for name in ("t1", "t2", "b1", "t9")
    for topic in own(name, *OF_A_TERMINAL, *TO_ONE, "anything")
} | {topic for name in ("yangguang", "hupan") for topic in scope(name, *SCOPED, "anything")}

MAY_WRITE = {
    "t1": own("t1", *OF_A_TERMINAL),
    "t2": own("t2", *OF_A_TERMINAL),
    "b1": own("b1", *OF_A_BOARD),
    "ledger": {t for t in EVERY if t.endswith(("/ack", "/presence", "/desired", "/jobs", "/rpc"))}
    | {t for t in EVERY if "/scope/" in t},
}
HEARS = {
    "t1": own("t1", *TO_ONE) | scope("yangguang", *SCOPED),
    "t2": own("t2", *TO_ONE) | scope("hupan", *SCOPED),
    "b1": own("b1", "presence", "desired", "jobs", "rpc") | scope("yangguang", *OPEN),
    "ledger": own("t1", *OF_A_TERMINAL)
    | own("t2", *OF_A_TERMINAL)
    | own("b1", *OF_A_BOARD)
    | own("t9", "presence"),
}
"""Of everything that is published by those who may: nobody is t9, and a board has no events."""


@pytest.fixture
def gate(tmp_path: Path) -> Iterator[Gate]:
    with Gate(tmp_path) as gate:
        yield gate


def entered(gate: Gate, name: str, *, websockets: bool = False) -> Caller:
    caller = gate.ledger() if name == "ledger" else gate.caller(name, websockets=websockets)
    assert caller.connected == DONE
    return caller


def written_by(gate: Gate, name: str, topics: Iterable[str], *, retain: bool = False) -> set[str]:
    """Those of the topics that this name may write. Who tries another is cut off by Mosquitto
    2.0.11, and has to come in again."""
    written, caller = set(), entered(gate, name)
    for topic in sorted(topics):
        if caller.lost.is_set():
            caller.close()
            caller = entered(gate, name)
        answer = caller.publish(topic, retain=retain)
        assert answer in (DONE, DENIED, CUT_OFF)
        if answer == DONE:
            written.add(topic)
    caller.close()
    return written


@pytest.mark.parametrize("name", sorted(MAY_WRITE))
def test_who_may_write_which_topic(gate: Gate, name: str) -> None:
    assert written_by(gate, name, EVERY) == MAY_WRITE[name]


@pytest.mark.parametrize("name", ["t1", "t2"])
def test_who_may_write_which_topic_through_websockets(gate: Gate, name: str) -> None:
    with entered(gate, name, websockets=True) as caller:
        for topic in sorted(MAY_WRITE[name]):
            assert caller.publish(topic) == DONE
        assert caller.publish(f"{ROOT}/t/b1/reported") != DONE


@pytest.mark.parametrize("topic_filter", ["#", "linli/v1/#", "linli/v1/+/+/+"])
@pytest.mark.parametrize("websockets", [False, True], ids=["mqtt", "websockets"])
def test_wildcards_bring_nobody_more_than_is_meant_for_them(
    gate: Gate, topic_filter: str, websockets: bool
) -> None:
    with ExitStack() as stack:
        callers = {
            name: stack.enter_context(entered(gate, name, websockets=websockets))
            for name in MAY_WRITE
        }
        for caller in callers.values():
            caller.subscribe(topic_filter)
        publish_everything(callers)
        fence(callers)
    deep = topic_filter != "linli/v1/+/+/+"
    for name, caller in callers.items():
        expected = {t for t in HEARS[name] if deep or t.count("/") == 4}
        assert caller.topics() - {FENCE.format(name)} == expected - {FENCE.format(name)}, name


@pytest.mark.parametrize("name", ["t1", "b1"])
def test_a_topic_asked_for_by_its_name_is_no_easier_to_hear(gate: Gate, name: str) -> None:
    with ExitStack() as stack:
        callers = {one: stack.enter_context(entered(gate, one)) for one in MAY_WRITE}
        for topic in sorted(EVERY):
            callers[name].subscribe(topic)
        publish_everything(callers)
        callers["ledger"].publish(FENCE.format(name), b"fence")
        eventually(lambda: (FENCE.format(name), b"fence") in callers[name].heard)
        assert callers[name].topics() == HEARS[name]


FENCE = f"{ROOT}/t/{{}}/rpc"


def publish_everything(callers: dict[str, Caller]) -> None:
    for name, topics in MAY_WRITE.items():
        for topic in sorted(topics):
            assert callers[name].publish(topic) == DONE


def fence(callers: dict[str, Caller]) -> None:
    """Everything before this was delivered to each, if it ever will be."""
    for name, caller in callers.items():
        if name == "ledger":
            assert callers["t1"].publish(f"{ROOT}/t/t1/reported", b"fence") == DONE
        else:
            assert callers["ledger"].publish(FENCE.format(name), b"fence") == DONE
        eventually(lambda caller=caller: any(said == b"fence" for _, said in caller.heard))


# --- what is kept, and what is said for the dead -------------------------------------------------


def test_what_is_retained_for_others_is_not_told_to_newcomers(gate: Gate) -> None:
    with entered(gate, "ledger") as ledger, entered(gate, "t2") as other:
        for topic in sorted(MAY_WRITE["ledger"]):
            assert ledger.publish(topic, retain=True) == DONE
        assert other.publish(f"{ROOT}/t/t2/reported", retain=True) == DONE
        with entered(gate, "t1") as caller:
            caller.subscribe("#")
            ledger.publish(FENCE.format("t1"), b"fence")
            eventually(lambda: (FENCE.format("t1"), b"fence") in caller.heard)
            assert caller.topics() == HEARS["t1"]


def test_nobody_leaves_a_retained_word_under_another_name(gate: Gate) -> None:
    others = {f"{ROOT}/t/t2/presence", f"{ROOT}/t/t2/desired", f"{ROOT}/scope/yangguang/hotlist"}
    assert written_by(gate, "t1", others, retain=True) == set()
    with entered(gate, "ledger") as ledger:
        ledger.subscribe(f"{ROOT}/t/+/presence")
        ledger.publish(f"{ROOT}/t/t1/presence", b"fence")
        eventually(lambda: ledger.heard)
        assert ledger.topics() == {f"{ROOT}/t/t1/presence"}


def test_a_will_under_another_name_is_never_published(gate: Gate) -> None:
    forged = f"{ROOT}/t/t2/presence", b"forged"
    with entered(gate, "ledger") as ledger:
        ledger.subscribe(f"{ROOT}/t/+/presence")
        liar = Caller(gate.access("t1"), gate.listeners.mqtt, "t1", will=forged)
        if liar.connected == DONE:
            liar.die()
        honest = f"{ROOT}/t/t2/presence", b"honest"
        dying = Caller(gate.access("t2"), gate.listeners.mqtt, "t2", will=honest)
        assert dying.connected == DONE
        dying.die()
        eventually(lambda: honest in ledger.heard)
        assert forged not in ledger.heard
        for caller in (liar, dying):
            caller.close()


def test_nobody_pushes_another_off_by_its_client_id(gate: Gate) -> None:
    with entered(gate, "t1") as victim, gate.caller("t2", client_id="t1") as liar:
        assert liar.connected == DONE
        assert liar.publish(f"{ROOT}/t/t2/events") == DONE
        assert victim.publish(f"{ROOT}/t/t1/events") == DONE
        assert not victim.lost.is_set()


# --- shared subscriptions ------------------------------------------------------------------------


@pytest.mark.parametrize("websockets", [False, True], ids=["mqtt", "websockets"])
@pytest.mark.parametrize("shared", ["events", "ack", "presence"])
def test_a_shared_subscription_takes_nothing_from_the_ledger(
    gate: Gate, shared: str, websockets: bool
) -> None:
    with (
        entered(gate, "ledger") as ledger,
        entered(gate, "t2", websockets=websockets) as thief,
        entered(gate, "t1") as honest,
    ):
        ledger.subscribe(f"$share/{group_of(gate.password)}/{ROOT}/t/+/events")
        for group in ("ledger", "ledger-", "linli"):
            thief.subscribe(f"$share/{group}/{ROOT}/t/+/{shared}")
            if thief.lost.is_set():
                thief = entered(gate, "t2", websockets=websockets)
        sent = [f"event {number}".encode() for number in range(20)]
        for payload in sent:
            assert honest.publish(f"{ROOT}/t/t1/events", payload) == DONE
        eventually(lambda: len(ledger.heard) == len(sent))
        assert [payload for _, payload in ledger.heard] == sent
        assert thief.heard == []
        thief.close()


def test_the_ledgers_group_is_known_to_who_knows_its_password_alone(gate: Gate) -> None:
    assert group_of(gate.password) == group_of(gate.password)
    assert group_of(gate.password) != group_of(gate.password + "x")
    files = [path.read_text() for path in gate.files.directory.iterdir() if path.suffix != ".log"]
    assert not any(group_of(gate.password) in text for text in files)


# --- who gets in ---------------------------------------------------------------------------------


@pytest.mark.parametrize("websockets", [False, True], ids=["mqtt", "websockets"])
def test_an_expired_certificate_does_not_get_in(gate: Gate, websockets: bool) -> None:
    gate.certify("t1", days_ago=31)
    assert refused(gate.caller("t1", websockets=websockets))


def test_a_certificate_of_another_authority_does_not_get_in(gate: Gate) -> None:
    gate.certify("t1", authority=found("Linli test", gate.clock.now()))
    assert refused(gate.caller("t1"))


@pytest.mark.parametrize("websockets", [False, True], ids=["mqtt", "websockets"])
def test_nobody_gets_in_without_a_certificate(gate: Gate, websockets: bool) -> None:
    access = gate.access("t1", websockets=websockets)
    bare = type(access)(authority=access.authority, websocket_path=access.websocket_path)
    port = gate.listeners.websockets if websockets else gate.listeners.mqtt
    assert port is not None
    assert refused(Caller(bare, port, "t1"))


def test_the_ledgers_door_opens_to_its_password_alone(gate: Gate) -> None:
    door = gate.listeners.ledger
    assert Caller(gate.ledger_access(), door, "").connected == DONE
    for access in (gate.ledger_access("guessed"), gate.access("t1")):
        assert Caller(access, door, "t1").connected == DENIED


def test_a_name_that_is_not_listed_hears_and_says_nothing(gate: Gate) -> None:
    assert written_by(gate, "t9", EVERY) == set()
    with entered(gate, "t9") as stranger, entered(gate, "ledger") as ledger:
        stranger.subscribe("#")
        for topic in sorted(MAY_WRITE["ledger"]):
            assert ledger.publish(topic) == DONE
        assert stranger.publish(f"{ROOT}/t/t9/events") == DENIED
        assert stranger.heard == []


def test_a_revoked_certificate_does_not_get_in_and_a_new_one_does(gate: Gate) -> None:
    serial = gate.certify("t1")
    with entered(gate, "t1"):
        pass
    gate.revoke(serial)
    eventually(lambda: refused(gate.caller("t1")))
    gate.certify("t1")
    assert not refused(gate.caller("t1"))


def test_a_second_revocation_within_the_same_second_counts_too(gate: Gate) -> None:
    first, second = gate.certify("t1"), gate.certify("t2")
    gate.revoke(first)
    eventually(lambda: refused(gate.caller("t1")))
    assert not refused(gate.caller("t2"))
    gate.revoke(first, second)
    eventually(lambda: refused(gate.caller("t2")))
    assert refused(gate.caller("t1"))


@pytest.mark.parametrize("websockets", [False, True], ids=["mqtt", "websockets"])
def test_who_is_taken_off_the_list_is_deaf_and_mute_on_a_connection_that_stands(
    gate: Gate, websockets: bool
) -> None:
    with (
        entered(gate, "t1", websockets=websockets) as caller,
        entered(gate, "b1") as board,
        entered(gate, "ledger") as ledger,
    ):
        for one in (caller, board):
            one.subscribe(f"{ROOT}/scope/yangguang/changes")
        gate.files.write_admitted(one for one in ADMITTED if one.name != "t1")
        gate.broker.reload()
        eventually(lambda: caller.publish(f"{ROOT}/t/t1/events") != DONE)
        before = len(caller.heard)
        assert ledger.publish(f"{ROOT}/scope/yangguang/changes", b"after") == DONE
        eventually(lambda: (f"{ROOT}/scope/yangguang/changes", b"after") in board.heard)
        assert len(caller.heard) == before
        assert board.publish(f"{ROOT}/t/b1/reported") == DONE


def refused(caller: Caller) -> bool:
    """Whether the broker did not let it in; its connection is closed."""
    inside = caller.connected == DONE
    caller.close()
    return not inside


# --- the link ------------------------------------------------------------------------------------


@pytest.mark.parametrize("websockets", [False, True], ids=["mqtt", "websockets"])
def test_a_terminals_link_goes_through_and_takes_a_renewed_certificate_at_its_next_connection(
    gate: Gate, websockets: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(link_module, "FIRST_S", 0.05)
    monkeypatch.setattr(link_module, "CAP_S", 0.2)
    port = gate.listeners.websockets if websockets else gate.listeners.mqtt
    assert port is not None
    gate.certify("t1", days_ago=31)
    link = Link(
        "t1",
        "127.0.0.1",
        port,
        "boot",
        SystemClock(),
        "1.0",
        presence=True,
        access=gate.access("t1", websockets=websockets),
    )
    with entered(gate, "ledger") as ledger:
        ledger.subscribe(f"{ROOT}/t/+/presence")
        link.start()
        gate.certify("t1")
        eventually(lambda: link.online)
        eventually(lambda: ledger.heard)
        link.close()
        eventually(lambda: b"offline" in ledger.heard[-1][1])
