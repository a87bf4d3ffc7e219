"""Who is on call in the next fourteen days, and how staff change that."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from forum.access import ViewerFacts
from forum.refusals import Refusal
from forum.requests import MemberRequest
from moderation import duty, rota_board
from moderation import rota as rota_rules
from moderation.actions import rota as acts
from moderation.forms_rota import HolidayForm, InsteadForm, WeeklyForm
from moderation.models import RotaHoliday, RotaInstead, RotaWeekly
from moderation.refusals import Missing
from moderation.views.acts.act import number_of
from moderation.views.gates import for_staff

Draw = Callable[..., HttpResponse]


@for_staff
@require_http_methods(["GET", "POST"])
def rota(request: MemberRequest, viewer: ViewerFacts) -> HttpResponse:
    """The next 14 days with their gaps, and the bank holidays, which staff confirm here."""
    if request.method != "POST":
        return _draw_rota(request)
    if request.POST.get("do") == "end_holiday":
        holiday = get_object_or_404(RotaHoliday, pk=number_of(request.POST.get("id", "")))
        return pressed(
            lambda: acts.end_holiday(request.user, holiday), "rota", lambda **how: _draw_rota(request, **how)
        )
    if request.POST.get("do") != "confirm":
        raise Http404
    day = _day_of(request.POST.get("day", ""))
    form = HolidayForm(request.POST, people=rota_rules.staff_to_plan(), name=f"{day}")
    people = {"first": form.person("first"), "second": form.person("second")} if form.is_valid() else {}
    return pressed(
        lambda: acts.confirm_holiday(request.user, day, **people),
        "rota",
        lambda **how: _draw_rota(request, sent=(day, form), **how),
        form,
    )


@for_staff
@require_http_methods(["GET", "POST"])
def change(request: MemberRequest, viewer: ViewerFacts) -> HttpResponse:
    """The week, and what takes its place for a while."""
    people, do = rota_rules.staff_to_plan(), request.POST.get("do", "")
    weekly = WeeklyForm(request.POST if do == "add_weekly" else None, people=people, name="weekly")
    instead = InsteadForm(request.POST if do == "add_instead" else None, people=people, name="instead")

    def draw(**how: Any) -> HttpResponse:
        return _draw_change(request, weekly, instead, **how)

    if request.method != "POST":
        return draw()
    if do == "add_weekly":
        return pressed(lambda: acts.add_weekly(request.user, **_said(weekly)), "rota_change", draw, weekly)
    if do == "add_instead":
        return pressed(lambda: acts.add_instead(request.user, **_said(instead)), "rota_change", draw, instead)
    ends: dict[str, tuple[Any, Any]] = {
        "end_weekly": (RotaWeekly, acts.end_weekly),
        "end_instead": (RotaInstead, acts.end_instead),
    }
    if do not in ends:
        raise Http404
    model, act = ends[do]
    row = get_object_or_404(model, pk=number_of(request.POST.get("id", "")))
    return pressed(lambda: act(request.user, row), "rota_change", draw)


def pressed(act: Callable[[], object], then: str, draw: Draw, form: forms.Form | None = None) -> HttpResponse:
    """Back to the page when it is done; else the same page with the reason, and what was typed."""
    if form is not None and not form.is_valid():
        return draw(status=422)
    try:
        act()
    except Missing as missing:
        if form is None:
            return draw(refused=missing.message, status=422)
        form.add_error(missing.field if missing.field in form.fields else None, missing.message)
        return draw(status=422)
    except acts.RotaMoved as refusal:
        return draw(refused=refusal.message, status=409)
    except Refusal as refusal:
        return draw(refused=refusal.message, status=403)
    return HttpResponseRedirect(reverse(then), status=303)


def _said(form: WeeklyForm | InsteadForm) -> dict[str, Any]:
    return {**form.cleaned_data, "who": form.person("who")}


def _draw_rota(
    request: MemberRequest, *, sent: tuple[date, HolidayForm] | None = None, refused: str = "", status: int = 200
) -> HttpResponse:
    now = timezone.now()
    people = rota_rules.staff_to_plan()
    coming, gaps = rota_board.read_holidays(now), rota_rules.gaps(now, now + rota_rules.AHEAD, now=now)
    forms_of = {each.day: HolidayForm(people=people, name=f"{each.day}") for each in coming if not each.confirmed}
    if sent:
        forms_of[sent[0]] = sent[1]
    context = {
        "days": rota_board.read_days(now),
        "gaps": gaps,
        "gap_groups": rota_board.group_gaps(gaps),
        "in_use": rota_rules.in_use(),
        "on_call": duty.on_call(now),
        "holidays": [(each, forms_of.get(each.day)) for each in coming],
        "runs_out": rota_board.list_runs_out(now),
        "refused": refused,
        "form": sent[1] if sent else None,
    }
    return render(request, "moderation/rota.html", context, status=status)


def _draw_change(
    request: MemberRequest, weekly: WeeklyForm, instead: InsteadForm, *, refused: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "weekly": rota_board.weekly(),
        "exceptions": rota_board.exceptions(timezone.now()),
        "weekly_form": weekly,
        "instead_form": instead,
        "form": next((each for each in (weekly, instead) if each.errors), None),
        "log": rota_board.log(),
        "refused": refused,
    }
    return render(request, "moderation/rota_change.html", context, status=status)


def _day_of(sent: str) -> date:
    try:
        return date.fromisoformat(sent)
    except ValueError:
        raise Http404 from None
