"""What somebody types to be reached another way. Each form makes the receiver that is then sealed."""

from typing import Any, ClassVar
from urllib.parse import urlsplit

import phonenumbers
from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from forum.fields import PlainTextField
from moderation.actions.ways import new_key
from moderation.models import ContactWay, WayKind, WayPreset
from moderation.ways import telephone_account
from realtime import outgoing, web_push
from realtime.receivers import Receiver

REGION = "GB"  # how a number without +… is read
ROUTING_KEY = r"^[A-Za-z0-9]{32}$"


class WayForm(forms.Form):
    """The name that all of them have."""

    kind: ClassVar[str] = WayKind.WEBHOOK
    preset: ClassVar[str] = WayPreset.NONE
    title: ClassVar[str | Promise] = ""
    suggested: ClassVar[str | Promise] = ""

    name = PlainTextField(
        label=_("What you call it"),
        max_length=ContactWay.NAME_MAX,
        error_messages={"required": _("Give it a name that you know it by.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].initial = str(self.suggested)

    def receiver(self) -> Receiver:
        """Where it leads. Call once the form is valid."""
        raise NotImplementedError


class TelephoneForm(WayForm):
    preset = WayPreset.TELEPHONE
    title = _("A telephone call")
    suggested = _("My telephone")

    number = forms.CharField(
        label=_("Your number"),
        max_length=40,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
        help_text=_("A voice says that something waits, three times. Only the call itself knows your number."),
        error_messages={"required": _("Write the number that should ring.")},
    )

    def clean_number(self) -> str:
        try:
            number = phonenumbers.parse(self.cleaned_data["number"], REGION)
        except phonenumbers.NumberParseException:
            raise forms.ValidationError(gettext("Write a telephone number, such as +44 7700 900123.")) from None
        if not phonenumbers.is_possible_number(number):
            raise forms.ValidationError(gettext("This number is too long or too short to be rung."))
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)

    def receiver(self) -> Receiver:
        return Receiver("", more={"to": self.cleaned_data["number"]})


class PagerDutyForm(WayForm):
    preset = WayPreset.PAGERDUTY
    title = _("PagerDuty")
    suggested = _("PagerDuty")

    key = forms.RegexField(
        ROUTING_KEY,
        label=_("Integration key"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=_("In PagerDuty: your service, Integrations, Events API v2. It has 32 letters and digits."),
        error_messages={
            "required": _("Paste the key."),
            "invalid": _("An integration key has 32 letters and digits and nothing else."),
        },
    )

    def receiver(self) -> Receiver:
        return Receiver("", key=self.cleaned_data["key"])


class WebhookForm(WayForm):
    preset = WayPreset.SIGNED
    title = _("An address of your own")
    suggested = _("My own pager")

    url = forms.CharField(
        label=_("Its address"),
        max_length=500,
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off", "spellcheck": "false"}),
        help_text=_(
            "It must begin with https:// and be open to the internet. What we send is signed with a key of its own."
        ),
        error_messages={"required": _("Write the address that takes the page.")},
    )

    def clean_url(self) -> str:
        url = str(self.cleaned_data["url"]).strip()
        try:
            outgoing.checked(url)
        except outgoing.NotAllowed:
            raise forms.ValidationError(
                gettext("Write a whole address that begins with https://, without a name or password in it.")
            ) from None
        return url

    def receiver(self) -> Receiver:
        return Receiver(self.cleaned_data["url"], key=new_key())


class MailForm(WayForm):
    kind = WayKind.MAIL
    title = _("Another mail address")
    suggested = _("My other mail")

    address = forms.EmailField(
        label=_("The address"),
        help_text=_("Beside the one you sign in with, which is always used. Mail does not ring."),
        error_messages={
            "required": _("Write the address."),
            "invalid": _("Write a whole mail address, such as puffin@example.org."),
        },
    )

    def receiver(self) -> Receiver:
        return Receiver(self.cleaned_data["address"])


class PushForm(WayForm):
    kind = WayKind.PUSH
    title = _("A notification in this browser")
    suggested = _("This browser")

    endpoint = forms.CharField(widget=forms.HiddenInput, max_length=1000, required=False)
    p256dh = forms.CharField(widget=forms.HiddenInput, max_length=200, required=False)
    auth = forms.CharField(widget=forms.HiddenInput, max_length=100, required=False)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        try:
            outgoing.checked(said.get("endpoint", ""))
            whole = web_push.is_subscription(said.get("p256dh", ""), said.get("auth", ""))
        except outgoing.NotAllowed:
            whole = False
        if not whole:
            raise forms.ValidationError(
                gettext("This browser has not said yes to notifications. Press the button again and allow them.")
            )
        return said

    def receiver(self) -> Receiver:
        said = self.cleaned_data
        return Receiver(said["endpoint"], more={"p256dh": said["p256dh"], "auth": said["auth"]})


class CodeForm(forms.Form):
    """The code of a test, on the card of its way."""

    code = forms.CharField(
        label=_("The code in it"),
        max_length=12,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
        error_messages={"required": _("Type the six digits.")},
    )


FORMS: dict[str, type[WayForm]] = {
    "telephone": TelephoneForm,
    "push": PushForm,
    "pagerduty": PagerDutyForm,
    "webhook": WebhookForm,
    "mail": MailForm,
}


def why_not(what: str) -> str:
    """Why this way cannot be added here, in a sentence with what to do; "" when it can."""
    if what == "telephone" and telephone_account() is None:
        return gettext(
            "This site has no account at a telephone service yet. Whoever runs it sets HARBOUR_TELEPHONE_ACCOUNT; until "
            "then, PagerDuty or a notification can ring you."
        )
    if what == "push" and not web_push.is_installed():
        return gettext(
            "This site cannot send notifications yet. Whoever runs it runs “make .venv” in the directory of Harbour: that "
            "installs every extra."
        )
    return ""


def host_of(url: str) -> str:
    """As much of an address as its owner needs to know it again."""
    return urlsplit(url).hostname or ""
