"""What staff write about contact details and legal holds. Rules live in the actions: a form only reads what was sent."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from forum.models import Member, Post
from moderation.forms import plain_words
from moderation.models import Basis, Disclosure, LegalHold
from moderation.team_forms import SeenForm

MAIL, CARD, SIGN_INS = "mail", "card", "sign_ins"
REVIEWS = [(14, _("in two weeks")), (30, _("in a month")), (60, _("in two months")), (90, _("in three months"))]
ENDS = [(30, _("in a month")), (90, _("in three months")), (183, _("in six months")), (365, _("in a year"))]


class AskDisclosureForm(SeenForm):
    """`fields` are what to see: the address, the card, sign-ins, and `post:7` for where that post came from."""

    reason = plain_words(
        _("Why you need it"),
        Disclosure.REASON_MAX,
        rows=3,
        help_text=_(
            "What you have tried, and what you will do with it. A second person reads this, and they themselves may."
        ),
        error_messages={"required": _("Write why, in your own words.")},
    )
    basis = forms.ChoiceField(
        label=_("What lets us do this"),
        choices=Basis.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Pick what lets us do this."), "invalid_choice": _("Pick one of these.")},
    )
    fields_wanted = forms.MultipleChoiceField(
        label=_("What you need to see"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Only what you need now. You can ask again."),
        error_messages={
            "required": _("Tick what you need to see, and nothing else."),
            "invalid_choice": _("Tick some of these."),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        wanted = self.fields["fields_wanted"]
        assert isinstance(wanted, forms.MultipleChoiceField)
        wanted.choices = self.initial.get("offered", [])

    def clean_fields_wanted(self) -> list[str]:
        wanted: list[str] = self.cleaned_data["fields_wanted"]
        if sum(each.startswith("post:") for each in wanted) > 1:
            raise forms.ValidationError(gettext("One post at a time. You can ask again for another."))
        return wanted


class AnswerForm(forms.Form):
    """Why not; what a review found; why something is shut or released."""

    words = plain_words(_("In your own words"), Disclosure.REASON_MAX, rows=3, required=False)

    def __init__(self, *args: Any, label: Any = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if label:
            self.fields["words"].label = label


class ProposeHoldForm(SeenForm):
    reason = plain_words(
        _("Why this has to be kept, and for whom"),
        LegalHold.REASON_MAX,
        rows=3,
        help_text=_("An inquest, a court, somebody else's safety. A second person reads this."),
        error_messages={"required": _("Write why this has to be kept, and for whom.")},
    )
    owner = forms.ModelChoiceField(
        label=_("Who looks after it"),
        queryset=Member.objects.none(),
        empty_label=None,
        error_messages={"required": _("Pick who looks after it."), "invalid_choice": _("Pick one of these.")},
    )
    review_days = forms.TypedChoiceField(label=_("Looked at again"), choices=REVIEWS, coerce=int)
    ends_days = forms.TypedChoiceField(label=_("Ends at the latest"), choices=ENDS, coerce=int, initial=90)
    untold_because = plain_words(
        _("They are told. If they must not be, write why"),
        LegalHold.REASON_MAX,
        rows=2,
        required=False,
        help_text=_("Empty: they read on their own page that something is kept, until when, and whom they can ask."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner = self.fields["owner"]
        assert isinstance(owner, forms.ModelChoiceField)
        owner.queryset = self.initial.get("owners", Member.objects.none())
        owner.label_from_instance = lambda member: member.handle  # type: ignore[method-assign, assignment]

    def clean(self) -> dict[str, Any]:
        fields = super().clean() or {}
        if fields.get("ends_days", 0) < fields.get("review_days", 0):
            self.add_error("ends_days", gettext("It ends after it is looked at again."))
        return fields


def offered(posts: Sequence[Post], *, has_card: bool) -> list[tuple[str, Any]]:
    """What can be asked for in a case: the posts in question by their first words, no card where there is none."""
    choices: list[tuple[str, Any]] = [(MAIL, _("Their e-mail address"))]
    if has_card:
        choices.append((CARD, _("How to reach them, from the card they left: number, town, whom to ring")))
    choices.append((SIGN_INS, _("Where their last sign-ins came from")))
    where = gettext("Where this post came from: “%(words)s”")
    return choices + [(f"post:{post.pk}", where % {"words": post.body[:60] or "…"}) for post in posts]
