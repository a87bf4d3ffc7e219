"""Under which names people stand in a file for somebody outside: the person it is about, member B, a moderator.

Whoever told us has no name at all, not even a letter of their own, so that nobody can be matched with what was reported.
"""

import re
from collections.abc import Iterable
from string import ascii_uppercase

from django.db.models import Q
from django.utils.translation import gettext as _

from forum.handles import handle_key
from forum.models import Member, Post, Role
from moderation.models import Case
from moderation.redacting import phrases_from

MENTION = re.compile(r"@([^\s@,;:!?()<>\"]{2,20})")


class Names:
    """The names of one file. Letters are given out in the order in which people come up; the subject is A.

    `whole`: also with other people's details that staff marked as such in the record.
    """

    def __init__(self, case: Case, leave_out: str = "", *, with_handle: bool = False, whole: bool = False) -> None:
        self.subject = _("member A")
        self._letters: dict[int, str] = {case.subject_id: self.subject}
        known = {member.pk: member for member in people_of(case)}
        if with_handle:
            known.pop(case.subject_id, None)
        self._known = {member.handle.casefold(): member for member in known.values()}
        self._left_out = {line.strip().casefold() for line in leave_out.splitlines() if line.strip()}
        if not whole:
            self._left_out |= _details_in_records(case)
        self._left_out |= {known[pk].handle.casefold() for pk in _told_us(case) if pk in known}
        self._pattern = _any_of({*self._known, *self._left_out})

    def of(self, member: Member | None) -> str:
        """What stands for this person; for nobody, that it happened by itself."""
        if member is None:
            return _("nobody: it happened by itself")
        if member.pk == self._subject_id:
            return self.subject
        if member.role in _ROLES:
            return _ROLES[Role(member.role)]()
        if member.pk not in self._letters:
            self._letters[member.pk] = _("member %(letter)s") % {"letter": _letter(len(self._letters))}
        return self._letters[member.pk]

    def reporter(self) -> str:
        return _("somebody who told us")

    def clean(self, words: str) -> str:
        """The words, with other people's handles replaced, and what was to be left out taken out."""
        words = self._pattern.sub(lambda found: self._instead(found[0]), words) if self._pattern else words
        return MENTION.sub(self._mentioned, words)

    @property
    def _subject_id(self) -> int:
        return next(iter(self._letters))

    def _instead(self, found: str) -> str:
        member = self._known.get(found.casefold())
        return self.of(member) if member and found.casefold() not in self._left_out else left_out()

    def _mentioned(self, found: re.Match[str]) -> str:
        """A handle of somebody who has nothing to do with the case; words that are nobody's stay."""
        name = found[1].rstrip(".'-")
        member = Member.objects.filter(handle_key=handle_key(name)).first()
        if member is None or (member.pk == self._subject_id and member.handle.casefold() not in self._known):
            return found[0]
        return self.of(member) + found[1][len(name) :]


def left_out() -> str:
    return _("[left out]")


_ROLES = {
    Role.MODERATOR: lambda: _("a moderator"),
    Role.STAFF: lambda: _("a member of staff"),
    Role.INDEPENDENT: lambda: _("an independent contact"),
    Role.ADMINISTRATOR: lambda: _("an administrator"),
}


def _letter(place: int) -> str:
    """A, B … Z, then A2, B2 …"""
    turn, at = divmod(place, len(ascii_uppercase))
    return ascii_uppercase[at] + (str(turn + 1) if turn else "")


def people_of(case: Case) -> Iterable[Member]:
    """Everybody whose handle may stand in the words: who wrote, who reported, who worked on it, who is in the threads."""
    people: list[int | None] = [case.subject_id, case.holder_id, case.escalated_by_id, case.closed_by_id]
    people += case.reports.values_list("reporter", flat=True)
    people += case.events.values_list("actor", flat=True)
    people += case.words.values_list("author", flat=True)
    posts = _known([case.post_id, *case.reports.values_list("post", flat=True)])
    threads = posts | _known(Post.objects.filter(pk__in=posts).values_list("parent", flat=True))
    people += Post.objects.filter(Q(pk__in=threads) | Q(parent__in=threads)).values_list("author", flat=True)
    return Member.objects.filter(pk__in=_known(people))


def _known(ids: Iterable[int | None]) -> set[int]:
    return {each for each in ids if each is not None}


def _told_us(case: Case) -> set[int]:
    """Members who reported: their names go out nowhere, not even as a letter. What the team noticed is the team's."""
    reporters = case.reports.filter(reporter__role=Role.MEMBER).exclude(reporter=case.subject_id)
    return set(reporters.values_list("reporter", flat=True))


def _details_in_records(case: Case) -> set[str]:
    """What staff marked as other people's details, each phrase: it is in no file unless that was asked for."""
    marked = case.records.exclude(left_out="").values_list("left_out", flat=True)
    return {phrase.casefold() for words in marked for phrase in phrases_from(words)}


def _any_of(names: Iterable[str]) -> "re.Pattern[str] | None":
    """Whole words, the longest first, whatever their case and the spaces in them."""
    longest = sorted(names, key=len, reverse=True)
    if not longest:
        return None
    spaced = [r"\s+".join(map(re.escape, name.split())) for name in longest]
    return re.compile(r"(?<!\w)(?:" + "|".join(spaced) + r")(?!\w)", re.IGNORECASE)
