"""What people write on the wall. The page and the socket hand the same fields to the same form."""

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from forum.drafts import saves_of
from forum.fields import PlainTextField
from forum.models import FindingKind, Intent, Post, SupportKind
from forum.safe_words import LookAgain, look_again


def _body(label: Any, rows: int) -> PlainTextField:
    return PlainTextField(
        label=label,
        rows=rows,
        max_length=Post.BODY_MAX,
        error_messages={"required": _("There are no words here yet.")},
    )


def _content_note() -> PlainTextField:
    return PlainTextField(
        label=_("Content note"),
        help_text=_("A few words that your post is folded behind, such as: self-harm, no detail."),
        max_length=Post.NOTE_MAX,
        required=False,
    )


class KeyedForm(forms.Form):
    """Carries the sender's key. A form without one gets a fresh key, so that a plain client may post as well."""

    key = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def clean_key(self) -> UUID:
        return self.cleaned_data.get("key") or uuid4()

    def renew_key(self) -> None:
        """For a form that comes back: the next send is a new one."""
        self.data = {**{name: self.data.get(name) for name in self.data}, "key": str(uuid4())}


class DraftedForm(forms.Form):
    """Its words are kept while they are written; `draft` names the saves of them that its page knows."""

    draft = forms.CharField(required=False, widget=forms.HiddenInput)


class WrittenForm(DraftedForm):
    """Words for the wall. `look_again`, once they are valid: what their writer is asked before they go (forum.safe_words).

    `answered` and `noticed` say what they have been shown already.
    """

    answered = forms.CharField(required=False, widget=forms.HiddenInput)
    noticed = forms.CharField(required=False, widget=forms.HiddenInput)
    look_again: LookAgain | None = None

    def clean(self) -> dict[str, Any]:
        fields = super().clean() or self.cleaned_data
        answered, noticed = fields.pop("answered", ""), fields.pop("noticed", "")
        fields["draft"] = saves_of(fields.get("draft", ""))
        if not self.errors:
            text = f"{fields['body']}\n{fields.get('content_note', '')}"
            self.look_again = look_again(text, answered=answered, noticed=noticed == FindingKind.DETAILS)
        return fields


class PostForm(WrittenForm, KeyedForm):
    body = _body(_("What's on your mind?"), 2)
    intent = forms.ChoiceField(
        label=_("What would help?"),
        choices=Intent.choices,
        initial=Intent.SUPPORT,
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Please choose one of the four.")},
    )
    content_note = _content_note()

    def clean_intent(self) -> str:
        return self.cleaned_data.get("intent") or Intent.SUPPORT


class ReplyForm(WrittenForm, KeyedForm):
    body = _body(_("Your reply"), 3)


class EditForm(WrittenForm):
    body = _body(_("Your words"), 6)
    content_note = _content_note()
    seen_version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, is_reply: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_reply:
            del self.fields["content_note"]


class SupportForm(KeyedForm):
    kind = forms.ChoiceField(
        choices=SupportKind.choices,
        error_messages={"invalid_choice": _("Choose one of the four ways to show support.")},
    )
    on = forms.BooleanField(required=False)
