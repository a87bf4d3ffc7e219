"""What happens at the doors of accounts, for the log: what, by which means, and of those with a role whose.

Not of members: when somebody comes here is nobody's business, and what they came from is sealed (forum/connections.py).
"""

from functools import partial
from typing import Any

import structlog
from allauth.account import signals
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa import signals as mfa
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import Signal
from django.http import HttpRequest

from forum.models import Member, Role

log = structlog.get_logger("harbour.account")

DONE: dict[str, Signal] = {
    "signed_in": user_logged_in,
    "signed_out": user_logged_out,
    "password_changed": signals.password_changed,
    "password_reset": signals.password_reset,
    "address_changed": signals.email_changed,
    "second_step_added": mfa.authenticator_added,
    "second_step_removed": mfa.authenticator_removed,
    "recovery_codes_renewed": mfa.authenticator_reset,
}
REFUSED: dict[str, Signal] = {
    "sign_in_refused": user_login_failed,
    "second_step_refused": mfa.authentication_failed,
    "reset_code_refused": signals.password_reset_code_rejected,
}


def register() -> None:
    for write, told in ((log.info, DONE), (log.warning, REFUSED)):
        for what, signal in told.items():
            signal.connect(partial(tell, write, what), weak=False, dispatch_uid=f"forum.account_log.{what}")


def tell(
    write: Any, what: str, sender: Any, user: Member | None = None, request: HttpRequest | None = None, **_more: Any
) -> None:
    records = get_authentication_records(request, user) if request is not None and hasattr(request, "session") else []
    how = [str(each.get("type") or each.get("method")) for each in records if isinstance(each, dict)]
    write(what, whose=_whose(user), by=how)


def _whose(user: Member | None) -> str:
    if user is None or not user.is_authenticated:
        return "unknown"
    return "a member" if user.role == Role.MEMBER else f"{user.role} {user.pk}"
