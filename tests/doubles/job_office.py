"""The ledger's end of a terminal's jobs: the retained list, what is said of each, and results.

office = JobOffice(broker.port, key.public_key())
office.lists(office.order("j-1", Maintain(on=True)))
office.ends("j-1")                                       # its last status, once it is an end
office.results["j-1"]                                    # bytes, opened with the terminal's key
office.status = 503                                      # results fail
"""

from __future__ import annotations

import datetime as dt
import http.server
import threading

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from doubles.mqtt import Peer
from doubles.waiting import eventually
from linli.sync import topics
from linli.sync.job_messages import (
    JobOrder,
    Jobs,
    JobStatus,
    LogLines,
    Task,
    digest_of_result,
    open_result,
    ordered,
)
from linli.sync.jobs import OPEN
from linli.sync.messages import encode
from linli.sync.parsing import parse

NAME = "t-1"


class JobOffice:
    def __init__(self, port: int, key: Ed25519PublicKey, now: dt.datetime) -> None:
        self._key, self._now = key, now
        self.results: dict[str, bytes] = {}
        self.status = 200
        self._mqtt = Peer(port, topics.job_status(NAME), topics.logs(NAME), name="office")
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()

    def order(self, id_: str, task: Task, *, canceled: bool = False) -> JobOrder:
        until = self._now + dt.timedelta(days=1)
        return JobOrder(id=id_, until=until, deadline_s=60, task=ordered(task), canceled=canceled)

    def lists(self, *orders: JobOrder) -> None:
        self.says(encode(Jobs(terminal=NAME, jobs=list(orders))))

    def says(self, payload: bytes) -> None:
        self._mqtt.say(topics.jobs(NAME), payload, retain=True)

    @property
    def heard(self) -> list[JobStatus]:
        return [parse(said, JobStatus) for said in self._mqtt.heard[topics.job_status(NAME)]]

    @property
    def followed(self) -> list[str]:
        told = [parse(said, LogLines) for said in self._mqtt.heard[topics.logs(NAME)]]
        return [line for lines in told for line in lines.lines]

    def ends(self, id_: str) -> JobStatus:
        """How it ended, as soon as that is said. A result it names has come before."""
        eventually(lambda: self._ends(id_))
        end = self._ends(id_)[-1]
        assert end.result == (digest_of_result(self.results[id_]) if id_ in self.results else "")
        return end

    def does(self, id_: str, task: Task) -> JobStatus:
        """One job, from the list to its end; the list is empty then."""
        self.lists(self.order(id_, task))
        end = self.ends(id_)
        self.lists()
        return end

    def close(self) -> None:
        self._mqtt.close()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _ends(self, id_: str) -> list[JobStatus]:
        return [one for one in self.heard if one.id == id_ and one.state not in OPEN]

    def _handler(self) -> type[http.server.BaseHTTPRequestHandler]:
        office = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                self._answer(404)

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if office.status == 200:
                    result, data = open_result(body, office._key)
                    assert self.path == f"/v1/terminals/{NAME}/jobs/{result.id}/result"
                    office.results[result.id] = data
                self._answer(office.status)

            def _answer(self, status: int) -> None:
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        return Handler
