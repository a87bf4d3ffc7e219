"""One life for all who look: made once, and put back after each of them as it was."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import override_settings

from forum import fragments, helplines
from forum.templatetags import kept
from tests.visibility.life import Life, begin_life
from tests.visibility.private import tell_everything


@contextmanager
def quiet() -> Iterator[None]:
    logging.disable(logging.INFO)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)


@pytest.fixture(scope="module")
def life(django_db_setup: None, django_db_blocker: Any) -> Iterator[Life]:
    """Everything that has happened, in a transaction that ends with the module. What each request logs would take longer than
    the request: that it did not fail is told by its answer.
    """
    with quiet(), django_db_blocker.unblock(), transaction.atomic(), override_settings():
        from django.conf import settings

        for forgets in (cache.clear, fragments.forget, kept.forget, helplines.forget):
            forgets()
        life = begin_life(settings)
        tell_everything(life)
        yield life
        transaction.set_rollback(True)
