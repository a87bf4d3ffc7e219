"""Pages by HTTP: to a person's own address, or to a service that rings them."""

import http.client
import time
from datetime import timedelta

from django.conf import settings

from realtime import outgoing
from realtime.models import Delivery
from realtime.receivers import open_receiver
from realtime.senders import NotTaken, Sender, Taken
from realtime.wires import WIRES, Page

SERVICES = {"signed": "webhook", "pagerduty": "PagerDuty", "telephone": "telephone"}


def send(delivery: Delivery) -> Taken:
    """Hand one page over. Raises NotTaken."""
    receiver = open_receiver(delivery)
    if receiver is None:
        raise NotTaken("gone", final=True)
    request = WIRES[receiver.wire](receiver, page_of(delivery), int(time.time()))
    status = post(request.url, dict(request.headers), request.body)
    if status == 410:
        raise NotTaken("gone", status, final=True)
    if not 200 <= status < 300:
        raise NotTaken("refused", status)
    return Taken(SERVICES[receiver.wire], status)


def post(url: str, headers: dict[str, str], body: bytes) -> int:
    """The HTTP status of the answer. Raises NotTaken in words that hold no address."""
    try:
        return outgoing.send("POST", url, {"User-Agent": "Harbour", **headers}, body)
    except outgoing.NotAllowed:
        raise NotTaken("not allowed") from None
    except TimeoutError:
        raise NotTaken("no answer in time") from None
    except (OSError, http.client.HTTPException):
        raise NotTaken("no answer") from None


def page_of(delivery: Delivery) -> Page:
    """What a delivery says, with the same key for every try."""
    payload = delivery.payload
    return Page(
        key=delivery.dedupe,
        words=f"{settings.PRODUCT_NAME}: {delivery.subject}",
        link=str(payload.get("link", "")),
        severity=str(payload.get("severity", "")),
        made_at=delivery.made_at.isoformat(timespec="seconds"),
        ends=str(payload.get("ends", "")),
    )


WHOLE = timedelta(seconds=2 * outgoing.CONNECT + outgoing.WHOLE + 5)  # name, connection, exchange, and a little more
SENDER = Sender(send, claim=WHOLE, urgent_claim=WHOLE, lanes=3)
