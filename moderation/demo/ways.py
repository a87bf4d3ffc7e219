"""How puffin is reached in the demo: one way that was tested, one that waits for its test. Neither leads anywhere."""

from django.utils import timezone

from forum.models import Member
from moderation.actions.ways import add_way, new_key
from moderation.models import ContactWay, WayKind, WayPreset
from realtime.receivers import Receiver


def fill_ways(cast: dict[str, Member]) -> None:
    """No way of the demo's rings: it would ring somebody's telephone. puffin's duty there stands without one."""
    puffin, now = cast["puffin"], timezone.now()
    mail = add_way(puffin, WayKind.MAIL, WayPreset.NONE, "Mail at work", Receiver("puffin.work@harbour.test"))
    ContactWay.objects.filter(pk=mail.pk).update(confirmed_at=now, tested_at=now)
    pager = Receiver("http://127.0.0.1:9009/pager", key=new_key())
    add_way(puffin, WayKind.WEBHOOK, WayPreset.SIGNED, "The pager by my bed", pager)
