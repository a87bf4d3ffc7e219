"""What the register of requests and the list of incidents say when somebody was quicker."""

from django.utils import timezone
from django.utils.translation import gettext as _

from forum.refusals import Refusal
from moderation.models import Incident, OutsideRequest
from moderation.outside_requests import last_step


class Overtaken(Refusal):
    """Somebody was quicker: the page shows it as it stands now."""


class RegisterMoved(Overtaken):
    """A request has moved on. Says who did what, and when."""

    def __init__(self, request: OutsideRequest) -> None:
        super().__init__()
        self._last = last_step(request)

    @property
    def message(self) -> str:
        if self._last is None or self._last.by is None:
            return _("Something has happened here meanwhile. Here is how it stands now.")
        facts = {
            "who": self._last.by.handle,
            "what": self._last.get_what_display(),
            "at": timezone.localtime(self._last.at).strftime("%H:%M"),
        }
        return _("%(who)s %(what)s at %(at)s. Here is how it stands now.") % facts


class IncidentMoved(Overtaken):
    """An incident was closed meanwhile, or its closing taken back."""

    def __init__(self, incident: Incident) -> None:
        super().__init__()
        self._who = incident.closed_by or incident.close_asked_by
        self._closed = incident.closed_at is not None

    @property
    def message(self) -> str:
        if self._who:
            closed = _("%(who)s has closed this. Here is how it stands now.")
            asked = _("%(who)s has asked to close this. Here is how it stands now.")
            return (closed if self._closed else asked) % {"who": self._who.handle}
        return _("Something has happened here meanwhile. Here is how it stands now.")
