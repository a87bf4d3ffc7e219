"""Asking to see contact details, and proposing that nothing of somebody is erased: both begin in a case."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from forum.cards import has_contact
from forum.models import Post
from moderation import disclosures, legal_holds
from moderation.actions.disclosures import Asked, ask_disclosure
from moderation.actions.holds import Terms, propose_hold
from moderation.forms_disclosure import CARD, MAIL, SIGN_INS, AskDisclosureForm, ProposeHoldForm, offered
from moderation.models import Case, HoldStage
from moderation.team_forms import SeenForm
from moderation.views.acts.act import Act, number_of

if TYPE_CHECKING:
    from moderation.views.screen import Screen


def _ask(screen: "Screen", case: Case, form: Any) -> str:
    chosen, wanted = form.cleaned_data, form.cleaned_data["fields_wanted"]
    posts = [number_of(each.removeprefix("post:")) for each in wanted if each.startswith("post:")]
    asked = Asked(
        reason=chosen["reason"],
        basis=chosen["basis"],
        mail=MAIL in wanted,
        card=CARD in wanted,
        sign_ins=SIGN_INS in wanted,
        post=Post.objects.filter(pk=posts[0], author=case.subject_id).first() if posts else None,
    )
    return reverse("disclosure", args=[ask_disclosure(case, screen.request.user, asked).pk])


def _hold(screen: "Screen", case: Case, form: Any) -> str:
    chosen = form.cleaned_data
    terms = Terms(**{name: chosen[name] for name in ("reason", "owner", "review_days", "ends_days", "untold_because")})
    renews = legal_holds.in_force().filter(member=case.subject_id).first()
    return reverse("hold", args=[propose_hold(case, screen.request.user, terms, renews=renews).pk])


def _to_ask(screen: "Screen") -> dict[str, Any]:
    posts = [each.post for each in screen.seen if each.post.author_id == screen.case.subject_id]
    return {"offered": offered(posts, has_card=has_contact(screen.case.subject_id))}


def _to_hold(screen: "Screen") -> dict[str, Any]:
    owners = legal_holds.owners(screen.viewer, screen.case)
    return {"owners": owners, "owner": screen.viewer.id, "review_days": 30, "ends_days": 90}


def context(screen: "Screen") -> dict[str, Any]:
    """What stands in this case already, for those who may know of it."""
    if "approve_disclosure" not in screen.allowed:
        return {}
    asked = disclosures.seen_by(screen.viewer).filter(case=screen.case)
    holds = legal_holds.seen_by(screen.viewer).filter(member=screen.case.subject_id)
    return {
        "disclosures": [(each, disclosures.state_words(each)) for each in asked],
        "holds": holds.filter(stage__in=[HoldStage.PROPOSED, HoldStage.IN_FORCE]),
    }


ACTS: Mapping[str, Act] = {"ask_disclosure": _ask, "propose_hold": _hold}
FORMS: Mapping[str, type[SeenForm]] = {"ask_disclosure": AskDisclosureForm, "propose_hold": ProposeHoldForm}
INITIAL: Mapping[str, Callable[["Screen"], dict[str, Any]]] = {"ask_disclosure": _to_ask, "propose_hold": _to_hold}
