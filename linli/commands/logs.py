"""What programs write down while they run: a line of JSON each, on standard error, which the
system's journal keeps; readable lines where somebody watches at a terminal."""

from __future__ import annotations

import sys

import structlog


def write_logs() -> None:
    """From now on. A traceback names files and lines, never what variables held: that would be
    names and card numbers."""
    watched = sys.stderr.isatty()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.format_exc_info,
            structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
            if watched
            else structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
