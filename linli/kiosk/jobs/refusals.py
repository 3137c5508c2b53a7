"""Why nothing came of an update, in a word for programs and a sentence for a maintainer."""

from __future__ import annotations

import errno

from linli.kiosk.jobs.doing import Done, failed
from linli.kiosk.updating.installing import UpdateFailedError
from linli.kiosk.updating.slots import StandingError
from linli.kiosk.updating.states import UpdateRefusedError
from linli.sync.updates import ReleaseRefusedError, ReleasesNotReachedError

TRIES = 3
"""How often releases are asked that cannot be reached."""


NOT_BROUGHT = (
    ReleaseRefusedError,
    ReleasesNotReachedError,
    UpdateRefusedError,
    UpdateFailedError,
    StandingError,
    OSError,
)


def why_not_brought(error: Exception) -> Done:
    """`error` is one of NOT_BROUGHT."""
    if isinstance(error, ReleaseRefusedError):
        return failed(error.refusal.value, str(error))
    if isinstance(error, OSError):
        reason = "no-room" if error.errno == errno.ENOSPC else "disk"
        return failed(reason, error.strerror or str(error))
    words: tuple[tuple[type[Exception], str], ...] = (
        (ReleasesNotReachedError, "not-reached"),
        (UpdateRefusedError, "refused"),
        (StandingError, "standing-unreadable"),
    )
    kinds = (word for kind, word in words if isinstance(error, kind))
    return failed(next(kinds, "not-installed"), str(error))
