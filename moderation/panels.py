"""What moderation adds to the forum's pages: doors in every menu, links for the team, who is here, a word that waits."""

from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from forum import panels
from forum.access import facts_of
from forum.models import Member, Role
from forum.panels import Link, MemberLink, PostLink
from moderation import duty, queues
from moderation.models import Decision, Word
from moderation.receipts import moment
from moderation.vocabulary import DESK

WORRY = gettext_lazy("I'm worried about this person")
RULE = gettext_lazy("This breaks a house rule")
HERE = {1: gettext_lazy("One of the team is here."), 2: gettext_lazy("Two of the team are here.")}


def register() -> None:
    """Called once, when the app is ready."""
    if team_words in panels.team_status:
        return
    panels.post_links += [
        PostLink(WORRY, "/posts/{id}/report/?door=worry"),
        PostLink(RULE, "/posts/{id}/report/?door=rule"),
    ]
    panels.member_links += [
        MemberLink(WORRY, "/members/{handle}/report/?door=worry"),
        MemberLink(RULE, "/members/{handle}/report/?door=rule"),
    ]
    panels.header_links.append(links_of_team)
    panels.me_links.append(links_of_member)
    panels.notices.append(waiting_words)
    panels.team_status.append(team_words)
    panels.scripts.append("moderation/report-dialog.js")
    panels.styles.append("moderation.css")


def links_of_team(member: Member) -> list[Link]:
    """The queue and the staff board, for those who may open them, with how much waits there."""
    if member.role not in DESK:
        return []
    viewer = facts_of(member)
    links = [Link(_("To look at"), reverse("queue"), queues.count_waiting(viewer))]
    if member.role != Role.MODERATOR:
        links.append(Link(_("Staff"), reverse("staff_board"), queues.count_waiting(viewer, staff=True)))
    return links


def links_of_member(member: Member) -> list[Link]:
    unread = _unread_words(member).count()
    untold = Decision.objects.filter(subject=member, told=True, read_at=None).count()
    links = [
        Link(_("I need someone from the team"), reverse("ask")),
        Link(_("Words with the team"), reverse("my_words"), unread),
        Link(_("What you told us"), reverse("my_reports")),
        Link(_("What we decided"), reverse("my_decisions"), untold),
    ]
    return [*links, Link(_("Your duty"), reverse("duty"))] if member.role in DESK else links


def waiting_words(member: Member) -> str:
    """The place above the wall and in the room where a word from the team is announced. It is there, empty, before one comes."""
    word = _unread_words(member).select_related("author").order_by("sent_at").first()
    decided = Decision.objects.filter(subject=member, told=True, read_at=None).exists()
    return render_to_string("moderation/_notice.html", {"word": word, "decided": decided})


def team_words() -> str:
    """Who of the team is here, in one sentence for members."""
    now = timezone.now()
    here = len([member for member in duty.on_shift(now) if member.role in duty.WATCH])
    if here:
        return str(HERE.get(here) or _("Several of the team are here."))
    if coming := duty.next_expected(now):
        return _("Nobody from the team is here just now; someone is expected at %(time)s.") % {
            "time": moment(coming, now)
        }
    return _("Nobody from the team is here just now.")


def _unread_words(member: Member) -> Any:
    return Word.objects.filter(case__subject=member, from_team=True, read_at=None)
