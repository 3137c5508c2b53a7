"""What the ledger's rooms refuse, as their code writes it: `{}` for each value."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import linli.ledger

LEDGER = Path(linli.ledger.__file__).parent
FOR_PROGRAMS = {"MalformedError"}
"""What is wrong with a message is logged, and no page says it."""


def sentences(room: str) -> Iterator[str]:
    """Every sentence that a `raise SomethingError(…)` of the room says: its first text."""
    for path in sorted((LEDGER / room).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
                function, arguments = node.exc.func, node.exc.args
                if isinstance(function, ast.Name) and _is_told(function.id) and arguments:
                    texts = (list(_text(argument)) for argument in arguments)
                    yield from next((text for text in texts if text), [])


def _is_told(error: str) -> bool:
    return error.endswith("Error") and error not in FOR_PROGRAMS


def _text(node: ast.expr) -> Iterator[str]:
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.JoinedStr(values=values):
            parts = [v.value if isinstance(v, ast.Constant) else "{}" for v in values]
            yield "".join(str(part) for part in parts)
