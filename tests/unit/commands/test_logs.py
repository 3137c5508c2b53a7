"""What programs write down while they run."""

from __future__ import annotations

import json
import subprocess
import sys

FALLS = """
from linli.commands.logs import write_logs
import structlog

write_logs()
name = "张小三"
try:
    raise OSError("the disk is full")
except OSError:
    structlog.get_logger().exception("a batch was not taken", batch=7)
structlog.get_logger().info("签到")
"""


def test_each_line_is_json_and_tells_nothing_that_a_variable_held() -> None:
    done = subprocess.run([sys.executable, "-c", FALLS], capture_output=True, text=True, check=True)
    assert done.stdout == ""
    fell, said = map(json.loads, done.stderr.splitlines())
    assert (fell["event"], fell["level"], fell["batch"]) == ("a batch was not taken", "error", 7)
    assert "OSError: the disk is full" in fell["exception"]
    assert "张小三" not in done.stderr
    assert (said["event"], said["level"]) == ("签到", "info")


READ_FROM_AFAR = """
from linli.commands.logs import write_logs
from linli.kiosk.log_lines import LogLines
import structlog

lines = LogLines()
write_logs(lines)
try:
    raise KeyError("c000123")
except KeyError:
    structlog.get_logger().exception("no row for 张*三", card="c000123", terminal="t-1")
print(lines.newest(1)[0])
"""


def test_where_the_log_is_read_from_afar_nobody_is_named_anywhere() -> None:
    done = subprocess.run(
        [sys.executable, "-c", READ_FROM_AFAR], capture_output=True, text=True, check=True
    )
    assert "张" not in done.stdout + done.stderr
    assert "000123" not in done.stdout + done.stderr
    kept = json.loads(done.stdout)
    assert (kept["event"], kept["card"], kept["terminal"]) == ("no row for …", "…", "t-1")
    assert "KeyError" in kept["exception"]
