"""The ledger's feed of one scope: changes and heads over a real broker, snapshots over HTTP.

feed = FeedDouble(broker.port, "s-1")
feed.commit(Stream.CHANGES, activity("a-1"))             # rows, change, head
feed.commit(Stream.CHANGES, row, lose_change=True)       # only the head tells
feed.status = 503                                        # snapshots fail
feed.restore(Stream.CHANGES, 3)                          # back to what number 3 left
"""

from __future__ import annotations

import datetime as dt
import http.server
import threading
from collections import Counter

from doubles.mqtt import Peer
from linli.sync import topics
from linli.sync.messages import Change, Head, Row, Snapshot, Stream, encode
from linli.sync.replica_schema import KIND_OF

AT = dt.datetime(2026, 11, 24, 9, 0, tzinfo=dt.UTC)


class FeedDouble:
    """`asked` counts snapshot requests per stream, `authorizations` keeps their headers;
    `status` and `body` replace the answer where set."""

    def __init__(self, port: int, scope: str = "s-1") -> None:
        self.scope = scope
        self.status = 200
        self.body: bytes | None = None
        self.asked: Counter[Stream] = Counter()
        self.authorizations: list[str] = []
        self._history: dict[Stream, list[list[Row]]] = {stream: [] for stream in Stream}
        self.mqtt = Peer(port, name="feed")
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()

    def number(self, stream: Stream) -> int:
        return len(self._history[stream])

    def commit(self, stream: Stream, *rows: Row, lose_change: bool = False) -> int:
        """One transaction: the rows are in the next snapshot, the change and the head go out."""
        self._history[stream].append(list(rows))
        number = self.number(stream)
        if not lose_change:
            change = Change(scope=self.scope, stream=stream, number=number, at=AT, rows=list(rows))
            self.mqtt.say(topics.feed(self.scope, stream), encode(change))
        self.say_head(stream)
        return number

    def say_head(self, stream: Stream) -> None:
        head = Head(scope=self.scope, stream=stream, number=self.number(stream))
        self.mqtt.say(topics.head(self.scope, stream), encode(head), retain=True)

    def restore(self, stream: Stream, number: int) -> None:
        """The ledger came back from a backup."""
        del self._history[stream][number:]
        self.say_head(stream)

    def snapshot(self, stream: Stream) -> Snapshot:
        rows: dict[tuple[object, ...], Row] = {}
        for change in self._history[stream]:
            for row in change:
                key = KIND_OF[type(row)].table.primary_key.columns.keys()
                rows[type(row), *(getattr(row, name) for name in key)] = row
        number = self.number(stream)
        return Snapshot(
            scope=self.scope, stream=stream, number=number, at=AT, rows=list(rows.values())
        )

    def close(self) -> None:
        self.mqtt.close()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _handler(self) -> type[http.server.BaseHTTPRequestHandler]:
        feed = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                stream = Stream(self.path.split("/")[4])
                feed.asked[stream] += 1
                feed.authorizations.append(self.headers["Authorization"])
                body = feed.body if feed.body is not None else encode(feed.snapshot(stream))
                self.send_response(feed.status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                """A test's output is for what went wrong."""

        return Handler
