"""What can happen to a case, and who may do it. Pure: facts in, answers out. Buttons and guards read the same table."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _

from moderation.vocabulary import (
    ON_THE_MEMBER,
    ROUSING,
    SECOND_LOOK,
    Actor,
    CaseFacts,
    DecisionKind,
    Kind,
    Reserved,
    Role,
    Severity,
    State,
)

OPEN, IN_REVIEW, ESCALATED, WITH_STAFF, CLOSED = State
LIVE = {OPEN, IN_REVIEW, ESCALATED, WITH_STAFF}
TEAM_ROLES = frozenset(Role) - {Role.MEMBER}

# Who works on a case, by its kind and by the role of the person it is about. `takers` take it once it is escalated.
MEMBERS_CASE = frozenset({Role.MODERATOR, Role.STAFF})
STAFF_ONLY = frozenset({Role.STAFF})
INDEPENDENT_ONLY = frozenset({Role.INDEPENDENT})
HANDLERS: Mapping[tuple[str, str], frozenset[Role]] = {
    **{(Kind.CARE, role): STAFF_ONLY for role in TEAM_ROLES},
    **{(Kind.CONDUCT, role): INDEPENDENT_ONLY for role in TEAM_ROLES},
    (Kind.CARE, Role.MEMBER): MEMBERS_CASE,
    (Kind.CONDUCT, Role.MEMBER): MEMBERS_CASE,
}
TAKERS: Mapping[tuple[str, str], frozenset[Role]] = {
    **HANDLERS,
    (Kind.CARE, Role.MEMBER): STAFF_ONLY,
    (Kind.CONDUCT, Role.MEMBER): STAFF_ONLY,
}


class Who(StrEnum):
    HANDLER = "handler"
    HOLDER = "holder"
    TAKER = "taker"
    STOPPER = "stopper"  # any handler, but for what staff hold
    SECOND = "second"  # a handler who had no hand in what was proposed
    SPEAKER = "speaker"  # the holder; while it waits for staff, whoever escalated it


@dataclass(frozen=True, slots=True)
class Transition:
    """`to` None leaves the state as it is. A `strict` one refuses a case on which anything at all has happened since."""

    action: str
    sources: frozenset[State]
    to: State | None
    who: Who
    strict: bool = False
    kinds: frozenset[Kind] = frozenset(Kind)


def _row(action: str, sources: set[State], to: State | None, who: Who, **more: object) -> tuple[str, Transition]:
    return action, Transition(action, frozenset(sources), to, who, **more)  # type: ignore[arg-type]


CONDUCT = frozenset({Kind.CONDUCT})
CARE_ALONE = frozenset({Kind.CARE})
RESTS = frozenset({"ask_again", "rest"})
TRANSITIONS: Mapping[str, Transition] = dict(
    (
        _row("claim", {OPEN}, IN_REVIEW, Who.HANDLER),
        _row("release", {IN_REVIEW}, OPEN, Who.HOLDER),
        _row("hand_over", {IN_REVIEW, WITH_STAFF}, None, Who.HOLDER),
        _row("someone_else", {IN_REVIEW, WITH_STAFF}, None, Who.HOLDER),  # to the queue, or to staff; nobody asks why
        _row("decide", {IN_REVIEW}, CLOSED, Who.HOLDER, strict=True),
        _row("step", {IN_REVIEW, WITH_STAFF}, None, Who.HOLDER, strict=True),  # a decision after which the case goes on
        _row(
            "propose", {IN_REVIEW, WITH_STAFF}, None, Who.HOLDER, strict=True, kinds=CONDUCT
        ),  # a ban: the next decides
        _row("confirm", {OPEN, IN_REVIEW, WITH_STAFF}, None, Who.SECOND, strict=True, kinds=CONDUCT),
        _row("refuse", {OPEN, IN_REVIEW, WITH_STAFF}, None, Who.SECOND, strict=True, kinds=CONDUCT),
        _row("stop_posts", LIVE, None, Who.STOPPER, kinds=CONDUCT),  # for an hour; staff are called
        _row("escalate", {OPEN, IN_REVIEW}, ESCALATED, Who.HANDLER),
        _row("acknowledge", {ESCALATED}, None, Who.TAKER),  # "I'm up": the ladder waits for their first step
        _row("take", {ESCALATED}, WITH_STAFF, Who.TAKER),
        _row("return", {WITH_STAFF}, OPEN, Who.HOLDER, strict=True),
        _row("close", {WITH_STAFF}, CLOSED, Who.HOLDER, strict=True),
        _row("reopen", {CLOSED}, OPEN, Who.TAKER),
        _row("note", {IN_REVIEW, WITH_STAFF}, None, Who.HOLDER),
        _row(
            "word", {IN_REVIEW, ESCALATED, WITH_STAFF}, None, Who.SPEAKER
        ),  # about conduct: only once the member asked
        _row("put_back", {IN_REVIEW, WITH_STAFF}, None, Who.HOLDER, strict=True),  # words in their author's new version
        _row("decline", {IN_REVIEW, WITH_STAFF}, None, Who.HOLDER, strict=True),  # the same, but not like this
        _row(
            "settle", {IN_REVIEW}, CLOSED, Who.HOLDER, strict=True, kinds=frozenset({Kind.CONDUCT})
        ),  # it was talked over
        _row("signpost", {IN_REVIEW, ESCALATED, WITH_STAFF}, None, Who.SPEAKER, kinds=CARE_ALONE),
        _row("ask_again", {IN_REVIEW, WITH_STAFF}, None, Who.HOLDER, strict=True, kinds=CARE_ALONE),
        _row("rest", {IN_REVIEW}, OPEN, Who.HOLDER, strict=True, kinds=CARE_ALONE),
        _row("stay", {ESCALATED}, None, Who.SPEAKER, kinds=CARE_ALONE),
        _row("stop_staying", {ESCALATED}, None, Who.SPEAKER, kinds=CARE_ALONE),
        _row("standing_note", {IN_REVIEW, WITH_STAFF}, None, Who.HOLDER, kinds=CARE_ALONE),
        _row("record", {WITH_STAFF}, None, Who.HOLDER, kinds=CARE_ALONE),
        _row("contact_tried", {WITH_STAFF}, None, Who.HOLDER, kinds=CARE_ALONE),
        _row("sheet", {WITH_STAFF}, None, Who.HOLDER, kinds=CARE_ALONE),
        _row("withhold", set(State), None, Who.TAKER, kinds=CARE_ALONE),  # a record, from the person: two people
        _row("withhold_confirm", set(State), None, Who.TAKER, kinds=CARE_ALONE),
        _row("withhold_end", set(State), None, Who.TAKER, kinds=CARE_ALONE),
        _row("seal", LIVE, None, Who.HANDLER),  # its words, from everybody but one named person
        _row("raise", LIVE, None, Who.HANDLER),  # a person says that it is worse than what was reported
        _row("ask_reporter", {IN_REVIEW, WITH_STAFF}, None, Who.HOLDER),
        _row(
            "targeting", {IN_REVIEW, WITH_STAFF}, None, Who.HOLDER, kinds=frozenset({Kind.CARE})
        ),  # names the reporter
        _row(
            "shared_connection", LIVE, None, Who.TAKER, kinds=CONDUCT
        ),  # with whom the subject shares one; staff alone
        _row("contact", LIVE, None, Who.TAKER),  # opens how somebody from outside can be reached
        _row("card", LIVE, None, Who.TAKER, kinds=frozenset({Kind.CARE})),
        _row(
            "ask_disclosure", LIVE, None, Who.TAKER, kinds=CARE_ALONE
        ),  # contact details: disclosures.py says who when
        _row("request_disclosure", set(State), None, Who.TAKER),  # for a lawful request from outside
        _row("approve_disclosure", set(State), None, Who.TAKER),
        _row("refuse_disclosure", set(State), None, Who.TAKER),
        _row("open_disclosure", set(State), None, Who.TAKER),
        _row("reopen_disclosure", LIVE, None, Who.TAKER, kinds=CARE_ALONE),
        _row("view_disclosure", set(State), None, Who.TAKER),
        _row("shut_disclosure", set(State), None, Who.TAKER),
        _row("review_disclosure", set(State), None, Who.TAKER),
        _row("propose_hold", set(State), None, Who.TAKER),  # legal_holds.py says who when
        _row("confirm_hold", set(State), None, Who.TAKER),
        _row("refuse_hold", set(State), None, Who.TAKER),
        _row("release_hold", set(State), None, Who.TAKER),
        _row("read_hold", set(State), None, Who.TAKER),
        _row("rename", {WITH_STAFF}, None, Who.HOLDER, kinds=frozenset({Kind.CARE})),
    )
)
"""What people do. The clock, screening, reports and answers move cases too: `BY_ITSELF`."""

BY_ITSELF: Mapping[str, Transition] = dict(
    (
        _row("offer", {IN_REVIEW}, OPEN, Who.HOLDER),  # handed over to somebody who is not here: nobody waits for them
        _row("open", {OPEN}, OPEN, Who.HANDLER),
        _row("report", {OPEN, IN_REVIEW, ESCALATED, WITH_STAFF}, None, Who.HANDLER),
        _row("rings", {OPEN, IN_REVIEW, ESCALATED, WITH_STAFF}, None, Who.HANDLER),  # gathered danger that nobody read
        _row("take_back", {OPEN, ESCALATED}, None, Who.HANDLER),
        _row("reserve", LIVE, None, Who.HANDLER),  # what was reported goes past those who handled it so far
        _row("told_more", LIVE, None, Who.HANDLER),  # a reporter answered
        _row("answer", {OPEN, IN_REVIEW, ESCALATED, WITH_STAFF}, None, Who.HANDLER),
        _row("answer_late", LIVE, None, Who.HANDLER),  # nobody read it in time
        _row("answer_reopens", {CLOSED}, OPEN, Who.HANDLER),
        _row("talk", {OPEN, IN_REVIEW, ESCALATED, WITH_STAFF}, None, Who.HANDLER),  # the member, about a decision
        _row("talk_reopens", {CLOSED}, OPEN, Who.HANDLER),
        _row("republish", set(State), None, Who.HANDLER),  # the member edited their words and put them back
        _row("time_to_ask", {OPEN, IN_REVIEW, WITH_STAFF}, None, Who.HANDLER),  # a rest is over
        _row("note_agreed", LIVE, None, Who.HANDLER),  # the member's answers to a standing note
        _row("note_changed", LIVE, None, Who.HANDLER),
        _row("note_withdrawn", LIVE, None, Who.HANDLER),
        _row("lapse", {IN_REVIEW}, OPEN, Who.HANDLER),
        _row("let_go", {WITH_STAFF}, ESCALATED, Who.HANDLER),  # staff who had to stop: it waits for staff again
        _row("late", {OPEN, IN_REVIEW, WITH_STAFF}, ESCALATED, Who.HANDLER),
        _row("called", {ESCALATED}, None, Who.HANDLER),  # a step of the ladder: whom, is with the event
        _row(
            "hand_offer", {WITH_STAFF}, None, Who.HOLDER
        ),  # staff to staff: who is asked answers; handovers.py says who
        _row("hand_accept", {WITH_STAFF}, None, Who.HANDLER),
        _row("hand_decline", {WITH_STAFF}, None, Who.HANDLER),
        _row("hand_back", {WITH_STAFF}, None, Who.HOLDER),  # the offer is taken back
        _row("hand_lapse", {WITH_STAFF}, None, Who.HANDLER),
        _row("call", {OPEN}, ESCALATED, Who.HANDLER),  # at once: screening's emergency, or nobody is on duty
        _row("fold", LIVE, None, Who.HANDLER),  # enough people told us of the words and nobody was on duty
        _row("disclosure_lapsed", set(State), None, Who.HANDLER),
        _row("hold_lapsed", set(State), None, Who.HANDLER),
        _row("hold_ended", set(State), None, Who.HANDLER),
        *(
            _row(what, LIVE, None, Who.HANDLER)
            for what in ("took_back", "changed_words", "changed_contact", "left", "erases")
        ),  # the member
        _row("undo", set(State), None, Who.HANDLER),
        _row("appeal", set(State), None, Who.HANDLER),  # hearing.py says who does these: never who had a hand in it
        _row("appeal_claim", set(State), None, Who.HANDLER),
        _row("appeal_release", set(State), None, Who.HANDLER),
        _row("appeal_lapse", set(State), None, Who.HANDLER),
        _row("appeal_late", set(State), None, Who.HANDLER),
        _row("appeal_upheld", set(State), None, Who.HANDLER),
        _row("appeal_refused", set(State), None, Who.HANDLER),
        _row("appeal_reopens", {CLOSED}, OPEN, Who.HANDLER),  # upheld: nothing had been done about what was reported
        _row("second_reading", set(State), None, Who.HANDLER),
        _row("sealed_report", set(State), None, Who.HANDLER),  # sealed_words.py says who: one named person alone
        _row("follow_up", {CLOSED}, ESCALATED, Who.HANDLER),  # on its date, back to the staff board
        _row("follow_up_joins", LIVE, None, Who.HANDLER),  # the same, where another case about them is live
        _row("second_look", set(State), None, Who.HANDLER),  # second_looks.py says who: never who decided
        _row("ask_undo", set(State), None, Who.HANDLER),
        _row("let_stand", set(State), None, Who.HANDLER),
        _row("by_hand", LIVE, None, Who.HANDLER),  # staff wrote down what was told to them (actions/by_hand.py)
        _row("register", set(State), None, Who.HANDLER),  # a step in the register of requests (outside_requests.py)
    )
)

CONVERSATION = frozenset({"word", "settle"})
ABOUT_REWRITES = frozenset({"put_back", "decline"})
STEPS_ON_MEMBERS = frozenset({"propose", "confirm", "refuse", "stop_posts"})
ENDING = frozenset({"close", "settle", "propose"})  # what a ban that waits for its second person keeps from being done
REVERSIBLE = frozenset({DecisionKind.CONTENT_NOTE, DecisionKind.FOLD, DecisionKind.LOCK})
AGAINST_THE_MEMBER = ON_THE_MEMBER - {DecisionKind.STOP_POSTS}  # which waits for nobody: others are being hurt
ON_WORDS = frozenset(
    {
        DecisionKind.CONTENT_NOTE,
        DecisionKind.REDACT,
        DecisionKind.FOLD,
        DecisionKind.LOCK,
        DecisionKind.REMOVE,
        DecisionKind.RESTORE,
    }
)


def may_see_case(actor: Actor, case: CaseFacts) -> bool:
    """Whether this person may learn that the case exists: on pages, in counts, in search, over sockets."""
    return actor.wall_is_open and actor.id != case.subject and actor.role in handlers_of(case)


def allowed_actions(case: CaseFacts, actor: Actor) -> list[str]:
    """The actions this person may take on this case now, in the table's order."""
    return [action for action in TRANSITIONS if not why_not(action, case, actor)]


def why_not(action: str, case: CaseFacts, actor: Actor) -> str:
    """Why this person may not do this now, as a sentence for them; "" when they may."""
    transition = TRANSITIONS[action]
    if not may_see_case(actor, case):
        return _("There is nothing here, or nothing you can see.")
    if case.subject in actor.own_blocks:
        return _("You have blocked this person on the wall, so somebody else handles this.")
    if case.state not in transition.sources:
        return _("This cannot be done as the case stands now.")
    if reason := _not_in_this_case(transition, case):
        return reason
    if action == "step" and closing_or_step(case, actor) != "step":
        return _("This decision closes the case.")
    return _WHO[transition.who](case, actor) or _own_report(action, case, actor)


def decision_kinds(case: CaseFacts, actor: Actor) -> list[DecisionKind]:
    """The decisions this person may make in this case now."""
    return [kind for kind in DecisionKind if not why_not_decide(kind, case, actor)]


def why_not_decide(kind: str, case: CaseFacts, actor: Actor) -> str:
    """As `why_not`, for one kind of decision."""
    if reason := why_not(closing_or_step(case, actor), case, actor):
        return reason
    if kind in ON_THE_MEMBER and (reason := _why_not_on_member(kind, case, actor)):
        return reason
    if case.proposed_by is not None and kind in AGAINST_THE_MEMBER | {DecisionKind.NO_ACTION}:
        return second_person_first()
    if actor.id in case.noticed_by and case.kind == Kind.CONDUCT and kind not in REVERSIBLE:
        return _("You noticed this yourself: fold it or put a note on it, and the next person decides.")
    return ""


def why_not_undo(kind: str, case: CaseFacts, actor: Actor) -> str:
    """As `why_not`, for undoing a decision of this kind: whoever could not have decided does not undo it either. One person
    undoes what two decided: it gives somebody their rights back.
    """
    if not may_see_case(actor, case):
        return _("There is nothing here, or nothing you can see.")
    if case.subject in actor.own_blocks:
        return _("You have blocked this person on the wall, so somebody else handles this.")
    held = case.state in (IN_REVIEW, WITH_STAFF) and case.holder not in (None, actor.id)
    if held and kind not in SECOND_LOOK:  # what another looks at within a day, they can undo as well
        return _("Somebody else holds this.")
    return "" if kind in REVERSIBLE and actor.id not in case.reported_by else _own_report("undo", case, actor)


def _why_not_on_member(kind: str, case: CaseFacts, actor: Actor) -> str:
    if case.remembered:
        return _("This person has died. Nothing is held against them.")
    if case.kind == Kind.CARE:
        return nothing_against_a_worry()
    if kind == DecisionKind.STOP_POSTS:
        return _("This has a button of its own.")
    return care_comes_first() if waits_for_care(case, actor) else ""


def nothing_against_a_worry() -> str:
    return _("Nothing is held against anybody for being worried about: nobody is warned, slowed or shut out for it.")


def second_person_first() -> str:
    return _("A ban was proposed here. Somebody who had no hand in it agrees or refuses first.")


def new_words_wait() -> str:
    return _("They have sent these words anew. Put those back, or say why not; then the rest can be decided.")


def closing_or_step(case: CaseFacts, actor: Actor) -> str:
    """Whether a decision ends the case ("decide") or leaves it going ("step"): with staff, on one's own find, and
    while a ban waits for its second person."""
    noticed = case.kind == Kind.CONDUCT and actor.id in case.noticed_by
    return "step" if case.state == WITH_STAFF or noticed or case.proposed_by is not None else "decide"


def care_comes_first() -> str:
    return _("Somebody is looking after this person just now. Steps against them wait for whoever holds that case.")


def waits_for_care(case: CaseFacts, actor: Actor) -> bool:
    """Two lanes: while somebody looks after the member, a step against them is theirs to take."""
    return case.in_care and actor.id not in case.carers


def for_safety(case: CaseFacts, actor: Actor) -> bool:
    """Whether words are folded or removed for safety now: then no rule is cited, and nothing counts against anyone."""
    return case.kind == Kind.CARE or waits_for_care(case, actor)


def handlers_of(case: CaseFacts) -> frozenset[Role]:
    return narrowed(HANDLERS[(case.kind, case.subject_role)], case.reserved_for)


def takers_of(case: CaseFacts) -> frozenset[Role]:
    return narrowed(TAKERS[(case.kind, case.subject_role)], case.reserved_for)


def narrowed(roles: frozenset[Role], reserved_for: str) -> frozenset[Role]:
    """Whom a reservation leaves of those who handle a case. The independent contacts' own cases are nobody else's by it."""
    if reserved_for == Reserved.NOBODY or roles == INDEPENDENT_ONLY:
        return roles
    return STAFF_ONLY if reserved_for == Reserved.STAFF else INDEPENDENT_ONLY


def _not_in_this_case(transition: Transition, case: CaseFacts) -> str:
    """Why nobody may do this in such a case, whoever they are."""
    action = transition.action
    if case.kind not in transition.kinds:
        against = transition.action in STEPS_ON_MEMBERS
        return nothing_against_a_worry() if against else _("This is not done in a case of this kind.")
    if action in ENDING and case.proposed_by is not None:
        return second_person_first()
    if action in CONVERSATION and case.kind == Kind.CONDUCT and not case.asked:
        return _("There is no conversation in a case about conduct, unless the member asks for one.")
    if action in ABOUT_REWRITES and not case.rewritten:
        return _("Nobody has asked for words to be put back.")
    return _not_at_this_severity(action, case)


def _not_at_this_severity(action: str, case: CaseFacts) -> str:
    if action == "ask_disclosure" and case.severity not in ROUSING:
        return _(
            "Contact details are asked for only while somebody may be in danger: when it is urgent or an emergency."
        )
    if action in RESTS and case.severity == Severity.EMERGENCY:
        return _("An emergency does not rest: somebody stays on it until it is over.")
    return ""


def _is_handler(case: CaseFacts, actor: Actor) -> str:
    return ""  # whoever may see a case may claim it, and call for staff even while a colleague holds it


def _is_holder(case: CaseFacts, actor: Actor) -> str:
    return "" if case.holder == actor.id else _("Somebody else holds this.")


def _is_taker(case: CaseFacts, actor: Actor) -> str:
    return "" if actor.role in takers_of(case) else _("This is for staff.")


def _is_stopper(case: CaseFacts, actor: Actor) -> str:
    return _is_holder(case, actor) if case.state == WITH_STAFF else ""


def _is_second(case: CaseFacts, actor: Actor) -> str:
    if case.proposed_by is None:
        return _("Nothing waits here for a second person.")
    if actor.id in case.hands | {case.proposed_by} | case.reported_by | case.noticed_by:
        return _("Somebody who had no hand in it agrees or refuses.")
    if case.holder not in (None, actor.id, case.proposed_by):
        return _("Somebody else holds this.")
    return ""


def _is_speaker(case: CaseFacts, actor: Actor) -> str:
    if case.state == ESCALATED:
        return (
            ""
            if case.escalated_by == actor.id
            else _("Whoever escalated this goes on with the conversation until staff join it.")
        )
    return _is_holder(case, actor)


_WHO: Mapping[Who, Callable[[CaseFacts, Actor], str]] = {
    Who.HANDLER: _is_handler,
    Who.HOLDER: _is_holder,
    Who.TAKER: _is_taker,
    Who.STOPPER: _is_stopper,
    Who.SECOND: _is_second,
    Who.SPEAKER: _is_speaker,
}


def _own_report(action: str, case: CaseFacts, actor: Actor) -> str:
    if case.kind == Kind.CARE or action in ("release", "someone_else"):
        return ""
    if actor.id in case.reported_by:
        return _("You reported this, so somebody else decides.")
    if actor.id in case.noticed_by and action not in NOTICER:
        return _("You noticed this yourself, so the next person decides.")
    return ""


NOTICER = frozenset({"raise", "claim", "release", "hand_over", "escalate", "note", "step", "word", "stop_posts"})
