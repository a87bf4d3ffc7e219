"""Steps against a member that need more than one person: a ban, the second look, and stopping posts for an hour."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404
from django.utils import timezone

from moderation import statements
from moderation.actions import proposals, second_looks, stopping
from moderation.clocks import STOP_FOR
from moderation.forms_members import AskUndoForm, LetStandForm, LookForm, RefuseBanForm, StopPostsForm
from moderation.models import Case, Decision, DecisionKind, Kind, Proposal, SecondLook
from moderation.second_looks import why_not_keep, why_not_look
from moderation.team_forms import SeenForm
from moderation.views.acts.act import Act, number

if TYPE_CHECKING:
    from moderation.views.screen import Screen


def _confirm(screen: "Screen", case: Case, form: Any) -> str:
    proposals.confirm_ban(case, screen.request.user, _proposal(screen))
    return "#decisions"


def _refuse(screen: "Screen", case: Case, form: Any) -> str:
    proposals.refuse_ban(case, screen.request.user, _proposal(screen), form.cleaned_data["reason"])
    return "#proposal"


def _stop_posts(screen: "Screen", case: Case, form: Any) -> str:
    chosen = form.cleaned_data
    stopping.stop_posts(case, screen.request.user, chosen["note"], chosen["statement"])
    return "#decisions"


def _agree(screen: "Screen", case: Case, form: Any) -> str:
    second_looks.agree_with(_look(screen), screen.request.user)
    return "#second-looks"


def _ask_undo(screen: "Screen", case: Case, form: Any) -> str:
    second_looks.ask_to_undo(_look(screen), screen.request.user, form.cleaned_data["reason"])
    return "#second-looks"


def _let_stand(screen: "Screen", case: Case, form: Any) -> str:
    second_looks.let_stand(_look(screen), screen.request.user, form.cleaned_data["reason"])
    return "#second-looks"


def context(screen: "Screen") -> dict[str, Any]:
    """The ban that was proposed last, and the looks at what was decided; nothing of either in a case about care."""
    if screen.case.kind != Kind.CONDUCT:
        return {}
    proposed = screen.case.proposals.select_related("proposed_by", "answered_by").order_by("-pk").first()
    return {
        "proposal": proposed if proposed and not proposed.decision_id else None,
        "looks": [_shown(screen, look) for look in _looks(screen.case)],
        "stop_text": _stop_text(screen) if "stop_posts" in screen.allowed else "",
    }


def _looks(case: Case) -> Any:
    looks = SecondLook.objects.filter(decision__case=case, decision__undone_at=None)
    return looks.select_related("decision__case", "decided_by", "looked_by", "kept_by").order_by("pk")


def _shown(screen: "Screen", look: SecondLook) -> dict[str, Any]:
    """With a form for what this person may do about it, and else why they may not."""
    waits = look.looked_at is None
    name, why_not = ("ask_undo", why_not_look) if waits else ("let_stand", why_not_keep)
    reason = why_not(look, screen.viewer)
    return {
        "look": look,
        "late": waits and look.due_at <= timezone.now(),
        "reason": reason if waits else "",
        "name": name,
        "form": None if reason else screen.forms.get(name) or screen.form(name),
    }


def _stop_text(screen: "Screen") -> str:
    """As the member will read it where nobody writes another."""
    return statements.default_statement(
        DecisionKind.STOP_POSTS,
        member=screen.case.subject,
        by=screen.request.user,
        post=None,
        rule=Decision.SAFETY,
        until=timezone.now() + STOP_FOR,
    )


def _proposal(screen: "Screen") -> Proposal:
    return get_object_or_404(Proposal, case=screen.case, pk=number(screen, "proposal"))


def _look(screen: "Screen") -> SecondLook:
    return get_object_or_404(
        SecondLook.objects.select_related("decision__case"), decision__case=screen.case, pk=number(screen, "look")
    )


ACTS: Mapping[str, Act] = {
    "confirm": _confirm,
    "refuse": _refuse,
    "stop_posts": _stop_posts,
    "agree": _agree,
    "ask_undo": _ask_undo,
    "let_stand": _let_stand,
}
FORMS: Mapping[str, type[SeenForm]] = {
    "refuse": RefuseBanForm,
    "stop_posts": StopPostsForm,
    "agree": LookForm,
    "ask_undo": AskUndoForm,
    "let_stand": LetStandForm,
}
INITIAL: Mapping[str, Callable[["Screen"], dict[str, Any]]] = {}
