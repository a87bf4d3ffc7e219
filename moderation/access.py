"""Who may see which case. The table is workflow's: read here in memory for sockets and as a Q for the database."""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Q

from forum.access import ViewerFacts, facts_of
from forum.models import Member, Role, Standing, Status
from moderation import duty, vocabulary
from moderation.models import Case, Decision, Kind, Proposal, Report, Rewrite, RewriteStage, Source, State, Word
from moderation.sealed_words import hidden_posts
from moderation.vocabulary import ROUSING, CaseFacts, Reserved
from moderation.workflow import HANDLERS, TEAM_ROLES, may_see_case, narrowed, takers_of, why_not

__all__ = [
    "case_facts",
    "cases_facts",
    "cases_visible_to",
    "facts_of",
    "may",
    "may_see_case",
    "staff_streams",
    "takers_of",
]


def cases_visible_to(member: Member | ViewerFacts) -> Q:
    """The cases this person may learn of, as a condition on Case."""
    viewer = member if isinstance(member, ViewerFacts) else facts_of(member)
    seen = Q(pk__in=())
    if not viewer.wall_is_open:
        return seen
    for (kind, subject_role), roles in HANDLERS.items():
        kept = [reserved.value for reserved in Reserved if viewer.role in narrowed(roles, reserved)]
        if kept:
            seen |= Q(kind=kind) & _about(subject_role) & _reserved(kept)
    return seen & ~Q(subject_id=viewer.id)


def may(action: str, actor: Member | ViewerFacts, case: Case) -> bool:
    """Whether this person may do this to this case now."""
    viewer = actor if isinstance(actor, ViewerFacts) else facts_of(actor)
    return not why_not(action, case_facts(case), viewer)


def roles_that_handle(case: Case) -> frozenset[vocabulary.Role]:
    """Whose work such a case is: nobody else may learn that it exists."""
    return narrowed(HANDLERS[(case.kind, _role_that_counts(case.subject_role, case.subject.role))], case.reserved_for)


def case_facts(case: Case) -> CaseFacts:
    return cases_facts([case])[case.pk]


def cases_facts(cases: Iterable[Case]) -> dict[int, CaseFacts]:
    """The facts of many cases in seven queries, however many there are."""
    cases = list(cases)
    about = Member.objects.filter(pk__in={case.subject_id for case in cases}).values_list("pk", "role", "standing")
    subjects = {pk: role for pk, role, _standing in about}
    remembered = {pk for pk, _role, standing in about if standing == Standing.REMEMBERED}
    reported, noticed = _reporters(cases)
    caring = _carers(set(subjects))
    asked, rewritten = _talked_about(cases)
    proposed, hands = _proposed(cases)
    return {
        case.pk: CaseFacts(
            id=case.pk,
            kind=case.kind,
            state=case.state,
            severity=case.severity,
            subject=case.subject_id,
            subject_role=_role_that_counts(case.subject_role, subjects[case.subject_id]),
            holder=case.holder_id,
            escalated_by=case.escalated_by_id,
            about_post=case.post_id is not None,
            reported_by=frozenset(reported[case.pk]),
            noticed_by=frozenset(noticed[case.pk]),
            in_care=case.subject_id in caring,
            carers=caring.get(case.subject_id, frozenset()),
            proposed_by=proposed.get(case.pk),
            hands=frozenset(hands[case.pk]),
            asked=case.pk in asked,
            rewritten=case.pk in rewritten,
            reserved_for=case.reserved_for,
            remembered=case.subject_id in remembered,
        )
        for case in cases
    }


def _about(subject_role: str) -> Q:
    """Subjects of this role: for the team's, what they are now counts, and else what they were when it was opened."""
    if subject_role == Role.MEMBER:
        return Q(subject__role=Role.MEMBER, subject_role=Role.MEMBER)
    return Q(subject__role=subject_role) | Q(subject__role=Role.MEMBER, subject_role=subject_role)


def _reserved(kept: list[str]) -> Q:
    return Q() if len(kept) == len(Reserved) else Q(reserved_for__in=kept)


def _role_that_counts(then: str, now: str) -> str:
    return now if now in TEAM_ROLES else then


def _reporters(cases: list[Case]) -> tuple[dict[int, set[int]], dict[int, set[int]]]:
    reported: dict[int, set[int]] = defaultdict(set)
    noticed: dict[int, set[int]] = defaultdict(set)
    rows = Report.objects.filter(case__in=cases, reporter__isnull=False).values_list("case_id", "reporter_id", "source")
    for case_id, reporter, source in rows:
        (noticed if source == Source.NOTICED else reported)[case_id].add(reporter)
    return reported, noticed


def _proposed(cases: list[Case]) -> tuple[dict[int, int], dict[int, set[int]]]:
    """Who proposed a ban that waits for a second person, and who decided anything else there."""
    hands: dict[int, set[int]] = defaultdict(set)
    waiting = Proposal.objects.filter(case__in=cases, answered_at=None)
    proposed = dict(waiting.order_by().values_list("case_id", "proposed_by_id"))
    if proposed:
        decided = Decision.objects.filter(case__in=proposed).order_by().values_list("case_id", "decided_by_id")
        for case_id, who in decided:
            hands[case_id].add(who)
    return proposed, hands


def _talked_about(cases: list[Case]) -> tuple[set[int], set[int]]:
    """The cases about conduct whose subject has written in them, and those in which a new version of their words waits."""
    conduct = [case.pk for case in cases if case.kind == Kind.CONDUCT]
    if not conduct:
        return set(), _rewritten(cases)
    rewrites = Rewrite.objects.filter(case__in=conduct).order_by().values_list("case")
    words = Word.objects.filter(case__in=conduct, from_team=False).order_by().values_list("case")
    return {case_id for (case_id,) in words.union(rewrites)}, _rewritten(cases)


def _rewritten(cases: list[Case]) -> set[int]:
    waiting = Rewrite.objects.filter(
        case__in=cases, decision__undone_at=None, stage=RewriteStage.WAITING, decision__post__status=Status.REMOVED
    )
    rows = list(waiting.order_by().values_list("case", "decision__post"))
    sealed = hidden_posts(None) if rows else frozenset()  # nobody puts those back
    return {case_id for case_id, post_id in rows if post_id not in sealed}


def _carers(subjects: set[int]) -> dict[int, frozenset[int]]:
    rows = Case.objects.filter(subject__in=subjects, kind=Kind.CARE, severity__in=ROUSING).exclude(state=State.CLOSED)
    held = dict(rows.values_list("subject_id", "holder_id"))
    if not held:
        return {}
    on_call = frozenset(duty.on_call_ids()) if None in held.values() else frozenset()
    return {subject: frozenset({holder}) if holder else on_call for subject, holder in held.items()}


_STREAMS = {
    Role.MODERATOR: ("moderation",),
    Role.STAFF: ("moderation", "staff"),
    Role.INDEPENDENT: ("independent",),
}


def staff_streams(viewer: ViewerFacts) -> list[str]:
    """The streams this person's sockets join besides the wall and their own."""
    if not viewer.wall_is_open:
        return []
    return list(_STREAMS.get(Role(viewer.role), ()))
