"""One's own pages: who I am here, how it looks, what reaches me, the card."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from forum.access import has_role
from forum.avatars import avatar_token, styles_beside
from forum.cards import Card
from forum.fields import PlainTextField
from forum.handles import LONGEST, clean_handle, speaks_for_team
from forum.models import MailChoice, Member, Region, Role, TextSize, Theme, Typeface


class WhoForm(forms.Form):
    """What others read on a member's page, and the picture beside their words."""

    pronouns = PlainTextField(
        label=_("Pronouns"), help_text=_("Such as: she, they, he or they."), max_length=30, required=False
    )
    about = PlainTextField(
        label=_("A few words about you"),
        help_text=_("Everyone here can read them on your page. Nothing by which somebody could find you is best."),
        rows=3,
        max_length=300,
        required=False,
    )
    avatar_style = forms.TypedChoiceField(
        label=_("Your picture"),
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose one of these pictures."),
            "invalid_choice": _("Choose one of these pictures."),
        },
    )

    def __init__(self, *args: Any, member: Member, **kwargs: Any) -> None:
        shown = {"pronouns": member.pronouns, "about": member.about, "avatar_style": member.avatar_style}
        super().__init__(*args, **kwargs | {"initial": shown})
        self.member = member
        styles = styles_beside(member.avatar_style)
        self.pictures = [(number, avatar_token(member.pk, style)) for number, style in enumerate(styles, 1)]
        self.fields["avatar_style"].choices = [  # type: ignore[attr-defined]
            (style, _("Picture %(number)d") % {"number": number}) for number, style in enumerate(styles, 1)
        ]

    def clean_pronouns(self) -> str:
        """They stand where the team's mark stands."""
        pronouns: str = self.cleaned_data["pronouns"]
        if speaks_for_team(pronouns) and not has_role(self.member):
            raise forms.ValidationError(_("This could be taken for the team's own mark. Write it in another way."))
        return pronouns


class HandleForm(forms.Form):
    handle = forms.CharField(
        label=_("Your new handle"),
        help_text=_("The name everyone here knows you by: 2 to 20 letters, digits and _ - ' ."),
        max_length=4 * LONGEST,
        widget=forms.TextInput(attrs={"autocomplete": "nickname", "autocapitalize": "none", "spellcheck": "false"}),
        error_messages={
            "required": _("Choose a name to go by."),
            "max_length": _("Choose a name of 2 to 20 characters."),
        },
    )

    def clean_handle(self) -> str:
        return clean_handle(self.cleaned_data["handle"])


def _one_of(label: Any, choices: Any, **more: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, choices=choices, widget=more.pop("widget", forms.RadioSelect),
        error_messages={"required": _("Choose one of these."), "invalid_choice": _("Choose one of these.")}, **more,
    )  # fmt: skip


class LooksForm(forms.Form):
    theme = _one_of(_("Light or dark"), Theme.choices)
    text_size = _one_of(_("Size of the text"), TextSize.choices)
    typeface = _one_of(_("Letters"), Typeface.choices)
    language = _one_of(_("Language"), settings.LANGUAGES, widget=forms.Select)
    region = _one_of(
        _("Where you are"),
        [("", _("I'd rather not say")), *Region.choices],
        widget=forms.Select,
        required=False,
        help_text=_(
            "Lines you can ring there come first on the help page, and for whoever of the team looks after you. No other "
            "member sees it."
        ),
    )
    reduced_motion = forms.BooleanField(
        label=_("Nothing moves"),
        help_text=_("Little moves here anyway. This stops the rest."),
        required=False,
    )
    single_keys = forms.BooleanField(
        label=_("Single keys do things"),
        help_text=_(
            "Such as j for the next post. Press ? to see them all. Off is better with speech and some other tools."
        ),
        required=False,
    )
    shift_leaves = forms.BooleanField(
        label=_("Shift, three times, leaves quickly"),
        help_text=_("Off is better if you use Shift for other things. The button at the top works either way."),
        required=False,
    )

    hide_hard_words = forms.BooleanField(
        label=_("Hide hard words until I press"),
        help_text=_(
            "On the page of a case. What it is about stands there; the words stay folded, each until you want to read it."
        ),
        required=False,
    )

    def __init__(self, *args: Any, member: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"initial": {name: getattr(member, name) for name in self.base_fields}})
        if len(settings.LANGUAGES) < 2:
            del self.fields["language"]
        if member.role in (Role.MEMBER, Role.ADMINISTRATOR):
            del self.fields["hide_hard_words"]  # they read no cases


class MailForm(forms.Form):
    mail_choice = _one_of(
        _("May we write to your e-mail address?"),
        MailChoice.choices,
        help_text=_(
            "Others may see your mail. With Yes, a mail says what it is about, such as a decision or your copy, and never what "
            "anybody wrote. In neutral words, it says no more than that something waits for you here. "
            "Mail about signing in comes either way."
        ),
    )

    def __init__(self, *args: Any, member: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"initial": {"mail_choice": member.mail_choice}})


def _card_words(label: Any, max_length: int, rows: int = 0, **more: Any) -> PlainTextField:
    return PlainTextField(label=label, max_length=max_length, rows=rows, required=False, **more)


class CardForm(forms.Form):
    """The card "If you are worried about me". Every field may stay empty."""

    ask_first = forms.BooleanField(
        label=_("Ask me first"),
        help_text=_("Write to me here before you ring anyone, unless my life is in danger."),
        required=False,
    )
    phone = _card_words(_("A number I can be reached on"), 40)
    town = _card_words(_("The town or area I live in"), 80)
    to_ring = _card_words(_("Whom to ring"), 300, 2, help_text=_("Who they are to me, and their number."))
    helps = _card_words(_("What helps"), 600, 3)
    worse = _card_words(_("What makes it worse"), 600, 3)

    def __init__(self, *args: Any, card: Card, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"initial": {name: getattr(card, name) for name in self.base_fields}})

    def card(self) -> Card:
        """What was written, from a valid form."""
        return Card(**self.cleaned_data)
