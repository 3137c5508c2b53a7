"""Where a terminal keeps its book of jobs."""

from __future__ import annotations

from pathlib import Path

import msgspec
import structlog

from linli.kiosk.jobs.book import Book
from linli.sync.whole_file import write_whole

log = structlog.get_logger()
FILE = "jobs.json"


class BookFile:
    """A small file, whole at every moment."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> Book:
        """One that is not there or makes no sense is one in which nothing was kept. Raises OSError
        where it is there and cannot be read: what it says may have been done already."""
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=Book)
        except FileNotFoundError:
            return Book()
        except (msgspec.DecodeError, RecursionError) as error:
            log.warning("the book of jobs makes no sense", error=str(error))
            return Book()

    def write(self, book: Book) -> None:
        """On the disk when it returns. Raises OSError; then the file is as before."""
        write_whole(self._path, msgspec.json.encode(book))
