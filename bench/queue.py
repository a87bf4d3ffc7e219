"""How long a page of the moderators' queue takes with 1,000 and with 100,000 cases: `python -m bench.queue`.

On a database of its own, in this process, without a network: what Django, SQLite and the templates need. `work` is processor
time, which other programs on the machine do not change; the clock's time stands beside it. 200 of the cases are
live, as on a very busy day; the rest was closed over two years. The last line has 10,000 live ones, which no team could have.
"""

import os
import statistics
import tempfile
import time
from datetime import timedelta
from typing import Any

EVENINGS = ((1_000, 200), (100_000, 200), (100_000, 10_000))  # cases in the table, and those of them that are live
ROUNDS = 30
PAGES = {
    "the queue": "/moderation/",
    "narrowed down": "/moderation/?lane=rules&severity=soon&state=open",
    "by category": "/moderation/?category=rule.spam",
    "mine": "/moderation/?mine=on",
    "closed lately": "/moderation/?state=closed",
}


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        _begin(folder)
        print(f"{'cases':>8} {'live':>7}  {'page':<16} {'work':>9} {'clock':>9}   (medians of {ROUNDS})")
        for cases, live in EVENINGS:
            _fill(cases, live)
            for name, path in PAGES.items():
                work, clock = (statistics.median(times) for times in zip(*_measure(path), strict=True))
                print(f"{cases:>8,} {live:>7,}  {name:<16} {work:>6.0f} ms {clock:>6.0f} ms")


def _begin(folder: str) -> None:
    os.environ |= {"DJANGO_SETTINGS_MODULE": "config.settings", "HARBOUR_ENV": "test", "HARBOUR_DATA_DIR": folder}
    import logging

    import django
    from django.core.management import call_command

    django.setup()
    logging.disable(logging.CRITICAL)
    call_command("migrate", verbosity=0)


def _people() -> list[Any]:
    from forum.models import Member

    Member.objects.get_or_create(email="heron@bench.test", handle="heron", handle_key="heron", role="moderator")
    if not Member.objects.filter(handle="bird0").exists():
        rows = [Member(email=f"bird{n}@bench.test", handle=f"bird{n}", handle_key=f"bird{n}") for n in range(11_000)]
        Member.objects.bulk_create(rows, batch_size=1000)
    return list(Member.objects.filter(role="member").order_by("pk"))


def _fill(cases: int, live: int) -> None:
    from django.utils import timezone

    from forum.models import Member
    from moderation.models import Case, Report, Severity

    Report.objects.all().delete()
    Case.objects.all().delete()
    people, now, heron = _people(), timezone.now(), Member.objects.get(handle="heron")
    pressing = [Severity.EMERGENCY, *[Severity.URGENT] * 3, *[Severity.SOON] * 16, *[Severity.ROUTINE] * 30]
    for start in range(0, cases, 5_000):
        rows = [
            Case(
                kind="conduct",
                subject=people[n % len(people)],
                subject_role="member",
                severity=pressing[n % len(pressing)],
                state="open" if n < live else "closed",
                opened_at=now - timedelta(minutes=n),
                due_at=now + timedelta(minutes=n) if n < live else None,
                closed_at=None if n < live else now - timedelta(minutes=10 * n),
                closed_by=None if n < live else heron,
            )
            for n in range(start, min(cases, start + 5_000))
        ]
        made = Case.objects.bulk_create(rows, batch_size=500)
        told = [
            Report(case=case, door="rule", category=("unkind", "spam")[at % 2], severity=case.severity, source="member")
            for at, case in enumerate(made)
        ]
        Report.objects.bulk_create(told, batch_size=500)


def _measure(path: str) -> list[tuple[float, float]]:
    from django.test import Client

    from forum.models import Member

    client, times = Client(headers={"host": "127.0.0.1"}), []
    client.force_login(Member.objects.get(handle="heron"))
    client.get(path)
    for _round in range(ROUNDS):
        worked, started = time.process_time(), time.perf_counter()
        answer = client.get(path)
        times.append(((time.process_time() - worked) * 1000, (time.perf_counter() - started) * 1000))
        assert answer.status_code == 200, answer.status_code
    return times


if __name__ == "__main__":
    main()
