"""Mail to one member, as they chose it: saying what it is about, in neutral words, or none."""

from collections.abc import Mapping

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from forum.models import MailChoice, Member, Standing
from realtime.deliveries import queue_mail


def mail_member(
    member: Member,
    dedupe: str,
    template: str,
    context: Mapping[str, object],
    headers: Mapping[str, str] | None = None,
) -> None:
    """Queues a mail in the member's language, unless it is not safe to write to them at all, or they
    have died.

    `template` holds the subject, a blank line and the body; `{{ openly }}` is true for who chose to be told what a mail is
    about. Neither way has it a word of what anybody wrote, nor a name.
    """
    if member.mail_choice == MailChoice.NO or member.standing == Standing.REMEMBERED:
        return
    with translation.override(member.language):
        facts = {
            "product": settings.PRODUCT_NAME,
            "openly": member.mail_choice == MailChoice.YES,
            "room": whole(reverse("room")),
            "data": whole(reverse("me_data")),
        }
        text = render_to_string(template, facts | dict(context))
    subject, _blank, body = text.strip().partition("\n")
    queue_mail(dedupe, member.email, subject, body.strip() + "\n", headers)


def whole(path: str) -> str:
    return settings.ORIGINS[0] + path
