"""Who told the team, as far as the person who reads a case may know it. Pure, but for the words."""

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from forum.access import ViewerFacts
from forum.models import Role
from moderation.models import Kind, Report, Source

FROM_THE_TEAM = frozenset({Source.NOTICED, Source.STAFF})
"""What somebody reports as part of their work: it is theirs, and says so."""


def may_see_reporter(report: Report, viewer: ViewerFacts, kind: str) -> bool:
    """Whether this person reads the reporter's handle.

    Their own report is theirs. What the team noticed says who noticed it. In a case of care staff see it, because they may
    have to ask at once where somebody is. Else it is the setting's: most who report are afraid of being found out.
    """
    if report.reporter_id is None:
        return False
    if report.reporter_id == viewer.id or report.source in FROM_THE_TEAM:
        return True
    return settings.REPORTERS_SHOWN or (kind == Kind.CARE and viewer.role == Role.STAFF)


def who_told(report: Report, viewer: ViewerFacts, kind: str) -> str | Promise:
    """Who made this report: a handle where it may be known, else only what kind of person."""
    if report.reporter is None or not may_see_reporter(report, viewer, kind):
        return Source(report.source).label
    if report.reporter_id == viewer.id:
        return _("you")
    if report.source in FROM_THE_TEAM:
        return _("%(who)s, from the team") % {"who": report.reporter.handle}
    return report.reporter.handle
