"""What the windows' programs put off comes when somebody uses it."""

from __future__ import annotations

import subprocess
import sys

BEGIN = "from linli.commands.sparing import do_without; do_without(); import sys; "


def said(program: str) -> str:
    """What a fresh Python prints: this one has imported everything already."""
    done = subprocess.run(
        [sys.executable, "-c", BEGIN + program], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def test_the_libraries_of_a_window_start_without_asyncio() -> None:
    program = "import structlog, sqlalchemy; print('asyncio.events' in sys.modules)"
    assert said(program) == "False"


def test_whoever_uses_asyncio_gets_the_real_one() -> None:
    program = """
import asyncio
take = asyncio.iscoroutine
async def three(): return 3
print(asyncio.run(three()), take(3))
import asyncio.subprocess
print(asyncio.subprocess.PIPE)
"""
    assert said(program).split() == ["3", "False", "-1"]


def test_a_module_of_asyncio_may_be_the_first_that_is_wanted() -> None:
    assert said("from asyncio.events import AbstractEventLoop as a; print(a.__name__)") == (
        "AbstractEventLoop"
    )


def test_requests_goes_without_guessing_how_a_text_is_encoded_and_says_nothing_of_it() -> None:
    program = """
import warnings
with warnings.catch_warnings(record=True) as told:
    import requests
answer = requests.Response()
answer._content = '{"name": "张*三"}'.encode()
print(answer.json()["name"], answer.text, len(told))
"""
    assert said(program) == '张*三 {"name": "张*三"} 0'
