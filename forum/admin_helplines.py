"""The helplines, kept by administrators: each with the day on which somebody held it against the service's own page."""

from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from forum import helplines
from forum.actions.helplines import check_helplines, uncheck_helpline
from forum.models import Helpline, HelplineWay, Member, Region

ABOUT_THE_LINE = {"name", "for_whom", "regions", "languages"}  # what a check is about, besides the ways to reach it


class HelplineForm(forms.ModelForm):
    regions = forms.MultipleChoiceField(
        label=_("Where it serves"), choices=Region.choices, widget=forms.CheckboxSelectMultiple
    )
    url = forms.URLField(label=_("The service's own page"), required=False, assume_scheme="https")
    checked_today = forms.BooleanField(
        label=_("I have held this against the service's own page today"),
        help_text=_("A line that is changed without this counts as unchecked, and a real site does not show it."),
        required=False,
    )


class WayInline(admin.TabularInline):
    model = HelplineWay
    extra = 1
    min_num = 1
    validate_min = True


class CheckedFilter(admin.SimpleListFilter):
    title = _("checked")
    parameter_name = "checked"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, Any]]:
        return [("never", _("never")), ("old", _("more than six months ago"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Helpline]) -> QuerySet[Helpline]:
        since = timezone.localdate() - helplines.STALE_AFTER
        wanted = {"never": Q(checked_on=None), "old": Q(checked_on__lt=since)}
        return queryset.filter(wanted.get(self.value() or "", Q()))


@admin.register(Helpline)
class HelplineAdmin(admin.ModelAdmin):
    form = HelplineForm
    inlines = (WayInline,)
    actions = ("held_against_their_pages",)
    list_display = ("name", "where", "url", "checked_on", "checked_by")
    list_filter = ("emergency", CheckedFilter)
    list_select_related = ("checked_by",)
    search_fields = ("name", "for_whom")
    readonly_fields = ("checked_on", "checked_by")
    fields = (
        "name", "for_whom", "regions", "languages", "emergency", "place", "url", "note", "checked_on", "checked_by",
        "checked_today",
    )  # fmt: skip

    @admin.display(description=_("where"))
    def where(self, line: Helpline) -> str:
        return ", ".join(str(Region(region).label) for region in line.regions)

    @admin.action(description=_("I have held these against the service's own page today"))
    def held_against_their_pages(self, request: HttpRequest, lines: QuerySet[Helpline]) -> None:
        number = check_helplines(lines, cast(Member, request.user))
        self.message_user(request, _("Written down for %(n)d of the lines.") % {"n": number}, messages.SUCCESS)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """After the ways to reach the line: a new number is as good a reason to look again as a new name."""
        super().save_related(request, form, formsets, change)
        line, changed = form.instance, ABOUT_THE_LINE & set(form.changed_data)
        if form.cleaned_data["checked_today"]:
            check_helplines([line], cast(Member, request.user))
        elif line.checked_on and (changed or any(formset.has_changed() for formset in formsets)):
            uncheck_helpline(line)
            words = _("This changed what the last check was about, so the line counts as unchecked now.")
            self.message_user(request, words, messages.WARNING)
        transaction.on_commit(helplines.forget)

    def delete_model(self, request: HttpRequest, obj: Helpline) -> None:
        super().delete_model(request, obj)
        transaction.on_commit(helplines.forget)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Helpline]) -> None:
        super().delete_queryset(request, queryset)
        transaction.on_commit(helplines.forget)
