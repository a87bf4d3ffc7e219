"""Who has a case open just now: told to colleagues beside it, so that two do not begin the same thing. Nothing here writes."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from moderation.clocks import LOOKING_FOR
from moderation.models import Case, Looking


def who_looks(cases: Iterable[Case | int], *, besides: int) -> Mapping[int, Sequence[str]]:
    """The handles of those who have each case open, but for one's own, whoever came first first; in one query."""
    there: dict[int, list[str]] = defaultdict(list)
    fresh = Looking.objects.filter(case__in=cases, at__gt=timezone.now() - LOOKING_FOR).exclude(member=besides)
    for case_id, handle in fresh.order_by("pk").values_list("case_id", "member__handle"):
        there[case_id].append(handle)
    return there


def reading_words(handles: Sequence[str]) -> str:
    """As a sentence without its stop, or "" where nobody looks."""
    if not handles:
        return ""
    if len(handles) == 1:
        return _("%(who)s is reading this") % {"who": handles[0]}
    return _("reading this now: %(who)s") % {"who": ", ".join(handles)}
