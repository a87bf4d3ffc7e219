"""Each step of a role goes onto the audit chain: who asked, who agreed, for whom, from which role to which."""

from forum import roles
from forum.roles import RoleStep
from moderation import audit


def register() -> None:
    if _write_down not in roles.witnesses:
        roles.witnesses.append(_write_down)


def _write_down(step: RoleStep) -> None:
    audit.record(None, step.action, step.actor, step.before, step.role, about=step.member)
