"""A network cable that can be pulled: a TCP forwarder between a terminal and a loopback port."""

from __future__ import annotations

import asyncio
import contextlib
import threading


class Cable:
    """Forwards `port` (free, on loopback) to `target`. `cut` drops what runs and refuses what
    comes; `mend` lets traffic through again. `close` leaves no thread and no socket."""

    def __init__(self, target: int) -> None:
        self._target = target
        self._cut = False
        self._writers: set[asyncio.StreamWriter] = set()
        self._loop = asyncio.new_event_loop()
        self._server = self._loop.run_until_complete(
            asyncio.start_server(self._serve, "127.0.0.1", 0)
        )
        self.port: int = self._server.sockets[0].getsockname()[1]
        self._thread = threading.Thread(target=self._loop.run_forever, name="cable", daemon=True)
        self._thread.start()

    def cut(self) -> None:
        self._cut = True
        self._loop.call_soon_threadsafe(self._drop)

    def mend(self) -> None:
        self._cut = False

    def close(self) -> None:
        self.cut()
        asyncio.run_coroutine_threadsafe(self._shut(), self._loop).result(5)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    async def _shut(self) -> None:
        self._server.close()
        rest = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in rest:
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)

    def _drop(self) -> None:
        for writer in list(self._writers):
            writer.transport.abort()

    async def _serve(self, near: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        if self._cut:
            back.transport.abort()
            return
        try:
            far, forth = await asyncio.open_connection("127.0.0.1", self._target)
        except OSError:
            back.transport.abort()
            return
        if self._cut:  # meanwhile
            back.transport.abort()
            forth.transport.abort()
            return
        self._writers |= {back, forth}
        try:
            await asyncio.gather(_pump(near, forth), _pump(far, back))
        finally:
            self._writers -= {back, forth}
            back.transport.abort()
            forth.transport.abort()


async def _pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    with contextlib.suppress(ConnectionError, OSError):
        while data := await source.read(65536):
            sink.write(data)
            await sink.drain()
        sink.write_eof()
