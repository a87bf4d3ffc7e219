"""The demo's cast: who signs in as what. All share one password, printed at the start; they exist in `demo` alone."""

from datetime import timedelta

from allauth.account.models import EmailAddress
from django.utils import timezone

from forum import rules
from forum.models import Consent, Member, Role

PASSWORD = "harbour-demo-pass"  # noqa: S105  (printed for everyone at each start of the demo)
DOMAIN = "harbour.test"
AGE = timedelta(days=60)

CAST = {
    "robin": Role.MEMBER,
    "wren": Role.MEMBER,
    "finch": Role.MEMBER,
    "siskin": Role.MEMBER,
    "heron": Role.MODERATOR,
    "kestrel": Role.MODERATOR,
    "puffin": Role.STAFF,
    "gannet": Role.STAFF,
    "tern": Role.INDEPENDENT,
    "admin": Role.ADMINISTRATOR,
}


def make_cast() -> dict[str, Member]:
    """Makes the ten accounts, sixty days old, with verified addresses and everything agreed to."""
    return {handle: _make(handle, role) for handle, role in CAST.items()}


def _make(handle: str, role: Role) -> Member:
    since = timezone.now() - AGE
    email = f"{handle}@{DOMAIN}"
    runs_the_site = role == Role.ADMINISTRATOR
    member = Member.objects.create_user(
        email, handle, PASSWORD, role=role, is_staff=runs_the_site, is_superuser=runs_the_site, joined_at=since
    )
    EmailAddress.objects.create(user=member, email=email, verified=True, primary=True)
    Consent.objects.bulk_create(
        Consent(member=member, kind=kind, version=version, given_at=since)
        for kind, version in rules.consent_versions().items()
    )
    return member
