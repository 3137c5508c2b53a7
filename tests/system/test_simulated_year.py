"""A small district's year, by the command, on both databases: the ledger is sound at its end."""

from __future__ import annotations

import json
import subprocess
import sys

from linli.town.cluster import Cluster


def year(*arguments: str) -> dict[str, object]:
    done = subprocess.run(
        [sys.executable, "-m", "linli", "simulate-year", "--json", *arguments],
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    found.pop("seconds")
    return found


def test_the_same_seed_makes_the_same_year_on_both_databases(cluster: Cluster) -> None:
    on_sqlite = year("--seed", "1", "--people", "40")
    assert on_sqlite["ledger_ok"] is True
    assert (on_sqlite["weekly_reviews"], on_sqlite["monthly_notices"]) == (52, 12)
    assert int(str(on_sqlite["awards"])) > 0
    assert on_sqlite["redemption_windows"] == 4
    assert int(str(on_sqlite["redemptions"])) > 0
    url = cluster.create("year")
    assert year("--seed", "1", "--people", "40", "--database", url) == on_sqlite
    cluster.drop("year")
