"""What staff write into the register of requests. Rules live in the actions: a form only reads what was sent."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from moderation.case_export.fields import FIELDS, Field
from moderation.forms import plain_words
from moderation.forms_by_hand import day_field, line, moment_field
from moderation.models import Asker, Case, FileKind, OutsideRequest, RequestField
from moderation.team_forms import SeenForm
from moderation.wording import headline

NAME, REACH, WORDS = OutsideRequest.NAME_MAX, OutsideRequest.REACH_MAX, OutsideRequest.WORDS_MAX


class RequestForm(forms.Form):
    asker = forms.ChoiceField(
        label=gettext_lazy("Who asks"), choices=Asker, widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose who asks.")},
    )  # fmt: skip
    name = line(
        gettext_lazy("Their name"), NAME, error_messages={"required": gettext_lazy("Write who it was that asked.")}
    )
    organisation = line(gettext_lazy("From where"), NAME, required=False,
                        help_text=gettext_lazy("Force, court, paper, service."))  # fmt: skip
    reference = line(gettext_lazy("Their reference"), NAME, required=False)
    reach = line(
        gettext_lazy("The number or address they gave"),
        REACH,
        required=False,
        help_text=gettext_lazy("Never call this one back: look up another."),
    )
    about_words = line(
        gettext_lazy("Whom it is about"),
        REACH,
        help_text=gettext_lazy("Their handle here, or the words they used. Say to nobody whether we know them."),
        error_messages={"required": gettext_lazy("Write whom it is about, in their words.")},
    )
    asked = plain_words(
        gettext_lazy("What they ask for"), WORDS, error_messages={"required": gettext_lazy("Write what they ask for.")}
    )
    power = plain_words(gettext_lazy("The power or legal basis they name"), WORDS, rows=2, required=False)
    asked_at = moment_field(gettext_lazy("When they asked"))
    due_at = moment_field(
        gettext_lazy("When it is due"), help_text=gettext_lazy("What they named. If they named nothing: within two days for the police.")
    )  # fmt: skip

    def clean_asked_at(self) -> Any:
        at = self.cleaned_data["asked_at"]
        if at > timezone.now():
            raise forms.ValidationError(_("That is still to come. Write when it was."))
        return at


class CallBackForm(SeenForm):
    called_number = line(
        gettext_lazy("The number you called"), REACH,
        error_messages={"required": gettext_lazy("Write which number you called.")},
    )  # fmt: skip
    number_found = line(
        gettext_lazy("Where you found it"),
        REACH,
        help_text=gettext_lazy(
            "A public page or switchboard, such as 101 or the coroner's own page. Not what they told you."
        ),
        error_messages={"required": gettext_lazy("Write where you found the number.")},
    )
    spoke_with = line(gettext_lazy("With whom you spoke"), NAME, required=False)


GIVE, NOTHING = "give", "nothing"


class ProposeForm(SeenForm):
    """A tick and a reason for each field; the rows are drawn from `rows`."""

    decision = forms.ChoiceField(
        label=gettext_lazy("What you propose"),
        choices=[(NOTHING, gettext_lazy("Give nothing")), (GIVE, gettext_lazy("Give what is ticked below"))],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose what you propose."),
                        "invalid_choice": gettext_lazy("Choose what you propose.")},
    )  # fmt: skip
    why = plain_words(gettext_lazy("Why"), WORDS, rows=2, error_messages={"required": gettext_lazy("Write why.")})
    basis = plain_words(
        gettext_lazy("On what basis it is given"), WORDS, rows=2, required=False,
        help_text=gettext_lazy("In plain words, such as: to protect somebody's life; a court's order. Only where something is given."),
    )  # fmt: skip
    case = forms.ChoiceField(label=gettext_lazy("From which case"), required=False)
    leave_out = plain_words(
        gettext_lazy("Names and places to take out"), WORDS, rows=2, required=False,
        help_text=gettext_lazy("One a line. Handles of others and of whoever told us are taken out by themselves."),
    )  # fmt: skip
    tell = forms.ChoiceField(
        label=gettext_lazy("The person it is about"),
        choices=[("yes", gettext_lazy("We tell them")), ("no", gettext_lazy("We do not tell them yet"))],
        initial="yes", widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose whether they are told.")},
    )  # fmt: skip
    why_not_told = plain_words(
        gettext_lazy("Why they are not told"), WORDS, rows=2, required=False,
        help_text=gettext_lazy("Only where telling them would put somebody in danger, or a law forbids it."),
    )  # fmt: skip
    review_on = day_field(gettext_lazy("When you ask yourselves again"), required=False)

    def __init__(self, *args: Any, cases: list[Case], known: bool, may_give: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = [(str(case.pk), _label_of(case)) for case in cases]
        self.fields["case"].choices = labels or [("", _("There is no case about them"))]  # type: ignore[attr-defined]
        for field in FIELDS.values():
            self.fields[f"give_{field.key}"] = forms.BooleanField(label=str(field.words), required=False)
            self.fields[f"reason_{field.key}"] = line(_("Why this"), RequestField.REASON_MAX, required=False)
        if not may_give:
            self.fields["decision"].choices = self.fields["decision"].choices[:1]  # type: ignore[attr-defined]
        if not known:
            self.fields["tell"].required = False

    def sections(self) -> dict[Any, list[tuple[Field, Any, Any]]]:
        """What can be given, section by section: the field, its tick, its reason."""
        found: dict[Any, list[tuple[Field, Any, Any]]] = {}
        for field in FIELDS.values():
            found.setdefault(field.section, []).append((field, self[f"give_{field.key}"], self[f"reason_{field.key}"]))
        return found

    def chosen(self) -> dict[str, str]:
        said = self.cleaned_data
        return {key: said[f"reason_{key}"] for key in FIELDS if said.get(f"give_{key}")}


class AnsweredForm(SeenForm):
    answered_how = plain_words(
        gettext_lazy("To whom, and how"), WORDS, rows=2,
        error_messages={"required": gettext_lazy("Write to whom, and how.")},
    )  # fmt: skip


class TellForm(SeenForm):
    told_words = plain_words(
        gettext_lazy("What they read"),
        WORDS,
        rows=5,
        help_text=gettext_lazy(
            "They find it on their own page, as from you, a person. Say who asked, what was given and why."
        ),
        error_messages={"required": gettext_lazy("Write what they are to read.")},
    )


class PutOffForm(SeenForm):
    why_not_told = plain_words(
        gettext_lazy("Why they are not told"),
        WORDS,
        rows=2,
        error_messages={"required": gettext_lazy("Write why not.")},
    )
    review_on = day_field(gettext_lazy("When you ask yourselves again"))


class CloseForm(SeenForm):
    outcome = plain_words(
        gettext_lazy("What came of it"), WORDS, rows=2,
        error_messages={"required": gettext_lazy("Write what came of it.")},
    )  # fmt: skip


class FileForm(SeenForm):
    kind = forms.ChoiceField(
        label=gettext_lazy("Which kind of file"), choices=FileKind, widget=forms.RadioSelect,
        initial=FileKind.PDF, error_messages={"required": gettext_lazy("Choose which kind of file.")},
    )  # fmt: skip


def _label_of(case: Case) -> str:
    return _("%(n)d: %(what)s, %(state)s") % {"n": case.pk, "what": headline(case), "state": case.get_state_display()}
