"""Where allauth meets this project: whether sign-up is open, what mail says and where its links lead, and the voice."""

from collections.abc import Callable
from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal import ratelimit
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from forum import second_step
from forum.account_limits import APP
from forum.known_browsers import GUESSES, known_as
from forum.models import Member, Standing
from realtime.peers import peer_of_request

WAYS = {
    "reauthenticate": _("With my password"),
    "mfa_reauthenticate": _("With a code"),
    "mfa_reauthenticate:webauthn": _("With a passkey"),
}
signup_gates: list[Callable[[], str]] = []
"""Apps above add these. Each says why sign-up is closed just now, in a sentence for people, or "" when it need not be."""


def closed_reason() -> str:
    """Why nobody can join just now, in a sentence, or "" when sign-up is open."""
    return next((reason for gate in signup_gates if (reason := str(gate()))), "")


class AccountAdapter(DefaultAccountAdapter):
    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("This account is closed."),
        "duplicate_email": _("This is already your address."),
        "email_password_mismatch": _(
            "This address and this password do not belong together. Try again, or set a new password."
        ),
        "email_taken": _("This address cannot be used here."),
        "enter_current_password": _("This is not your present password."),
        "incorrect_code": _("This is not the code. Look for the newest mail from us."),
        "incorrect_password": _("This is not your password."),
        "too_many_login_attempts": _("That was tried too often. Wait five minutes, or set a new password."),
        "rate_limited": _("That was a little fast. Try again in a minute."),
        "same_as_current": _("This is what it is already."),
    }

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """The same ways to say that it is still oneself, in our words."""
        return [
            {**way, "description": WAYS.get(way["id"], way["description"])}
            for way in super().get_reauthentication_methods(user)
        ]

    def get_client_ip(self, request: HttpRequest) -> str:
        """As everywhere here, by the one count of trusted proxies. What did not come through all of them is the connection's."""
        address = peer_of_request(request).address or request.META.get("REMOTE_ADDR", "")
        if not address:
            raise PermissionDenied
        return address

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Counts wrong passwords for an address and for where they come from; a browser known for that address by itself."""
        known = known_as(request, credentials.get("email", ""))
        if not known:
            super().pre_authenticate(request, **credentials)
            return
        counted = {"app": APP, "action": "login_known", "config": {"login_known": GUESSES}, "key": known}
        self._login_failed_rl_usage = ratelimit.consume(request, **counted)
        if not self._login_failed_rl_usage:
            raise self.validation_error("too_many_login_attempts")

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return not closed_reason()

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Links in mail start with the site's own origin, never with the Host header that somebody sent. To somebody who has
        died nothing is sent, whoever types their address.
        """
        if Member.objects.filter(email=email, standing=Standing.REMEMBERED).exists():
            return
        words = {"email": email, "origin": settings.ORIGINS[0], "product": settings.PRODUCT_NAME, **context}
        self.render_mail(template_prefix, email, words).send()

    def post_login(self, request: HttpRequest, user: Any, **how: Any) -> HttpResponse:
        """Who has a role that waits for a second step is led through it first; the wall is a press away."""
        answer: HttpResponse = super().post_login(request, user, **how)
        if second_step.hold_back(user, request.session).role_waits:
            return second_step.lead(request)
        return answer

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("me")

    def get_email_verification_redirect_url(self, email_address: Any) -> str:
        return reverse("me")
