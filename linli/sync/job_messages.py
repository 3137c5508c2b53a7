"""What ledger and terminal say to each other about jobs: what is to be done there once.

`jobs` stands retained at the broker: every job of that terminal whose end the ledger has not heard
yet. A terminal that was away finds there what is still wanted of it, and nothing else. It says how
each stands on `jobs/status`; an end is said again at every connect for as long as the job is
listed, so a lost word costs nothing. What is large (a picture, lines of the log) comes over HTTPS.
"""

from __future__ import annotations

import base64
import hashlib
from enum import StrEnum
from typing import Annotated

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from msgspec import Meta, Raw, Struct

from linli.sync.jobs import JobState
from linli.sync.messages import Count, Moment, Name, encode, learn
from linli.sync.parsing import parse
from linli.sync.signing import MalformedError, SignatureError

MESSAGE_BYTES = 65536
"""A longer list of jobs is not even read."""
OPEN_AT_ONCE = 20
"""Jobs of one terminal that the ledger lists at a time; the others wait at the ledger."""
RESULT_BYTES = 2 * 1024 * 1024
"""A longer result is not taken."""
CONTEXT = b"linli-job-result\n"
"""No other signature of a terminal can be taken for a result's."""
JobId = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]
Words = Annotated[str, Meta(max_length=200)]
Version = Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9.+_-]{0,47}$")]


# --- what may be asked -----------------------------------------------------------------------


class Part(StrEnum):
    """What is started anew: the program, the machine it runs on, or the terminal board."""

    APP = "app"
    HOST = "host"
    BOARD = "board"


class Restart(Struct, frozen=True, kw_only=True, tag_field="do", tag="restart"):
    """Proven by the start that follows it."""

    part: Part


class SelfTest(Struct, frozen=True, kw_only=True, tag_field="do", tag="self-test"):
    """The doctor's findings, as `linli terminal doctor --json` prints them, are the result."""


class CollectLogs(Struct, frozen=True, kw_only=True, tag_field="do", tag="collect-logs"):
    """The newest `lines` of the log are the result; new ones are said on `logs` for `follow_s`
    seconds after it. No line holds personal data."""

    lines: Annotated[int, Meta(ge=1, le=2000)] = 500
    follow_s: Annotated[int, Meta(ge=0, le=1800)] = 0


class Screenshot(Struct, frozen=True, kw_only=True, tag_field="do", tag="screenshot"):
    """The window as a PNG is the result. What a person might be known by is blurred, unless
    `clear` is asked for and whoever stands there agrees on the screen."""

    clear: bool = False


class ShowMessage(Struct, frozen=True, kw_only=True, tag_field="do", tag="show-message"):
    """Words on the terminal's home screen until `until`; empty words take them away."""

    zh: Words
    en: Words = ""
    until: Moment


class Maintain(Struct, frozen=True, kw_only=True, tag_field="do", tag="maintain"):
    """Maintenance mode: the terminal says that it is being looked after, and serves nobody."""

    on: bool


class UpdateApp(Struct, frozen=True, kw_only=True, tag_field="do", tag="update-app"):
    """The version that the signed metadata of releases knows by this name. Proven by its
    probation; where that fails, the version of before is back, and so the job is `ROLLED_BACK`."""

    version: Version


class UpdateFirmware(Struct, frozen=True, kw_only=True, tag_field="do", tag="update-firmware"):
    """The terminal board's firmware of this version, from the same releases."""

    version: Version


Task = (
    Restart
    | SelfTest
    | CollectLogs
    | Screenshot
    | ShowMessage
    | Maintain
    | UpdateApp
    | UpdateFirmware
)


# --- messages --------------------------------------------------------------------------------


class JobOrder(Struct, frozen=True, kw_only=True):
    """`until` is when it must have begun, `deadline_s` how many seconds it may be under way.
    `task` is a Task; one that a terminal does not know it rejects. Listed as `canceled`, it is not
    to be begun any more."""

    id: JobId
    until: Moment
    deadline_s: Annotated[float, Meta(gt=0, le=86400)]
    task: Raw
    canceled: bool = False


class Jobs(Struct, frozen=True, kw_only=True):
    """Retained: all open jobs of a terminal, the oldest first. Empty where there is none."""

    terminal: Name
    jobs: Annotated[list[JobOrder], Meta(max_length=OPEN_AT_ONCE)]


class JobStatus(Struct, frozen=True, kw_only=True):
    """How a job stands. `reason` is a word for programs (`expired`, `unknown-task`, …), `detail`
    says more to a maintainer; neither holds personal data. `result` is the SHA-256 (hex) of what
    was uploaded for it, empty where there is none."""

    terminal: Name
    id: JobId
    state: JobState
    at: Moment
    reason: Annotated[str, Meta(max_length=48)] = ""
    detail: Words = ""
    result: Annotated[str, Meta(pattern=r"^([0-9a-f]{64})?$")] = ""


class LogLines(Struct, frozen=True, kw_only=True):
    """New lines of a log that is followed, QoS 0; `number` counts from 1, so that a gap shows."""

    terminal: Name
    id: JobId
    number: Count
    lines: Annotated[list[Annotated[str, Meta(max_length=2000)]], Meta(max_length=100)]


class SignedResult(Struct, frozen=True, kw_only=True):
    """`POST /v1/terminals/{terminal}/jobs/{id}/result`. `signature` is Ed25519, base64, over
    CONTEXT and the exact bytes of `body`."""

    body: Raw
    signature: str


class JobResult(Struct, frozen=True, kw_only=True):
    """`data` is base64; of the media types `application/json`, `application/x-ndjson`,
    `image/png`."""

    terminal: Name
    id: JobId
    at: Moment
    media_type: Annotated[str, Meta(pattern=r"^(application/(json|x-ndjson)|image/png)$")]
    data: str


def task_of(order: JobOrder) -> Task:
    """Raises MalformedError for what this version does not know."""
    return parse(bytes(order.task), Task)  # type: ignore[arg-type]


def ordered(task: Task) -> Raw:
    return Raw(encode(task))


def seal_result(result: JobResult, key: Ed25519PrivateKey) -> bytes:
    """What a terminal posts."""
    body = encode(result)
    signature = base64.b64encode(key.sign(CONTEXT + body)).decode()
    return encode(SignedResult(body=Raw(body), signature=signature))


def open_result(payload: bytes, key: Ed25519PublicKey) -> tuple[JobResult, bytes]:
    """The result and its bytes. Raises MalformedError or SignatureError."""
    signed = parse(payload, SignedResult)
    try:
        key.verify(base64.b64decode(signed.signature, validate=True), CONTEXT + bytes(signed.body))
    except (InvalidSignature, ValueError) as error:
        raise SignatureError("the result of a job has a wrong signature") from error
    result = parse(bytes(signed.body), JobResult)
    try:
        return result, base64.b64decode(result.data, validate=True)
    except ValueError as error:
        raise MalformedError(f"the result of job {result.id} is not base64: {error}") from error


def digest_of_result(data: bytes) -> str:
    """SHA-256 (hex) of a result's bytes, as a status names it."""
    return hashlib.sha256(data).hexdigest()


JOB_TYPES = (Jobs, JobStatus, LogLines, SignedResult, JobResult)
TASK_TYPES = (
    Restart,
    SelfTest,
    CollectLogs,
    Screenshot,
    ShowMessage,
    Maintain,
    UpdateApp,
    UpdateFirmware,
)
learn(*JOB_TYPES, *TASK_TYPES)
msgspec.json.Decoder(Task)
