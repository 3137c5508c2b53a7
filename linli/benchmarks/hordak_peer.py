"""Double entry with django-hordak, side by side with the ledger: run by the Python of a virtual
environment of its own (peers.py), on an empty PostgreSQL database.

Prints the transfers that it made in a second, in its fastest stretch. Its arguments: the socket's
directory, the database, how many batches, how many transfers in each, how many batches a stretch.
"""

from __future__ import annotations

import sys
import time

import django
from django.conf import settings


def main(host: str, database: str, batches: int, size: int, stretch: int) -> None:
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
    from django.db import transaction
    from hordak.models import Account, AccountType
    from moneyed import Money

    call_command("migrate", verbosity=0)
    issuing = Account.objects.create(name="issuing", code="0", type=AccountType.income)
    holders = [
        Account.objects.create(name=f"holder {n}", code=f"{n + 1}", type=AccountType.asset)
        for n in range(size)
    ]
    fastest = 0.0
    for _ in range(batches // stretch):
        began = time.perf_counter()
        for _ in range(stretch):
            with transaction.atomic():
                for holder in holders:
                    issuing.transfer_to(holder, Money(10, "EUR"))
        fastest = max(fastest, stretch * size / (time.perf_counter() - began))
    print(fastest)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], *map(int, sys.argv[3:6]))
