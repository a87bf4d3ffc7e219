"""The admin is for administrators: they run the site, give roles, and see neither cases nor anybody's address."""

from typing import Any, cast

from allauth.account import admin as account_admin  # noqa: F401  registers first, so that it can be taken out below
from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress
from allauth.mfa import admin as mfa_admin  # noqa: F401
from allauth.mfa.models import Authenticator
from allauth.usersessions import admin as sessions_admin  # noqa: F401
from allauth.usersessions.models import UserSession
from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.auth import admin as auth_admin  # noqa: F401
from django.contrib.auth.models import Group
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from forum import admin_helplines, admin_panel_texts  # noqa: F401  files of their own, registered with this one
from forum.actions.membership import LastAdministrator, give_role
from forum.models import Member, Role


def _to_own_password(request: HttpRequest, extra_context: object = None) -> HttpResponse:
    """One way to change a password: the one that tells live sockets and sends a mail."""
    return redirect("account_change_password")


admin.site.site_title = admin.site.site_header = settings.PRODUCT_NAME
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
admin.site.password_change = _to_own_password  # type: ignore[method-assign,assignment]
# Addresses, second factors and sessions are nobody else's business: a filter by a session's key would spell it out.
for model in (EmailAddress, Authenticator, UserSession, Group):
    if admin.site.is_registered(model):
        admin.site.unregister(model)


class RoleForm(forms.ModelForm):
    def clean_role(self) -> str:
        """The same rule as give_role, said beside the field."""
        role = self.cleaned_data["role"]
        was = self.instance.role
        others = Member.objects.filter(role=Role.ADMINISTRATOR, is_active=True).exclude(pk=self.instance.pk)
        if was == Role.ADMINISTRATOR != role and not others.exists():
            raise forms.ValidationError(LastAdministrator().message)
        return role


@admin.register(Member)
class MemberAdmin(admin.ModelAdmin):
    """Roles are given here. Standing is only shown: it changes by a decision that reaches the member with its reason."""

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

    def save_model(self, request: HttpRequest, obj: Member, form: forms.ModelForm, change: bool) -> None:
        """Through the action, which keeps Django's flags with the role and tells the member's sockets."""
        if "role" in form.changed_data:
            give_role(obj, obj.role, cast(Member, request.user))
