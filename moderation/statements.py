"""What a member is told about a decision: what, which rule, why, how to put it right, how to ask again, who wrote it."""

import re
from collections.abc import Mapping
from datetime import datetime
from functools import partial

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from forum.models import Member, Post, Role, Status
from forum.rules import title_of
from moderation import statement_library, statements_members
from moderation.lasting import until_words
from moderation.models import Decision, DecisionKind
from moderation.vocabulary import IN_FAVOUR


def default_statement(
    kind: str,
    *,
    member: Member,
    by: Member,
    post: Post | None,
    rule: str = "",
    content_note: str = "",
    was: str = "",
    begin_from: int | None = None,
    until: datetime | None = None,
) -> str:
    """The text a moderator starts from, and may change. Plain text, paragraphs parted by blank lines.

    `was` is the status of the post before the decision; left out, the one it has. `begin_from` picks a text of the library.
    """
    held = kind == DecisionKind.RESTORE and post is not None and (was or post.status) == Status.HELD
    title = title_of(rule)
    facts = {
        "member": member.handle,
        "by": by.handle,
        "role": role_words(by),
        "post": the_post(post),
        "rule": title,
        "note": content_note,
        "until": until_words(until) if until else statements_members.NOT_CHOSEN,
    }
    parts = [
        _("Hello %(member)s."),
        *(
            [_("%(by)s has looked at %(post)s. It is on the wall now.")]
            if held
            else _from_library(kind, rule, facts, begin_from) or _what(kind, content_note)
        ),
        " ".join([_why(rule, title), *statements_members.after(kind, post, under_a_rule=bool(title))]),
        *_put_right(kind),
        _again(kind),
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


def the_post(post: Post | None) -> str:
    if post is None:
        return _("what you wrote")
    day = date_format(timezone.localtime(post.created_at), "j F")
    return (_("your reply of %(day)s") if post.parent_id else _("your post of %(day)s")) % {"day": day}


def _from_library(kind: str, rule: str, facts: Mapping[str, str], picked: int | None) -> list[str]:
    """An operator's words, or those that were picked; with nothing of theirs taken for a placeholder of ours."""
    words = statement_library.words_for(kind, rule, facts, picked)
    return [words.replace("%", "%%")] if words else []


def _what(kind: str, content_note: str) -> list[str]:
    return _noted(content_note) if kind == DecisionKind.CONTENT_NOTE else _WHAT[DecisionKind(kind)]()


def _usual(kind: DecisionKind) -> str:
    """What the library shows of our own words: with its placeholders, in braces."""
    if kind not in _WHAT and kind != DecisionKind.CONTENT_NOTE:
        return ""
    return re.sub(r"%\((\w+)\)s", r"{\1}", "\n\n".join(_what(kind, "note")))


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
    **statements_members.WHAT,
    DecisionKind.NO_ACTION: lambda: [
        _("Somebody asked us to look at %(post)s. %(by)s has read it, and it stays as it is.")
    ],
    DecisionKind.REDACT: lambda: [
        _("We have taken something out of %(post)s: where it stood, […] stands now. The rest is as you wrote it.")
    ],
    DecisionKind.LOCK: lambda: [
        _("We have closed %(post)s to more replies. Your words and the replies that are there stand.")
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


def _why(rule: str, title: str) -> str:
    if rule == Decision.SAFETY:
        return _("This is to keep people safe, you among them. It breaks no rule and does not count against you.")
    if title:
        return _("It is because of the house rule “%(rule)s”.")
    return _("Nothing about this counts against you.")


def _put_right(kind: str) -> list[str]:
    if kind in (DecisionKind.FOLD, DecisionKind.REDACT):
        return [_("You can edit it and put it back yourself, or talk to us about it: both stand beneath this.")]
    if kind == DecisionKind.REMOVE:
        return [
            _(
                "You can write it anew without that part and send it to us from here; a person reads it and puts it back. Or talk to "
                "us about it first."
            )
        ]
    return []


def _again(kind: str) -> str:
    if kind in IN_FAVOUR:
        return _("If something about this troubles you, tell us through “I need someone from the team”.")
    return _(
        "If this seems wrong to you, press “Ask for another look” beneath this, within six months. Somebody other than %(by)s "
        "will look at it again, and it can be undone in full."
    )


def _written() -> str:
    return _("Written by %(by)s, %(role)s, a person.")


statement_library.USUAL.update({kind: partial(_usual, kind) for kind in DecisionKind})
