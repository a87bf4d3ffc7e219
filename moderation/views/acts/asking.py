"""Those who told us: asking one of them something, raising the case, naming worries that are used to trouble somebody."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404
from django.utils import timezone

from moderation import questions
from moderation.actions.letters import open_contact
from moderation.actions.questions import ask_reporter
from moderation.actions.raising import raise_case
from moderation.actions.targeting import name_targeting
from moderation.forms_reporters import AskReporterForm, RaiseForm, TargetingForm
from moderation.letters import has_contact
from moderation.models import Case, Door, Letter, Report, Severity
from moderation.receipts import moment
from moderation.team_forms import SeenForm
from moderation.views.acts.act import Act, number
from moderation.views.gates import case_or_404

if TYPE_CHECKING:
    from moderation.views.screen import Screen


def _ask(screen: "Screen", case: Case, form: Any) -> str:
    report = get_object_or_404(Report, case=case, pk=form.cleaned_data["report"])
    asked = ask_reporter(case, screen.request.user, report, form.cleaned_data["question"])
    return f"#question-{asked.pk}"


def _raise(screen: "Screen", case: Case, form: Any) -> str:
    raise_case(case, screen.request.user, form.cleaned_data["severity"], form.cleaned_data["note"])
    return ""


def _targeting(screen: "Screen", case: Case, form: Any) -> str:
    report = get_object_or_404(Report, case=case, pk=form.cleaned_data["report"])
    name_targeting(case, screen.request.user, report, form.cleaned_data["note"])
    return "#timeline"


def _contact(screen: "Screen", case: Case, form: Any) -> None:
    """Shown in this answer and nowhere kept: the next look is another opening."""
    letter = get_object_or_404(Letter, report__case=case, pk=number(screen, "letter"))
    screen.contact = letter, open_contact(case, screen.request.user, letter)
    screen.case = case_or_404(screen.viewer, case.pk)


def _those_to_ask(screen: "Screen") -> dict[str, Any]:
    """One who is being asked already is among them when the form comes back: the same question twice is once."""
    reports = [each.report for each in screen.told]
    fit = questions.reachable(reports) if screen.request.method == "POST" else questions.those_to_ask(reports)
    those = _named(screen, fit)
    return {"those": those} | ({"report": those[0][0]} if len(those) == 1 else {})


def _worries(screen: "Screen") -> dict[str, Any]:
    worries = [each.report for each in screen.told if each.report.door == Door.WORRY]
    return {"those": _named(screen, [each for each in worries if each.reporter_id not in (None, screen.viewer.id)])}


def _how_bad(screen: "Screen") -> dict[str, Any]:
    return {"rank": Severity(screen.case.severity).rank}


def _named(screen: "Screen", fit: list[Report]) -> list[tuple[int, str]]:
    """By what they told us, and who, as far as this person may know it."""
    now = timezone.now()
    return [
        (each.report.pk, f"{each.category} ({each.who}, {moment(each.report.made_at, now)})")
        for each in screen.told
        if each.report in fit
    ]


def context(screen: "Screen") -> dict[str, Any]:
    """Whether there is anybody for each of these acts, and whose letters say how to reach them."""
    letters = Letter.objects.filter(report__case=screen.case)
    return {
        "to_ask": bool(_those_to_ask(screen)["those"]) if "ask_reporter" in screen.allowed else False,
        "to_name": bool(_worries(screen)["those"]) if "targeting" in screen.allowed else False,
        "to_raise": "raise" in screen.allowed and screen.case.severity != Severity.EMERGENCY,
        "contacts": [each for each in letters if has_contact(each)],
        "contact": screen.contact,
    }


ACTS: Mapping[str, Act] = {"ask_reporter": _ask, "raise": _raise, "targeting": _targeting, "contact": _contact}
FORMS: Mapping[str, type[SeenForm]] = {"ask_reporter": AskReporterForm, "raise": RaiseForm, "targeting": TargetingForm}
INITIAL: Mapping[str, Callable[["Screen"], dict[str, Any]]] = {
    "ask_reporter": _those_to_ask,
    "raise": _how_bad,
    "targeting": _worries,
}
