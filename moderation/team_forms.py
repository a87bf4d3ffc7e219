"""What the team writes on the page of a case. Rules live in the actions: a form only reads what was sent."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.timezone import is_aware
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from forum import rules
from forum.fields import PlainTextField
from forum.forms import KeyedForm
from forum.handles import LONGEST, clean_handle
from forum.models import Post
from moderation import lasting, statement_library
from moderation.first_words import gaps_left
from moderation.forms import WordForm, plain_words
from moderation.models import CrisisRecord, Decision, DecisionKind, Report, Word
from moderation.shown import digest_of
from moderation.vocabulary import ON_THE_MEMBER


class SeenForm(forms.Form):
    """`seen` is the version of the case on the page where the button stood."""

    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def written(self) -> str:
        """Everything that was typed into it, to be kept where the form itself cannot be."""
        typed = (field.value() for field in self.visible_fields() if isinstance(field.field.widget, forms.Textarea))
        return "\n\n".join(value for value in typed if value)


class SeenWordsForm(SeenForm):
    """A button that is pressed on words as they stood on the page."""

    seen_posts = forms.CharField(required=False, widget=forms.HiddenInput)

    def seen_version_of(self, post_id: int | None) -> int | None:
        """The version of these words that stood on the page, or None when they did not."""
        return versions_from(self.cleaned_data.get("seen_posts", "")).get(post_id or 0)


class TeamWordForm(WordForm, SeenForm):
    """The team's side of it. What can be begun from comes with `initial`; nothing of it is sent before it was read."""

    begin_from = forms.ChoiceField(label=_("Begin from"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = self.initial.get("begin_from_offered", ())
        _choose(self.fields["begin_from"], [("", _("Words of your own")), *((str(pk), name) for pk, name in offered)])
        if not offered:
            del self.fields["begin_from"]
        self.fields["body"].required = False

    @property
    def begins(self) -> bool:
        """Whether it only asks for words to begin from: then they are shown, and sent by another press."""
        return bool(self.cleaned_data.get("begin_from")) and not self.cleaned_data.get("body")

    def clean(self) -> dict[str, Any]:
        fields = super().clean() or self.cleaned_data
        if self.data.get("do") == "begin_word" or "body" in self.errors:
            return fields
        if not fields.get("body") and not fields.get("begin_from"):
            self.add_error("body", _("There are no words here yet."))
        elif gaps := gaps_left(fields.get("body", "")):
            self.add_error("body", _("Put your own words where it says %(gap)s.") % {"gap": gaps[0]})
        return fields


class NoteForm(SeenForm):
    note = plain_words(
        _("A note for colleagues"),
        Report.NOTE_MAX,
        help_text=_("The member never reads it."),
        error_messages={"required": _("Write the note first.")},
    )


class EscalateForm(SeenForm):
    note = plain_words(
        _("What staff need to know first"),
        Report.NOTE_MAX,
        help_text=_("What you have seen, what you have tried, and what you think is needed."),
        error_messages={"required": _("Write what staff need to know first.")},
    )


class ReturnForm(SeenForm):
    note = plain_words(
        _("What moderators need to know first"),
        Report.NOTE_MAX,
        error_messages={"required": _("Write what moderators need to know first.")},
    )


class ReopenForm(SeenForm):
    note = plain_words(
        _("Why it is opened again"),
        Report.NOTE_MAX,
        rows=2,
        error_messages={"required": _("Write why it is opened again.")},
    )


class CloseForm(SeenForm):
    """A care case closes with its record, or with why it was no crisis; any other with how it ended."""

    because = plain_words(
        _("This was not a crisis, because"),
        CrisisRecord.WORDS_MAX,
        required=False,
        help_text=_("A second person reads this within a day."),
    )
    note = plain_words(_("How it ended"), Report.NOTE_MAX, required=False)


FOR_SAFETY = _("For safety: no rule is named, and nothing counts against them")


class DecideForm(SeenWordsForm):
    """What to do, why, and the words the member will read. `seen_posts` says which versions of the words were judged, and
    `shown` which statement the page drew as they will read it: only that is sent.
    """

    shown_first = False  # the statement is drawn now because it was about to be sent unread

    kind = forms.ChoiceField(
        label=_("What should happen?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what should happen.")},
    )
    post = forms.TypedChoiceField(label=_("Which words"), coerce=int, required=False, empty_value=None)
    rule = forms.ChoiceField(label=_("House rule"), required=False)
    lasting = forms.ChoiceField(
        label=_("For how long"),
        choices=[("", _("Choose")), *lasting.choices()],
        required=False,
        help_text=_("It ends by itself then, and they read until when."),
    )
    begun = forms.CharField(required=False, widget=forms.HiddenInput)  # when the statement was, in UTC
    content_note = plain_words(
        _("The content note"),
        Post.NOTE_MAX,
        rows=0,
        required=False,
        help_text=_("For a content note: what the words are folded behind."),
    )
    takes_out = plain_words(
        _("What goes"),
        Post.BODY_MAX,
        required=False,
        help_text=_(
            "Copy it from their words, each phrase on a line of its own. Wherever it stands, […] takes its place; nothing else "
            "changes."
        ),
    )
    begin_from = forms.TypedChoiceField(label=_("Begin from"), coerce=int, required=False, empty_value=None)
    statement = plain_words(_("What they will read"), Decision.STATEMENT_MAX, rows=6, required=False)
    shown = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    drafted = PlainTextField(required=False, max_length=Decision.STATEMENT_MAX, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, kinds: Iterable[str] = (), posts: Iterable[Post] = (), hides: bool = False, **kwargs: Any
    ) -> None:
        """`hides`: whoever reads it chose not to meet hard words by surprise, so that posts are told apart by when."""
        super().__init__(*args, **kwargs)
        offered = set(kinds)
        posts = list(posts)
        _choose(self.fields["kind"], [(kind.value, capfirst(kind.label)) for kind in DecisionKind if kind in offered])
        _choose(self.fields["rule"], [("", _("None")), *rules.choices(), (Decision.SAFETY, FOR_SAFETY)])
        _choose(
            self.fields["post"],
            [("", _("Choose")), *((post.pk, _when(post) if hides else _excerpt(post.body)) for post in posts)],
        )
        _choose(self.fields["begin_from"], statement_library.choices(offered))
        if not posts:
            del self.fields["post"]

    def clean_begun(self) -> datetime | None:
        """A hidden field: what is no moment is none, and nobody is bothered with it."""
        try:
            begun = datetime.fromisoformat(self.cleaned_data["begun"])
        except ValueError:
            return None
        return begun if is_aware(begun) else None

    @property
    def now_shown(self) -> str:
        """What `shown` is on the page that is being drawn."""
        return digest_of(self["statement"].value() or "")

    def kind_groups(self) -> list[tuple[Any, list[Any]]]:
        """The choices about the words and those about the person, each with its heading where there are both."""
        of_person = [option for option in self["kind"] if option.data["value"] in ON_THE_MEMBER]
        others = [option for option in self["kind"] if option.data["value"] not in ON_THE_MEMBER]
        if not of_person or not others:
            return [("", of_person or others)]
        return [(_("The words"), others), (_("The person"), of_person)]


class RenameForm(KeyedForm, SeenForm):
    """Another name for somebody who must not be found by the old one."""

    handle = forms.CharField(
        label=_("Their new handle"),
        help_text=_("Agree on it with them if you can. Nothing in it should remind anyone of the old one."),
        max_length=4 * LONGEST,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
        error_messages={
            "required": _("Write the new handle."),
            "max_length": _("Choose a name of 2 to 20 characters."),
        },
    )
    note = plain_words(
        _("Why, for the record"),
        Report.NOTE_MAX,
        rows=2,
        help_text=_("The member never reads it."),
        error_messages={"required": _("Write why.")},
    )
    body = plain_words(
        _("What they will read"), Word.BODY_MAX, error_messages={"required": _("Write something first.")}
    )

    def clean_handle(self) -> str:
        return clean_handle(self.cleaned_data["handle"])


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


def _when(post: Post) -> str:
    when = {"when": date_format(timezone.localtime(post.created_at), "j F, H:i")}
    return (gettext("The reply of %(when)s") if post.parent_id else gettext("The post of %(when)s")) % when


def _excerpt(body: str) -> str:
    first = " ".join(body.split())
    return first if len(first) <= 60 else f"{first[:57]}…"
