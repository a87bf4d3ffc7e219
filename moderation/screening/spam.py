"""Selling and linking: many links, hidden ones, words of the trade, the same link again and again. Nothing here is ever urgent."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from moderation.screening.folding import Folded
from moderation.screening.own import Own
from moderation.screening.result import SPAM, Reason, Screening, gathered
from moderation.screening.spelling import word_set

MANY: Final = 3  # links in one post
OFTEN: Final = 3  # times the same one
LINK: Final = re.compile(r"(?:https?://|www\.)([\w.-]{3,80})(/[^\s<>\"]{0,80})?")
SHORTENERS: Final = word_set(
    "bit.ly tinyurl.com t.co goo.gl ow.ly is.gd buff.ly cutt.ly rebrand.ly shorturl.at rb.gy tiny.cc t.ly v.gd s.id bl.ink"
)
BARE_SHORTENER: Final = re.compile(
    r"(?<![\w./@])(?:bit\.ly|tinyurl\.com|goo\.gl|ow\.ly|is\.gd|cutt\.ly|rb\.gy|tiny\.cc|shorturl\.at)/[\w-]{2,40}"
)
# Places that people here send each other to, and that sell nothing.
TRUSTED: Final = (
    "nhs.uk", "gov.uk", "mind.org.uk", "samaritans.org", "papyrus-uk.org", "rethink.org", "youngminds.org.uk", "hse.ie",
    "citizensadvice.org.uk", "bbc.co.uk", "wikipedia.org", "giveusashout.org", "nationaldahelpline.org.uk", "stepchange.org",
)  # fmt: skip
SALES: Final = re.compile(
    r"(?<!\w)(?:buy now|order now|click (?:here|the link|below)|limited (?:time )?offer|100% guaranteed|money back|discount code"
    r"|promo code|use (?:my )?code|free (?:shipping|delivery|trial)|dm me (?:for|to)|inbox me|whats ?app me|message me on whats ?app"
    r"|earn (?:up to )?[£$€]?\d|make (?:easy )?money|financial freedom|work from home|passive income|crypto|bitcoin|forex"
    r"|investment opportunit\w{1,3}|guaranteed (?:profit|returns?|results?)|quick loans?|payday loans?|no credit check"
    r"|no prescription|without (?:a )?prescription|cheap (?:meds|pills|tablets)|buy (?:xanax|valium|diazepam|tramadol|oxycodone)"
    r"|online casino|betting tips|free spins|spell ?caster|brought (?:back )?my (?:ex|husband|wife|lover)"
    r"|herbal (?:cure|remedy doctor)|lose weight fast|followers for|only ?fans|subscribe to my"
    r"|check out my (?:shop|store|channel|page|website|course|ebook)|limited (?:places|spots)|sign up (?:now|today)"
    r"|visit (?:our|my) (?:website|site|shop))(?!\w)"
)
HINTS: Final = (
    "now", "click", "offer", "guarantee", "code", "free", "dm me", "inbox", "app", "earn", "money", "financial", "from home", "income",
    "crypto", "bitcoin", "forex", "invest", "loan", "credit", "prescription", "cheap", "buy", "casino", "betting", "spell",
    "brought", "herbal", "weight", "follow", "fans", "subscribe", "check out", "limited", "sign up", "visit",
)  # fmt: skip
"""One of these stands in whatever SALES matches: most texts are done with them."""
SCORE: Final = 0.12


def spam_in(folded: Folded, own: Own, added: Iterable[Reason]) -> Screening:
    """Severity `routine`. Words of the trade count from two on, or beside a link: people also talk about their loans."""
    reasons = {
        Reason(rule, *folded.span(start, end)) for rule, start, end in _found(folded.words) if rule not in own.off
    }
    return gathered("routine", SPAM, SCORE, [*reasons, *added])


def _found(words: str) -> Iterator[tuple[str, int, int]]:
    links = [link for link in LINK.finditer(words) if not _is_trusted(link[1])]
    hidden = [link.span() for link in links if link[1].rstrip(".") in SHORTENERS]
    hidden += [match.span() for match in BARE_SHORTENER.finditer(words)]
    yield from (("shortener", *span) for span in hidden)
    if len(links) >= MANY:
        yield from (("links", *link.span()) for link in links[:MANY])
    often = {link for link, count in Counter(link[0] for link in links).items() if count >= OFTEN}
    yield from (("repeated", *link.span()) for link in links if link[0] in often)
    sales = {match[0]: match.span() for match in SALES.finditer(words)} if _may_sell(words) else {}
    if len(sales) > 1 or (sales and (links or hidden)):
        yield from (("sales", *span) for span in sales.values())


def _may_sell(words: str) -> bool:
    return any(hint in words for hint in HINTS)


def _is_trusted(host: str) -> bool:
    host = host.removeprefix("www.").rstrip(".")
    return any(host == one or host.endswith(f".{one}") for one in TRUSTED)
