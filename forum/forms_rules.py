"""What staff write into a draft of the house rules, and what members say about it."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from forum.fields import PlainTextField
from forum.forms import DraftedForm, KeyedForm
from forum.models import HouseRule, RuleComment, RuleSet

TALK_DAYS = 14  # how long members are asked by default


class HouseRuleForm(forms.Form):
    """One rule of a draft, in plain words and in easy read."""

    title = PlainTextField(
        label=_("The rule, in a few words"),
        max_length=HouseRule.TITLE_MAX,
        error_messages={"required": _("Give the rule a name.")},
    )
    words = PlainTextField(
        label=_("In plain words"),
        rows=4,
        max_length=HouseRule.WORDS_MAX,
        error_messages={"required": _("Write what the rule says.")},
    )
    easy = PlainTextField(
        label=_("In easy read"),
        help_text=_("Short sentences, one idea to a line."),
        rows=5,
        max_length=HouseRule.EASY_MAX,
        error_messages={"required": _("Write it in easy read as well: some of us read nothing else.")},
    )
    place = forms.IntegerField(
        label=_("Its place in the list"),
        min_value=1,
        max_value=99,
        error_messages={"required": _("Say where it stands: 1 is the first."), "invalid": _("Write a whole number.")},
    )


class OpenTalkForm(forms.Form):
    purpose = PlainTextField(
        label=_("What this draft would change, and why"),
        rows=4,
        max_length=RuleSet.WORDS_MAX,
        error_messages={"required": _("Say what would change and why: people judge a reason better than a text.")},
    )
    days = forms.IntegerField(
        label=_("For how many days members are asked"),
        min_value=1,
        max_value=60,
        initial=TALK_DAYS,
        error_messages={
            "required": _("Say for how many days."),
            "invalid": _("Write a whole number."),
            "min_value": _("A day at least."),
            "max_value": _("Sixty days at most."),
        },
    )


class PublishForm(forms.Form):
    heard = PlainTextField(
        label=_("What we heard and what we did"),
        help_text=_("Everyone reads it beside the new rules. Name what was not taken up, too, and why."),
        rows=5,
        max_length=RuleSet.WORDS_MAX,
        error_messages={"required": _("Say what members said and what came of it.")},
    )


class CommentForm(KeyedForm, DraftedForm):
    about = forms.IntegerField(widget=forms.HiddenInput, max_value=2**62)
    anchor = forms.ChoiceField(label=_("Which rule is it about?"), required=False)
    body = PlainTextField(
        label=_("What would you say?"),
        rows=3,
        max_length=RuleComment.BODY_MAX,
        error_messages={"required": _("There are no words here yet.")},
    )

    def __init__(self, *args: Any, rules: Iterable[HouseRule] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        anchors: Any = self.fields["anchor"]
        anchors.choices = [("", _("All of them")), *((rule.anchor, rule.shown_title) for rule in rules)]


class HideForm(forms.Form):
    why = PlainTextField(
        label=_("Why"),
        help_text=_("Its author reads this, and that the team wrote it."),
        max_length=RuleComment.WHY_MAX,
        error_messages={"required": _("Say why: nothing is done here without a reason.")},
    )
