"""Telephone numbers, told from other numbers by each country's numbering plan (the library phonenumbers)."""

import re
from collections.abc import Iterator
from typing import Final

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberType

Found = tuple[str, int, int]
"""(rule, start, end)"""
MOST: Final = 8  # candidates that are looked up: whoever writes more of them has shown enough
# Digits may be apart by a space, dot, dash, stroke or bracket; each run is bounded, so a page of digits stays linear.
CANDIDATE: Final = re.compile(r"(?<![\w+])(?:\+|00|\(?0)(?:[ ()./-]{0,3}\d){7,14}(?!\d)")
DIGIT: Final = r"(?:zero|oh|nought|one|two|three|four|five|six|seven|eight|nine|double|treble|triple|\d)"
SPELLED: Final = re.compile(rf"(?<!\w)(?:zero|oh|nought|0)(?:[ ,.-]{{1,3}}{DIGIT}){{8,14}}(?!\w)")
ANY_DIGIT: Final = re.compile(r"\d")
ZEROS: Final = ("zero", "oh", "nought", "0")
SPELLS: Final = re.compile(r"(?:zero|oh|nought|one|two|three|four|five|six|seven|eight|nine)")
HOMES: Final = ("GB", "IE")  # whose numbers are read without their country's code
PERSONAL: Final = frozenset({
    PhoneNumberType.FIXED_LINE, PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE,
    PhoneNumberType.PERSONAL_NUMBER, PhoneNumberType.VOIP, PhoneNumberType.PAGER,
})  # fmt: skip
"""Free, shared-cost and premium numbers are services and helplines, which people here pass on to each other all day."""


def numbers_in(words: str) -> Iterator[Found]:
    """Numbers of Britain, Ireland and, with their country's code, of anywhere; digits spelled out in words too."""
    for number, match in enumerate(CANDIDATE.finditer(words) if ANY_DIGIT.search(words) else ()):
        if number == MOST:
            break
        if _is_personal(match[0]):
            yield "phone", *match.span()
    for match in SPELLED.finditer(words) if any(zero in words for zero in ZEROS) else ():
        if SPELLS.search(match[0]):
            yield "phone", *match.span()


def national(words: str) -> str:
    """The digits of a number as it is dialled at home: +44 7700 900123 is 07700900123."""
    return re.sub(r"^(?:00)?440?(?=\d{9})", "0", re.sub(r"\D", "", words))


def _is_personal(candidate: str) -> bool:
    digits = re.sub(r"[^\d+]", "", candidate)
    if digits.startswith("00"):
        digits = f"+{digits[2:]}"
    if digits.startswith("+"):
        return _type_of(re.sub(r"^\+440", "+44", digits), None) in PERSONAL
    kinds = {home: _type_of(digits, home) for home in HOMES}
    if kinds["GB"] in PERSONAL:
        return True
    # A bare run of nine digits is as likely an order's number as a landline in Dublin.
    spaced = not candidate.isdecimal()
    return kinds["IE"] == PhoneNumberType.MOBILE or (spaced and kinds["IE"] in PERSONAL)


def _type_of(digits: str, region: str | None) -> int | None:
    try:
        number = phonenumbers.parse(digits, region)
    except NumberParseException:
        return None
    return phonenumbers.number_type(number) if phonenumbers.is_valid_number(number) else None
