"""Another name for who is followed around: whoever knew the old one finds nothing that leads to the new, on any page of theirs."""

import pytest
from django.db import transaction

from forum import access
from forum.actions.care import block_member, mute_member
from forum.actions.following import set_follow, set_keep
from forum.actions.handles import redraw_words, rename_member
from forum.actions.support import set_support
from forum.models import Block, Follow, Keep, Mute
from forum.notices import read_page
from realtime import log

pytestmark = pytest.mark.django_db
PAGES = ("/me/care/", "/notices/", "/me/reports/", "/me/", "/me/shared/", "/?lens=following", "/?lens=kept",
         "/me/decisions/", "/me/words/", "/search/?q=sleeping&by=robin")  # fmt: skip


@pytest.fixture
def rename(member):
    def rename(handle="whimbrel"):
        with transaction.atomic():
            log.append(*redraw_words(member))
            rename_member(member, handle)

    return rename


def test_no_page_of_whoever_knew_them_says_the_new_name(as_, member, other_member, post_by, rename):
    post, theirs = post_by(member), post_by(other_member, "A long day.")
    set_follow(other_member, post, on=True)
    set_keep(other_member, post, on=True)
    post_by(member, "With you.", parent=theirs)
    set_support(member, theirs, "with_you", on=True)
    seen = "".join(as_(other_member).get(page).text for page in PAGES)
    assert "robin has replied" in seen.replace("<bdi>", "").replace("</bdi>", "")  # the premise
    rename()
    for page in PAGES:
        assert "whimbrel" not in as_(other_member).get(page).text, page
    assert not Follow.objects.exists() and not Keep.objects.exists()
    told = [str(line.words) for _notice, line in read_page(access.facts_of(other_member)).entries]
    assert sorted(told) == ["Somebody has replied to you.", "Somebody is with you."]
    assert as_(other_member).get("/members/robin/").status_code == 404


@pytest.mark.parametrize(("set_apart", "rows"), [(mute_member, Mute), (block_member, Block)])
def test_an_older_mute_or_block_names_nobody_and_can_be_undone(as_, member, other_member, rename, set_apart, rows):
    set_apart(other_member, member)
    assert "robin" in as_(other_member).get("/me/care/").text  # the premise
    rename()
    page = as_(other_member).get("/me/care/").text
    assert "whimbrel" not in page and "robin" not in page
    assert "Somebody who has another name now" in page
    undo = f"/me/care/{'blocked' if rows is Block else 'muted'}/{member.pk}/end/"
    assert f'action="{undo}"' in page
    as_(other_member).post(undo)
    assert not rows.objects.exists()


def test_who_meets_them_anew_may_read_the_name_they_have_now(as_, member, other_member, post_by, rename):
    theirs = post_by(other_member, "A long day.")
    rename()
    mute_member(other_member, member)
    assert "whimbrel" in as_(other_member).get("/me/care/").text
    Mute.objects.all().delete()
    post_by(member, "With you.", parent=theirs)
    assert "whimbrel" in as_(other_member).get("/notices/").text


def test_a_new_supporter_is_named_before_an_older_one_who_is_not(member, other_member, make_member, post_by, rename):
    theirs = post_by(other_member)
    set_support(make_member("finch"), theirs, "with_you", on=True)
    set_support(member, theirs, "with_you", on=True)
    rename()
    [(_notice, line)] = read_page(access.facts_of(other_member)).entries
    assert str(line.words) == "<bdi>finch</bdi> and somebody else are with you." and line.who.handle == "finch"


def test_who_was_blocked_by_somebody_they_muted_reads_no_name_and_no_reason(as_, member, other_member):
    mute_member(other_member, member)
    block_member(member, other_member)
    page = as_(other_member).get("/me/care/").text
    assert "robin" not in page and "Somebody who has another name now, or is not here" in page
    block_member(other_member, member)
    assert "robin" not in as_(other_member).get("/me/care/").text


def test_their_own_follows_and_keeps_stay(member, other_member, post_by, rename):
    set_follow(member, post_by(other_member), on=True)
    set_keep(member, post_by(member), on=True)
    rename()
    assert Follow.objects.count() == 1 and Keep.objects.count() == 1
