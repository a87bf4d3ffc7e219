"""What members and the team do to one another's rows, each as something that many can do at once, again and again.

An act looks up how things stand, does one thing (or one and what takes it back) and is content with a refusal: of two at
the same moment somebody comes second. Nothing else that is raised is in order.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from uuid import uuid4

from django.utils import timezone

from forum.actions import care, following, leaving, membership, notices, posts, roles, support
from forum.actions.erasing import erase_member
from forum.actions.handles import change_handle
from forum.models import Erasure, Member, Post
from moderation import answer_clock, appeal_clock, deadlines, letter_clock, record_clock
from moderation.actions import (
    appeals,
    cases,
    decisions,
    duty,
    escalation,
    handing,
    holds,
    looking,
    proposals,
    records,
    reports,
    safety,
    staying,
)
from moderation.actions.acknowledging import acknowledge
from moderation.actions.raising import raise_case
from moderation.actions.reads import note_read
from moderation.models import Appeal, Case, Decision, Kind, LegalHold, Proposal, State
from realtime import deliveries

_numbers = count(1)


@dataclass(frozen=True, slots=True)
class Stage:
    """Everybody and everything that the acts are about, by id: one post with a reply, a care case, a conduct case."""

    robin: Member
    wren: Member
    heron: Member
    kestrel: Member
    puffin: Member
    gannet: Member
    admin: Member
    post: Post
    reply: Post
    care: Case
    decision: Decision

    def post_now(self) -> Post:
        return Post.objects.get(pk=self.post.pk)

    def care_now(self) -> Case:
        """The member's live care case, or the last one there was."""
        about = Case.objects.filter(subject=self.robin, kind=Kind.CARE)
        return about.exclude(state=State.CLOSED).first() or about.order_by("-pk")[0]

    def who_may(self, case: Case) -> Member:
        """Whoever holds it, else heron."""
        return case.holder or self.heron


Act = Callable[[Stage], object]


def post(on: Stage) -> None:
    posts.publish_post(on.robin, body=f"Words {next(_numbers)}.", key=uuid4())


def post_in_danger(on: Stage) -> None:
    posts.publish_post(on.robin, body=f"I am going to kill myself tonight. {next(_numbers)}", key=uuid4())


def reply(on: Stage) -> None:
    posts.publish_post(on.wren, body=f"With you, {next(_numbers)}.", parent=on.post, key=uuid4())


def reply_and_withdraw(on: Stage) -> None:
    made = posts.publish_post(on.wren, body=f"With you, {next(_numbers)}.", parent=on.post, key=uuid4()).post
    posts.withdraw_post(on.wren, made)


def edit(on: Stage) -> None:
    stands = on.post_now()
    body = f"Other words, {next(_numbers)}."
    posts.edit_post(on.robin, stands, body=body, content_note="", seen_version=stands.version)


def withdraw(on: Stage) -> None:
    posts.withdraw_post(on.robin, on.post)


def give_support(on: Stage) -> None:
    support.set_support(on.wren, on.post, "with_you", on=True)
    support.set_support(on.wren, on.post, "with_you", on=False)


def follow(on: Stage) -> None:
    following.set_follow(on.wren, on.post, on=True)
    following.set_follow(on.wren, on.post, on=False)


def block(on: Stage) -> None:
    care.block_member(on.wren, on.robin)
    care.unblock_member(on.wren, on.robin.pk)


def read_notices(on: Stage) -> None:
    notices.read_notices(on.robin)


def take_break(on: Stage) -> None:
    membership.take_break(on.robin, timezone.now() + timedelta(days=1))
    membership.end_break(on.robin)


def leave(on: Stage) -> None:
    leaving.leave(on.robin)
    leaving.come_back(on.robin)


def rename(on: Stage) -> None:
    Member.objects.filter(pk=on.robin.pk).update(handle_changed_at=None)
    change_handle(Member.objects.get(pk=on.robin.pk), f"robin{next(_numbers)}")


def give_role(on: Stage) -> None:
    """Who stands about to agree may find that another has."""
    other = Member.objects.filter(role="administrator").exclude(pk=on.admin.pk).get()
    ask = roles.ask_for_role(on.kestrel, "moderator", on.admin)
    assert ask is not None
    roles.agree_to_role(ask, other)


def erase(on: Stage) -> None:
    leaving.close_for_good(on.robin.pk, timezone.now())
    erase_member(Erasure.objects.get(member_id=on.robin.pk))


def worry(on: Stage) -> None:
    reports.report_post(on.wren, on.post, "worry", "worried", key=uuid4())


def worry_in_danger(on: Stage) -> None:
    reports.report_member(on.wren, on.robin, "worry", "danger_now", key=uuid4())


def ask_for_team(on: Stage) -> None:
    reports.ask_for_team(on.robin, "when_you_can", key=uuid4())


def report(on: Stage) -> None:
    reports.report_post(on.wren, on.post, "rule", "abuse", key=uuid4())


def report_and_withdraw(on: Stage) -> None:
    reports.withdraw_report(on.wren, reports.report_post(on.wren, on.post, "rule", "abuse", key=uuid4()))


def claim_and_release(on: Stage) -> None:
    cases.release_case(cases.claim_case(on.care_now(), on.heron), on.heron)


def note(on: Stage) -> None:
    case = on.care_now()
    cases.note_case(case, on.who_may(case), "Rang twice.")


def send_word(on: Stage) -> None:
    case = on.care_now()
    cases.send_word(case, on.who_may(case), "I have read what you wrote.", uuid4())


def answer(on: Stage) -> None:
    cases.answer_word(on.care_now(), on.robin, "Thank you for asking.", uuid4())


def read_words(on: Stage) -> None:
    cases.read_words(on.care_now(), on.robin)


def look_at(on: Stage) -> None:
    case = on.care_now()
    looking.look_at(case, on.kestrel)
    note_read(case, on.kestrel)
    looking.stop_looking(case, on.kestrel)


def raise_it(on: Stage) -> None:
    case = on.care_now()
    raise_case(case, on.who_may(case), "urgent", "It has become worse.")


def hand_over(on: Stage) -> None:
    case = on.care_now()
    holder = on.who_may(case)
    others = {on.heron.pk: on.kestrel, on.kestrel.pk: on.heron, on.puffin.pk: on.gannet, on.gannet.pk: on.puffin}
    handing.hand_over_case(case, holder, others[holder.pk], "You know her.")


def escalate(on: Stage) -> None:
    case = on.care_now()
    escalation.escalate_case(case, on.who_may(case), "Please look.")


def say_up(on: Stage) -> None:
    acknowledge(on.care_now(), on.puffin)


def take(on: Stage) -> None:
    escalation.take_case(on.care_now(), on.puffin)


def give_back(on: Stage) -> None:
    escalation.return_case(on.care_now(), on.puffin, "She has company now.")


def stay(on: Stage) -> None:
    staying.stay_with(on.care_now(), on.heron)
    staying.stop_staying(on.care_now(), on.heron)


def write_record(on: Stage) -> None:
    records.save_record(on.care_now(), on.puffin, {"what_they_said": "That the night is long."})


def close(on: Stage) -> None:
    escalation.close_case(on.care_now(), on.puffin, because="She was quoting a song.")


def reopen(on: Stage) -> None:
    escalation.reopen_case(on.care, on.puffin, "There is more to it.")


def rename_for_safety(on: Stage) -> None:
    names = {"handle": f"finch{next(_numbers)}", "why": "Somebody looks for her.", "word": "You have another name."}
    safety.rename_for_safety(on.care_now(), on.puffin, **names, key=uuid4())


def decide(kind: str) -> Act:
    """Somebody reports the post, and a moderator decides about it or its author and takes that back."""

    def act(on: Stage) -> None:
        case = reports.report_post(on.wren, on.post, "rule", "abuse", key=uuid4()).case
        case = cases.claim_case(case, on.kestrel)
        more = {"slow": {"lasting": "1d"}, "content_note": {"content_note": "Sleep"}}.get(kind, {})
        seen = on.post_now().version
        made = decisions.decide_case(case, on.kestrel, kind, rule="kindness", seen_post_version=seen, **more)
        decisions.undo_decision(made, on.kestrel)

    return act


def ask_to_ban(on: Stage) -> None:
    case = reports.report_post(on.wren, on.post, "rule", "abuse", key=uuid4()).case
    case = cases.claim_case(case, on.kestrel)
    asked = proposals.propose_ban(case, on.kestrel, rule="kindness", seen_post_version=on.post_now().version)
    proposals.refuse_ban(Case.objects.get(pk=case.pk), on.heron, asked, "Too much.")


def ban(on: Stage) -> None:
    asked = Proposal.objects.filter(subject=on.robin, decision=None).order_by("-pk").first()
    if asked:
        decisions.undo_decision(proposals.confirm_ban(asked.case, on.puffin, asked), on.puffin)


def appeal(on: Stage) -> None:
    appeals.ask_again(on.robin, on.decision, "I was quoting my nurse.", uuid4())


def hear_appeal(on: Stage) -> None:
    if asked := Appeal.objects.filter(decision=on.decision).order_by("-pk").first():
        appeals.claim_appeal(asked, on.heron)
        appeals.answer_appeal(asked, on.heron, "upheld", "You were quoting.")


def hold(on: Stage) -> None:
    terms = holds.Terms("The coroner asks.", on.puffin, 30, 90)
    holds.propose_hold(on.care_now(), on.puffin, terms)


def agree_to_hold(on: Stage) -> None:
    if asked := LegalHold.objects.filter(member=on.robin).order_by("-pk").first():
        holds.confirm_hold(asked, on.gannet)
        holds.release_hold(asked, on.puffin, "No longer asked for.")


def sign_off_and_on(on: Stage) -> None:
    duty.sign_off(on.heron, "It was quiet.")
    duty.sign_on(on.heron)


def clock(on: Stage) -> None:
    deadlines.run_deadlines()
    letter_clock.run_letters()
    appeal_clock.run_appeals()
    record_clock.run_records()
    answer_clock.call_about_answers()
    membership.lift_ended_standings()


def send(on: Stage) -> None:
    deliveries.send_due()


ACTS: dict[str, Act] = {
    act.__name__: act
    for act in (
        post, post_in_danger, reply, reply_and_withdraw, edit, withdraw, give_support, follow, block, read_notices,
        take_break, leave, rename, give_role, erase, worry, worry_in_danger, ask_for_team, report, report_and_withdraw,
        claim_and_release, note, send_word, answer, read_words, look_at, raise_it, hand_over, escalate, say_up, take,
        give_back, stay, write_record, close, reopen, rename_for_safety, ask_to_ban, ban, appeal, hear_appeal, hold,
        agree_to_hold, sign_off_and_on, clock, send,
    )
}  # fmt: skip
ACTS |= {f"decide_{kind}": decide(kind) for kind in ("remove", "fold", "content_note", "slow", "warning")}
