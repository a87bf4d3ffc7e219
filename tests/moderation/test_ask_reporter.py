"""Whoever holds a case may ask somebody who told us one thing back; the answer comes to the case, and nobody is pressed."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import IntegrityError
from django.test import Client
from django.utils import timezone

from forum.models import Member, Notice
from moderation import letter_clock, letters
from moderation.actions.cases import claim_case
from moderation.actions.decisions import decide_case
from moderation.actions.letters import send_letter, settle_letter
from moderation.actions.questions import answer_question, ask_reporter, ask_sender
from moderation.actions.reports import ask_for_team, report_member, withdraw_report
from moderation.letters import Contact
from moderation.models import Case, Letter, Report, ReportQuestion
from moderation.refusals import Missing, NotAllowed

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(held_case) -> Case:
    return held_case()


def ask(case, actor, words="When did you last hear from them?", report=None) -> ReportQuestion:
    case.refresh_from_db()
    return ask_reporter(case, actor, report or case.reports.first(), words)


def from_outside(about="robin") -> tuple[Letter, str]:
    code = send_letter(
        "worry", "worried", key=uuid4(), about=about, contact=Contact(), address="", machine=False, note="Gone quiet."
    )
    letter_clock.run_letters()
    letter = letters.by_code(code)
    assert letter
    return letter, code


def test_the_reporter_is_told_and_answers_on_their_own_page(as_, case, moderator, other_member):
    asked = ask(case, moderator)
    notice = Notice.objects.get(member=other_member, kind="question")
    assert notice.ref == asked.pk
    assert "heron</bdi> asks you something about what you told us." in as_(other_member).get("/notices/").text
    page = as_(other_member).get("/me/reports/").text
    assert "heron, one of the moderators, a person, asks you:" in page and "When did you last hear from them?" in page
    answer = as_(other_member).post(f"/me/questions/{asked.pk}/", {"answer": "On Sunday, by text."})
    assert (answer.status_code, answer["Location"]) == (303, f"/me/reports/#question-{asked.pk}")
    assert "On Sunday, by text." in as_(other_member).get("/me/reports/").text
    assert "On Sunday, by text." in as_(moderator).get(f"/moderation/cases/{case.pk}/").text
    assert not Notice.objects.filter(member=other_member, kind="question", read_at=None).exists()


def test_the_answer_pulls_the_clock_forward(case, moderator, other_member):
    asked = ask(case, moderator)
    Case.objects.filter(pk=case.pk).update(severity="urgent", due_at=timezone.now() + timedelta(hours=4))
    answer_question(asked, "On Sunday.", by=other_member)
    assert Case.objects.get(pk=case.pk).due_at <= timezone.now() + timedelta(minutes=30)


def test_it_never_puts_the_clock_off(case, moderator, other_member):
    asked = ask(case, moderator)
    soon = timezone.now() + timedelta(minutes=1)
    Case.objects.filter(pk=case.pk).update(due_at=soon)
    answer_question(asked, "On Sunday.", by=other_member)
    assert Case.objects.get(pk=case.pk).due_at == soon


def test_whoever_holds_the_case_hears_of_the_answer(case, moderator, other_member, told):
    asked = ask(case, moderator)
    events = told(lambda: answer_question(asked, "On Sunday.", by=other_member))
    assert ("moderation", "case.changed", case.pk) in events
    assert (f"member:{moderator.pk}", "word.sent", case.pk) in events
    assert not [event for event in events if event[0] == f"member:{case.subject_id}"]


def test_one_question_is_open_at_a_time_and_the_same_again_is_once(case, moderator, other_member):
    first = ask(case, moderator)
    assert ask(case, moderator).pk == first.pk
    with pytest.raises(NotAllowed):
        ask(case, moderator, "And where?")
    answer_question(first, "On Sunday.", by=other_member)
    assert ask(case, moderator, "And where?").pk != first.pk
    with pytest.raises(IntegrityError):
        ReportQuestion.objects.create(report=case.reports.get(), question="A third?", asked_by=moderator)


def test_only_whoever_holds_it_asks(case, other_moderator, member, other_member):
    for person in (other_moderator, member, other_member):
        with pytest.raises(NotAllowed):
            ask(case, person)
    assert not ReportQuestion.objects.exists()


def test_a_question_and_an_answer_have_words(case, moderator, other_member):
    with pytest.raises(Missing):
        ask(case, moderator, "  ")
    asked = ask(case, moderator)
    with pytest.raises(Missing):
        answer_question(asked, " ", by=other_member)


def test_nobody_answers_for_somebody_else(as_, case, moderator, other_moderator, member):
    asked = ask(case, moderator)
    for person in (member, other_moderator, None):
        with pytest.raises(NotAllowed):
            answer_question(asked, "It was me.", by=person)
    for person in (member, other_moderator):
        assert as_(person).get(f"/me/questions/{asked.pk}/").status_code == 404
        assert as_(person).post(f"/me/questions/{asked.pk}/", {"answer": "It was me."}).status_code == 404
    assert ReportQuestion.objects.get().answer == ""


def test_answered_twice_is_once_and_another_answer_does_not_replace_it(as_, case, moderator, other_member):
    asked = ask(case, moderator)
    answer_question(asked, "On Sunday.", by=other_member)
    before = Case.objects.get(pk=case.pk).version
    answer_question(asked, "On Sunday.", by=other_member)
    assert Case.objects.get(pk=case.pk).version == before
    refused = as_(other_member).post(f"/me/questions/{asked.pk}/", {"answer": "No, on Monday."})
    assert refused.status_code == 422 and "No, on Monday." in refused.text
    assert ReportQuestion.objects.get().answer == "On Sunday."


def test_once_the_case_is_closed_the_words_come_back_and_nothing_waits(as_, case, moderator, other_member):
    asked = ask(case, moderator)
    decide_case(Case.objects.get(pk=case.pk), moderator, "no_action")
    assert "There is nothing you need to do." in as_(other_member).get("/me/reports/").text
    refused = as_(other_member).post(f"/me/questions/{asked.pk}/", {"answer": "On Sunday."})
    assert refused.status_code == 422 and "On Sunday." in refused.text
    assert Case.objects.get(pk=case.pk).state == "closed"


def test_whom_nobody_asks(make_member, member, other_member, moderator, other_moderator, on_duty):
    """Who asked for themselves has a conversation; a colleague has notes; who took it back is left in peace; who left is gone."""
    on_duty(moderator)
    selves = claim_case(ask_for_team(member, "please_answer", key=uuid4()).case, moderator)
    noticed = report_member(other_moderator, member, "worry", "worried", key=uuid4())
    back = report_member(other_member, make_member("finch"), "worry", "worried", key=uuid4())
    withdraw_report(other_member, back)
    gone = report_member(make_member("siskin"), member, "worry", "worried", key=uuid4())
    Member.objects.filter(handle="siskin").update(is_active=False)
    claim_case(back.case, moderator)
    for case, report in ((selves, selves.reports.first()), (selves, noticed), (back.case, back), (selves, gone)):
        with pytest.raises(NotAllowed):
            ask(case, moderator, report=report)
    with pytest.raises(NotAllowed):
        ask(selves, moderator, report=back)  # of another case
    assert not Notice.objects.filter(kind="question").exists()


def test_the_question_is_told_in_every_standing_and_cannot_be_turned_off(as_, case, moderator, other_member):
    Member.objects.filter(pk=other_member.pk).update(standing="suspended", notices_off=["outcome", "question"])
    asked = ask(case, moderator)
    assert as_(other_member).get(f"/me/questions/{asked.pk}/").status_code == 200
    assert as_(other_member).post(f"/me/questions/{asked.pk}/", {"answer": "On Sunday."}).status_code == 303


def test_somebody_with_a_code_is_asked_and_answers_with_it(member, moderator, on_duty):
    on_duty(moderator)
    letter, code = from_outside()
    case = claim_case(letter.report.case, moderator)
    asked = ask(case, moderator)
    browser = Client(enforce_csrf_checks=True)
    page = browser.post("/report/follow/", {"code": code}).text
    assert "When did you last hear from them?" in page
    send = {"code": code, "question": asked.pk}
    assert browser.post("/report/follow/", {**send, "answer": ""}).status_code == 422
    assert browser.post("/report/follow/", {**send, "code": "ABCD", "answer": "On Sunday."}).status_code == 422
    assert "On Sunday." in browser.post("/report/follow/", {**send, "answer": "On Sunday."}).text
    assert ReportQuestion.objects.get().answer == "On Sunday."
    assert Case.objects.get().events.order_by("-n").first().action == "told_more"


def test_one_code_answers_no_question_of_another(member, other_member, moderator, on_duty):
    on_duty(moderator)
    mine, _code = from_outside()
    _other, code = from_outside("wren")
    asked = ask(claim_case(mine.report.case, moderator), moderator)
    send = {"code": code, "question": asked.pk, "answer": "It was me."}
    assert Client().post("/report/follow/", send).status_code == 422
    assert ReportQuestion.objects.get().answer == ""


def test_without_a_code_nobody_can_be_asked(case, moderator):
    report = case.reports.get()
    Report.objects.filter(pk=report.pk).update(source="outside", reporter=None)
    with pytest.raises(NotAllowed):
        ask(case, moderator)


def test_a_letter_that_names_nobody_is_asked_whom_it_means_and_the_question_goes_with_it(member, staff):
    letter, code = from_outside("my sister")
    asked = ask_sender(letter, staff, "Which name does she use here?")
    assert ask_sender(letter, staff, "Which name does she use here?").pk == asked.pk
    with pytest.raises(NotAllowed):
        ask_sender(letter, staff, "And since when?")
    Letter.objects.update(read_at=timezone.now(), read_by=staff)
    Client().post("/report/follow/", {"code": code, "question": asked.pk, "answer": "Robin, I think."})
    letter.refresh_from_db()
    assert letter.read_at is None, "somebody looks at it again"
    report = settle_letter(letter, staff, "robin")
    assert report.questions.get().answer == "Robin, I think."
    with pytest.raises(NotAllowed):
        ask_sender(letter, staff, "Anything else?")


def test_on_the_page_of_the_case(as_, case, moderator):
    url = f"/moderation/cases/{case.pk}/"
    page = as_(moderator).get(url).text
    assert "Ask one of them something" in page
    press = {"do": "ask_reporter", "report": case.reports.get().pk, "question": "When was that?", "seen": case.version}
    assert as_(moderator).post(url, {**press, "question": ""}).status_code == 422
    assert as_(moderator).post(url, {**press, "report": "999999"}).status_code == 422
    assert as_(moderator).post(url, press).status_code == 303
    assert as_(moderator).post(url, press).status_code == 303
    page = as_(moderator).get(url).text
    assert page.count("When was that?") >= 1 and "No answer yet." in page and "Ask one of them something" not in page
    assert ReportQuestion.objects.count() == 1


def test_the_time_line_names_no_reporter(as_, case, moderator, other_member, settings):
    settings.REPORTERS_SHOWN = False
    answer_question(ask(case, moderator), "On Sunday.", by=other_member)
    page = as_(moderator).get(f"/moderation/cases/{case.pk}/").text
    assert "Whoever told us answered" in page and "wren" not in page


@pytest.mark.django_db(transaction=True)
def test_two_answers_at_once_are_one(at_once, case, moderator, other_member):
    asked = ask(case, moderator)
    results = at_once(
        *[lambda words=words: answer_question(asked, words, by=other_member) for words in ("One.", "Two.")]
    )
    assert sorted(isinstance(result, NotAllowed) for result in results) == [False, True]


def test_many_reports_cost_no_more_queries(as_, held_case, moderator, make_member):
    case = held_case()
    as_(moderator).get(f"/moderation/cases/{case.pk}/")
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert as_(moderator).get(f"/moderation/cases/{case.pk}/").status_code == 200
        return len(captured)

    few = cost()
    with time_machine.travel(timezone.now(), tick=False):
        for number in range(12):
            report_member(make_member(f"finch{number}"), case.subject, "worry", "worried", key=uuid4())
    assert cost() <= few + 1
