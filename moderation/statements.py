"""What a member is told about a decision: what, which rule, why, how to put it right, how to ask again, who wrote it."""

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from forum.models import Member, Post, Role
from forum.rules import RULES
from moderation.models import Decision, DecisionKind

TITLES = {rule.anchor: rule.title for rule in RULES}


def default_statement(
    kind: str, *, member: Member, by: Member, post: Post | None, rule: str = "", content_note: str = ""
) -> str:
    """The text a moderator starts from, and may change. Plain text, paragraphs parted by blank lines."""
    facts = {
        "member": member.handle,
        "by": by.handle,
        "role": role_words(by),
        "post": _the_post(post),
        "rule": str(TITLES.get(rule, "")),
        "note": content_note,
    }
    parts = [
        _("Hello %(member)s."),
        *(_noted(content_note) if kind == DecisionKind.CONTENT_NOTE else _WHAT[DecisionKind(kind)]()),
        _why(kind, rule),
        *_put_right(kind),
        _again(),
        _written(),
    ]
    return "\n\n".join(part % facts for part in parts if part)


def role_words(person: Member) -> str:
    """Who somebody of the team is, in the middle of a sentence."""
    known: dict[str, str | Promise] = {
        Role.MODERATOR: _("one of the moderators"),
        Role.STAFF: _("from the staff"),
        Role.INDEPENDENT: _("one of the independent contacts"),
    }
    return str(known.get(person.role, _("from the team")))


def _the_post(post: Post | None) -> str:
    if post is None:
        return _("what you wrote")
    day = date_format(timezone.localtime(post.created_at), "j F")
    return (_("your reply of %(day)s") if post.parent_id else _("your post of %(day)s")) % {"day": day}


def _noted(content_note: str) -> list[str]:
    """A draft may be asked for before the note is written: no empty quotation marks stand in it then."""
    if not content_note:
        return [
            _("We have put a note on %(post)s, so that others can choose when to read it. All your words are there.")
        ]
    return [
        _(
            "We have put a note on %(post)s, “%(note)s”, so that others can choose when to read it. All your words are there."
        )
    ]


_WHAT = {
    DecisionKind.NO_ACTION: lambda: [
        _("Somebody asked us to look at %(post)s. %(by)s has read it, and it stays as it is.")
    ],
    DecisionKind.FOLD: lambda: [_("We have folded %(post)s. All of it is still there: one press opens it.")],
    DecisionKind.REMOVE: lambda: [
        _("We have taken down %(post)s. Nobody else sees it now; you can still read it here.")
    ],
    DecisionKind.RESTORE: lambda: [_("We have put back %(post)s. It is on the wall again as you wrote it.")],
    DecisionKind.WARNING: lambda: [
        _(
            "This is a word of warning about %(post)s. Nothing of yours is taken away. Please keep to the rule from here on."
        )
    ],
}


def _why(kind: str, rule: str) -> str:
    if rule == Decision.SAFETY:
        return _("This is to keep people safe, you among them. It breaks no rule and does not count against you.")
    if rule in TITLES:
        return _("It is because of the house rule “%(rule)s”.")
    return _("Nothing about this counts against you.")


def _put_right(kind: str) -> list[str]:
    if kind in (DecisionKind.FOLD, DecisionKind.REMOVE):
        return [_("You can share it again without that part, or ask us what to change.")]
    return []


def _again() -> str:
    return _(
        "If this seems wrong to you, say so through “I need someone from the team”. Somebody other than %(by)s will look at it "
        "again, and it can be put back in full."
    )


def _written() -> str:
    return _("Written by %(by)s, %(role)s, a person.")
