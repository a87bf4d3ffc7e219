"""The cast, the database recipe, and ears: what every test here shares.

A test that opens a socket or starts a server needs rows that other threads can see: the fixtures `hear`, `listen` and
`daphne` ask for a real (transactional) database by themselves.
"""

import io
import json
import logging
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connections
from django.test import Client, TransactionTestCase
from django.utils import timezone, translation

from config.logs import logging_config
from forum import fragments, helplines
from forum.templatetags import kept
from moderation import audit_anchor
from tests.emptying import empty_databases
from tests.harbour import Harbour, Site
from tests.migrated import copy_migrated, keep_migrated
from tests.nursery import Nursery
from tests.scaled import ScaledHarbour
from tests.sockets import Ears, LocalSocket

PASSWORD = "harbour-demo-pass"
ROOT = Path(__file__).resolve().parent.parent

TransactionTestCase._fixture_teardown = empty_databases  # type: ignore[method-assign]


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    """Each worker has a data directory, or a database, of its own already, and a server started on it must find the plain name."""


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """Whether the database that is there already is used: a copy of the one that was migrated before."""
    return copy_migrated(connections["default"].settings_dict)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_keepdb: bool) -> None:
    """Migrated as pytest-django does it, and kept for the next process."""
    if not django_db_keepdb:
        keep_migrated(connections["default"].settings_dict)


@pytest.fixture(autouse=True)
def as_in_life(settings: Any) -> Iterator[None]:
    """Mail is queued as in life (pytest-django would bypass the queue); counters and languages of earlier tests are forgotten.

    `realtime.deliveries.send_due()` moves queued mail to `mailoutbox`.
    """
    settings.EMAIL_BACKEND = "realtime.deliveries.QueuedMail"
    settings.MAIL_TRANSPORT = {"backend": "django.core.mail.backends.locmem.EmailBackend"}
    cache.clear()
    fragments.forget()
    kept.forget()
    helplines.forget()
    audit_anchor.path().unlink(missing_ok=True)  # the chain of another test stood elsewhere
    yield
    translation.deactivate()  # a page in Welsh leaves its thread speaking Welsh, and the next test begins in it


@pytest.fixture
def make_member(db: None) -> Callable[..., Any]:
    """`make_member("finch", role="moderator", standing="paused")`: here for 60 days, e-mail verified."""
    from allauth.account.models import EmailAddress

    from forum.models import Member

    def make(handle: str, **fields: Any) -> Member:
        email = f"{handle}@harbour.test"
        fields.setdefault("joined_at", timezone.now() - timedelta(days=60))
        member = Member.objects.create_user(email, handle, PASSWORD, **fields)
        EmailAddress.objects.create(user=member, email=email, verified=True, primary=True)
        return member

    return make


@pytest.fixture
def member(make_member: Callable[..., Any]) -> Any:
    return make_member("robin")


@pytest.fixture
def other_member(make_member: Callable[..., Any]) -> Any:
    return make_member("wren")


@pytest.fixture
def moderator(make_member: Callable[..., Any]) -> Any:
    return make_member("heron", role="moderator")


@pytest.fixture
def other_moderator(make_member: Callable[..., Any]) -> Any:
    return make_member("kestrel", role="moderator")


@pytest.fixture
def staff(make_member: Callable[..., Any]) -> Any:
    return make_member("puffin", role="staff")


@pytest.fixture
def other_staff(make_member: Callable[..., Any]) -> Any:
    return make_member("gannet", role="staff")


@pytest.fixture
def independent(make_member: Callable[..., Any]) -> Any:
    return make_member("tern", role="independent")


@pytest.fixture
def administrator(make_member: Callable[..., Any]) -> Any:
    return make_member("admin", role="administrator", is_staff=True, is_superuser=True)


@pytest.fixture
def other_administrator(make_member: Callable[..., Any]) -> Any:
    return make_member("owl", role="administrator", is_staff=True, is_superuser=True)


@pytest.fixture
def as_(db: None) -> Callable[[Any], Client]:
    """`as_(member)`: a signed-in client, the same one for the same person throughout a test."""
    clients: dict[int, Client] = {}

    def client_of(person: Any) -> Client:
        if person.pk not in clients:
            clients[person.pk] = Client()
            clients[person.pk].force_login(person)
        return clients[person.pk]

    return client_of


@pytest.fixture
def at_once() -> Callable[..., list[Any]]:
    """`at_once(act, other_act)`: runs each in a thread of its own, all let go together; results or exceptions in order."""

    def run(*acts: Callable[[], Any]) -> list[Any]:
        gate, results = threading.Barrier(len(acts)), [None] * len(acts)

        def one(place: int, act: Callable[[], Any]) -> None:
            gate.wait()
            try:
                results[place] = act()
            except Exception as error:
                results[place] = error
            finally:
                connections.close_all()

        threads = [threading.Thread(target=one, args=pair) for pair in enumerate(acts)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return results

    return run


@pytest.fixture
def ears(transactional_db: None) -> Iterator[Ears]:
    """The project's ASGI application in a loop of its own."""
    ears = Ears()
    yield ears
    ears.close()


@pytest.fixture
def listen(ears: Ears, as_: Callable[[Any], Client]) -> Callable[..., LocalSocket]:
    """`listen(member, after="wall:0")`: an open socket of this person's, closed at the end of the test."""

    def open_socket(person: Any, after: str = "", **headers: str) -> LocalSocket:
        cookie = f"{settings.SESSION_COOKIE_NAME}={as_(person).cookies[settings.SESSION_COOKIE_NAME].value}"
        return ears.open(f"after={after}", {"cookie": cookie, "origin": settings.ORIGINS[0], **headers})

    return open_socket


@pytest.fixture
def hear(listen: Callable[..., LocalSocket]) -> Callable[..., list[dict[str, Any]]]:
    """`hear(person, act)` opens a socket as one person, calls `act()`, and returns the events heard until all is said.

    Several acts may be given: `hear(person, act, other_act)`.
    """

    def hear(person: Any, *acts: Callable[[], Any]) -> list[dict[str, Any]]:
        with listen(person) as socket:
            assert socket.receive()["type"] == "hello"
            for act in acts:
                act()
            return socket.events_until_now()

    return hear


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    """Where the servers of this worker's tests are born, one after another on one port."""
    nursery = Nursery(Harbour(Path(settings.DATA_DIR)).environment)
    yield nursery
    nursery.close()


@pytest.fixture
def daphne(transactional_db: None, nursery: Nursery) -> Iterator[Site]:
    """A real `manage.py serve` that serves this test's own rows; or the whole of the scale mode that does."""
    harbour = ScaledHarbour() if ScaledHarbour.is_wanted() else Harbour(Path(settings.DATA_DIR), nursery)
    harbour.start()
    yield harbour
    harbour.stop()


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with a migrated, empty database, made once."""
    directory = tmp_path_factory.mktemp("migrated")
    if connections["default"].vendor == "sqlite":
        copy_migrated({"ENGINE": "django.db.backends.sqlite3", "NAME": str(directory / "harbour.sqlite3")})
    command = [sys.executable, "manage.py", "migrate", "--verbosity=0"]
    subprocess.run(command, cwd=ROOT, env=Harbour(directory).environment, check=True, timeout=120)
    return directory


@pytest.fixture
def empty_harbour(migrated: Path, tmp_path: Path) -> Iterator[Harbour]:
    """A server, not yet started, on a migrated directory that nobody else uses."""
    harbour = Harbour(Path(shutil.copytree(migrated, tmp_path / "var")))
    yield harbour
    harbour.stop()


@pytest.fixture
def production_log() -> Iterator[Callable[[], list[dict[str, Any]]]]:
    """`production_log()`: what production would have written, each line read as JSON."""
    config = logging_config("INFO", readable=False)["formatters"]["harbour"]
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(config.pop("()")(**config))
    root = logging.getLogger()
    before, level = root.handlers, root.level
    root.handlers = [handler]  # alone: the first formatter of a record takes its exception away
    root.setLevel("INFO")
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    root.handlers = before
    root.setLevel(level)
    logging_config("INFO", readable=True)
