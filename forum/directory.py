"""Finding support groups, and telling staff which wait to be read or to be checked again."""

from django.db.models import Q, QuerySet, TextChoices
from django.urls import reverse
from django.utils.translation import gettext as _

from forum import access, panels
from forum.models import SupportGroup, SupportGroupFor
from forum.models.directory import ForWhom, GroupKind, fold, oldest_fresh_day
from forum.onlooker import Onlooker, count_of
from forum.panels import Link

WORDS_SOUGHT = 8  # of one search; more would only make it slower
TO_READ = "groups_to_read"


def register() -> None:
    """Called once, when the app is ready."""
    panels.member_facts[TO_READ] = lambda viewer: count_of(waiting()) if access.may_keep_house(viewer) else None
    panels.me_links.append(links_of_housekeeper)


def links_of_housekeeper(onlooker: Onlooker) -> list[Link]:
    if not access.may_keep_house(onlooker.viewer):
        return []
    return [Link(_("Support groups to read"), reverse("group_suggestions"), onlooker.facts[TO_READ])]


def found(words: str = "", kind: str = "", whom: str = "") -> QuerySet[SupportGroup]:
    """What strangers and members find: every word somewhere in an entry, or in what kind it is or for whom, whatever its case
    and accents.
    """
    groups = SupportGroup.objects.filter(status=SupportGroup.Status.PUBLISHED)
    for word in fold(words).split()[:WORDS_SOUGHT]:
        whose = SupportGroupFor.objects.filter(whom__in=_called(ForWhom, word)).values("group")
        groups = groups.filter(Q(found_by__contains=word) | Q(kind__in=_called(GroupKind, word)) | Q(pk__in=whose))
    if kind:
        groups = groups.filter(kind=kind)
    if whom:
        groups = groups.filter(for_whom__whom=whom)
    return groups.prefetch_related("for_whom").order_by("name", "pk")


def _called(choices: type[TextChoices], word: str) -> list[str]:
    """Which of these a word stands in as they are shown, in the reader's language."""
    return [value for value, label in choices.choices if word in fold(str(label))]


def waiting() -> QuerySet[SupportGroup]:
    """Suggestions that nobody has read yet, the oldest first."""
    return SupportGroup.objects.filter(status=SupportGroup.Status.SUGGESTED).order_by("made_at", "pk")


def old() -> QuerySet[SupportGroup]:
    """What stands in the directory and was last checked over half a year ago, the oldest first. Examples never age."""
    published = SupportGroup.objects.filter(status=SupportGroup.Status.PUBLISHED, is_example=False)
    return published.filter(checked_on__lt=oldest_fresh_day()).order_by("checked_on", "pk")
