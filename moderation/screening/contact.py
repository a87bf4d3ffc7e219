"""People's details in the words: telephone, e-mail, a home address, an account elsewhere. It removes nothing."""

import re
from collections.abc import Iterator

from moderation.screening.folding import fold
from moderation.screening.result import DETAILS, NOTHING, Reason, Screening

SCORE_OF_ONE, SCORE_OF_EACH_MORE, SCORE_MOST = 0.5, 0.1, 0.9

# Digits may be apart by a space, dot, dash or bracket; each run is bounded, so a page of digits stays linear.
PHONE = re.compile(r"(?<![\d+])(?:\+44|0044|0)(?:[ ().-]{0,3}\d){9,11}(?!\d)")
# 03, 08 and 09 are services and helplines, which people here pass on to each other all day.
OF_A_PERSON = re.compile(r"^(?:\+44|0044)?0?[127]")
EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}(?![\w-])")
# Public addresses of helplines, from the services' own pages.
HELPLINE_DOMAINS = re.compile(
    r"@(?:samaritans|papyrus-uk|galop|sdafmh|dsahelpline|giveusashout|nhs|mind)\.(?:org\.uk|org|net|uk)$"
)
POSTCODE = r"[a-z]{1,2}\d[a-z\d]?\s{0,2}\d[abd-hjlnp-uw-z]{2}"
ADDRESS = re.compile(
    rf"(?<!\w)(?:flat \d{{1,4}}[a-z]?,? )?\d{{1,4}}[a-z]?,?\s(?:[a-z']{{2,20}},?\s{{1,2}}){{1,6}}{POSTCODE}(?!\w)"
)
STREET = re.compile(
    r"(?<!\w)\d{1,4}[a-z]?,? (?:[a-z']{2,20} ){1,3}"
    r"(?:road|street|avenue|lane|close|drive|crescent|terrace|gardens|court|way)(?!\w)"
)
LIVES_THERE = re.compile(r"\b(?:lives?|living|address|house|come (?:to|round)|find (?:me|him|her|them)|flat)\b")
PLATFORM = r"(?:insta|instagram|ig|snap|snapchat|discord|telegram|tiktok|twitter|facebook|fb|whatsapp|kik|signal|bluesky|mastodon)"
HANDLE = re.compile(
    rf"(?<!\w){PLATFORM}(?:'s| is| name| handle| user| account| id)?(?: is| at|'s)? ?"
    rf"[:=@-]{{1,3}} ?@?(?P<one>[\w.#]{{3,32}})"
    rf"|(?<![\w.])@(?P<two>[\w.]{{3,32}}) (?:on|at) (?:my )?{PLATFORM}(?!\w)"
    rf"|(?<!\w)(?:my|his|her|their|add me on|me on|find me on) {PLATFORM} "
    rf"(?:is|name is|handle is|as) @?(?P<three>[\w.#]{{3,32}})"
)
PROFILE = re.compile(
    r"(?<!\w)(?:instagram\.com|facebook\.com|fb\.com|snapchat\.com/add|t\.me|wa\.me|discord\.gg|tiktok\.com/@|twitter\.com|x\.com)"
    r"/?[\w.#+-]{3,40}"
)


def screen_contact(text: str) -> Screening:
    """Contact details in `text`, as a conduct reason of severity `soon`. Never raises; linear in its length."""
    folded = fold(text)
    reasons = sorted(
        {Reason(rule, *folded.span(start, end)) for rule, start, end in _details(folded.words)},
        key=lambda reason: (reason.start, reason.rule),
    )
    if not reasons:
        return NOTHING
    score = min(SCORE_MOST, SCORE_OF_ONE + SCORE_OF_EACH_MORE * (len(reasons) - 1))
    return Screening("soon", DETAILS, round(score, 3), tuple(reasons))


def _details(words: str) -> Iterator[tuple[str, int, int]]:
    for match in PHONE.finditer(words):
        if OF_A_PERSON.match(re.sub(r"[^\d+]", "", match[0])):
            yield "phone", match.start(), match.end()
    for match in EMAIL.finditer(words):
        if not HELPLINE_DOMAINS.search(match[0]):
            yield "email", match.start(), match.end()
    whole = {match.start(): match.end() for match in ADDRESS.finditer(words)}
    for start, end in whole.items():
        yield "address", start, end
    for match in STREET.finditer(words):
        if match.start() not in whole and LIVES_THERE.search(words[max(0, match.start() - 40) : match.start()]):
            yield "address", match.start(), match.end()
    for pattern in (HANDLE, PROFILE):
        for match in pattern.finditer(words):
            yield "account", match.start(), match.end()
