"""Asks Redis for ranks by its own client, side by side with the ledger: run by the Python of a
virtual environment of its own (peers.py).

Arguments: the socket and the sorted set. Reads members, a line each, and prints the seconds that
each answer took.
"""

from __future__ import annotations

import sys
import time

from redis import Redis


def main(path: str, key: str) -> None:
    client = Redis(unix_socket_path=path)
    for line in sys.stdin:
        member = line.strip()
        began = time.perf_counter()
        client.zrevrank(key, member)
        print(time.perf_counter() - began)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
