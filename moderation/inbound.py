"""Reading a mail that somebody answered with: whose conversation, which words are theirs, what came along. Pure, and never fails."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from email.utils import getaddresses
from html.parser import HTMLParser

TO = ("Delivered-To", "X-Original-To", "Envelope-To", "To", "Cc")
BY_MACHINE = frozenset({"bulk", "junk", "list", "auto_reply"})
CUT = re.compile(
    r"^\s*(-{2,}\s*(original message|forwarded message|neges wreiddiol)\s*-{2,}|_{10,}|-- )\s*$", re.IGNORECASE
)
INTRODUCES = re.compile(r"^\s*(on|ar|am|le|el|em)\b.{5,200}:\s*$", re.IGNORECASE)  # "On Monday, Harbour wrote:"
HEADER = re.compile(r"^\s*\*?(from|sent|to|subject|oddi wrth):\*?\s.+$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Inbound:
    """`sender` may be anybody: it is only ever answered, never believed."""

    recipients: tuple[str, ...] = ()
    sender: str = ""
    message_id: str = ""
    words: str = ""
    attached: bool = False
    by_machine: bool = False  # an answering machine, a list, a bounce: nobody wrote it, and nothing is sent back


def read_message(raw: bytes, recipients: Iterable[str] = (), sender: str | None = None) -> Inbound:
    """One RFC 822 message. `recipients` and `sender` are the envelope's, where the mail server said them."""
    message = message_from_bytes(raw, policy=policy.default)
    named = tuple(recipients) or tuple(_addresses(message, TO))
    back = sender if sender is not None else next(iter(_addresses(message, ("Return-Path", "From"))), "")
    return Inbound(
        recipients=named,
        sender=back if back.count("@") == 1 and not re.search(r"[\s,;<>]", back) else "",
        message_id=_header(message, "Message-ID").strip()[:300],
        words=own_words(_text(message)),
        attached=any(True for _part in _attachments(message)),
        by_machine=_by_machine(message, sender),
    )


def own_words(text: str) -> str:
    """What its writer wrote, without what they answered. Nothing but quotations and their headings is left out."""
    kept: list[str] = []
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for place, line in enumerate(lines):
        if CUT.match(line) or _begins_headers(lines[place : place + 4]):
            break
        if line.lstrip().startswith(">") or _introduces(lines, place):
            continue
        kept.append(line.rstrip())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()


def _begins_headers(lines: list[str]) -> bool:
    """Three of a mail's headings below one another begin what was answered."""
    return len([line for line in lines if HEADER.match(line)]) >= 3 and bool(lines and HEADER.match(lines[0]))


def _introduces(lines: list[str], place: int) -> bool:
    """A line, or two, that say who wrote what is quoted below. A sentence that ends in a colon is none without a quotation."""
    for span in (1, 2):
        for start in range(place - span + 1, place + 1):
            if start < 0 or not INTRODUCES.match(" ".join(line.strip() for line in lines[start : start + span])):
                continue
            below = next((line for line in lines[start + span :] if line.strip()), "")
            if below.lstrip().startswith(">"):
                return True
    return False


def _text(message: Message) -> str:
    part = message.get_body(("plain", "html")) if isinstance(message, EmailMessage) else None
    if part is None:
        return ""
    words = _decoded(part)
    return _without_tags(words) if part.get_content_type() == "text/html" else words


def _decoded(part: Message) -> str:
    try:
        return str(part.get_content())  # type: ignore[attr-defined]
    except (LookupError, UnicodeError, ValueError, KeyError):
        payload = part.get_payload(decode=True)
        return payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""


def _attachments(message: Message) -> Iterable[Message]:
    body = message.get_body(("plain", "html")) if isinstance(message, EmailMessage) else None
    for part in message.walk():
        if part.is_multipart() or part is body:
            continue
        if (
            part.get_content_disposition() == "attachment"
            or part.get_content_maintype() != "text"
            or part.get_filename()
        ):
            yield part


def _by_machine(message: Message, sender: str | None) -> bool:
    submitted = _header(message, "Auto-Submitted").strip().lower()
    if submitted and not submitted.startswith("no"):
        return True
    if _header(message, "Precedence").strip().lower() in BY_MACHINE or _header(message, "List-Id"):
        return True
    if sender == "" or _header(message, "Return-Path").strip() == "<>":
        return True
    return message.get_content_type() == "multipart/report"


def _addresses(message: Message, names: Iterable[str]) -> list[str]:
    values = [str(value) for name in names for value in message.get_all(name, [])]
    return list(dict.fromkeys(address for _name, address in getaddresses(values) if address))


def _header(message: Message, name: str) -> str:
    try:
        return str(message.get(name, ""))
    except (ValueError, IndexError):
        return ""


@dataclass
class _Plain(HTMLParser):
    """Words of a page; what a mail program marks as quoted is left out."""

    parts: list[str] = field(default_factory=list)
    quoted: int = 0
    silent: int = 0

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "blockquote":
            self.quoted += 1
        elif tag in ("style", "script", "head", "title"):
            self.silent += 1
        elif tag in ("br", "p", "div", "li", "tr"):
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "blockquote":
            self.quoted = max(0, self.quoted - 1)
        elif tag in ("style", "script", "head", "title"):
            self.silent = max(0, self.silent - 1)
        elif tag == "p":
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            words = re.sub(r"\s+", " ", data)
            self.parts.append(f"\n> {words}\n" if self.quoted and words.strip() else words)


def _without_tags(page: str) -> str:
    reader = _Plain()
    reader.feed(page)
    reader.close()
    return "".join(reader.parts)
