"""People's details in the words: telephone, e-mail, a home address, an account elsewhere. It removes nothing."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from moderation.screening import phones
from moderation.screening.folding import Folded, fold
from moderation.screening.own import BUILT_IN, Own
from moderation.screening.result import DETAILS, Reason, Screening, gathered

SCORE = 0.45
MOST = 40  # details of one text: whoever writes more of them has shown enough


@dataclass(frozen=True, slots=True)
class Detail:
    """One shape of a detail. It counts when `only` is in its characters without gaps, `never` is not, and `after` stands
    a little before it. Browsers read the same table (`for_browsers`), so no expression here uses what JavaScript lacks.
    """

    rule: str
    pattern: re.Pattern[str]
    only: re.Pattern[str] | None = None
    never: re.Pattern[str] | None = None
    after: re.Pattern[str] | None = None
    needs: tuple[str, ...] = ()  # one of these stands in whatever it matches: most texts are done with that


DIGITS = tuple("0123456789")
MAILERS = ("gmail", "googlemail", "hotmail", "outlook", "yahoo", "icloud", "proton", "btinternet", "live", "aol", "sky")
PLATFORMS = ("insta", "snap", "discord", "telegram", "tiktok", "twitter", "facebook", "whatsapp", "kik", "signal", "bluesky",
             "mastodon", "ig ", "ig:", "ig-", "ig@", "ig=", "ig'", "fb")  # fmt: skip
BESIDE = 40  # characters read before a detail
POSTCODE = r"[a-z]{1,2}\d[a-z\d]?\s{0,2}\d[abd-hjlnp-uw-z]{2}"
EIRCODE = r"[ac-fhknprtv-y]\d[\dw] ?[\dac-fhknprtv-y]{4}"
BARE_POSTCODE = re.compile(rf"(?<!\w)(?:{POSTCODE}|{EIRCODE})(?!\w)")
MAIL = r"(?:gmail|googlemail|hotmail|outlook|yahoo|icloud|proton|protonmail|btinternet|live|aol|sky)"
PLATFORM = r"(?:insta|instagram|ig|snap|snapchat|discord|telegram|tiktok|twitter|facebook|fb|whatsapp|kik|signal|bluesky|mastodon)"
SHAPES: tuple[Detail, ...] = (
    Detail(
        "phone",
        # Digits may be apart by a space, dot, dash or bracket; each run is bounded, so a page of digits stays linear.
        re.compile(r"(?<![\d+])(?:\+44|0044|0)(?:[ ().-]{0,3}\d){9,11}(?!\d)"),
        # 03, 08 and 09 are services and helplines, which people here pass on to each other all day.
        only=re.compile(r"^(?:\+44|0044)?0?[127]"),
        needs=("0", "+44"),
    ),
    Detail(
        "email",
        re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}(?![\w-])"),
        # Public addresses of helplines, from the services' own pages.
        never=re.compile(
            r"@(?:samaritans|papyrus-uk|galop|sdafmh|dsahelpline|giveusashout|nhs|mind)\.(?:org\.uk|org|net|uk)$"
        ),
        needs=("@",),
    ),
    Detail(
        "address",
        re.compile(
            rf"(?<!\w)(?:flat \d{{1,4}}[a-z]?,? )?\d{{1,4}}[a-z]?,?\s(?:[a-z']{{2,20}},?\s{{1,2}}){{1,6}}{POSTCODE}(?!\w)"
        ),
        needs=DIGITS,
    ),
    Detail(
        "address",
        re.compile(
            r"(?<!\w)\d{1,4}[a-z]?,? (?:[a-z']{2,20} ){1,3}"
            r"(?:road|street|avenue|lane|close|drive|crescent|terrace|gardens|court|way)(?!\w)"
        ),
        after=re.compile(r"\b(?:lives?|living|address|house|come (?:to|round)|find (?:me|him|her|them)|flat)\b"),
        needs=DIGITS,
    ),
    Detail(
        "email",
        re.compile(
            rf"(?<![\w.+-])[\w.+-]{{2,64}} ?(?:\(at\)|\[at\]| at |@) ?{MAIL} ?(?:\.|\(dot\)|\[dot\]| dot ) ?(?:com|co|ie|net|me|org)(?!\w)"
        ),
        needs=MAILERS,
    ),
    Detail(
        "postcode",
        re.compile(rf"(?<!\w)(?:{POSTCODE}|{EIRCODE})(?!\w)"),
        after=re.compile(r"\b(?:post ?code|eircode|lives?|living|address|house|flat|come (?:to|round)|near)\b"),
        needs=DIGITS,
    ),
    Detail(
        "account",
        re.compile(
            rf"(?<!\w){PLATFORM}(?:'s| is| name| handle| user| account| id)?(?: is| at|'s)? ?"
            r"[:=@-]{1,3} ?@?[\w.#]{3,32}"
            rf"|(?<![\w.])@[\w.]{{3,32}} (?:on|at) (?:my )?{PLATFORM}(?!\w)"
            rf"|(?<!\w)(?:my|his|her|their|add me on|me on|find me on) {PLATFORM} "
            r"(?:is|name is|handle is|as) @?[\w.#]{3,32}"
        ),
        needs=PLATFORMS,
    ),
    Detail(
        "account",
        re.compile(
            r"(?<!\w)(?:instagram\.com|facebook\.com|fb\.com|snapchat\.com/add|t\.me|wa\.me|discord\.gg|tiktok\.com/@"
            r"|twitter\.com|x\.com)/?[\w.#+-]{3,40}"
        ),
        needs=(".com", "t.me", "wa.me", "discord.gg"),
    ),
)


def screen_contact(text: str, own: Own = BUILT_IN) -> Screening:
    """Contact details in `text`, as a conduct reason of severity `soon`. Never raises; linear in its length."""
    return contact_in(text, fold(text), own)


def contact_in(text: str, folded: Folded, own: Own) -> Screening:
    """As `screen_contact`, for words that are folded already."""
    found = [*islice(_details(folded.words), MOST), *phones.numbers_in(folded.words), *_capital_postcodes(text, folded)]
    reasons = [
        Reason(rule, *folded.span(start, end))
        for rule, start, end in _widest(found)
        if rule not in own.off and not _is_public(folded.words[start:end], own)
    ]
    return gathered("soon", DETAILS, SCORE, reasons)


def _is_public(words: str, own: Own) -> bool:
    """A helpline's number or address, which people here pass on to each other."""
    return words in own.public or phones.national(words) in own.public


def _widest(found: Iterable[tuple[str, int, int]]) -> Iterator[tuple[str, int, int]]:
    """One reason for one stretch: what lies within another goes, a postcode within an address with it."""
    end = 0
    for each in sorted(found, key=lambda each: (each[1], -each[2])):
        if each[2] > end:
            end = each[2]
            yield each


def _capital_postcodes(text: str, folded: Folded) -> Iterator[tuple[str, int, int]]:
    """A whole postcode in capitals, wherever it stands: fifteen houses share one."""
    for match in BARE_POSTCODE.finditer(folded.words) if any(digit in folded.words for digit in DIGITS) else ():
        start, end = folded.span(*match.span())
        if text[start:end].isupper():
            yield "postcode", *match.span()


def for_browsers() -> list[dict[str, str]]:
    """The same table as data, for a page that says so while somebody writes. Words are to be folded to lower case first."""
    return [
        {"rule": detail.rule, "pattern": detail.pattern.pattern}
        | {
            name: condition.pattern
            for name in ("only", "never", "after")
            if (condition := getattr(detail, name)) is not None
        }
        for detail in SHAPES
    ]


def _details(words: str) -> Iterator[tuple[str, int, int]]:
    addresses: set[int] = set()
    for detail in SHAPES:
        if detail.needs and not any(piece in words for piece in detail.needs):
            continue
        for match in detail.pattern.finditer(words):
            if not _counts(detail, match, words) or (detail.rule == "address" and match.start() in addresses):
                continue
            if detail.rule == "address":
                addresses.add(match.start())
            yield detail.rule, match.start(), match.end()


def _counts(detail: Detail, match: re.Match[str], words: str) -> bool:
    packed = re.sub(r"[\s().-]", "", match[0]) if detail.only else match[0]
    if (detail.only and not detail.only.search(packed)) or (detail.never and detail.never.search(match[0])):
        return False
    return detail.after is None or bool(detail.after.search(words[max(0, match.start() - BESIDE) : match.start()]))
