"""What moderation adds to the forum's pages: doors in every menu, links for the team, who is here, a word that waits."""

from collections.abc import Callable

from django.db.models import Q, QuerySet
from django.db.models.expressions import Combinable
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from forum import panels
from forum.access import ViewerFacts
from forum.models import Role
from forum.onlooker import Onlooker, count_of, first_of
from forum.panels import Link, MemberLink, PostLink
from moderation import duty, hearing, letters, own_records, queues, remembering
from moderation.actions.marking import reach_words
from moderation.models import Appeal, AppealKind, Decision, OutsideRequest, StandingNote, Word
from moderation.receipts import moment
from moderation.screening import is_heavy
from moderation.vocabulary import DESK, HOLDS

WORRY = gettext_lazy("I'm worried about this person")
RULE = gettext_lazy("This breaks a house rule")
HERE = {1: gettext_lazy("One of the team is here."), 2: gettext_lazy("Two of the team are here.")}


def register() -> None:
    """Called once, when the app is ready."""
    if team_words in panels.team_status:
        return
    panels.post_links += [
        PostLink(WORRY, "/posts/{id}/report/?door=worry", for_living=True),
        PostLink(RULE, "/posts/{id}/report/?door=rule"),
    ]
    panels.mending_links.append(PostLink(gettext_lazy("Edit it and put it back"), "/posts/{id}/put-back/"))
    panels.member_links += [
        MemberLink(WORRY, "/members/{handle}/report/?door=worry"),
        MemberLink(RULE, "/members/{handle}/report/?door=rule"),
    ]
    panels.member_facts.update(FACTS)
    panels.member_marks.append(remembering.mark_of)
    panels.header_links.append(links_of_team)
    panels.me_links.append(links_of_member)
    panels.notices.append(waiting_words)
    panels.standing_reasons.append(reasons_of)
    panels.team_status.append(team_words)
    panels.heavy_words.append(is_heavy)
    panels.scripts.append("moderation/report-dialog.js")
    panels.styles.append("moderation.css")


def words_unread(viewer: ViewerFacts) -> QuerySet[Word]:
    """The words of the team that this member has not read yet, the oldest first."""
    return Word.objects.filter(case__subject=viewer.id, from_team=True, read_at=None).order_by("sent_at")


def decisions_untold(viewer: ViewerFacts) -> QuerySet[Decision]:
    return Decision.objects.filter(subject=viewer.id, told=True, read_at=None)


def answers_unread(viewer: ViewerFacts) -> QuerySet[Appeal]:
    """What this member asked another look at, and has been answered since."""
    return Appeal.objects.filter(by=viewer.id, answered_at__isnull=False, read_at=None)


def requests_told(viewer: ViewerFacts) -> QuerySet[OutsideRequest]:
    """Who asked the team about this member, as far as they were told."""
    return OutsideRequest.objects.filter(about=viewer.id, told_at__isnull=False)


FACTS: dict[str, Callable[[ViewerFacts], Combinable | None]] = {
    "words_unread": lambda viewer: count_of(words_unread(viewer)),
    "words_unreached": lambda viewer: count_of(words_unread(viewer).filter(reached_at=None)),
    "word_case": lambda viewer: first_of(words_unread(viewer), "case_id"),
    "word_author": lambda viewer: first_of(words_unread(viewer), "author__handle"),
    "decisions_untold": lambda viewer: count_of(decisions_untold(viewer)),
    "appeals_answered": lambda viewer: count_of(answers_unread(viewer).filter(kind=AppealKind.DECISION)),
    "complaints_answered": lambda viewer: count_of(answers_unread(viewer).filter(kind=AppealKind.FAILURE_TO_ACT)),
    "appeals_waiting": lambda viewer: count_of(hearing.waiting_for(viewer)) if viewer.role in DESK else None,
    "notes_agreed_or_waiting": lambda viewer: count_of(StandingNote.objects.filter(member=viewer.id)),
    "records_readable": lambda viewer: count_of(own_records.readable_by(viewer.id)),
    "notes_waiting": lambda viewer: count_of(StandingNote.objects.filter(member=viewer.id, agreed_at=None)),
    "asked_about": lambda viewer: count_of(requests_told(viewer)),
    "asked_about_unread": lambda viewer: count_of(requests_told(viewer).filter(told_read_at=None)),
    "team_here": lambda viewer: count_of(duty.watch_on_shift(viewer.read_at)),
    "team_expected": lambda viewer: first_of(duty.planned(viewer.read_at), "starts_at"),
    "cases_waiting": lambda viewer: count_of(queues.waiting(viewer)) if viewer.role in DESK else None,
    "letters_waiting": lambda viewer: (
        count_of(letters.waiting_for(viewer)) if viewer.role in DESK - {Role.MODERATOR} else None
    ),
    "cases_for_staff": lambda viewer: (
        count_of(queues.waiting(viewer, staff=True)) if viewer.role in DESK - {Role.MODERATOR} else None
    ),
}


def links_of_team(onlooker: Onlooker) -> list[Link]:
    """The queue and the staff board, for those who may open them, with how much waits there."""
    if onlooker.member.role not in DESK:
        return []
    links = [Link(_("To look at"), reverse("queue"), onlooker.facts["cases_waiting"])]
    if onlooker.member.role != Role.MODERATOR:
        waits = onlooker.facts["cases_for_staff"] + onlooker.facts["letters_waiting"]
        links.append(Link(_("Staff"), reverse("staff_board"), waits))
    if waiting := onlooker.facts["appeals_waiting"]:
        links.append(Link(_("Appeals"), reverse("appeals"), waiting))
    return links


def links_of_member(onlooker: Onlooker) -> list[Link]:
    links = [
        Link(_("I need someone from the team"), reverse("ask")),
        Link(_("Words with the team"), reverse("my_words"), onlooker.facts["words_unread"]),
        Link(_("What you told us"), reverse("my_reports")),
        Link(_("What we decided"), reverse("my_decisions"), onlooker.facts["decisions_untold"]),
    ]
    if onlooker.facts["asked_about"]:
        links.append(Link(_("Who asked about you"), reverse("my_requests"), onlooker.facts["asked_about_unread"]))
    if onlooker.facts["notes_agreed_or_waiting"]:
        links.append(Link(_("Your standing note"), reverse("standing_note"), onlooker.facts["notes_waiting"]))
    if onlooker.facts["records_readable"]:
        links.append(Link(_("What was written about you"), reverse("my_records")))
    return [*links, Link(_("Your duty"), reverse("duty"))] if onlooker.member.role in DESK else links


def waiting_words(onlooker: Onlooker) -> str:
    """The place above the wall and in the room where a word from the team is announced. It is there, empty, before one comes.

    What it announces has reached its reader, and whoever wrote it hears that.
    """
    if onlooker.facts["words_unreached"]:
        reach_words(onlooker.member.pk)
    return render_to_string("moderation/_notice.html", {"facts": onlooker.facts})


def reasons_of(onlooker: Onlooker) -> str:
    """In the small room: what was decided that holds this member now, in the words they were told, and until when."""
    going_on = Q(until=None) | Q(until__gt=timezone.now())
    holding = Decision.objects.filter(going_on, subject=onlooker.member, kind__in=HOLDS, undone_at=None)
    decisions = list(holding.select_related("decided_by").order_by("-made_at", "-pk"))
    return render_to_string("moderation/_standing.html", {"decisions": decisions}) if decisions else ""


def team_words(onlooker: Onlooker) -> str:
    """Who of the team is here, in one sentence for members."""
    if here := onlooker.facts["team_here"]:
        return str(HERE.get(here) or _("Several of the team are here."))
    now = timezone.now()
    if coming := duty.sooner_expected(onlooker.facts["team_expected"], now):
        return _("Nobody from the team is here just now; someone is expected at %(time)s.") % {
            "time": moment(coming, now)
        }
    return _("Nobody from the team is here just now.")
