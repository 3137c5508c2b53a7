"""Double entry with django-hordak, side by side with the ledger: run by the Python of a virtual
environment of its own (peers.py), on an empty PostgreSQL database.

Prints the transfers that its processes made in a second, each in its fastest stretch. Its
arguments: the socket's directory, the database, how many batches, how many transfers in each, how
many batches a stretch, how many processes.
"""

from __future__ import annotations

import multiprocessing as mp
import sys
import time

import django
from django.conf import settings


def main(host: str, database: str, batches: int, size: int, stretch: int, processes: int) -> None:
    settings.configure(
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.postgresql",
                "NAME": database,
                "USER": "linli",
                "HOST": host,
            }
        },
        INSTALLED_APPS=[
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "mptt",
            "hordak",
        ],
        DEFAULT_CURRENCY="EUR",
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        USE_TZ=True,
    )
    django.setup()

    from django.core.management import call_command
    from django.db import connection
    from hordak.models import Account, AccountType

    call_command("migrate", verbosity=0)
    issuing = Account.objects.create(name="issuing", code="0", type=AccountType.income)
    holders = [
        Account.objects.create(name=f"holder {n}", code=f"{n + 1}", type=AccountType.asset)
        for n in range(size * processes)
    ]
    connection.close()  # each process opens its own
    context = mp.get_context("fork")
    barrier, rates = context.Barrier(processes), context.Queue()
    shares = [holders[process::processes] for process in range(processes)]
    working = [
        context.Process(target=work, args=(issuing, share, batches, stretch, barrier, rates))
        for share in shares
    ]
    for process in working:
        process.start()
    print(sum(rates.get() for _ in working))
    for process in working:
        process.join()


def work(issuing, holders, batches, stretch, barrier, rates) -> None:  # type: ignore[no-untyped-def]
    from django.db import transaction
    from moneyed import Money

    barrier.wait()
    fastest = 0.0
    for _ in range(batches // stretch):
        began = time.perf_counter()
        for _ in range(stretch):
            with transaction.atomic():
                for holder in holders:
                    issuing.transfer_to(holder, Money(10, "EUR"))
        fastest = max(fastest, stretch * len(holders) / (time.perf_counter() - began))
    rates.put(fastest)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], *map(int, sys.argv[3:7]))
