"""Joining, and allauth's pages with the status that a refused form has everywhere here."""

from typing import Any

from allauth.account import views as account
from allauth.account.utils import perform_login
from allauth.decorators import rate_limit
from allauth.mfa.base import views as mfa
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from allauth.mfa.webauthn.internal.auth import begin_registration
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from forum import accounts, second_step
from forum.actions.signup import (
    CodeWrong,
    HandleTaken,
    SignupEnded,
    begin_signup,
    confirm_signup,
    live_signup,
    send_new_code,
)  # fmt: skip
from forum.devices import mark_device
from forum.forms_accounts import CodeForm, SignUpForm
from forum.known_browsers import known_as, remember_browser
from forum.models import PendingSignup

PENDING = "pending_signup"  # in the session: a code works in the browser that asked for it and nowhere else


@sensitive_post_parameters("password1")
@never_cache
@rate_limit(action="signup")
@require_http_methods(["GET", "POST"])
def signup(request: HttpRequest) -> HttpResponse:
    """The details. Known and unknown addresses get the same answer; what differs is in the mail."""
    if request.user.is_authenticated:
        return redirect("wall")
    if reason := accounts.closed_reason():
        status = 403 if request.method == "POST" else 200
        return render(request, "account/signup_closed.html", {"reason": reason}, status=status)
    form = SignUpForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            pending = begin_signup(**form.details(), replaces=request.session.get(PENDING))
        except HandleTaken as taken:
            form.add_error("handle", taken.message)
        else:
            request.session[PENDING] = pending.pk
            return redirect("signup_confirm")
    return render(request, "account/signup.html", {"form": form}, status=422 if request.method == "POST" else 200)


@never_cache
@rate_limit(action="signup")
@require_http_methods(["GET", "POST"])
def signup_confirm(request: HttpRequest) -> HttpResponse:
    """The code. Right: the account is made and its owner is signed in."""
    if request.user.is_authenticated:
        return redirect("wall")
    pending = live_signup(request.session.get(PENDING))
    if pending is None:
        return _start_again(request)
    if request.POST.get("action") == "resend":
        return _resend(request, pending)
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            member = confirm_signup(pending.pk, form.cleaned_data["code"])
        except CodeWrong as wrong:
            pending.tries_left = wrong.tries_left
            form.add_error("code", _("This is not the code. Look for the newest mail from us."))
        except SignupEnded:
            return _start_again(request)
        else:
            del request.session[PENDING]
            messages.success(request, _("Welcome. You can read for as long as you like before you write."))
            answer = perform_login(request, member, email=member.email, signup=True)
            mark_device(request, shared=True)  # until they say otherwise when they next sign in
            return answer
    context = {"form": form, "pending": pending}
    return render(request, "account/signup_confirm.html", context, status=422 if request.method == "POST" else 200)


def _resend(request: HttpRequest, pending: PendingSignup) -> HttpResponse:
    try:
        send_new_code(pending)
    except SignupEnded:
        messages.warning(request, _("We have sent all the mails we can for this. Wait a little, or start again."))
    else:
        messages.success(request, _("We have sent another mail. Only the newest one counts."))
    return redirect("signup_confirm")


def _start_again(request: HttpRequest) -> HttpResponse:
    if request.session.pop(PENDING, None):
        messages.info(request, _("The time for that code is over. You can start again."))
    return redirect("account_signup")


@login_required
@never_cache
def to_second_step(request: HttpRequest) -> HttpResponse:
    """To where the second step is taken or set up."""
    return second_step.lead(request)


class Refusing:
    """A refused form answers 422, also on allauth's pages."""

    def form_invalid(self, form: Any) -> Any:
        response = super().form_invalid(form)  # type: ignore[misc]
        if response.status_code == 200:
            response.status_code = 422
        return response


class SignIn(Refusing, account.LoginView):
    pass


class Reset(Refusing, account.PasswordResetView):
    pass


class ResetCode(Refusing, account.ConfirmPasswordResetCodeView):
    pass


class ResetPassword(Refusing, account.CompletePasswordResetView):
    def form_valid(self, form: Any) -> HttpResponse:
        """Whoever holds the mail is let in with the new password, however often others guess at it meanwhile."""
        answer: HttpResponse = super().form_valid(form)
        remember_browser(answer, self._process.user.email, for_now=True)
        return answer


class ChangePassword(Refusing, account.PasswordChangeView):
    pass


class ChangeAddress(Refusing, account.EmailView):
    pass


class AddressCode(Refusing, account.ConfirmEmailVerificationCodeView):
    pass


class ConfirmPerson(Refusing, account.ReauthenticateView):
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return second_step.asked_again(request) or super().dispatch(request, *args, **kwargs)


class SecondStep(Refusing, mfa.AuthenticateView):
    def form_valid(self, form: Any) -> HttpResponse:
        """A browser of their own is known by more than the password from here on: strangers lock nobody out of it."""
        answer: HttpResponse = super().form_valid(form)
        email = self.stage.login.user.email
        if known_as(self.request, email):
            remember_browser(answer, email, stepped=True)
        return answer


class SecondStepAgain(Refusing, mfa.ReauthenticateView):
    pass


class ActivateApp(Refusing, totp.ActivateTOTPView):
    def form_valid(self, form: Any) -> HttpResponse:
        answer: HttpResponse = super().form_valid(form)
        second_step.note_set_up(self.request, "totp")
        return answer


class PasskeySignIn(webauthn.LoginWebAuthnView):
    def form_valid(self, form: Any) -> HttpResponse:
        """On a device that others use too, unless its owner says otherwise beside the button above."""
        answer: HttpResponse = super().form_valid(form)
        mark_device(self.request, shared=self.request.POST.get("remember") != "on")
        return answer


class AddPasskey(Refusing, webauthn.AddWebAuthnView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Asks the device for a key that it keeps itself and opens by finger, face or code."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["js_data"] = {"creation_options": begin_registration(self.request.user, passwordless=True)}
        return context

    def form_valid(self, form: Any) -> HttpResponse:
        answer: HttpResponse = super().form_valid(form)
        second_step.note_set_up(self.request, "webauthn")
        return answer


class RemoveApp(totp.DeactivateTOTPView):
    @transaction.atomic
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Whether it is the last step is asked and it goes in one transaction."""
        answer: HttpResponse = super().post(request, *args, **kwargs)
        return answer


class RemovePasskey(webauthn.RemoveWebAuthnView):
    @transaction.atomic
    def form_valid(self, form: Any) -> HttpResponse:
        """The last step of somebody with a role stays, with a sentence."""
        adapter = second_step.MfaAdapter()
        if not adapter.can_delete_authenticator(self.get_object()):
            messages.error(self.request, adapter.error_messages["cannot_delete_authenticator"])
            return redirect("mfa_list_webauthn")
        answer: HttpResponse = super().form_valid(form)
        return answer


class NamePasskey(Refusing, webauthn.EditWebAuthnView):
    pass
