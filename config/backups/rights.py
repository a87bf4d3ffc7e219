"""What a restore gives back unasked: roles that were taken away, bans that were lifted or made, passkeys that were lost."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from allauth.mfa.models import Authenticator
from django.db import DatabaseError

from forum.models import Member

Person = tuple[int, datetime]  # a later member with the same number joined at another time


@dataclass(frozen=True, slots=True)
class Changed:
    """The numbers of those members whose role, standing or second step is another than before the restore."""

    roles: list[int]
    standings: list[int]
    keys: list[int]

    @property
    def said(self) -> str:
        counted = (
            f"{len(self.roles)} roles{_named(self.roles)}, {len(self.standings)} standings{_named(self.standings)}, and the "
            f"passkeys or second steps of {len(self.keys)} members{_named(self.keys)}"
        )
        return f"Not as they were before this restore: {counted}. Set right what was decided since before you open."


@dataclass(frozen=True, slots=True)
class Rights:
    members: Mapping[Person, tuple[str, str]]  # role and standing
    keys: Mapping[int, frozenset[tuple[str, datetime]]]  # of each member, what they sign in with besides a password

    @classmethod
    def now(cls) -> Self | None:
        """As they are in the database; None where it is empty or of another Harbour."""
        try:
            members = {
                (pk, joined_at): (role, standing)
                for pk, joined_at, role, standing in Member.objects.values_list("pk", "joined_at", "role", "standing")
            }
            keys: dict[int, set[tuple[str, datetime]]] = {}
            for user, kind, made_at in Authenticator.objects.values_list("user_id", "type", "created_at"):
                keys.setdefault(user, set()).add((kind, made_at))
        except DatabaseError:
            return None
        return cls(members, {user: frozenset(made) for user, made in keys.items()}) if members else None

    def against(self, after: "Rights") -> Changed:
        """What differs for those who are members before and after."""
        both = sorted(self.members.keys() & after.members.keys())
        pairs = [(person[0], self.members[person], after.members[person]) for person in both]
        return Changed(
            [pk for pk, before, now in pairs if before[0] != now[0]],
            [pk for pk, before, now in pairs if before[1] != now[1]],
            [pk for pk, _before, _now in pairs if self.keys.get(pk) != after.keys.get(pk)],
        )


def _named(numbers: list[int]) -> str:
    """The first of them, so that somebody can look."""
    if not numbers:
        return ""
    more = " …" if len(numbers) > 20 else ""
    return f" (members number {', '.join(map(str, numbers[:20]))}{more})"
