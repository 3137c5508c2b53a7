"""What the windows' programs do without, on the small computer in the centre: libraries that others
name at their import and nobody here uses. Call `do_without` before anything else is imported."""

from __future__ import annotations

import importlib
import sys
import warnings
from types import ModuleType
from typing import Any

ASYNCIO = "asyncio"


class PutOffAsyncio(ModuleType):
    """Stands for asyncio until somebody uses it: to import it, and to take one of its `NAMED`
    functions, as structlog and SQLAlchemy do, is not to use it. The real one takes 25 ms and
    4 MB."""

    NAMED = ("iscoroutine",)

    def __getattr__(self, name: str) -> Any:
        if name in self.NAMED:
            return lambda *given, **more: getattr(real_asyncio(), name)(*given, **more)
        return getattr(real_asyncio(), name)


def real_asyncio() -> ModuleType:
    if isinstance(sys.modules.get(ASYNCIO), PutOffAsyncio):
        del sys.modules[ASYNCIO]
    return importlib.import_module(ASYNCIO)


def do_without() -> None:
    # structlog would load it for coloured tracebacks: 4 MB.
    sys.modules["rich"] = None  # type: ignore[assignment]
    # requests would guess by it how a text is encoded, which no answer of ours leaves open: 1 MB.
    sys.modules["charset_normalizer"] = None  # type: ignore[assignment]
    warnings.filterwarnings("ignore", message="Unable to find acceptable character detection")
    if ASYNCIO not in sys.modules:
        sys.modules[ASYNCIO] = PutOffAsyncio(ASYNCIO)
