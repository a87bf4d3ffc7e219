"""What can happen to a case, and who may do it. Pure: facts in, answers out. Buttons and guards read the same table."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _

from moderation.vocabulary import Actor, CaseFacts, DecisionKind, Kind, Role, State

OPEN, IN_REVIEW, ESCALATED, WITH_STAFF, CLOSED = State
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


TRANSITIONS: Mapping[str, Transition] = dict(
    (
        _row("claim", {OPEN}, IN_REVIEW, Who.HANDLER),
        _row("release", {IN_REVIEW}, OPEN, Who.HOLDER),
        _row("hand_over", {IN_REVIEW}, IN_REVIEW, Who.HOLDER),
        _row("decide", {IN_REVIEW}, CLOSED, Who.HOLDER, strict=True),
        _row("step", {IN_REVIEW, WITH_STAFF}, None, Who.HOLDER, strict=True),  # a decision after which the case goes on
        _row("escalate", {OPEN, IN_REVIEW}, ESCALATED, Who.HANDLER),
        _row("take", {ESCALATED}, WITH_STAFF, Who.TAKER),
        _row("return", {WITH_STAFF}, OPEN, Who.HOLDER, strict=True),
        _row("close", {WITH_STAFF}, CLOSED, Who.HOLDER, strict=True),
        _row("reopen", {CLOSED}, OPEN, Who.TAKER),
        _row("note", {IN_REVIEW, WITH_STAFF}, None, Who.HOLDER),
        _row("word", {IN_REVIEW, ESCALATED, WITH_STAFF}, None, Who.SPEAKER, kinds=frozenset({Kind.CARE})),
        _row("record", {WITH_STAFF}, None, Who.HOLDER),
    )
)
"""What people do. The clock, screening, reports and answers move cases too: `BY_ITSELF`."""

BY_ITSELF: Mapping[str, Transition] = dict(
    (
        _row("open", {OPEN}, OPEN, Who.HANDLER),
        _row("report", {OPEN, IN_REVIEW, ESCALATED, WITH_STAFF}, None, Who.HANDLER),
        _row("answer", {OPEN, IN_REVIEW, ESCALATED, WITH_STAFF}, None, Who.HANDLER),
        _row("answer_reopens", {CLOSED}, OPEN, Who.HANDLER),
        _row("lapse", {IN_REVIEW}, OPEN, Who.HANDLER),
        _row("late", {OPEN, IN_REVIEW, WITH_STAFF}, ESCALATED, Who.HANDLER),
        _row("call", {OPEN}, ESCALATED, Who.HANDLER),  # at once: screening's emergency, or nobody is on duty
        _row("undo", set(State), None, Who.HANDLER),
        _row("second_reading", set(State), None, Who.HANDLER),
    )
)

REVERSIBLE = frozenset({DecisionKind.CONTENT_NOTE, DecisionKind.FOLD})
AGAINST_THE_MEMBER = frozenset({DecisionKind.WARNING})
ON_WORDS = frozenset({DecisionKind.CONTENT_NOTE, DecisionKind.FOLD, DecisionKind.REMOVE, DecisionKind.RESTORE})


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
    if case.subject in actor.blocks:
        return _("You and this person have blocked one another's words, so somebody else handles this.")
    if case.state not in transition.sources:
        return _("This cannot be done as the case stands now.")
    if case.kind not in transition.kinds:
        return _("There is no conversation in a case about conduct.")
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
    if kind in AGAINST_THE_MEMBER and case.kind == Kind.CARE:
        return _("Nobody is warned for being worried about.")
    if kind in AGAINST_THE_MEMBER and waits_for_care(case, actor):
        return care_comes_first()
    if actor.id in case.noticed_by and case.kind == Kind.CONDUCT and kind not in REVERSIBLE:
        return _("You noticed this yourself: fold it or put a note on it, and the next person decides.")
    return ""


def closing_or_step(case: CaseFacts, actor: Actor) -> str:
    """Whether a decision ends the case ("decide") or leaves it going ("step"): with staff, and on one's own find."""
    noticed = case.kind == Kind.CONDUCT and actor.id in case.noticed_by
    return "step" if case.state == WITH_STAFF or noticed else "decide"


def care_comes_first() -> str:
    return _("Somebody is looking after this person just now. Steps against them wait for whoever holds that case.")


def waits_for_care(case: CaseFacts, actor: Actor) -> bool:
    """Two lanes: while somebody looks after the member, a step against them is theirs to take."""
    return case.in_care and actor.id not in case.carers


def for_safety(case: CaseFacts, actor: Actor) -> bool:
    """Whether words are folded or removed for safety now: then no rule is cited, and nothing counts against anyone."""
    return case.kind == Kind.CARE or waits_for_care(case, actor)


def handlers_of(case: CaseFacts) -> frozenset[Role]:
    return HANDLERS[(case.kind, case.subject_role)]


def takers_of(case: CaseFacts) -> frozenset[Role]:
    return TAKERS[(case.kind, case.subject_role)]


def _is_handler(case: CaseFacts, actor: Actor) -> str:
    return ""  # whoever may see a case may claim it, and call for staff even while a colleague holds it


def _is_holder(case: CaseFacts, actor: Actor) -> str:
    return "" if case.holder == actor.id else _("Somebody else holds this.")


def _is_taker(case: CaseFacts, actor: Actor) -> str:
    return "" if actor.role in takers_of(case) else _("This is for staff.")


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
    Who.SPEAKER: _is_speaker,
}


def _own_report(action: str, case: CaseFacts, actor: Actor) -> str:
    if case.kind == Kind.CARE or action == "release":
        return ""
    if actor.id in case.reported_by:
        return _("You reported this, so somebody else decides.")
    if actor.id in case.noticed_by and action not in NOTICER:
        return _("You noticed this yourself, so the next person decides.")
    return ""


NOTICER = frozenset({"claim", "release", "hand_over", "escalate", "note", "step"})
