"""What accounts do when Django or allauth says that somebody signed out or has a new password."""

from typing import Any

from allauth.account import signals
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.db import transaction
from django.db.models.signals import post_migrate, pre_save
from django.http import HttpRequest

from forum import connections, drafts, helplines, kept_contact, panel_texts, retention, rules, search_index
from forum.actions.directory import REMIND_EVERY, remind_of_old_groups
from forum.actions.drafts import forget_device
from forum.actions.export import make_copies
from forum.actions.membership import end_sessions, lift_ended_standings
from forum.actions.sessions import end_old_sessions, end_other_sessions
from forum.models import Member
from forum.sessions import keep_little, note_visit
from realtime import clock, log
from realtime.peers import peer_of_request


def register() -> None:
    pre_save.connect(keep_little, sender=UserSession, dispatch_uid="forum.keep_little")
    user_logged_in.connect(signed_in, dispatch_uid="forum.signed_in")
    user_logged_out.connect(signed_out, dispatch_uid="forum.signed_out")
    for signal in (signals.password_changed, signals.password_set, signals.password_reset):
        signal.connect(password_renewed, dispatch_uid="forum.password_renewed")
    signals.email_changed.connect(address_changed, dispatch_uid="forum.address_changed")
    post_migrate.connect(rules.plant_first, sender=apps.get_app_config("forum"), dispatch_uid="forum.plant_first")
    post_migrate.connect(
        helplines.plant_first, sender=apps.get_app_config("forum"), dispatch_uid="forum.plant_helplines"
    )
    post_migrate.connect(panel_texts.plant, sender=apps.get_app_config("forum"), dispatch_uid="forum.plant_panel_texts")
    post_migrate.connect(
        search_index.catch_up, sender=apps.get_app_config("forum"), dispatch_uid="forum.catch_up_search"
    )
    clock.register_task("end_old_sessions", 3600, end_old_sessions)
    clock.register_task("lift_ended_standings", 60, lift_ended_standings)
    clock.register_task("remind_of_old_groups", REMIND_EVERY, remind_of_old_groups)
    clock.register_task("make_copies", 10, make_copies, lane="leaving")
    retention.register_all()


def signed_in(request: HttpRequest, user: Member, **_more: Any) -> None:
    note_visit(request)
    connections.note_sign_in(user, peer_of_request(request))


def signed_out(request: HttpRequest, user: Member | None, **_more: Any) -> None:
    """The session goes first: a hub that looked between the event and the flush would still find it."""
    if user is not None:
        forget_device(user, drafts.device_marked(request))
        request.session.flush()
        end_sessions(user.pk)


def address_changed(user: Member, from_email_address: EmailAddress | None, **_more: Any) -> None:
    """The address that counted so far stays while somebody looks after them; the team hears that it changed, and not to what."""
    if from_email_address is not None:
        with transaction.atomic():
            log.append(*kept_contact.keep_before(user.pk, kept_contact.MAIL, from_email_address.email))


def password_renewed(user: Member, request: HttpRequest | None = None, **_more: Any) -> None:
    """A new password ends every other session; their sockets go with them, also of one that is written down nowhere."""
    if not end_other_sessions(user, keep=request.session.session_key if request else None):
        end_sessions(user.pk)
