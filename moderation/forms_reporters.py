"""Words between the team and those who tell it something; and the forms of somebody without an account."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from forum.fields import PlainTextField
from forum.forms import DraftedForm
from moderation.forms import DoorForm, RuleForm, WorryForm, plain_words
from moderation.models import Letter, Report, ReportQuestion, Severity
from moderation.team_forms import SeenForm


class AskReporterForm(SeenForm):
    """Which of them, and what. Whom there is to ask comes with `initial`, and is judged by the action."""

    report = forms.TypedChoiceField(
        label=_("Whom"),
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose whom to ask."), "invalid_choice": _("Choose whom to ask.")},
    )
    question = plain_words(
        _("Your question"),
        ReportQuestion.QUESTION_MAX,
        rows=2,
        help_text=_(
            "One thing, as plainly as you can. They read it as from you, a person. Say nothing of the other person that they "
            "did not tell you themselves."
        ),
        error_messages={"required": _("Write the question first.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "report", self.initial.get("those", []))


class TargetingForm(SeenForm):
    report = forms.TypedChoiceField(
        label=_("Which worry"),
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose which one."), "invalid_choice": _("Choose which one.")},
    )
    note = plain_words(
        _("What makes you think so"),
        Report.NOTE_MAX,
        help_text=_("Whoever decides about it reads this. Nobody is told by itself, and this case goes on as it is."),
        error_messages={"required": _("Write what makes you think so.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "report", self.initial.get("those", []))


class RaiseForm(SeenForm):
    severity = forms.ChoiceField(
        label=_("How soon"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how soon somebody has to look."),
                        "invalid_choice": _("Choose how soon somebody has to look.")},
    )  # fmt: skip
    note = plain_words(
        _("Why"), Report.NOTE_MAX, rows=2, error_messages={"required": _("Write why, so that the next person knows.")}
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        worse = Severity.values[: self.initial.get("rank", len(Severity.values))]
        offer(self, "severity", [(value, label) for value, label in Severity.choices if value in worse])


class AnswerForm(DraftedForm):
    """A reporter's answer."""

    answer = plain_words(
        _("Your answer"),
        ReportQuestion.ANSWER_MAX,
        help_text=_("Only what you know. You need not answer, and nothing depends on it."),
        error_messages={"required": _("There are no words here yet.")},
    )


class TeamForm(RuleForm):
    """The rule's form when it is about somebody from the team: who, if that is known."""

    whom = PlainTextField(
        label=_("If it is about someone from the team: who, if you know"),
        help_text=_("Two people from outside the team read it, and nobody of the team."),
        max_length=Letter.ABOUT_MAX,
        required=False,
    )
    field_order = ("category", "whom", "note")


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Your code"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        error_messages={"required": _("Write the code that you were given.")},
    )


class OutsideForm(DoorForm):
    """A door for somebody without an account. Everything about themselves may be left out."""

    about = PlainTextField(
        label=_("Who or what is it about?"),
        help_text=_("The name they use here, a link to what they wrote, or whatever you know, in your own words."),
        max_length=Letter.ABOUT_MAX,
        error_messages={"required": _("Write whom or what you mean, as well as you can.")},
    )
    name = PlainTextField(label=_("Who you are"), max_length=Letter.SEALED_MAX, required=False)
    reach = PlainTextField(
        label=_("How somebody could reach you"),
        help_text=_("A phone number or an e-mail address. It is kept sealed; staff open it only when they need it."),
        max_length=Letter.SEALED_MAX,
        required=False,
    )
    stamp = forms.CharField(required=False, widget=forms.HiddenInput)  # signed: when this page was drawn
    website = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )  # out of sight: who fills it in is no person
    field_order: tuple[str, ...] = ("about", "category", "note", "whereabouts", "name", "reach", "website")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(self.field_order)


class OutsideWorryForm(OutsideForm):
    door = WorryForm.door
    question = WorryForm.question
    labels = WorryForm.labels
    whereabouts = plain_words(
        _("Do you already know something that would help find them?"),
        Report.NOTE_MAX,
        rows=2,
        required=False,
        help_text=_(
            "A town, a first name, where they said they were going. Only what you know; please don't go looking."
        ),
    )


class OutsideRuleForm(OutsideForm):
    door = RuleForm.door
    question = RuleForm.question
    labels = {"note": _("What happened, in your own words")}


class PlaceForm(forms.Form):
    """Whom a letter is about, once a person knows: a handle, or a link to a post."""

    whom = PlainTextField(
        label=_("Whom it is about"),
        help_text=_("Their handle, or a link to the post."),
        max_length=Letter.ABOUT_MAX,
        error_messages={"required": _("Write the handle, or paste a link to the post.")},
    )


class AsideForm(forms.Form):
    why = plain_words(
        _("Why nothing comes of it"),
        Letter.WORDS_MAX,
        rows=2,
        error_messages={"required": _("Write why, so that the next person knows.")},
    )


class AskSenderForm(forms.Form):
    question = plain_words(
        _("Your question"),
        ReportQuestion.QUESTION_MAX,
        rows=2,
        help_text=_("Say nothing of whether anybody by this name is here."),
        error_messages={"required": _("Write the question first.")},
    )


def offer(form: forms.Form, name: str, offered: list[tuple[Any, Any]]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = offered
