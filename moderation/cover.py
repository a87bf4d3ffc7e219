"""Whether this place is ready for strangers: production opens only when somebody can be reached in an emergency."""

from django.conf import settings
from django.utils.translation import gettext as _

from forum import helplines
from moderation import duty, ways


def why_signup_is_closed() -> str:
    """Why nobody can join just now, in a sentence, or "" when they can.

    The design asks production for somebody on call, an emergency contact and checked helplines, unless the operator has
    declared that nobody here responds to a crisis: then every text promises none.
    """
    if not keeps_closed():
        return ""
    return _("New members cannot join just now, because nobody could look after them yet. Help does not wait for us.")


def keeps_closed() -> list[str]:
    """What keeps sign-up closed on this site just now, for its staff and whoever runs it; nothing where it is open."""
    if settings.HARBOUR_ENV != "production" or not settings.CRISIS_RESPONSE:
        return []
    return missing()


def missing() -> list[str]:
    """What production lacks before it can look after people, for the operator.

    Somebody is on call by the rota, with a way that rings, or by hand.
    """
    lacks = []
    if not duty.on_call():
        lacks.append(_("nobody is on call who can be reached: see the rota at /staff/on-call/"))
    if not ways.takes_pages(settings.EMERGENCY_CONTACT):
        lacks.append(_("HARBOUR_EMERGENCY_CONTACT is neither an e-mail address nor an address at https://"))
    if unchecked := helplines.unchecked():
        lacks.append(
            _("Helplines that nobody has checked yet: %(n)d. Hold them against their pages at /admin/")
            % {"n": unchecked}
        )
    elif not helplines.any_to_show():
        lacks.append(_("there is no helpline to show"))
    return lacks
