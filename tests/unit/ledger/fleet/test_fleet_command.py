"""`linli fleet` gives, shows and cancels jobs, and leads a roll-out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from doubles.databases import on_sqlite
from typer.testing import CliRunner

from linli.commands.failure import Failure
from linli.commands.fleet import app, task_from
from linli.ledger.database import open_unchanged
from linli.ledger.fleet.jobs.hearing import hear
from linli.sync.job_messages import CollectLogs, JobStatus, Maintain, Restart
from linli.sync.jobs import JobState
from tests.unit.ledger.village import NOW, Village


@pytest.fixture
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with on_sqlite(tmp_path_factory.mktemp("fleet"), Village) as made:
        engine = made.settled()
        yield str(engine.url.database)
        made.close(engine)


def run(database: str, *words: str, code: int = 0) -> Any:
    answer = CliRunner().invoke(app, [*words, "--database", database])
    assert answer.exit_code == code, answer.output
    if isinstance(answer.exception, Failure):
        return str(answer.exception)
    return json.loads(answer.stdout) if "--json" in words else answer.stdout


def test_words_become_a_task() -> None:
    assert task_from(["restart", "part=board"]) == Restart(part="board")
    assert task_from(["collect-logs", "lines=9"]) == CollectLogs(lines=9)
    assert task_from(["maintain", "on=true"]) == Maintain(on=True)


def test_a_job_is_given_seen_and_canceled_from_a_shell(database: str) -> None:
    made = run(database, "give", "t1", "restart", "part=app", "--json")["job"]
    (told,) = run(database, "jobs", "--open", "--json")
    assert (told["id"], told["state"], told["task"]) == (
        made,
        "QUEUED",
        {"do": "restart", "part": "app"},
    )
    run(database, "cancel", made)
    assert "being canceled" in run(database, "jobs", "--terminal", "t1")
    assert "no terminal in service" in run(database, "give", "nobody", "self-test", code=1)
    run(database, "give", "t1", "dance", code=2)


def test_a_roll_out_is_begun_held_and_its_failure_read(database: str) -> None:
    words = ("self-test", "--community", "village", "--why", "to see", "--tolerate", "1")
    made = run(database, "rollout", "start", *words, "--json")["rollout"]
    run(database, "rollout", "hold", made)
    run(database, "rollout", "go-on", made)
    (job,) = run(database, "jobs", "--json")
    told = JobStatus(terminal="t1", id=job["id"], state=JobState.FAILED, at=NOW, reason="not-saved")
    engine = open_unchanged(database)
    with engine.begin() as connection:
        hear(connection, told, NOW)
    engine.dispose()
    assert "FAILED  not-saved" in run(database, "rollout", "show", made)
    assert run(database, "rollout", "list", "--json")[0]["bad"] == 1
    run(database, "rollout", "cancel", made)
    assert "is over" in run(database, "rollout", "go-on", made, code=1)
