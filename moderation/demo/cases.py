"""The demo's cases: one of every kind and severity, in every state, and their times, which move with the clock on the wall."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import uuid4

from django.utils import timezone

from forum.models import Member, Post
from moderation.actions.cases import answer_word, claim_case, send_word
from moderation.actions.decisions import decide_case
from moderation.actions.escalation import escalate_case, take_case
from moderation.actions.reports import ask_for_team, report_member, report_post
from moderation.clocks import CLAIM, FIRST_LOOK
from moderation.demo.board import fill_board, refresh_board
from moderation.demo.caring import fill_caring, refresh_caring
from moderation.demo.disclosing import fill_disclosing, refresh_disclosing
from moderation.demo.records import fill_records
from moderation.demo.talking import fill_talking, refresh_talking
from moderation.models import Case, Door, Duty, DutyKind, State

Cast = dict[str, Member]


def put_on_duty(cast: Cast) -> None:
    """heron and kestrel on shift and puffin on call, without end."""
    duties = (("heron", DutyKind.SHIFT), ("kestrel", DutyKind.SHIFT), ("puffin", DutyKind.ON_CALL))
    Duty.objects.bulk_create(Duty(member=cast[handle], kind=kind, standing=True) for handle, kind in duties)


def fill_cases(cast: Cast) -> None:
    """Opens every case through the actions that people use; tells of them in the order in which a queue shows them."""
    fill_records(cast)
    _a_worry_nobody_has_read(cast)
    _a_wish_for_someone_that_is_with_staff(cast)
    _a_worry_that_waits_for_staff(cast)
    _an_emergency_that_staff_hold(cast)
    _an_unkind_reply(cast)
    _a_rule_report_that_is_being_read(cast)
    _a_report_about_the_team(cast)
    _a_post_that_was_folded(cast)
    fill_caring(cast)
    fill_board(cast)
    fill_talking(cast)
    fill_disclosing(cast)


def _a_worry_nobody_has_read(cast: Cast) -> None:
    post = _said(cast["siskin"], "It would have been his birthday")
    note = "She sounded further away than usual this week. I may be reading too much into it."
    report_post(cast["wren"], post, Door.WORRY, "worried", note=note, seen_version=post.version, key=uuid4())
    report_post(cast["finch"], post, Door.WORRY, "thoughts", seen_version=post.version, key=uuid4())


def _a_wish_for_someone_that_is_with_staff(cast: Cast) -> None:
    note = "I don't want to put it on the wall. Could somebody write to me, please."
    case = ask_for_team(cast["robin"], "please_answer", note=note, key=uuid4()).case
    case = claim_case(case, cast["heron"])
    hello = "Hello Robin, this is Heron, a moderator, a person. I read what you asked. Is this a good moment to talk? You can leave it, too."
    send_word(case, cast["heron"], hello, uuid4())
    answer_word(
        _now(case),
        cast["robin"],
        "It is, yes. I'd rather talk to somebody who does this for a living, if there is one.",
        uuid4(),
    )
    case = escalate_case(_now(case), cast["heron"], "Robin would like to talk to staff. Safe tonight, they say.")
    take_case(_now(case), cast["puffin"])


def _a_worry_that_waits_for_staff(cast: Cast) -> None:
    post = _said(cast["finch"], "I said I was fine so many times")
    note = "Finch wrote to me elsewhere that they can't see the point of next week."
    report = report_post(
        cast["siskin"], post, Door.WORRY, "ending_life", note=note, seen_version=post.version, key=uuid4()
    )
    case = claim_case(report.case, cast["kestrel"])
    escalate_case(case, cast["kestrel"], "I would like somebody with more than I have to read this one.")


def _an_emergency_that_staff_hold(cast: Cast) -> None:
    post = _said(cast["wren"], "Some days the best I can do")
    note = "Wren said goodbye to me in a way that frightened me, and isn't answering."
    report = report_post(
        cast["siskin"], post, Door.WORRY, "danger_now", note=note, seen_version=post.version, key=uuid4()
    )
    case = escalate_case(report.case, cast["heron"], "Siskin is with us and knows the town. Please ring.")
    take_case(_now(case), cast["gannet"])


def _an_unkind_reply(cast: Cast) -> None:
    reply = Post.objects.get(author=cast["siskin"], body__startswith="Mine kept getting letters")
    report_post(
        cast["finch"],
        reply,
        Door.RULE,
        "unkind",
        note="It read as mocking. Perhaps it isn't.",
        seen_version=reply.version,
        key=uuid4(),
    )


def _a_rule_report_that_is_being_read(cast: Cast) -> None:
    post = _said(cast["wren"], "Made marmalade")
    report = report_post(
        cast["robin"], post, Door.RULE, "spam", note="Is this selling jars?", seen_version=post.version, key=uuid4()
    )
    claim_case(report.case, cast["heron"])


def _a_report_about_the_team(cast: Cast) -> None:
    report_member(
        cast["finch"],
        cast["kestrel"],
        Door.RULE,
        "other",
        note="A word I had from Kestrel felt cold to me.",
        key=uuid4(),
    )


def _a_post_that_was_folded(cast: Cast) -> None:
    post = _said(cast["robin"], "Flat today.")
    case = report_post(
        cast["siskin"],
        post,
        Door.RULE,
        "other",
        note="Could this have a content note?",
        seen_version=post.version,
        key=uuid4(),
    ).case
    case = claim_case(case, cast["kestrel"])
    decide_case(
        _now(case),
        cast["kestrel"],
        "content_note",
        post=post,
        seen_post_version=post.version,
        content_note="low mood",
        rule="safety",
    )


def refresh_times(now: datetime | None = None) -> None:
    """Moves the clocks of open cases to now, spread over their first halves, so that a demo left for a month is not late."""
    now = now or timezone.now()
    Duty.objects.filter(standing=True).update(last_act_at=now)
    for number, case in enumerate(_live()):
        since = now - FIRST_LOOK[case.severity] * 0.1 * (1 + number % 3)
        changes: dict[str, datetime | None] = {"clock_from": since, "nudged_at": None}
        for field in ("due_at", "next_action_due"):
            if (due := getattr(case, field)) is not None:
                changes[field] = since + (due - case.clock_from)
        if case.lapses_at is not None:
            changes["lapses_at"] = now + CLAIM[case.severity]
        if case.state == State.ESCALATED:
            changes |= {"escalated_at": now - timedelta(seconds=30), "unanswered_at": None}
        Case.objects.filter(pk=case.pk).update(**changes)
    refresh_caring(now)
    refresh_board(now)
    refresh_talking(now)
    refresh_disclosing(now)


def _live() -> Iterable[Case]:
    return Case.objects.exclude(state=State.CLOSED).order_by("pk")


def _said(author: Member, start: str) -> Post:
    return Post.objects.get(author=author, parent__isnull=True, body__startswith=start)


def _now(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)
