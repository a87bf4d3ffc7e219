"""The three doors, what the team notices, and what screening finds: each opens or joins the subject's one live case."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from forum.access import facts_of_post, has_role, may_report
from forum.actions.drafts import forget_draft
from forum.limits import DAY, check, for_member, locked_member
from forum.models import Member, Post
from forum.refusals import KeyUsed, NotThere
from moderation import access, categories
from moderation.actions.joining import join_case
from moderation.actions.moving import _move, locked
from moderation.actions.unstaffed import fold_unstaffed, may_fold
from moderation.models import Case, Door, Kind, Report, Severity, Source, State
from moderation.refusals import Missing, NotAllowed, ReportedOften
from moderation.screening import CRISIS, Screening
from moderation.vocabulary import ROUSING
from moderation.workflow import BY_ITSELF
from realtime import log
from realtime.log import NewEvent

HELD = "held"  # the category of a case that is there because words wait
SAID = ("post_id", "door", "category", "note", "whereabouts")
"""What makes two reports under one key the same."""


def report_post(
    reporter: Member,
    post: Post,
    door: str,
    category: str,
    *,
    key: UUID,
    note: str = "",
    whereabouts: str = "",
    seen_version: int | None = None,
) -> Report:
    """Says that a post worries somebody (`door` "worry": the case is about its author) or breaks a rule ("rule": about it).

    What somebody with a role reports counts as noticed on shift. The same key and words again give the first report. A worry changes
    nothing for its subject but that people look. The words are kept as they stood at `seen_version`, whatever its author did
    since. Raises NotThere for what the reporter could not read, NotAllowed for a worry about oneself, Missing for a category
    that the door does not offer, KeyUsed for the same key with another report, and ReportedOften at the
    "rule" door alone, for what is no danger.
    """
    report = Report(
        post=post, door=door, category=category, note=note, whereabouts=whereabouts, reporter=reporter, key=key
    )
    about = Case(kind=Kind.CARE if door == Door.WORRY else Kind.CONDUCT, subject=post.author)
    about.post = post if about.kind == Kind.CONDUCT else None
    if first := _sent_before(report, about):
        return first
    if not may_report(access.facts_of(reporter), facts_of_post(post)):
        raise NotThere
    seen = seen_version if seen_version and 0 < seen_version <= post.version else post.version
    _not_about_oneself(reporter, post.author_id)
    report.source, report.snapshot, report.snapshot_version = _source_of(reporter), post.words_at(seen), seen
    return _file(report, about)


def report_member(
    reporter: Member, member: Member, door: str, category: str, *, key: UUID, note: str = "", whereabouts: str = ""
) -> Report:
    """As `report_post`, about a person as a whole: what they say in several places, or that they are gone."""
    report = Report(door=door, category=category, note=note, whereabouts=whereabouts, reporter=reporter, key=key)
    about = Case(kind=Kind.CARE if door == Door.WORRY else Kind.CONDUCT, subject=member)
    if first := _sent_before(report, about):
        return first
    _not_about_oneself(reporter, member.pk)
    report.source = _source_of(reporter)
    return _file(report, about)


def ask_for_team(member: Member, category: str, *, key: UUID, note: str = "", whereabouts: str = "") -> Report:
    """Somebody asks for themselves: from the wall, from /help/, from the small room, under no limit and in any standing."""
    report = Report(door=Door.SELF, category=category, note=note, whereabouts=whereabouts, reporter=member, key=key)
    about = Case(kind=Kind.CARE, subject=member)
    if first := _sent_before(report, about):
        return first
    report.source = Source.SELF
    return _file(report, about)


def withdraw_report(reporter: Member, report: Report) -> Report:
    """Takes a report back, until somebody from the team has taken it. Twice is the same as once.

    It stays in the file, marked; its case goes on, care or conduct, and a person decides. The queue hears of it. Raises NotThere
    for a report of somebody else's, and NotAllowed once a person has it.
    """
    with transaction.atomic():
        case = locked(report.case)
        fresh = Report.objects.filter(pk=report.pk, reporter=reporter).exclude(source=Source.NOTICED).first()
        if fresh is None:
            raise NotThere
        if fresh.withdrawn_at is not None:
            return fresh
        if not may_be_withdrawn(fresh, case):
            raise NotAllowed(
                _("Somebody from the team has this already, so it stays. You can tell them more in words.")
            )
        fresh.withdrawn_at = timezone.now()
        fresh.save(update_fields=["withdrawn_at"])
        log.append(*_move(case, "take_back", reporter, words=f"report {fresh.pk}"))
    return fresh


def may_be_withdrawn(report: Report, case: Case) -> bool:
    """Nobody has taken the case and nobody has read the report."""
    waits = case.state in BY_ITSELF["take_back"].sources
    return waits and report.read_at is None and report.withdrawn_at is None and report.source != Source.NOTICED


def open_from_screening(post: Post, screening: Screening) -> list[NewEvent]:
    """Opens or joins the case that a screening asks for, with its reasons. Returns events for the outermost action.

    An emergency goes to staff at once; the post stays as it is. Call inside the transaction that stores the post.
    """
    if screening.severity is None:
        return []
    care = screening.category == CRISIS
    reasons = [asdict(reason) for reason in screening.reasons]
    report = _screened(post, Door.WORRY if care else Door.RULE, screening.category, reasons)
    about = Case(kind=Kind.CARE if care else Kind.CONDUCT, subject=post.author, post=None if care else post)
    return join_case(report, about, Severity(screening.severity))


def open_held(post: Post) -> list[NewEvent]:
    """Words wait: a case sees to it that somebody looks in time, once for each post. Returns events for the outermost action."""
    asked = Report.objects.filter(post=post, category=HELD).exclude(case__state=State.CLOSED)
    if asked.exists():
        return []
    report = _screened(post, Door.RULE, HELD, [])
    return join_case(report, Case(kind=Kind.CONDUCT, subject=post.author, post=post), Severity.SOON)


def open_unscreened(post: Post) -> list[NewEvent]:
    """Screening failed: the post stays, and somebody is asked to look. Returns events for the outermost action."""
    report = _screened(post, Door.RULE, "screening_failed", [])
    return join_case(report, Case(kind=Kind.CONDUCT, subject=post.author, post=post), Severity.SOON)


def _sent_before(report: Report, about: Case) -> Report | None:
    """What this reporter sent under this key. Raises KeyUsed when it said something else: nobody's words are swallowed."""
    first = Report.objects.filter(reporter=report.reporter, key=report.key).select_related("case").first()
    if first is None:
        return None
    same = all(getattr(first, name) == getattr(report, name) for name in SAID)
    if not same or first.case.subject_id != about.subject_id:
        raise KeyUsed(first.pk)
    return first


def _not_about_oneself(reporter: Member, subject: int) -> None:
    if reporter.pk == subject:
        raise NotAllowed(_("For yourself there is a door of its own: I need someone from the team."))


def _source_of(reporter: Member) -> Source:
    return Source.NOTICED if has_role(reporter) else Source.MEMBER


def _screened(post: Post, door: Door, category: str, reasons: list[dict[str, Any]]) -> Report:
    return Report(
        post=post,
        door=door,
        category=category,
        source=Source.SCREENING,
        reasons=reasons,
        snapshot=post.body,
        snapshot_version=post.version,
    )


def _file(report: Report, about: Case) -> Report:
    try:
        severity = categories.category(report.door, report.category).severity
    except KeyError:
        raise Missing("category", _("Choose what it is about.")) from None
    with transaction.atomic():
        post = _locked_to_fold(report)
        if report.reporter:
            sender = locked_member(
                report.reporter
            )  # what they send at this very moment is counted, and the same key found
            if first := _sent_before(report, about):
                return first
            report.gathered = _is_past_the_day(sender, report, severity)
            forget_draft(sender, _place_of(report, about))
        events = join_case(report, about, severity)
        log.append(*events, *(fold_unstaffed(report.case, post) if post else []))
    return report


def _locked_to_fold(report: Report) -> Post | None:
    """Post rows are locked before member and case rows, everywhere."""
    if report.post_id is None or not may_fold(report):
        return None
    return Post.objects.select_for_update(of=("self",)).select_related("author").get(pk=report.post_id)


def _place_of(report: Report, about: Case) -> str:
    """Where its words were kept while they were written: the name of the door's form."""
    return "ask" if report.door == Door.SELF else f"{report.door}-{about.subject_id}-{report.post_id or ''}"


def _is_past_the_day(sender: Member, report: Report, severity: Severity) -> bool:
    """Whether the day has no room for this one. House rules alone, and not what the team notices at work: a worry is never
    refused, however many there are. Nor is danger at the door of rules, which is gathered then; and only danger takes room from
    it, so that nobody who told us of much spam is unheard about a child. Raises ReportedOften.
    """
    if report.door != Door.RULE or report.source != Source.MEMBER:
        return False
    rules = Report.objects.filter(reporter=sender, door=Door.RULE, made_at__gt=timezone.now() - DAY)
    if severity in ROUSING:
        rules = rules.filter(category__in=categories.keys_of(Door.RULE, ROUSING))
    try:
        check(rules, "made_at", for_member(sender, settings.RULE_REPORTS_PER_DAY), DAY, ReportedOften)
    except ReportedOften:
        if severity not in ROUSING:
            raise
        return True
    return False
