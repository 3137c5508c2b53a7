"""`linli fleet …`: jobs at terminals and roll-outs, from a shell beside the ledger's database. The
running ledger publishes what is given here within a second or two."""

from __future__ import annotations

import datetime as dt
import getpass
import json
from typing import Annotated, Any, get_args

import msgspec
import typer

from linli.commands.clocks import ClockOption, chosen
from linli.commands.failure import Failure
from linli.commands.ledger_database import DatabaseOption, open_or_fail
from linli.ledger.database import reading
from linli.ledger.fleet.jobs.giving import JobError
from linli.ledger.fleet.jobs.giving import cancel as cancel_one
from linli.ledger.fleet.jobs.giving import give as give_one
from linli.ledger.fleet.jobs.reading import (
    Job,
    Rollout,
    all_jobs,
    jobs_of,
    one_rollout,
    rollouts,
    takers,
)
from linli.ledger.fleet.jobs.rollouts import (
    MOST_HOURS,
    Plan,
    begin,
    call_off,
    go_on,
    hold,
    in_waves,
)
from linli.ledger.fleet.jobs.watch import new_id
from linli.ledger.fleet.settings.wishes import StaleError
from linli.ledger.people.access_log import Staff, note
from linli.sync.job_messages import Task

app = typer.Typer(
    help="Terminals from afar: jobs and roll-outs.", no_args_is_help=True, add_completion=False
)
rollout = typer.Typer(
    help="One task for many terminals, in waves.", no_args_is_help=True, add_completion=False
)
app.add_typer(rollout, name="rollout")
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for a program to read.")]
TaskArgument = Annotated[
    list[str],
    typer.Argument(
        metavar="TASK [FIELD=VALUE]…",
        help="Such as: restart part=app · self-test · collect-logs lines=200 · screenshot ·"
        " show-message zh=… until=… · maintain on=true · update-app version=… ·"
        " update-firmware version=…",
    ),
]
WhyOption = Annotated[str, typer.Option("--why", help="For the audit log.")]


@app.command()
def jobs(
    database: DatabaseOption,
    terminal: Annotated[str, typer.Option("--terminal", help="Of this one only.")] = "",
    only_open: Annotated[bool, typer.Option("--open", help="Those that have not ended.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Jobs and how they stand, the newest first."""
    with reading(open_or_fail(database)) as connection:
        found = (
            jobs_of(connection, terminal, 500)
            if terminal
            else all_jobs(connection, only_open=only_open)
        )
    found = [one for one in found if one.is_open or not only_open]
    if as_json:
        typer.echo(json.dumps([_plain(one) for one in found], ensure_ascii=False))
        return
    for one in found:
        typer.echo(_line(one))
    typer.echo(f"{len(found)} jobs", err=True)


@app.command()
def give(
    terminal: Annotated[str, typer.Argument(help="Its name.")],
    task: TaskArgument,
    database: DatabaseOption,
    hours: Annotated[
        int, typer.Option("--hours", min=1, max=MOST_HOURS, help="It must have begun by then.")
    ] = 1,
    why: WhyOption = "-",
    clock: ClockOption = None,
    as_json: JsonOption = False,
) -> None:
    """Ask a terminal to do something once."""
    now, asked = chosen(clock).now(), task_from(task)
    until = now + dt.timedelta(hours=hours)
    try:
        with open_or_fail(database).begin() as connection:
            made = give_one(connection, terminal, asked, until, _who().name, new_id, now)
            note(connection, _who(), f"ask {terminal}: {task[0]}", None, why, now)
    except JobError as error:
        raise Failure(str(error)) from error
    typer.echo(json.dumps({"job": made}) if as_json else made)


@app.command()
def cancel(
    job: Annotated[str, typer.Argument(help="A job's id.")],
    database: DatabaseOption,
    why: WhyOption = "-",
    clock: ClockOption = None,
    as_json: JsonOption = False,
) -> None:
    """Ask a terminal to leave a job that it has not begun."""
    now = chosen(clock).now()
    try:
        with open_or_fail(database).begin() as connection:
            terminal = cancel_one(connection, job, _who().name, now)
            note(connection, _who(), f"cancel {job} at {terminal}", None, why, now)
    except JobError as error:
        raise Failure(str(error)) from error
    said = f"{terminal} is asked to leave {job}"
    typer.echo(json.dumps({"job": job, "terminal": terminal}) if as_json else said)


@rollout.command()
def start(
    task: TaskArgument,
    database: DatabaseOption,
    why: Annotated[str, typer.Option("--why", help="What it is for.")],
    community: Annotated[
        list[str] | None, typer.Option("--community", help="All terminals of it.")
    ] = None,
    terminal: Annotated[
        list[str] | None, typer.Option("--terminal", help="This one; the first ones begin.")
    ] = None,
    waves: Annotated[str, typer.Option("--waves", help="Sizes; one more takes the rest.")] = "1,10",
    tolerate: Annotated[
        int, typer.Option("--tolerate", help="With more failures it stops by itself.")
    ] = 0,
    hours: Annotated[
        int, typer.Option("--hours", min=1, max=MOST_HOURS, help="Each must have begun by then.")
    ] = 48,
    clock: ClockOption = None,
    as_json: JsonOption = False,
) -> None:
    """Begin a roll-out: the first wave is given its jobs."""
    now, asked, engine = chosen(clock).now(), task_from(task), open_or_fail(database)
    with reading(engine) as connection:
        there = [one.name for one in takers(connection, community or [])]
    names = list(dict.fromkeys([*(terminal or []), *there]))
    plan = Plan(asked, in_waves(names, _sizes(waves)), tolerate, hours, why)
    try:
        with engine.begin() as connection:
            made = begin(connection, plan, _who().name, new_id, now)
            what = f"roll out {task[0]} to {len(names)}"
            note(connection, _who(), what, None, why, now)
    except JobError as error:
        raise Failure(str(error)) from error
    typer.echo(json.dumps({"rollout": made}) if as_json else made)


@rollout.command("list")
def list_(database: DatabaseOption, as_json: JsonOption = False) -> None:
    """Roll-outs, the newest first."""
    with reading(open_or_fail(database)) as connection:
        found = rollouts(connection, None)
    if as_json:
        typer.echo(json.dumps([_plain_rollout(one) for one in found], ensure_ascii=False))
        return
    for one in found:
        typer.echo(_rollout_line(one))


@rollout.command()
def show(id_: str, database: DatabaseOption, as_json: JsonOption = False) -> None:
    """One roll-out with all its jobs, and why any failed."""
    with reading(open_or_fail(database)) as connection:
        found = one_rollout(connection, id_)
    if found is None:
        raise Failure(f"there is no roll-out {id_}: `linli fleet rollout list` names them")
    if as_json:
        typer.echo(json.dumps(_plain_rollout(found), ensure_ascii=False))
        return
    typer.echo(_rollout_line(found))
    for number, wave in enumerate(found.waves, 1):
        for name in wave:
            one = found.jobs.get(name)
            typer.echo(f"  wave {number}  {_line(one) if one else f'{name}  not given yet'}")


@rollout.command("hold")
def hold_(id_: str, database: DatabaseOption, clock: ClockOption = None) -> None:
    """Nobody begins any more until it goes on."""
    _decide("hold", id_, database, clock)


@rollout.command("go-on")
def go_on_(id_: str, database: DatabaseOption, clock: ClockOption = None) -> None:
    """Go on with one that is held or stopped; its failures so far are accepted."""
    _decide("go on with", id_, database, clock)


@rollout.command("cancel")
def cancel_(id_: str, database: DatabaseOption, clock: ClockOption = None) -> None:
    """Nobody begins any more, for good."""
    _decide("call off", id_, database, clock)


def task_from(words: list[str]) -> Task:
    """`restart part=app` as a task. Raises typer.BadParameter."""
    fields: dict[str, Any] = {"do": words[0]}
    for word in words[1:]:
        name, equals, value = word.partition("=")
        if not equals:
            raise typer.BadParameter(f"{word!r} is no FIELD=VALUE", param_hint="TASK")
        fields[name] = value
    kinds = [kind.__struct_config__.tag for kind in get_args(Task)]
    if words[0] not in kinds:
        raise typer.BadParameter(f"{words[0]!r} is none of {', '.join(kinds)}", param_hint="TASK")
    try:
        return msgspec.convert(fields, Task, strict=False)  # type: ignore[no-any-return]
    except msgspec.ValidationError as error:
        said = str(error).replace(" - at `$.", " of `").replace("Object missing", "missing")
        raise typer.BadParameter(f"{words[0]}: {said}", param_hint="TASK") from error


def _decide(what: str, id_: str, database: str, clock: Any) -> None:
    """Over how it stands now. Raises Failure."""
    now, engine, by = chosen(clock).now(), open_or_fail(database), _who()
    with reading(engine) as connection:
        found = one_rollout(connection, id_)
    seen = 0 if found is None else found.version
    try:
        with engine.begin() as connection:
            if what == "hold":
                hold(connection, id_, seen, by.name, now)
            elif what == "call off":
                call_off(connection, id_, seen, by.name, now)
            else:
                go_on(connection, id_, seen, by.name, new_id, now)
            note(connection, by, f"{what} roll-out {id_}", None, "-", now)
    except (JobError, StaleError) as error:
        raise Failure(str(error)) from error


def _who() -> Staff:
    return Staff(getpass.getuser(), "shell")


def _sizes(text: str) -> list[int]:
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if not all(part.isascii() and part.isdigit() and int(part) for part in parts):
        raise typer.BadParameter("sizes look like 1,10", param_hint="--waves")
    return [int(part) for part in parts]


def _plain(one: Job) -> dict[str, Any]:
    told: dict[str, Any] = msgspec.to_builtins(one)
    return told


def _plain_rollout(one: Rollout) -> dict[str, Any]:
    told: dict[str, Any] = msgspec.to_builtins(one)
    return told | {"done": one.done, "bad": one.bad, "under_way": one.under_way}


def _line(one: Job) -> str:
    kind = type(one.task).__struct_config__.tag
    why = " ".join(filter(None, (one.reason, one.detail)))
    leaving = " (being canceled)" if one.leaving else ""
    told = f"{one.id}  {one.terminal}  {kind}  {one.state.value}{leaving}  {why}".rstrip()
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in told)


def _rollout_line(one: Rollout) -> str:
    kind = type(one.task).__struct_config__.tag
    counts = f"{one.done} of {one.terminals} done, {one.bad} failed, {one.under_way} under way"
    return f"{one.id}  {kind}  {one.state.value}  wave {one.wave} of {len(one.waves)}  {counts}"
