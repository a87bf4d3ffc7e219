"""The second step of signing in, where the code on paper counts in place of the app's."""

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.core import context

from forum.forms_accounts import SecondStepForm
from moderation.actions.sealed_codes import LENGTH, as_typed, use_code


class SecondStepOrPaperForm(SecondStepForm):
    """What is as long as a code on paper is tried as one; the limit on wrong codes is the same for both."""

    def clean_code(self) -> Any:
        code = self.cleaned_data["code"]
        if len(as_typed(code)) != LENGTH:
            return super().clean_code()
        clear = self.count(context.request, self.user)
        if not use_code(self.user, code):
            return super().clean_code()
        clear()
        return code

    def save(self) -> None:
        if hasattr(self, "authenticator"):
            super().save()
        else:
            record_authentication(context.request, self.user, "mfa", type="sealed_code")
