"""Sealing words from view on a case's page, and where they were reported."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from moderation import sealed_words
from moderation.actions import sealing_words
from moderation.forms import plain_words
from moderation.models import Case, SealedFromView
from moderation.team_forms import SeenForm
from moderation.views.acts.act import Act

if TYPE_CHECKING:
    from moderation.views.screen import Screen


class ReportedForm(SeenForm):
    """To whom the named person reported it."""

    reported_to = plain_words(
        _("To whom it was reported"), SealedFromView.REFERENCE_MAX, rows=0,
        error_messages={"required": _("Write to whom it was reported.")},
    )  # fmt: skip
    reference = plain_words(_("Their reference"), SealedFromView.REFERENCE_MAX, rows=0, required=False)


def _seal(screen: "Screen", case: Case, form: Any) -> str:
    sealing_words.seal_words(case, screen.request.user)
    return reverse("staff_board" if screen.name == "staff_case" else "queue")  # it may be theirs to see no more


def _reported(screen: "Screen", case: Case, form: Any) -> str:
    sent = form.cleaned_data
    sealing_words.note_report(case, screen.request.user, reported_to=sent["reported_to"], reference=sent["reference"])
    return "#sealed"


def context(screen: "Screen") -> dict[str, Any]:
    seal = sealed_words.seal_of(screen.case)
    named = sealed_words.lead()
    return {"seal": seal, "csam_lead": named, "is_csam_lead": named is not None and named.pk == screen.viewer.id}


ACTS: Mapping[str, Act] = {"seal": _seal, "sealed_report": _reported}
FORMS: Mapping[str, type[SeenForm]] = {"sealed_report": ReportedForm}
INITIAL: Mapping[str, Callable[["Screen"], dict[str, Any]]] = {}
