"""What programs write down while they run: a line of JSON each, on standard error, which the
system's journal keeps; readable lines where somebody watches at a terminal."""

from __future__ import annotations

import sys

import structlog
from structlog.typing import Processor

from linli.kiosk.log_lines import LogLines, without_people


def write_logs(lines: LogLines | None = None) -> None:
    """From now on. A traceback names files and lines, never what variables held: that would be
    names and card numbers. With `lines`, which may be read from afar, whatever else could be of a
    person is taken out before it is written anywhere."""
    watched = sys.stderr.isatty()
    kept: list[Processor] = [] if lines is None else [without_people, lines.keep]
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.format_exc_info,
            *kept,
            structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
            if watched
            else structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
