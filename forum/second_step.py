"""The second step of signing in, which everybody with a role takes before anything of the team's opens to them.

Until a session has taken it, its person is a member in it: on pages, in the admin and on sockets alike. What they hold beside,
such as that they cannot leave while they have a role, they go on holding (`Member.role_held`).
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast
from urllib.parse import urlencode

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.mfa.models import Authenticator
from asgiref.sync import iscoroutinefunction, sync_to_async
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import sync_and_async_middleware
from django.utils.functional import SimpleLazyObject
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from forum import panels
from forum.access import ViewerFacts
from forum.models import Member, Role
from forum.onlooker import Onlooker
from forum.second_step_secrets import SealedSecrets

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)  # spare codes count, and are no factor of their own
Session = Mapping[str, Any]


class MfaAdapter(SealedSecrets):
    error_messages = {
        **SealedSecrets.error_messages,
        "incorrect_code": gettext_lazy("That did not match. Try again, with what your app or device shows now."),
        "cannot_delete_authenticator": gettext_lazy(
            "You have a role here, so one second step has to stay. Set up another one first, or ask an administrator to take "
            "the role back."
        ),
    }

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """By this name somebody's device asks whether to show a passkey."""
        return {**super().get_public_key_credential_rp_entity(), "name": settings.PRODUCT_NAME}

    def get_public_key_credential_user_entity(self, user: Any) -> dict[str, Any]:
        """A device lists its passkeys by name, to whoever holds it: the handle, never the address."""
        return {**super().get_public_key_credential_user_entity(user), "name": user.handle, "display_name": user.handle}

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """The last factor of somebody with a role stays. Within a transaction their row is locked, so that of two who take one
        away at once, or of one who does and one who gives the role, the second sees what the first did."""
        rows = Member.objects.select_for_update() if connection.in_atomic_block else Member.objects
        member = rows.get(pk=authenticator.user_id)
        if not settings.SECOND_STEP or member.role == Role.MEMBER:
            return True
        return factors_of(member.pk).exclude(pk=authenticator.pk).exists()


def factors_of(member_id: int) -> Any:
    return Authenticator.objects.filter(user=member_id, type__in=FACTORS)


def is_taken(member_id: int, session: Session) -> bool:
    """Whether this session's person took a second step in it, and still has one."""
    records = get_authentication_records(
        SimpleNamespace(session=session),  # all it reads; a socket has no request
        Member(pk=member_id),
    )
    return any(record.get("method") == "mfa" for record in records) and factors_of(member_id).exists()


def hold_back(member: Member, session: Session) -> Member:
    """Makes this object of theirs a member's, as long as their session lacks the second step. Nothing of it is stored."""
    if settings.SECOND_STEP and member.role != Role.MEMBER and not is_taken(member.pk, session):
        member.hold_role_back()
    return member


def narrow_viewer(viewer: ViewerFacts, session: Session) -> ViewerFacts:
    """As `hold_back`, for a socket's viewer."""
    if settings.SECOND_STEP and viewer.role != Role.MEMBER and not is_taken(viewer.id, session):
        return replace(viewer, role=Role.MEMBER)
    return viewer


@sync_and_async_middleware
def second_step(get_response: Any) -> Any:
    """Stands right behind what finds out who asks, so that nothing after it sees a role that does not count yet."""
    if iscoroutinefunction(get_response):

        async def answer_async(request: HttpRequest) -> HttpResponseBase:
            _narrow(request)
            return await get_response(request)

        return answer_async

    def answer(request: HttpRequest) -> HttpResponseBase:
        _narrow(request)
        return get_response(request)

    return answer


def lead(request: HttpRequest) -> HttpResponse:
    """To where the second step is taken, or set up by who has none yet, and then on to where they wanted to go."""
    step = _step_of(request.user.pk or 0)
    if not step:
        return redirect("mfa_index")
    wanted = request.get_full_path() if request.method == "GET" else "/"
    return redirect(f"{reverse(step)}?{urlencode({'next': wanted})}")


def asked_again(request: HttpRequest) -> HttpResponse | None:
    """Where somebody with a role shows that it is still they: a password alone opens nothing of the team's. None: it does."""
    held = getattr(request.user, "role_held", Role.MEMBER)
    step = _step_of(request.user.pk or 0) if settings.SECOND_STEP and held != Role.MEMBER else ""
    return redirect(f"{reverse(step)}?{request.GET.urlencode()}") if step else None


def remind(onlooker: Onlooker) -> str:
    """Above every page of somebody whose role waits."""
    if not onlooker.member.role_waits:
        return ""
    words = _("Your role opens once you have taken a second step of signing in. Until then you are here as a member.")
    how = _("Take it now")
    return format_html('<p class="notice" role="note">{} <a href="{}">{}</a></p>', words, reverse("second_step"), how)


besides: list[Callable[[Member], None]] = []
"""Apps above add what ends whatever else opens the second step, when somebody has lost everything that it rests on."""


def register() -> None:
    panels.banners.append(remind)


def note_set_up(request: HttpRequest, kind: str) -> None:
    """Who has just set a factor up has shown that they hold it."""
    record_authentication(request, cast(Member, request.user), "mfa", type=kind)


def _step_of(member_id: int) -> str:
    types = set(factors_of(member_id).values_list("type", flat=True))
    if not types:
        return ""
    return "mfa_reauthenticate" if Authenticator.Type.TOTP in types else "mfa_reauthenticate_webauthn"


def _narrow(request: HttpRequest) -> None:
    if not settings.SECOND_STEP:
        return
    find, find_async = request.user, request.auser

    def user() -> Member | AnonymousUser:
        return hold_back(_plain(find), request.session) if find.is_authenticated else AnonymousUser()

    async def auser() -> Member | AnonymousUser:
        found = await find_async()
        return await sync_to_async(hold_back)(found, request.session) if found.is_authenticated else found

    request.user = SimpleLazyObject(user)  # type: ignore[assignment]
    request.auser = auser


def _plain(lazy: Any) -> Member:
    """The member behind Django's lazy object: held back itself, for others may hold it too."""
    member: Member = lazy._wrapped
    return member
