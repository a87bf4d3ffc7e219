"""One's own times on call: what they are, asking somebody to swap, and answering a colleague."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from forum.access import ViewerFacts
from forum.models import Member
from forum.requests import MemberRequest
from moderation import rota, rota_board, ways
from moderation.actions import rota_swaps as acts
from moderation.actions.rota_swaps import Span
from moderation.forms_rota import SwapForm
from moderation.models import Rank, RotaSwap
from moderation.rota_board import Mine, key_of
from moderation.rota_words import span_words
from moderation.views.acts.act import number_of
from moderation.views.gates import for_staff
from moderation.views.rota import pressed

OFFERED = 12  # times of one colleague's that are offered in return


@for_staff
@require_http_methods(["GET", "POST"])
def mine(request: MemberRequest, viewer: ViewerFacts) -> HttpResponse:
    """`?swap=first-1767225600` opens the form about that time."""
    if request.method != "POST":
        return _draw(request, key=request.GET.get("swap", ""))
    do = request.POST.get("do", "")
    if do == "ask":
        return _ask(request)
    answers: dict[str, Any] = {
        "accept": acts.accept_swap,
        "refuse": acts.refuse_swap,
        "withdraw": acts.withdraw_swap,
    }
    if do not in answers:
        raise Http404
    swap = get_object_or_404(RotaSwap, pk=number_of(request.POST.get("id", "")))
    return pressed(lambda: answers[do](request.user, swap), "rota_mine", lambda **how: _draw(request, **how))


def _ask(request: MemberRequest) -> HttpResponse:
    key, spans = request.POST.get("swap", ""), rota_board.spans_of(timezone.now())
    span = next((span for span in spans.get(request.user.pk, []) if key_of(span) == key), None)
    if span is None:
        return _draw(request, refused=_("The rota has changed: that time is not yours any more."), status=409)
    offers = _offers(request.user, spans)
    form = SwapForm(request.POST, offers=[(value, words) for value, words, _who, _back in offers])

    def ask() -> None:
        chosen = next(offer for offer in offers if offer[0] == form.cleaned_data["offer"])
        acts.ask_for_swap(request.user, chosen[2], span, chosen[3])

    return pressed(ask, "rota_mine", lambda **how: _draw(request, key=key, form=form, **how), form)


def _offers(member: Member, spans: dict[int, list[Span]]) -> list[tuple[str, str, Member, Span | None]]:
    """Each colleague, with nothing in return, and with each of their times that has not begun."""
    now = timezone.now()
    offers: list[tuple[str, str, Member, Span | None]] = []
    for each in rota.staff_to_plan():
        if each == member:
            continue
        words = _("%(who)s, with nothing in return") % {"who": each.handle}
        offers.append((str(each.pk), words, each, None))
        for back in [span for span in spans.get(each.pk, []) if span.starts_at > now][:OFFERED]:
            facts = {
                "who": each.handle,
                "when": span_words(back.starts_at, back.ends_at),
                "rank": Rank(back.rank).label,
            }
            words = _("%(who)s, and you have %(when)s (%(rank)s)") % facts
            offers.append((f"{each.pk}-{key_of(back)}", words, each, back))
    return offers


def _draw(
    request: MemberRequest, *, key: str = "", form: SwapForm | None = None, refused: str = "", status: int = 200
) -> HttpResponse:
    now = timezone.now()
    times = rota_board.times_of(request.user, now)
    chosen: Mine | None = next((each for each in times if each.key == key and not each.begun), None)
    if chosen and form is None:
        offers = _offers(request.user, rota_board.spans_of(now))
        form = SwapForm(offers=[(value, words) for value, words, _who, _back in offers])
    context = {
        "times": times,
        "chosen": chosen,
        "form": form if chosen else None,
        "asked": rota_board.swaps_for(request.user, now),
        "answered": rota_board.answered(request.user, now),
        "rings": ways.has_ringing_way(request.user, now),
        "refused": refused,
    }
    return render(request, "moderation/rota_mine.html", context, status=status)
