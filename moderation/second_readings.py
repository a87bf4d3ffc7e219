"""Which decided cases are read a second time, and by whom: a person who handles such cases, had no hand in this one, and
does not know what was decided. Nothing here writes.
"""

import hashlib
import hmac
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from forum.access import ViewerFacts
from forum.models import Role
from moderation import categories, wording
from moderation.access import cases_visible_to
from moderation.models import BlindReading, Case, CaseEvent, Decision, DecisionKind, Kind, Report, Reserved, State
from moderation.sealed_words import hidden_posts
from moderation.vocabulary import READ

ORDINARY = {"subject_role": Role.MEMBER, "reserved_for": Reserved.NOBODY}
"""Cases that every moderator may know of: no other is chosen, and none is counted."""
NOT_A_CHOICE = frozenset({DecisionKind.STOP_POSTS})  # closes no case
STEPS = 10_000


@dataclass(frozen=True, slots=True)
class Blind:
    """A case as it lay before whoever decided it; nothing that came later is in it."""

    words: Sequence[tuple[str, str]]  # and the content note they had
    reports: Sequence["Heard"]

    def says_something(self, *, about_post: bool) -> bool:
        """A post cannot be judged without its words; about a person what was told may be all there is."""
        return bool(self.words) or (not about_post and any(each.note for each in self.reports))


@dataclass(frozen=True, slots=True)
class Heard:
    door: str
    category: str
    note: str
    noticed: str


def is_chosen(case_id: int) -> bool:
    """Whether this case is one of the share. It follows from its number and a key, so nobody can steer it, or ask twice."""
    digest = hmac.new(settings.AUDIT_KEY.encode(), f"second reading {case_id}".encode(), hashlib.sha256).digest()
    return int.from_bytes(digest[:8]) % STEPS < settings.SECOND_READING * STEPS // 100


def seen_by(viewer: ViewerFacts) -> QuerySet[BlindReading]:
    """The readings in cases this person may learn of."""
    cases = Case.objects.filter(cases_visible_to(viewer)).exclude(_about_any(hidden_posts(viewer.id)))
    return BlindReading.objects.filter(case__in=cases)


def open_to(viewer: ViewerFacts) -> QuerySet[BlindReading]:
    """What this person could take now: never what they decided, had a hand in, reported, or know the decision of."""
    acted = CaseEvent.objects.filter(case=OuterRef("case"), actor=viewer.id)
    knows = Exists(acted.filter(~Q(action=READ) | Q(at__gte=OuterRef("decision__made_at"))))
    told = Exists(Report.objects.filter(case=OuterRef("case"), reporter=viewer.id))
    part = Q(judged_by=viewer.id) | Q(case__subject__in=viewer.own_blocks)
    decided = Decision.objects.filter(Q(decided_by=viewer.id) | Q(confirmed_by=viewer.id), case=OuterRef("case"))
    waiting = seen_by(viewer).filter(
        reader=None, case__state=State.CLOSED, **{f"case__{k}": v for k, v in ORDINARY.items()}
    )
    return waiting.exclude(part).exclude(Exists(decided)).exclude(knows).exclude(told)


def taken_by(viewer: ViewerFacts) -> QuerySet[BlindReading]:
    """What this person reads now and has not answered."""
    blocked = Q(case__subject__in=viewer.own_blocks)
    return seen_by(viewer).filter(reader=viewer.id, answered_at=None).exclude(blocked)


def opened_to(viewer: ViewerFacts) -> QuerySet[BlindReading]:
    """What has been read, for the two who read it."""
    return seen_by(viewer).filter(Q(reader=viewer.id) | Q(judged_by=viewer.id), answered_at__isnull=False)


def for_choosing(decided: QuerySet[Case]) -> QuerySet[Case]:
    """Conduct cases of no particular sort that are closed, were decided by a person, and are not chosen yet."""
    stands = Decision.objects.filter(case=OuterRef("pk"), decided_by__isnull=False, undone_at=None, bulk=None)
    stands = stands.exclude(kind__in=NOT_A_CHOICE)
    fit = decided.filter(kind=Kind.CONDUCT, state=State.CLOSED, blind_reading=None, **ORDINARY)
    return fit.filter(Exists(stands), subject__role=Role.MEMBER).exclude(_about_any(hidden_posts(None)))


def _about_any(posts: Collection[int]) -> Q:
    """Cases in which any of these posts stands."""
    return Q(post__in=posts) | Q(Exists(Report.objects.filter(case=OuterRef("pk"), post__in=posts)))


def the_decision(case: Case) -> Decision | None:
    """The last one that stands and that a person made."""
    stands = case.decisions.filter(decided_by__isnull=False, undone_at=None, bulk=None).exclude(kind__in=NOT_A_CHOICE)
    return stands.select_related("post", "frozen").order_by("-made_at", "-pk").first()


def blind_view(case: Case, decision: Decision) -> Blind:
    """What lay there when it was decided. A case about a person shows every post that was reported, whatever was decided."""
    reports = list(case.reports.filter(made_at__lte=decision.made_at, withdrawn_at=None).order_by("made_at", "pk"))
    heard = [
        Heard(
            each.get_door_display(),
            str(categories.words_for(each.door, each.category)),
            each.note,
            wording.noticed_words(each.reasons),
        )
        for each in reports
    ]
    if case.post_id is None:
        snapshots = dict.fromkeys(each.snapshot for each in reports if each.snapshot)
        return Blind([(words, "") for words in snapshots], heard)
    return Blind(_judged(decision, reports), heard)


def _judged(decision: Decision, reports: Sequence[Report]) -> list[tuple[str, str]]:
    """The words of the version that was judged: as they were frozen, or reported, or as they still are."""
    post, frozen = decision.post, getattr(decision, "frozen", None)
    note = frozen.content_note if frozen else post.content_note if post else ""
    if frozen and frozen.body:
        return [(frozen.body, note)]
    for report in reports:
        if report.snapshot and report.post_id == decision.post_id and report.snapshot_version == decision.post_version:
            return [(report.snapshot, note)]
    same = post is not None and post.version == decision.post_version and decision.kind in LEAVES_THE_WORDS
    return [(post.body, note)] if post and same and post.body else []


LEAVES_THE_WORDS = frozenset({DecisionKind.NO_ACTION, DecisionKind.RESTORE})


def drawn(readings: QuerySet[BlindReading]) -> list[BlindReading]:
    return list(readings.select_related("reader", "judged_by").annotate(about_post=F("case__post_id"))[:100])
