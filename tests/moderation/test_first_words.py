"""First messages: begun from, read, written on, and never sent as they stand. What they say changes by two names alone."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from forum.models import Member
from moderation import first_words
from moderation.actions.first_words import agree_change, drop_change, propose_change, waiting_changes
from moderation.models import FirstWord, FirstWordChange, Word
from moderation.refusals import Missing, NotAllowed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def library():
    first_words.plant()


def row(key: str = "hello", language: str = "en-gb") -> FirstWord:
    return FirstWord.objects.get(key=key, language=language)


def page(case) -> str:
    return reverse("case", args=[case.pk])


def press(as_, person, case, do: str, **fields):
    return as_(person).post(page(case), {"do": do, "seen": case.version, "key": str(uuid4()), **fields})


def test_every_text_that_comes_with_harbour_says_that_a_person_writes_or_goes_on_from_one():
    for each in first_words.BROUGHT:
        words = str(each.words)
        first_words.check_words(words)
        assert "{by}" in words or "{member}" in words
        assert "!" not in words
    opening = [str(first_words.BY_KEY[key].words) for key in ("hello", "safe-now", "joining")]
    assert all("a person" in words for words in opening)


def test_what_is_chosen_is_put_into_the_field_with_the_names_and_nothing_is_sent(as_, held_case, moderator):
    case = held_case()
    answer = press(as_, moderator, case, "begin_word", begin_from=row().pk, body="")
    assert answer.status_code == 200
    assert "Hello robin, this is heron, one of the moderators, a person." in answer.text
    assert "Nothing is sent until you press" in answer.text
    assert not Word.objects.exists()


def test_pressing_send_with_only_a_choice_shows_it_first(as_, held_case, moderator):
    case = held_case()
    answer = press(as_, moderator, case, "word", begin_from=row().pk, body="")
    assert answer.status_code == 200 and "this is heron" in answer.text
    assert not Word.objects.exists()


def test_who_may_not_write_is_given_no_form_to_begin_in(as_, held_case, other_moderator):
    answer = press(as_, other_moderator, held_case(), "begin_word", begin_from=row().pk, body="")
    assert answer.status_code == 422 and "this is kestrel" not in answer.text


def test_what_was_written_already_stays_above_it(as_, held_case, moderator):
    answer = press(as_, moderator, held_case(), "begin_word", begin_from=row().pk, body="Good evening.")
    assert "Good evening." in answer.text and "this is heron" in answer.text


def test_a_word_with_a_gap_left_in_it_is_not_sent(as_, held_case, moderator):
    case = held_case()
    left = "Hello robin. I have read [what they said, in their own words]."
    answer = press(as_, moderator, case, "word", body=left)
    assert answer.status_code == 422 and "Put your own words where it says" in answer.text and left in answer.text
    assert not Word.objects.exists()
    own = "Hello robin. I have read [it says that in the post] what you wrote."
    assert press(as_, moderator, case, "word", body=own).status_code == 303
    assert Word.objects.get().body == own


def test_no_words_and_no_choice_is_told_beside_the_field(as_, held_case, moderator):
    answer = press(as_, moderator, held_case(), "word", body=" ")
    assert answer.status_code == 422 and "There are no words here yet." in answer.text


def test_it_is_offered_in_the_members_language(as_, held_case, moderator, member):
    Member.objects.filter(pk=member.pk).update(language="cy")
    row(language="cy")
    FirstWord.objects.filter(key="hello", language="cy").update(words="Helo {member}, {by} sydd yma.", name="Helo")
    case = held_case()
    assert ">Helo</option>" in as_(moderator).get(page(case)).text
    answer = press(as_, moderator, case, "begin_word", begin_from=row(language="cy").pk, body="")
    assert "Helo robin, heron sydd yma." in answer.text


def test_whoever_joins_names_who_wrote_before(as_, staff_case, staff, moderator, member):
    case = staff_case()
    Word.objects.create(case=case, author=moderator, body="Hello.", from_team=True, key=uuid4())
    answer = as_(staff).post(
        reverse("staff_case", args=[case.pk]),
        {"do": "begin_word", "seen": case.version, "key": str(uuid4()), "begin_from": row("joining").pk, "body": ""},
    )
    assert "heron asked me to join you two here" in answer.text
    assert "this is puffin, from the staff" in answer.text


def test_there_is_none_in_a_case_about_conduct(as_, held_case, moderator):
    assert 'value="begin_word"' in as_(moderator).get(page(held_case())).text
    assert 'value="begin_word"' not in as_(moderator).get(page(held_case(door="rule"))).text


# --- Changing it takes two names -------------------------------------------------------------------------------------------


def test_what_one_proposes_another_agrees_to_and_both_names_stay(staff, other_staff):
    change = propose_change(staff, row(), language="", name="Hello", words="Hello {member}, this is {by}.")
    assert first_words.words_of(row()).startswith("Hello {member}, this is {by}, {role}")
    agree_change(change, other_staff)
    assert first_words.words_of(row()) == "Hello {member}, this is {by}."
    change.refresh_from_db()
    assert (change.proposed_by, change.ended_by, change.end) == (staff, other_staff, "confirmed")
    assert agree_change(change, other_staff).end == "confirmed"


def test_nobody_agrees_to_their_own_and_the_database_says_so_too(staff):
    change = propose_change(staff, row(), language="", name="", words="Hello {member}.")
    with pytest.raises(NotAllowed, match="somebody else"):
        agree_change(change, staff)
    with pytest.raises(IntegrityError), transaction.atomic():
        FirstWordChange.objects.filter(pk=change.pk).update(end="confirmed", ended_by=staff, ended_at=timezone.now())


def test_what_was_settled_is_settled_and_says_by_whom(staff, other_staff, make_member):
    change = propose_change(staff, row(), language="", name="", words="Hello {member}.")
    drop_change(change, other_staff)
    with pytest.raises(NotAllowed, match="gannet was quicker"):
        agree_change(change, make_member("auk", role="staff"))
    assert FirstWordChange.objects.get().end == "refused"


def test_one_can_take_ones_own_back(staff):
    assert drop_change(propose_change(staff, row(), language="", name="", words="Hm."), staff).end == "taken_back"


def test_a_proposal_lapses_after_seven_days(staff, other_staff):
    change = propose_change(staff, row(), language="", name="", words="Hello {member}.")
    with time_machine.travel(timezone.now() + timedelta(days=7, minutes=1)):
        assert list(waiting_changes()) == []
        with pytest.raises(NotAllowed, match="lapsed"):
            agree_change(change, other_staff)


def test_empty_words_put_back_what_came_with_harbour_and_take_away_what_did_not(staff, other_staff):
    agree_change(propose_change(staff, row(), language="", name="A", words="Hello {member}."), other_staff)
    agree_change(propose_change(staff, row(), language="", name="", words=""), other_staff)
    assert first_words.words_of(row()).startswith("Hello {member}, this is {by}, {role}")
    agree_change(
        propose_change(staff, None, language="en-gb", name="Ours", words="Hello there, {member}."), other_staff
    )
    own = FirstWord.objects.get(name="Ours")
    agree_change(propose_change(staff, own, language="", name="", words=""), other_staff)
    assert not FirstWord.objects.filter(name="Ours").exists()
    with pytest.raises(Missing):
        propose_change(staff, None, language="en-gb", name="Ours", words=" ")


def test_only_staff_change_it(moderator, other_staff, staff):
    with pytest.raises(NotAllowed):
        propose_change(moderator, row(), language="", name="", words="Hello.")
    change = propose_change(staff, row(), language="", name="", words="Hello.")
    with pytest.raises(NotAllowed):
        agree_change(change, moderator)


@pytest.mark.django_db(transaction=True)
def test_agreed_and_refused_at_once_one_of_them_stands(staff, other_staff, make_member, at_once):
    third = make_member("auk", role="staff")
    change = propose_change(staff, row(), language="", name="", words="Hello {member}.")
    results = at_once(lambda: agree_change(change, other_staff), lambda: drop_change(change, third))
    assert sum(isinstance(each, NotAllowed) for each in results) == 1
    end = FirstWordChange.objects.get().end
    assert (first_words.words_of(row()) == "Hello {member}.") == (end == "confirmed")


def test_the_pages_propose_show_and_agree(as_, staff, other_staff):
    where = f"{reverse('first_word')}?of={row().pk}"
    assert "Hello {member}, this is {by}" in as_(staff).get(where).text
    wrong = as_(staff).post(where, {"name": "A first hello", "words": "Hello {friend}."})
    assert wrong.status_code == 422 and "stands for nothing here" in wrong.text and "Hello {friend}." in wrong.text
    assert as_(staff).post(where, {"name": "A first hello", "words": "Hello {member}."}).status_code == 303
    change = FirstWordChange.objects.get()
    own = as_(staff).get(reverse("first_words")).text
    assert "Take it back" in own and "I agree" not in own
    assert as_(staff).post(reverse("first_words"), {"do": "agree", "change": change.pk}).status_code == 409
    assert "I agree" in as_(other_staff).get(reverse("first_words")).text
    assert as_(other_staff).post(reverse("first_words"), {"do": "agree", "change": change.pk}).status_code == 303
    assert as_(other_staff).post(reverse("first_words"), {"do": "fly", "change": change.pk}).status_code == 404
    assert first_words.words_of(row()) == "Hello {member}."


def test_members_and_moderators_find_nothing_there(as_, member, moderator, independent):
    for who in (member, moderator, independent):
        assert as_(who).get(reverse("first_words")).status_code == 404
        assert as_(who).get(reverse("first_word")).status_code == 404
