"""In which shape a page goes to whom: our own signed one, a paging service, a telephone service. Pure."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode
from xml.sax.saxutils import escape

from realtime.receivers import Receiver

DEDUP_MAX = 255  # characters, PagerDuty's


@dataclass(frozen=True, slots=True)
class Page:
    """What is said: words without a word about anybody, where to look, how severe. `key` is the same for every retry."""

    key: str
    words: str
    link: str
    severity: str
    made_at: str  # ISO 8601
    ends: str = ""  # the key of an earlier page that need not ring any more; only PagerDuty is told


@dataclass(frozen=True, slots=True)
class Request:
    url: str
    headers: Mapping[str, str]
    body: bytes


def signed(receiver: Receiver, page: Page, now: int) -> Request:
    """Our own: JSON with HMAC-SHA256 over `timestamp.body`, as `Harbour-Signature: t=<unix seconds>,v1=<hex>`.

    The receiver computes the same with the way's key, compares in constant time and refuses old timestamps. A retry has a
    new timestamp and the same `Idempotency-Key`.
    """
    said = {
        "id": page.key,
        "message": page.words,
        "severity": page.severity,
        "link": page.link,
        "made_at": page.made_at,
    }
    body = json.dumps(said, sort_keys=True).encode()
    headers = {
        "Content-Type": "application/json",
        "Harbour-Signature": f"t={now},v1={signature(receiver.key, now, body)}",
        "Idempotency-Key": page.key,
    }
    return Request(receiver.url, headers, body)


def signature(key: str, now: int, body: bytes) -> str:
    return hmac.new(key.encode(), f"{now}.".encode() + body, hashlib.sha256).hexdigest()


def pagerduty(receiver: Receiver, page: Page, now: int) -> Request:
    """PagerDuty's Events API v2: POST /v2/enqueue, answered 202. The same `dedup_key` makes no second incident.

    https://developer.pagerduty.com/docs/events-api-v2/trigger-events/ (read 2026-11): `routing_key`, `event_action`,
    `dedup_key` (255 characters), `payload` with `summary` (1024), `source` and `severity` (critical, error, warning, info),
    `links` with `href` and `text`. With `resolve` and the same `dedup_key` it stops calling anybody.
    """
    if page.ends:
        over = {"routing_key": receiver.key, "event_action": "resolve", "dedup_key": page.ends[:DEDUP_MAX]}
        return Request(receiver.url, {"Content-Type": "application/json"}, json.dumps(over).encode())
    severity = {"emergency": "critical", "urgent": "error"}.get(page.severity, "warning")
    event = {
        "routing_key": receiver.key,
        "event_action": "trigger",
        "dedup_key": page.key[:DEDUP_MAX],
        "payload": {"summary": page.words, "source": "harbour", "severity": severity},
        "links": [{"href": page.link, "text": "Harbour"}],
    }
    return Request(receiver.url, {"Content-Type": "application/json"}, json.dumps(event).encode())


def telephone(receiver: Receiver, page: Page, now: int) -> Request:
    """Twilio's Call resource, which others speak too: the telephone rings and a voice reads the words, three times.

    https://www.twilio.com/docs/voice/api/call-resource (read 2026-11): POST
    `<base>/2010-04-01/Accounts/<account>/Calls.json`, Basic authentication with account and token, a form with `To`, `From`
    and `Twiml`; answered 201. It knows no key for retries: it may ring twice when an answer was lost on its way.
    """
    said = f'<Say language="en-GB">{escape(page.words)}</Say><Pause length="1"/>'
    form = {"To": receiver.more["to"], "From": receiver.more["from"], "Twiml": f"<Response>{said * 3}</Response>"}
    account = receiver.more["account"]
    basic = base64.b64encode(f"{account}:{receiver.key}".encode()).decode()
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Authorization": f"Basic {basic}"}
    url = f"{receiver.url.rstrip('/')}/2010-04-01/Accounts/{account}/Calls.json"
    return Request(url, headers, urlencode(form).encode())


WIRES: Mapping[str, Callable[[Receiver, Page, int], Request]] = {
    "signed": signed,
    "pagerduty": pagerduty,
    "telephone": telephone,
}
