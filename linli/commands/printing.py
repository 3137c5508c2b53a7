"""Where the commands that print documents put them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

OutOption = Annotated[Path, typer.Option("--out", help="The directory to write to.")]


def write(path: Path, body: bytes) -> None:
    """Write the file and say where it is. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body)
    typer.echo(str(path))
