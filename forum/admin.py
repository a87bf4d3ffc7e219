"""The admin is for administrators: they run the site, give roles, and see neither cases nor anybody's address."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account import admin as account_admin  # noqa: F401  registers first, so that it can be taken out below
from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress
from allauth.mfa import admin as mfa_admin  # noqa: F401
from allauth.mfa.models import Authenticator
from allauth.usersessions import admin as sessions_admin  # noqa: F401
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import admin
from django.contrib.auth import admin as auth_admin  # noqa: F401
from django.contrib.auth.models import Group
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from forum import admin_helplines, admin_panel_texts, admin_roles, second_step  # noqa: F401  files of their own, registered with this one
from forum.models import Role


def _to_own_password(request: HttpRequest, extra_context: object = None) -> HttpResponse:
    """One way to change a password: the one that tells live sockets and sends a mail."""
    return redirect("account_change_password")


admin.site.site_title = admin.site.site_header = settings.PRODUCT_NAME


def _after_second_step(login: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """An administrator who has yet to take it is led there; the admin does not take them for one before."""

    @wraps(login)
    def gate(request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if getattr(request.user, "role_waits", "") == Role.ADMINISTRATOR:
            return second_step.lead(request)
        return login(request, extra_context)

    return gate


admin.site.login = _after_second_step(secure_admin_login(admin.site.login))  # type: ignore[method-assign]
admin.site.password_change = _to_own_password  # type: ignore[method-assign,assignment]
# Addresses, second factors and sessions are nobody else's business: a filter by a session's key would spell it out.
for model in (EmailAddress, Authenticator, UserSession, Group):
    if admin.site.is_registered(model):
        admin.site.unregister(model)
