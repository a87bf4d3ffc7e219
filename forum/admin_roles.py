"""Roles in the admin: asked for on a member's page, agreed to in the list of what was asked for."""

from collections.abc import Callable
from typing import Any, cast

from allauth.account.decorators import reauthentication_required
from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _

from forum.actions.roles import LastAdministrator, agree_to_role, ask_for_role, turn_role_down
from forum.models import Member, Role, RoleAsk
from forum.refusals import Refusal


class RoleForm(forms.ModelForm):
    def clean_role(self) -> str:
        """The same rule as ask_for_role, said beside the field."""
        role = self.cleaned_data["role"]
        was = self.instance.role
        others = Member.objects.filter(role=Role.ADMINISTRATOR, is_active=True).exclude(pk=self.instance.pk)
        if was == Role.ADMINISTRATOR != role and not others.exists():
            raise forms.ValidationError(LastAdministrator().message)
        return role


@admin.register(Member)
class MemberAdmin(admin.ModelAdmin):
    """Roles are asked for here. Standing is only shown: it changes by a decision that reaches the member with its reason."""

    form = RoleForm
    list_display = ("handle", "role", "standing", "joined_at")
    list_filter = ("role", "standing")
    search_fields = ("handle",)
    ordering = ("handle",)
    fields = ("handle", "role", "standing", "standing_until", "joined_at", "language")
    readonly_fields = ("handle", "standing", "standing_until", "joined_at", "language")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Filters by what is shown alone: ?email__startswith= and ?password__startswith= would spell both out."""
        return lookup.partition("__")[0] in self.list_filter

    @method_decorator(reauthentication_required)
    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """After a fresh sign-in: an open browser that somebody else sits down at gives nobody a role."""
        return super().changeform_view(request, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Member, form: forms.ModelForm, change: bool) -> None:
        """Through the action, and nothing else of the row is stored."""
        if "role" not in form.changed_data:
            return
        try:
            asked = ask_for_role(obj, obj.role, cast(Member, request.user))
        except Refusal as refusal:
            self.message_user(request, refusal.message, messages.ERROR)
            return
        if asked:
            words = _("Asked for. Another administrator has to agree within a week.")
            self.message_user(request, words, messages.WARNING)


@admin.register(RoleAsk)
class RoleAskAdmin(admin.ModelAdmin):
    """What waits for a second administrator, and what became of the rest. Nothing is written here by hand."""

    actions = ("agree", "turn_down")
    list_display = ("member", "before", "role", "asked_by", "asked_at", "agreed_by", "ended_at")
    list_display_links = None
    list_filter = ("role",)
    list_select_related = ("member", "asked_by", "agreed_by")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """As for members: what leads through a person to their address is not asked."""
        return lookup.partition("__")[0] in self.list_filter

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is None and super().has_view_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is None and super().has_change_permission(request, obj)

    @method_decorator(reauthentication_required)
    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        return super().changelist_view(request, extra_context)

    @admin.action(description=_("Agree: give these roles"))
    def agree(self, request: HttpRequest, rows: QuerySet[RoleAsk]) -> None:
        self._answer(request, rows, agree_to_role, _("The role of %(who)s is given."))

    @admin.action(description=_("Turn these down"))
    def turn_down(self, request: HttpRequest, rows: QuerySet[RoleAsk]) -> None:
        self._answer(request, rows, turn_role_down, _("Turned down for %(who)s."))

    def _answer(
        self, request: HttpRequest, rows: QuerySet[RoleAsk], act: Callable[[RoleAsk, Member], None], done: Any
    ) -> None:
        for ask in rows:
            try:
                act(ask, cast(Member, request.user))
            except Refusal as refusal:
                self.message_user(request, f"{ask.member.handle}: {refusal.message}", messages.ERROR)
            else:
                self.message_user(request, done % {"who": ask.member.handle}, messages.SUCCESS)
