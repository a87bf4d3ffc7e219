"""Words that are kept for good name nobody: not the person a case is about, nor anybody else in it."""

from django.utils.translation import gettext as _

from forum.models import Member
from moderation.case_export.naming import people_of
from moderation.models import Case
from moderation.refusals import Missing


def refuse_names(field: str, words: str, case: Case | None) -> None:
    """Raises Missing where a member's handle stands in them: one of the case's, or any behind an @."""
    found = named_in(words, case)
    if found:
        raise Missing(
            field, _("“%(handle)s” is somebody's handle. These words stay, so they name nobody.") % {"handle": found}
        )


def named_in(words: str, case: Case | None) -> str:
    """The first handle of a member that stands in the words, or "". A handle that is also a word counts in a case of theirs."""
    spoken = {each.strip(".,;:!?()'\"“”‘’").casefold() for each in words.replace("@", " ").split()}
    if case is not None:
        for member in people_of(case):
            if member.handle.casefold() in spoken:
                return member.handle
    behind_at = {each[1:].rstrip(".,;:!?)'\"").casefold() for each in words.split() if each.startswith("@")}
    for handle in Member.objects.filter(handle__in=behind_at).values_list("handle", flat=True):
        return str(handle)
    return ""
