"""`linli release`: what terminals update from, made and signed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from linli.commands.failure import Failure
from linli.releasing import bundles, publishing
from linli.releasing.bundles import PublishingError
from linli.releasing.publishing import Role

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    help="New versions for terminals. The keys of root and targets stay offline; only timestamp's "
    "is where the files are served from.",
)
Keys = Annotated[Path, typer.Option("--keys", help="The directory of the keys.")]
Where = Annotated[Path, typer.Argument(help="The directory that is served, or put on a stick.")]


@app.command()
def begin(where: Where, keys: Keys) -> None:
    """Make the keys of the four roles and an empty repository, on a machine without a network.

    Bring `metadata/1.root.json` to the terminals, as /etc/linli/releases-root.json."""
    _said(lambda: publishing.begin(where, keys, _now()))


@app.command()
def build(
    source: Annotated[
        Path, typer.Argument(help="A directory of wheels, or of a board's firmware images (.img).")
    ],
    bundle: Annotated[Path, typer.Argument(help="The tar to write.")],
) -> None:
    """Put wheels, linli's and all that it needs, together as one bundle with the hash of each:
    `make wheels` on a machine of that kind.

    Or the images that `make firmware KEY=…` made for both slots of one kind of terminal board, as
    linli-firmware-BOARD.tar."""
    _said(lambda: typer.echo(bundles.build(source, bundle)))


@app.command()
def sign(where: Where, bundle: Path, keys: Keys) -> None:
    """Offer this bundle under its file's name: a terminal asks for the one of its own kind.

    Needs the keys of targets, snapshot and timestamp."""
    _said(lambda: publishing.offer(where, bundle, keys, _now()))


@app.command()
def publish(where: Where, keys: Keys) -> None:
    """Say once more that this is the newest, for another seven days. Needs the key of timestamp
    alone: run it every day where the files are served from."""
    _said(lambda: publishing.renew(where, keys, _now()))


@app.command()
def rotate(where: Where, role: Role, keys: Keys) -> None:
    """Give a role another key, and lengthen root's year. Needs root's key; what was signed by the
    key of before is signed anew."""
    _said(lambda: publishing.rotate(where, role, keys, _now()))


def _said(act: Callable[[], object]) -> None:
    try:
        act()
    except (PublishingError, OSError) as error:
        raise Failure(str(error)) from error


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC).replace(microsecond=0)
