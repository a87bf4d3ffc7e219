"""An operator edits what the step before sharing says, and puts back what comes with Harbour."""

import pytest
from django.conf import settings

from forum.models import FindingKind, PanelText
from forum.panel_texts import plant
from forum.safe_words import look_again

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(as_, administrator):
    return as_(administrator)


@pytest.fixture
def row(db):
    plant()
    return PanelText.objects.get(kind="crisis", language="en-gb")


def test_there_is_a_row_for_each_kind_and_language_and_planting_again_changes_nothing(row):
    row.title = "Mine"
    row.save()
    plant()
    assert PanelText.objects.count() == len(FindingKind) * len(settings.LANGUAGES)
    assert PanelText.objects.filter(title="Mine").exists()


def test_words_are_edited_as_plain_text_and_put_back(admin, row):
    address = f"/admin/forum/paneltext/{row.pk}/change/"
    page = admin.get(address).content.decode()
    assert "Empty, it says:" in page
    admin.post(address, {"title": "Stay <b>a</b> moment", "words": "We are glad that you wrote this."})
    html = look_again("I want to kill myself.").draw("post")
    assert "Stay &lt;b&gt;a&lt;/b&gt; moment" in html and "We are glad that you wrote this." in html
    action = {"action": "put_back_the_default", "_selected_action": [row.pk]}
    admin.post("/admin/forum/paneltext/", action)
    assert "It sounds as if" in look_again("I want to kill myself.").draw("post")


@pytest.mark.parametrize("fields", [{"title": "x"}, {"words": "short"}, {"title": "x" * 81}, {"words": "x" * 601}])
def test_too_short_and_too_long_are_said_beside_the_field(admin, row, fields):
    answer = admin.post(f"/admin/forum/paneltext/{row.pk}/change/", {"title": "", "words": "", **fields})
    assert answer.status_code == 200 and b"errorlist" in answer.content
    row.refresh_from_db()
    assert (row.title, row.words) == ("", "")


def test_rows_are_neither_added_nor_deleted_nor_seen_by_others(admin, row, as_, moderator):
    assert admin.get("/admin/forum/paneltext/add/").status_code == 403
    assert admin.post(f"/admin/forum/paneltext/{row.pk}/delete/").status_code == 403
    assert as_(moderator).get("/admin/forum/paneltext/").status_code == 302
