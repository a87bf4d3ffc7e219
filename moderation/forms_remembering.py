"""What staff send about a member who has died. Rules live in the actions: a form only reads what was sent."""

from django import forms
from django.utils.translation import gettext_lazy as _

from forum.forms import KeyedForm
from forum.models import Pinned, Post
from moderation.forms import plain_words
from moderation.models import FamilyWish, Remembrance

LINE = _("We are remembering somebody from here.")


class ProposeForm(forms.Form):
    """Who has died, and how it is known."""

    handle = forms.CharField(
        label=_("Their handle"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
        error_messages={"required": _("Write their handle.")},
    )
    why = plain_words(
        _("How it is known"),
        Remembrance.WHY_MAX,
        rows=3,
        help_text=_("Who told you, when, and how you made sure. For staff alone."),
        error_messages={"required": _("Write how you know, so that the second person can judge it.")},
    )
    marked = forms.BooleanField(
        label=_("Say on their page that they are remembered"),
        required=False,
        help_text=_("Leave it for now if people close to them have yet to be told. You can change it at any time."),
    )


class UndoForm(forms.Form):
    undo_why = plain_words(
        _("Why it was a mistake"),
        Remembrance.WHY_MAX,
        rows=2,
        error_messages={"required": _("Write how you know, so that the second person can judge it.")},
    )


class ThreadForm(KeyedForm):
    """The one thread in which members remember somebody."""

    body = plain_words(
        _("Your words, as from the team"),
        Post.BODY_MAX,
        rows=6,
        help_text=_("Say what is known and may be said, never how. Say where help is."),
        error_messages={"required": _("There are no words here yet.")},
    )
    line = plain_words(
        _("A line above the wall that leads there"),
        Pinned.WORD_MAX,
        rows=0,
        initial=LINE,
        error_messages={"required": _("There are no words here yet.")},
    )


class WishForm(forms.Form):
    """Words that the family wants taken down."""

    post = forms.IntegerField(
        label=_("Number of the post or reply"),
        min_value=1,
        max_value=2**63 - 1,
        help_text=_("The number in its address."),
        error_messages={"required": _("Write its number."), "invalid": _("Write its number.")},
    )
    why = plain_words(
        _("Who asks"),
        FamilyWish.WHY_MAX,
        rows=2,
        help_text=_("And how you know that it is them."),
        error_messages={"required": _("Write who asks, and how you know that it is them.")},
    )
