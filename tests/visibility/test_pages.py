"""Whoever looks, wherever they look: each word of somebody's stands for them where the table says, and nowhere else."""

import pytest
from django.test import Client

from forum.models import Post
from tests.visibility.people import LOOKING
from tests.visibility.places import ADDRESSES
from tests.visibility.reading import Reading, read_site
from tests.visibility.table import KEPT, ROWS, STRANGER, expected
from tests.visibility.words import word

pytestmark = pytest.mark.django_db
AUTHORS = ["a-held", "a-removed", "a-folded", "a-taken", "a-cut", "a-edited", "a-noted"]
NARROW = {*AUTHORS, "siskin", "serin", "bittern", "brant", "dipper"}  # who differ from somebody else in this alone
DEEP = {"heron", "puffin"}  # who read every row there is; the others the telling ones of each kind
WHOLE = (*ADDRESSES, "admin")


def read_as(life, viewer: str, places=WHOLE) -> Reading:
    browser = Client(raise_request_exception=False)
    if viewer != STRANGER:
        browser.force_login(life.people[viewer])
    mine = Post.objects.filter(author__handle=viewer).values_list("pk", flat=True)
    return read_site(browser, places, mine=mine, deep=viewer in DEEP)


@pytest.mark.parametrize("viewer", [STRANGER, *LOOKING, *AUTHORS], ids=lambda viewer: viewer or "a stranger")
def test_everybody_reads_what_the_table_says_and_nothing_else(life, viewer):
    reading = read_as(life, viewer, ("wall", "own", "open") if viewer in NARROW else WHOLE)
    assert reading.broken == []
    may, wrong = expected(viewer, life), []
    for name in (*ROWS, *KEPT):
        found, allowed = reading.places.get(word(name), set()), may.get(name, frozenset())
        owed = allowed if viewer in DEEP else allowed - {"case", "staff"}
        if not owed <= found <= allowed:
            where = sorted(reading.addresses.get(word(name), ()))[:5]
            wrong.append(f"{name}: stands in {sorted(found)}, may in {sorted(allowed)}: {where}")
    assert not wrong, "\n".join(wrong)
