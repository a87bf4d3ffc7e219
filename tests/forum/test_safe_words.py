"""The step before sharing: asked once, kindly, and never because somebody is sad."""

import logging

import pytest

from forum import helplines, safe_words
from forum.models import FindingKind, Helpline, PanelText
from forum.safe_words import look_again

pytestmark = pytest.mark.django_db

CRISIS, METHODS, DETAILS = FindingKind
ORDINARY = [
    "Third night of not sleeping. How do you get your head to put it down?",
    "I feel so sad today and I don't know why.",
    "I cried in the car park again.",
    "Everything is too much and I am so tired of being tired.",
    "My gran died in June and I miss her voice.",
    "I'm dying for a cup of tea.",
    "I was off sick with depression for a year. It was awful.",
    "I can't cope with the noise upstairs.",
    "I hate myself for shouting at the kids.",
    "It is four in the morning and I can't see the point of next week.",
    "My sister took her own life in 2009. I still talk to her.",
    "I used to want to die. These days I have a dog.",
    "He said he would kill me if I was late, and we laughed about it.",
    "I feel empty. Nobody rang.",
    "I'm scared of the appointment on Monday.",
    "Nothing helps. I have stopped opening my post.",
    "I don't want to get up.",
    "Is anyone else lonely in a house full of people?",
    "I take 50 mg and it makes me sleepy.",
    "If it gets worse ring 116 123 or 999, or 111 and press 2.",
    "Text SHOUT to 85258. Papyrus is 0800 068 4141.",
]


@pytest.mark.parametrize("words", ORDINARY)
def test_ordinary_sadness_is_asked_nothing(words):
    assert look_again(words) is None


@pytest.mark.parametrize(
    ("words", "kinds"),
    [
        ("I'm going to end my life tonight.", (CRISIS,)),
        ("I want to kill myself and I don't know who to tell.", (CRISIS,)),
        ("I'm having thoughts of suicide again.", (CRISIS,)),
        ("What is the least painful way to die?", (CRISIS, METHODS)),
        ("Ring me on 07700 900123.", (DETAILS,)),
        ("My insta is sad.robin99", (DETAILS,)),
        ("I'm going to kill myself tonight. 07700 900123", (CRISIS, DETAILS)),
    ],
)
def test_what_is_found_is_asked_about_gravest_first(words, kinds):
    look = look_again(words)
    assert look is not None and look.kinds == kinds


def test_the_same_words_are_never_asked_about_twice_and_new_findings_are():
    first = look_again("I want to kill myself.")
    assert first is not None
    assert look_again("I want to kill myself.", answered=first.answer) is None
    assert look_again("Sorry. I want  to KILL MYSELF, that is all.", answered=first.answer) is None
    more = look_again("I want to kill myself. Ring me on 07700 900123.", answered=first.answer)
    assert more is not None and more.kinds == (DETAILS,), "what was answered is not asked again"
    assert look_again("I want to kill myself. Ring me on 07700 900123.", answered=more.answer) is None


def test_an_answer_holds_none_of_the_words():
    look = look_again("I want to kill myself. 07700 900123")
    assert look is not None and "kill" not in look.answer and "900123" not in look.answer


def test_a_page_full_of_numbers_has_an_answer_of_bounded_length():
    page = " ".join(f"077009{number:05d}" for number in range(400))
    look = look_again(page)
    assert look is not None and len(look.answer) <= safe_words.ANSWER_MAX
    assert look_again(page, answered=look.answer) is None


def test_details_that_the_page_has_pointed_out_are_not_asked_about_again():
    assert look_again("Ring me on 07700 900123.", noticed=True) is None
    look = look_again("I want to kill myself. 07700 900123", noticed=True)
    assert look is not None and look.kinds == (CRISIS,)


def test_a_helplines_own_number_is_nobodys_details():
    line = Helpline.objects.create(name="A line", for_whom="Anyone", regions=["uk"])
    line.ways.create(kind="phone", value="020 7946 0018")
    assert look_again("Ring 020 7946 0018") is not None, "unknown, it looks like somebody's"
    helplines.forget()
    helplines.read_lines()
    assert look_again("Ring 020 7946 0018") is None
    assert look_again("Ring +44 20 7946 0018") is None
    assert "02079460018" in safe_words.notices()["never"]


def test_a_check_that_fails_lets_the_words_go_and_says_none_of_them(monkeypatch, caplog):
    def breaks(text):
        raise ValueError(text)

    monkeypatch.setattr(safe_words, "checks", [breaks])
    with caplog.at_level(logging.DEBUG):
        assert look_again("I want to kill myself.") is None
    assert "safe_words_check_failed" in caplog.text and "kill" not in caplog.text


def test_an_operators_words_are_said_and_the_numbers_stay():
    PanelText.objects.update_or_create(
        kind=CRISIS, language="en-gb", defaults={"title": "Stay a moment", "words": "We are glad that you wrote."}
    )
    look = look_again("I want to kill myself.")
    assert look is not None
    html = look.draw("post")
    assert "Stay a moment" in html and "We are glad that you wrote." in html
    assert "tel:999" in html and "tel:116123" in html and look.answer in html
    PanelText.objects.filter(kind=CRISIS).update(words="")
    assert "You can share this as it is." in look_again("I want to kill myself.").draw("post")


def test_without_a_crisis_response_none_is_promised(settings):
    look = look_again("I want to kill myself.")
    assert "If you&#x27;d like a person from the team" in look.draw("post")
    settings.CRISIS_RESPONSE = False
    html = look_again("I want to kill myself.").draw("post")
    assert "Nobody here can answer an emergency" in html and "tel:999" in html
    assert "If you&#x27;d like a person" not in html
