"""What people write to the team, and what the team writes. Rules live in the actions: a form only reads what was sent."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from forum.fields import PlainTextField
from forum.forms import KeyedForm
from forum.models import Post
from forum.rules import RULES
from moderation.categories import choices
from moderation.models import CrisisRecord, Decision, DecisionKind, Door, Report, Word


def _words(label: Any, max_length: int, rows: int = 3, **more: Any) -> PlainTextField:
    return PlainTextField(label=label, max_length=max_length, rows=rows, **more)


class DoorForm(KeyedForm):
    """One door's form: what it is about, in words that can be picked, and in one's own."""

    door: Door
    note = _words(_("Anything you'd like to add"), Report.NOTE_MAX, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        category = forms.ChoiceField(
            label=self.question,
            choices=choices(self.door),
            widget=forms.RadioSelect,
            error_messages={"required": _("Please pick the one that comes closest."),
                            "invalid_choice": _("Please pick one of these.")},
        )  # fmt: skip
        self.fields = {"category": category, **self.fields}
        for name, field in self.fields.items():
            field.label = self.labels.get(name, field.label)

    question: Any = ""
    labels: dict[str, Any] = {}


class WorryForm(DoorForm):
    door = Door.WORRY
    question = _("What comes closest?")
    labels = {"note": _("What worries you, in your own words")}
    whereabouts = _words(
        _("Do you already know something that would help find them?"),
        Report.NOTE_MAX,
        rows=2,
        required=False,
        help_text=_(
            "A town, a first name, a phone number, where they said they were going. Only what you know; please don't go looking."
        ),
    )
    seen_version = forms.IntegerField(required=False, widget=forms.HiddenInput)


class RuleForm(DoorForm):
    door = Door.RULE
    question = _("What is it?")
    seen_version = forms.IntegerField(required=False, widget=forms.HiddenInput)


class AskForm(DoorForm):
    door = Door.SELF
    question = _("How soon?")
    labels = {"note": _("What would you like us to know?")}


class WordForm(KeyedForm):
    """A word to the other side of the conversation."""

    body = _words(_("Your words"), Word.BODY_MAX, error_messages={"required": _("There are no words here yet.")})

    def __init__(self, *args: Any, label: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].label = label or self.fields["body"].label


class SeenForm(forms.Form):
    """`seen` is the version of the case on the page where the button stood."""

    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)


class TeamWordForm(WordForm, SeenForm):
    """The team's side of it."""


class NoteForm(SeenForm):
    note = _words(
        _("A note for colleagues"),
        Report.NOTE_MAX,
        help_text=_("The member never reads it."),
        error_messages={"required": _("Write the note first.")},
    )


class EscalateForm(SeenForm):
    note = _words(
        _("What staff need to know first"),
        Report.NOTE_MAX,
        help_text=_("What you have seen, what you have tried, and what you think is needed."),
        error_messages={"required": _("Write what staff need to know first.")},
    )


class ReturnForm(SeenForm):
    note = _words(
        _("What moderators need to know first"),
        Report.NOTE_MAX,
        error_messages={"required": _("Write what moderators need to know first.")},
    )


class ReopenForm(SeenForm):
    note = _words(
        _("Why it is opened again"),
        Report.NOTE_MAX,
        rows=2,
        error_messages={"required": _("Write why it is opened again.")},
    )


class CloseForm(SeenForm):
    """A care case closes with its record, or with why it was no crisis; any other with how it ended."""

    because = _words(
        _("This was not a crisis, because"),
        CrisisRecord.WORDS_MAX,
        required=False,
        help_text=_("A second person reads this within a day."),
    )
    note = _words(_("How it ended"), Report.NOTE_MAX, required=False)


class DecideForm(SeenForm):
    """What to do, why, and the words the member will read. `seen_posts` says which versions of the words were judged."""

    kind = forms.ChoiceField(
        label=_("What should happen?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what should happen.")},
    )
    post = forms.TypedChoiceField(label=_("Which words"), coerce=int, required=False, empty_value=None)
    rule = forms.ChoiceField(label=_("House rule"), required=False)
    content_note = _words(
        _("The content note"),
        Post.NOTE_MAX,
        rows=0,
        required=False,
        help_text=_("For a content note: what the words are folded behind."),
    )
    statement = _words(_("What they will read"), Decision.STATEMENT_MAX, rows=6, required=False)
    drafted = PlainTextField(required=False, max_length=Decision.STATEMENT_MAX, widget=forms.HiddenInput)
    seen_posts = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, kinds: Iterable[str] = (), posts: Iterable[Post] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = set(kinds)
        posts = list(posts)
        _choose(self.fields["kind"], [(kind.value, capfirst(kind.label)) for kind in DecisionKind if kind in offered])
        _choose(self.fields["rule"], [("", _("None")), *((rule.anchor, rule.title) for rule in RULES)])
        _choose(self.fields["post"], [("", _("Choose")), *((post.pk, _excerpt(post.body)) for post in posts)])
        if not posts:
            del self.fields["post"]

    def seen_version_of(self, post_id: int | None) -> int | None:
        """The version of these words that stood on the page, or None when they did not."""
        return versions_from(self.cleaned_data.get("seen_posts", "")).get(post_id or 0)


class RecordForm(SeenForm):
    """The crisis record: short, in their words first."""

    what_they_said = _words(
        _("What they said"), CrisisRecord.WORDS_MAX, help_text=_("In their words, as near as you can.")
    )
    when_and_where = _words(_("When and where"), CrisisRecord.WORDS_MAX, rows=2, required=False)
    what_they_want = _words(_("What they want"), CrisisRecord.WORDS_MAX, rows=2)
    what_we_did = _words(_("What we did"), CrisisRecord.WORDS_MAX)
    who_was_told = _words(_("Who was told"), CrisisRecord.WORDS_MAX, rows=2, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.error_messages["required"] = _("This part of the record is needed. A few words are enough.")


def _choose(field: forms.Field, choices: list[tuple[Any, Any]]) -> None:
    """Sets what a field that was declared without choices offers."""
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices


def versions_of(posts: Iterable[Post]) -> str:
    """Ids and versions for `seen_posts`: "12:3,15:1"."""
    return ",".join(f"{post.pk}:{post.version}" for post in posts)


def versions_from(text: str) -> dict[int, int]:
    """What `versions_of` wrote; anything else is left out."""
    pairs = (pair.partition(":") for pair in text[:2000].split(","))
    return {
        int(post): int(version)
        for post, _colon, version in pairs
        if f"{post}{version}".isdecimal() and post and version
    }


def _excerpt(body: str) -> str:
    first = " ".join(body.split())
    return first if len(first) <= 60 else f"{first[:57]}…"
