"""First messages to begin a conversation from: what Harbour brings, written after public guidance on talking with somebody in
distress (ask whether now is safe, name the difficulty, offer choices, press for nothing), and what this site says instead.

A text has placeholders in braces, which are filled, and gaps in square brackets, which only the person who writes can fill:
a word with a gap left in it is not sent, so that nobody sends one unread.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.apps import apps as installed
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from forum.models import Member
from moderation.models import Case, FirstWord
from moderation.statement_library import fill
from moderation.statements import role_words

PLACEHOLDERS = frozenset({"member", "by", "role", "before"})
GAP = re.compile(r"\[[^\[\]\n]{2,80}\]")


@dataclass(frozen=True, slots=True)
class Brought:
    """One text that comes with Harbour."""

    key: str
    name: Promise
    words: Promise


BROUGHT = (
    Brought(
        "hello",
        gettext_lazy("A first hello"),
        gettext_lazy(
            "Hello {member}, this is {by}, {role}, a person. I have read what you wrote: [what they said, in their own words]. "
            "That sounds like a lot to carry. Is this a good moment to talk? You can leave it, too, or write only a word."
        ),
    ),
    Brought(
        "safe-now",
        gettext_lazy("Is now safe?"),
        gettext_lazy(
            "Hello {member}, this is {by}, {role}, a person. What you wrote made me want to ask you straight: are you safe where "
            "you are, just now? When things are this hard, some people think of ending their life. If that is so for you, you "
            "can say it here as it is. I am reading, and I will not be shocked."
        ),
    ),
    Brought(
        "joining",
        gettext_lazy("Joining a colleague's conversation"),
        gettext_lazy(
            "Hello {member}, this is {by}, {role}, a person. {before} asked me to join you two here. I have read what you wrote "
            "to one another, so you need not begin again. As I understand it, [what it is about, in a sentence]. Have I got "
            "that right?"
        ),
    ),
    Brought(
        "choices",
        gettext_lazy("Offering choices"),
        gettext_lazy(
            "Thank you for telling me, {member}. [what they said, in their own words] is hard. There are a few ways to go on, and "
            "none of them is the wrong one: we can go on writing here; I can send you the number of people who listen day and "
            "night; or we think together of somebody near you who could sit with you. What would be least hard just now?"
        ),
    ),
    Brought(
        "no-answer",
        gettext_lazy("When no answer has come"),
        gettext_lazy(
            "Hello {member}, this is {by} again. You owe me no answer. I only want you to know that I am still reading here, until "
            "[when you stop]. If writing is too much, one word is enough. If it is worse than before, 999 and 116 123 answer "
            "at once."
        ),
    ),
    Brought(
        "stopping",
        gettext_lazy("Before you stop"),
        gettext_lazy(
            "{member}, I have to stop at [when]. [who reads here after you, or when somebody is back] Until then nobody reads this "
            "page. What would help you through the time in between?"
        ),
    ),
)
BY_KEY: Mapping[str, Brought] = {each.key: each for each in BROUGHT}


def plant(using: str = "default", apps: Any = installed, **_more: Any) -> None:
    """Makes the rows that are missing, after migrating. Empty ones say what Harbour says by itself."""
    try:
        rows = apps.get_model("moderation", "FirstWord")
    except LookupError:
        return  # migrated to a state from before there were any
    rows.objects.using(using).bulk_create(
        [rows(key=each.key, language=language) for language, _name in settings.LANGUAGES for each in BROUGHT],
        ignore_conflicts=True,
    )


def name_of(row: FirstWord) -> str:
    """What it is picked by, for whoever looks at the page."""
    return row.name or (str(BY_KEY[row.key].name) if row.key in BY_KEY else row.key)


def words_of(row: FirstWord) -> str:
    """With placeholders and gaps, in its own language."""
    with translation.override(row.language):
        return row.words or (str(BY_KEY[row.key].words) if row.key in BY_KEY else "")


def offered(language: str = "") -> list[FirstWord]:
    """Those in one language, ours first; the member's, as they are the one who reads it."""
    rows = FirstWord.objects.filter(language=language or get_language() or settings.LANGUAGE_CODE)
    return [row for row in rows if row.words or row.key in BY_KEY]


def begun(row: FirstWord, case: Case, by: Member) -> str:
    """The text with what is known put in; its gaps stay for whoever writes."""
    last = case.words.filter(from_team=True).exclude(author=by).select_related("author").order_by("-pk").first()
    facts = {
        "member": case.subject.handle,
        "by": by.handle,
        "role": role_words(by),
        "before": last.author.handle if last else _("A colleague"),
    }
    return fill(words_of(row), facts)


def gaps_left(body: str) -> list[str]:
    """What of the library's gaps still stands in words that somebody would send. Their own square brackets are theirs."""
    if "[" not in body:
        return []
    known = {gap for row in FirstWord.objects.all() for gap in GAP.findall(words_of(row))}
    return [gap for gap in GAP.findall(body) if gap in known]


def check_words(words: str) -> None:
    """Raises ValidationError for braces that would stand for nothing when somebody reads them."""
    named: Iterable[str] = re.findall(r"\{([^{}]*)\}", words)
    wrong = [name for name in named if name not in PLACEHOLDERS]
    if wrong or re.sub(r"\{[^{}]*\}", "", words).count("{") or re.sub(r"\{[^{}]*\}", "", words).count("}"):
        known = ", ".join(f"{{{name}}}" for name in sorted(PLACEHOLDERS))
        raise ValidationError(_("Something in braces stands for nothing here. These do: %(known)s.") % {"known": known})
