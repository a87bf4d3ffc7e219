"""The staff's page of the rules: tried on old posts first, counts alone, and nobody else finds it."""

import pytest

from moderation import screening_rules
from moderation.actions.rules import add_words, agree_to_switch_off, ask_to_switch_off
from moderation.models import Case, RuleSwitch, RuleWords
from moderation.screening import Own
from moderation.screening_trial import Trial, try_on_old_posts, with_words, without_rule

pytestmark = pytest.mark.django_db
URL = "/staff/screening/"


@pytest.fixture(autouse=True)
def fresh():
    screening_rules.forget()
    yield
    screening_rules.forget()


@pytest.fixture
def press(as_):
    """`press(puffin, "add", phrase=…)`: the answer to a button on the page."""
    return lambda person, do, **fields: as_(person).post(URL, {"do": do, **fields})


PHRASE = {"phrase": "past the last buoy", "family": "passive"}


def test_a_phrase_is_tried_before_it_counts(as_, staff, member, post_by, press):
    for words in (
        "We swam past the last buoy and back",
        "We race past the last buoy tonight",
        "Toast",
        "I want to die past the last buoy",
    ):
        post_by(member, words)
    before = Case.objects.count()
    page = press(staff, "try", **PHRASE)
    assert page.status_code == 200
    assert "Would have flagged 2 in the last 4." in page.text
    assert "Toast" not in page.text and "and back" not in page.text
    assert not RuleWords.objects.exists() and Case.objects.count() == before
    tried = page.context["page"].phrase.stamp
    assert press(staff, "add", tried=tried, **PHRASE).status_code == 303
    assert RuleWords.objects.get().phrase == "past the last buoy"
    assert "past the last buoy" in as_(staff).get(URL).text


def test_what_was_not_tried_is_tried_and_not_added(staff, press):
    page = press(staff, "add", tried="passive:something else", **PHRASE)
    assert page.status_code == 200 and page.context["page"].trial is not None
    assert not RuleWords.objects.exists()


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"phrase": "buoy", "family": "passive"}, "use two words or more"),
        ({"phrase": "", "family": "passive"}, "Write the phrase first."),
        ({"phrase": "past the buoy", "family": "weather"}, "weather"),
    ],
)
def test_a_phrase_that_will_not_do_comes_back_with_the_reason(staff, press, fields, reason):
    page = press(staff, "try", **fields)
    assert page.status_code == 422
    assert reason in page.text
    assert fields["phrase"] in page.text


def test_a_rule_is_tried_without_and_switched_off_by_two(as_, staff, other_staff, member, post_by, press):
    post_by(member, "Limited offer, buy now")
    page = as_(staff).get(URL, {"rule": "sales"}).text
    assert "Would have let 1 pass in the last 1." in page
    assert press(staff, "ask", rule="sales", why="").status_code == 422
    assert press(staff, "ask", rule="sales", why="We trade seeds.").status_code == 303
    switch = RuleSwitch.objects.get()
    mine, theirs = (as_(person).get(URL, {"rule": "sales"}).text for person in (staff, other_staff))
    assert 'value="agree"' not in mine and "Somebody else from the staff has to agree." in mine
    assert 'value="agree"' in theirs and "We trade seeds." in theirs
    assert press(staff, "agree", rule="sales", id=switch.pk).status_code == 403
    assert press(other_staff, "agree", rule="sales", id=switch.pk).status_code == 303
    assert press(other_staff, "agree", rule="sales", id=switch.pk).status_code == 409
    board = as_(staff).get("/staff/").text
    assert "words of the trade" in board and "by puffin and gannet" in board
    assert press(staff, "on", id=switch.pk).status_code == 303
    assert "No rule is switched off." in as_(staff).get("/staff/").text


def test_the_board_says_what_waits_and_how_many_phrases_there_are(as_, staff, other_staff):
    add_words(staff, "passive", "past the last buoy")
    ask_to_switch_off(staff, "links", "Many links here.")
    board = as_(other_staff).get("/staff/").text
    assert "Waiting for a second person:" in board and "Phrases this site added: 1." in board


def test_a_phrase_is_taken_out_and_the_log_says_so(as_, staff, other_staff, press):
    words = add_words(staff, "passive", "past the last buoy")
    assert press(other_staff, "take_out", id=words.pk).status_code == 303
    assert press(other_staff, "take_out", id=words.pk).status_code == 409
    page = as_(staff).get(URL).text
    assert "added a phrase" in page and "took a phrase out" in page and "gannet" in page


@pytest.mark.parametrize(
    "fields", [{"do": "fly"}, {"do": "take_out", "id": "7"}, {"do": "on", "id": "x"}, {"do": "ask", "rule": "gravity"}]
)
def test_what_is_not_there_is_not_found(as_, staff, fields):
    assert as_(staff).post(URL, fields).status_code == 404
    assert as_(staff).get(URL, {"rule": "gravity"}).status_code == 404


@pytest.mark.parametrize("role", ["member", "moderator", "independent", "administrator"])
def test_nobody_else_finds_it(as_, make_member, client, role):
    person = make_member("plover", role=role)
    assert as_(person).get(URL).status_code == 404
    assert as_(person).post(URL, {"do": "try", **PHRASE}).status_code == 404
    assert client.get(URL).status_code == 302


def test_independent_contacts_see_nothing_of_it_on_the_board(as_, independent):
    assert URL not in as_(independent).get("/staff/").text


def test_trying_reads_old_posts_in_one_query(member, post_by, django_assert_num_queries):
    for number in range(3):
        post_by(member, f"Toast {number}, past the last buoy")
    with django_assert_num_queries(1):
        trial = try_on_old_posts(Own(), with_words(Own(), "passive", "past the last buoy"))
    assert trial == Trial(tried=3, flagged=3)


def test_trying_tells_what_becomes_graver_and_what_would_wake_people(member, post_by):
    post_by(member, "I want to die. Past the last buoy.")
    post_by(member, "We race past the last buoy tonight")
    assert try_on_old_posts(Own(), with_words(Own(), "plan", "past the last buoy")).raised == 1
    trial = try_on_old_posts(Own(), with_words(Own(), "intent", "past the last buoy"))
    assert (trial.flagged, trial.emergencies) == (1, 1)
    post_by(member, "I'm going to kill myself tonight")
    trial = try_on_old_posts(Own(), without_rule(Own(), "time"))
    assert (trial.lowered, trial.passed) == (1, 0)


def test_the_page_asks_as_much_whatever_there_is_to_show(as_, staff, other_staff, django_assert_max_num_queries):
    as_(staff).get(URL)
    for number in range(12):
        add_words(staff, "passive", f"past buoy number {number} again")
    agree_to_switch_off(other_staff, ask_to_switch_off(staff, "links", "Many links here."))
    with django_assert_max_num_queries(14):
        as_(staff).get(URL)
