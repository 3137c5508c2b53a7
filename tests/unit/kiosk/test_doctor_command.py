"""`linli terminal doctor`: what it prints, in which language, and how it ends."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from linli.commands.doctor import language
from linli.commands.terminal import app
from linli.devices.simulated.reader import SimulatedReader


class Well(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[Path]:
    """A terminal's settings, with a reader, and a ledger and broker that answer."""
    reader = SimulatedReader(tmp_path / "reader")
    server = HTTPServer(("127.0.0.1", 0), Well)
    serving = threading.Thread(target=server.serve_forever, args=(0.02,))
    serving.start()
    port = server.server_address[1]
    path = tmp_path / "terminal.toml"
    path.write_text(
        f"""
name = "yangguang-1"
scope = "yangguang"
centre = "yangguang-centre"
centre_name = "阳光社区邻里中心"
place = "阳光社区"
data = "{tmp_path / "data"}"
readers = ["{reader.path}"]
[connection]
broker_host = "127.0.0.1"
broker_port = {port}
ledger_url = "http://127.0.0.1:{port}"
""",
        encoding="utf-8",
    )
    yield path
    server.shutdown()
    serving.join()
    server.server_close()
    reader.close()


def doctor(path: Path, *more: str) -> Result:
    return CliRunner().invoke(
        app, ["doctor", "--settings", str(path), *more], catch_exceptions=False
    )


def states(done: Result) -> dict[str, str]:
    return {row["subject"]: row["code"] for row in json.loads(done.stdout)["checks"]}


def test_a_fleet_reads_codes_and_both_languages(centre: Path) -> None:
    done = doctor(centre, "--json")
    told = json.loads(done.stdout)
    assert (told["schema"], told["terminal"], told["exit"]) == (1, "yangguang-1", done.exit_code)
    assert all(set(row["says"]) == {"zh_CN", "en"} for row in told["checks"])
    found = states(done)
    assert found["ledger"] == found["broker"] == "reached"
    assert (found["locker"], found["printer"], found["sound"]) == ("not-set",) * 3


def test_without_hardware_nothing_is_opened(centre: Path) -> None:
    found = states(doctor(centre, "--json", "--no-hardware"))
    assert "reader" not in found
    assert "ledger" in found


def test_it_speaks_chinese_unless_english_is_asked_for(centre: Path) -> None:
    assert "存储  剩余" in doctor(centre, "--no-hardware", "--yes").stdout
    assert "free." in doctor(centre, "--no-hardware", "--lang", "en").stdout
    assert doctor(centre, "--lang", "fr").exit_code == 2


@pytest.mark.parametrize(
    ("asked", "environment", "spoken"),
    [
        (None, "", "zh_CN"),
        (None, "C.UTF-8", "zh_CN"),
        (None, "zh_CN.UTF-8", "zh_CN"),
        (None, "en_GB.UTF-8", "en"),
        ("zh_CN", "en_GB.UTF-8", "zh_CN"),
    ],
)
def test_the_language_is_that_of_the_environment(
    asked: str | None, environment: str, spoken: str
) -> None:
    assert language(asked, environment) == spoken


def test_something_that_does_not_work_ends_with_two_and_a_remedy(centre: Path) -> None:
    text = centre.read_text(encoding="utf-8")
    centre.write_text(text.replace("readers = [", 'readers = ["/dev/none", '), encoding="utf-8")
    done = doctor(centre, "--yes")
    assert done.exit_code == 2
    assert "✗ 读卡器  /dev/none 没有插上。\n    → 请插好它的 USB 线" in done.stdout


def test_settings_that_cannot_be_read_are_the_first_thing_that_is_wrong(centre: Path) -> None:
    centre.write_text("name = 1", encoding="utf-8")
    done = doctor(centre, "--json")
    assert done.exit_code == 2
    assert states(done) == {"settings": "settings-wrong"}
    assert "✗ 设置" in doctor(centre).stdout
