"""What is said about jobs: read back as it was written, and never taken from anybody else."""

from __future__ import annotations

import datetime as dt

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Raw

from linli.sync.job_messages import (
    JobOrder,
    JobResult,
    Part,
    Restart,
    ShowMessage,
    Task,
    UpdateApp,
    open_result,
    ordered,
    seal_result,
    task_of,
)
from linli.sync.signing import MalformedError, SignatureError

NOW = dt.datetime(2026, 11, 28, 12, 0, tzinfo=dt.UTC)
TASKS: tuple[Task, ...] = (
    Restart(part=Part.HOST),
    ShowMessage(zh="今天下午停电", until=NOW),
    UpdateApp(version="2.0"),
)
SAID = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


def order(task: Raw) -> JobOrder:
    return JobOrder(id="j1", until=NOW, deadline_s=60.0, task=task)


def result(data: str) -> JobResult:
    return JobResult(terminal="t1", id="j1", at=NOW, media_type="image/png", data=data)


@pytest.mark.parametrize("task", TASKS)
def test_task_is_read_as_it_was_ordered(task: Task) -> None:
    assert task_of(order(ordered(task))) == task


@pytest.mark.parametrize("said", [b'{"do":"dance"}', b"{}", b"[]", b'{"do":"restart","part":"x"}'])
def test_task_that_this_version_does_not_know_is_malformed(said: bytes) -> None:
    with pytest.raises(MalformedError):
        task_of(order(Raw(said)))


def test_result_comes_back_as_bytes() -> None:
    opened, data = open_result(seal_result(result("cG5n"), SAID), SAID.public_key())
    assert (opened.id, data) == ("j1", b"png")


def test_result_under_another_key_is_not_taken() -> None:
    other = Ed25519PrivateKey.generate().public_key()
    with pytest.raises(SignatureError):
        open_result(seal_result(result("cG5n"), SAID), other)


def test_result_that_is_not_base64_is_malformed() -> None:
    with pytest.raises(MalformedError):
        open_result(seal_result(result("~~"), SAID), SAID.public_key())


@given(st.binary(max_size=200))
def test_nonsense_is_no_result(payload: bytes) -> None:
    with pytest.raises((MalformedError, SignatureError)):
        open_result(payload, SAID.public_key())
