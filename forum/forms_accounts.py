"""Joining, and allauth's forms in our words."""

from collections.abc import Mapping
from typing import Any

from allauth.account import forms as account_forms
from allauth.core import context
from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp_forms
from allauth.mfa.webauthn import forms as webauthn_forms
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from forum.devices import mark_device
from forum.fields import PlainTextField
from forum.handles import LONGEST, clean_handle
from forum.known_browsers import known_as, remember_browser
from forum.models import Consent, Member
from forum.rules import consent_versions
from forum.second_step_counts import count_code, count_code_again

LONGEST_PASSWORD = 200  # characters; hashing a longer one costs a stranger nothing and us a lot
LONGEST_NAME = 60  # characters of what somebody calls a passkey
PASSWORD_HELP = _("At least 10 characters. A few words in a row are easy to keep in mind and hard to guess.")


def _tick(label: Any, missing: Any) -> forms.BooleanField:
    return forms.BooleanField(label=label, error_messages={"required": missing})


class SignUpForm(forms.Form):
    """What joining asks for. Each tick is a consent of its own, none is ticked beforehand."""

    handle = forms.CharField(
        label=_("Your handle"),
        help_text=_(
            "The name everyone here knows you by. It need not be your own: 2 to 20 letters, digits and _ - ' ."
        ),
        max_length=4 * LONGEST,
        widget=forms.TextInput(attrs={"autocomplete": "nickname", "autocapitalize": "none", "spellcheck": "false"}),
        error_messages={
            "required": _("Choose a name to go by."),
            "max_length": _("Choose a name of 2 to 20 characters."),
        },
    )
    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("Nobody here sees it. We use it to let you in again."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": _("Write your e-mail address."),
            "invalid": _("This does not look like an e-mail address."),
        },
    )
    password1 = forms.CharField(
        label=_("Password"),
        help_text=PASSWORD_HELP,
        strip=False,
        max_length=LONGEST_PASSWORD,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={
            "required": _("Choose a password."),
            "max_length": _("Choose a password of at most 200 characters."),
        },
    )
    adult = _tick(_("I am 18 or over"), _("Harbour is for people of 18 and over."))
    rules = _tick(_("I will keep to the house rules"), _("To join, please agree to the house rules."))
    privacy = _tick(_("I have read the privacy notice"), _("To join, please read the privacy notice and tick this."))
    health = _tick(
        _("You may keep what I write about my health"),
        _("What people write here is often about their health. Without this we may not keep it, so you cannot join."),
    )

    def clean_email(self) -> str:
        return self.cleaned_data["email"].lower()

    def clean_handle(self) -> str:
        return clean_handle(self.cleaned_data["handle"])

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("password1"):
            person = Member(email=given.get("email", ""), handle=given.get("handle", ""))
            try:
                validate_password(given["password1"], person)
            except ValidationError as error:
                self.add_error("password1", error)
        return given

    def details(self) -> dict[str, Any]:
        """What begin_signup takes, from a valid form."""
        given = self.cleaned_data
        versions = consent_versions()
        consents = {kind: versions[kind] for kind in Consent.Kind.values if given[kind]}
        return {
            "email": given["email"],
            "handle": given["handle"],
            "password": given["password1"],
            "consents": consents,
        }


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
        error_messages={
            "required": _("Write the six digits from our mail."),
            "max_length": _("The code has six digits."),
        },
    )


class OurWords:
    """Labels, helps and errors of our own on a form of allauth's, and no second field to type a password into again."""

    labels: Mapping[str, Any] = {
        "login": _("E-mail address"),
        "email": _("E-mail address"),
        "password": _("Password"),
        "remember": _("Who uses this device?"),
        "oldpassword": _("Your present password"),
        "password1": _("New password"),
        "code": _("Code"),
    }
    helps: Mapping[str, Any] = {
        "password": "",
        "oldpassword": "",
        "password1": PASSWORD_HELP,
    }
    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("password2", None)
        for name, field in self.fields.items():
            field.label = self.labels.get(name, field.label)
            field.help_text = self.helps.get(name, field.help_text)
            field.error_messages["required"] = _("This is still empty.")
            field.widget.attrs.pop("placeholder", None)


class OwnDevice(forms.ChoiceField):
    """True for a device of one's own. Who says nothing is on one that others may pick up."""

    def clean(self, value: Any) -> bool:
        return value == "on"


class SignInForm(OurWords, account_forms.LoginForm):
    remember = OwnDevice(
        choices=[
            ("", _("Others may: sign me out when I close the browser or leave quickly")),
            ("on", _("Only I do: keep me signed in")),
        ],
        initial="",
        widget=forms.RadioSelect,
    )

    def login(self, request: HttpRequest, redirect_url: str | None = None) -> Any:
        answer = super().login(request, redirect_url)
        mark_device(request, shared=not self.cleaned_data["remember"])
        if self.cleaned_data["remember"] and not known_as(request, self.cleaned_data["login"], stepped=True):
            remember_browser(answer, self.cleaned_data["login"])  # else it is known by more than that
        return answer


class AddressForm(OurWords, account_forms.AddEmailForm):
    labels = {"email": _("New e-mail address")}


class ResetForm(OurWords, account_forms.ResetPasswordForm):
    pass


class NewPasswordForm(OurWords, account_forms.ResetPasswordKeyForm):
    pass


class ChangePasswordForm(OurWords, account_forms.ChangePasswordForm):
    pass


class SetPasswordForm(OurWords, account_forms.SetPasswordForm):
    pass


class ConfirmPersonForm(OurWords, account_forms.ReauthenticateForm):
    pass


class ResetCodeForm(OurWords, account_forms.ConfirmPasswordResetCodeForm):
    pass


class AddressCodeForm(OurWords, account_forms.ConfirmEmailVerificationCodeForm):
    pass


class Counted:
    """A form with a code, of which wrong ones are counted in our way instead of for the whole account: as allauth's, else."""

    count = staticmethod(count_code)

    def clean_code(self: Any) -> str:
        clear, code = self.count(context.request, self.user), str(self.cleaned_data["code"])
        ways = list(Authenticator.objects.filter(user=self.user).exclude(type=Authenticator.Type.WEBAUTHN))
        found = next((each for each in ways if each.wrap().validate_code(code)), None)
        if found is None:
            raise self._refused(ways)
        found.user, self.authenticator = self.user, found
        clear()
        return code

    def _refused(self: Any, ways: list[Authenticator]) -> ValidationError:
        """Told of once, and of the app where there is one."""
        if ways:
            app = (each for each in ways if each.type == Authenticator.Type.TOTP)
            self._emit_authentication_failed(next(app, ways[0]))
        refusal: ValidationError = get_mfa_adapter().validation_error("incorrect_code")
        return refusal


class SecondStepForm(Counted, OurWords, mfa_forms.AuthenticateForm):
    labels = {"code": _("Code from your app, or a spare code")}


class SecondStepAgainForm(Counted, OurWords, mfa_forms.ReauthenticateForm):
    labels = SecondStepForm.labels
    count = staticmethod(count_code_again)


class ActivateAppForm(OurWords, totp_forms.ActivateTOTPForm):
    labels = {"code": _("Code that your app shows now")}


class AddPasskeyForm(OurWords, webauthn_forms.AddWebAuthnForm):
    """What the device made, which has to vouch for its owner: such a key opens the account by itself."""

    labels = {"name": _("What you call it")}
    name = PlainTextField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["passwordless"]
        self.initial["name"] = ""

    def clean_name(self) -> str:
        return str(self.cleaned_data["name"])[:LONGEST_NAME] or str(_("My passkey"))


class NamePasskeyForm(OurWords, webauthn_forms.EditWebAuthnForm):
    labels = AddPasskeyForm.labels
    name = PlainTextField()

    def clean_name(self) -> str:
        return str(self.cleaned_data["name"])[:LONGEST_NAME]
