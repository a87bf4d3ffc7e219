"""Handles: what a public name may be, and when two of them are too alike to stand side by side."""

import re
import unicodedata
from collections import defaultdict
from functools import cache

from confusable_homoglyphs import categories
from confusable_homoglyphs.confusables import confusables_data
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

SHORTEST, LONGEST = 2, 20  # characters, after normalising
MARKS_IN_A_ROW = 2  # combining marks, as many as living scripts need once composed
SEPARATORS = "_\\-'."  # as a character class
LATIN_BEYOND_ASCII = frozenset("æœøđðþłħŧıŋßɓɗɖƙƴəɛɔɣɩɲʋʃʒɨʉ")
"""Latin letters of living languages that do not come apart into a plain letter and an accent. The rest are phonetic signs."""
APOSTROPHES = dict.fromkeys(map(ord, "\u2018\u2019\u02bb\u02bc"), "'")  # what keyboards make of O'Neill and Ka'ala
INVISIBLE = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]")
TOGETHER = (  # scripts that people write together as one
    {"HAN", "HIRAGANA", "KATAKANA"},
    {"HAN", "BOPOMOFO"},
    {"HAN", "HANGUL"},
)
RESERVED = (
    "admin", "administrator", "ambulance", "anonymous", "bot", "childline", "counsellor", "crisis", "deleted",
    "doctor", "elefriends", "emergency", "erased", "everyone", "harbour", "harbor", "help", "helpline", "independent", "keeper",
    "lighthouse", "mind", "mod", "moderator", "mods", "moderators", "nhs", "nobody", "nurse", "official", "owner", "police",
    "postmaster", "root", "safeguarding", "samaritan", "samaritans", "security", "shout", "staff", "superuser",
    "support", "system", "team", "therapist", "volunteer", "webmaster", "999", "112", "111", "116123",
    "argyfwng", "ceidwad", "cwnselydd", "cymedrolwr", "cymedrolwyr", "gwirfoddolwr", "harbwr", "heddlu",
)  # fmt: skip
OF_THE_TEAM = (
    "admin", "administrator", "childline", "harbour", "harbor", "helpline", "mod", "moderator", "moderators", "mods", "nhs",
    "official", "police", "safeguarding", "samaritan", "samaritans", "staff", "superuser", "team",
    "cymedrolwr", "cymedrolwyr", "heddlu",
)  # fmt: skip
"""Words that speak for the team or a service wherever they stand in a name: Mod-Jo, JoFromStaff, from.the.team."""
BESIDE_RESERVED = ("the", "our", "your", "my", "me", "uk", "real", "true")
"""What does not make a reserved word somebody's own name: TheKeeper and harbour-team are as borrowed as keeper."""
LEET = str.maketrans("3457", "east")

_CAPITALS = re.compile(r"[A-Z][a-z0-9]+|[A-Z]+(?![a-z])|[a-z0-9]+")
_accents = re.compile("[\u0300-\u036f]")


def clean_handle(raw: str) -> str:
    """The handle as it is stored and shown: NFKC, straight apostrophes. Does not ask whether somebody has it.

    Raises ValidationError with a sentence for the person who chose it.
    """
    handle = unicodedata.normalize("NFKC", raw.strip().translate(APOSTROPHES)).translate(APOSTROPHES)
    if "@" in handle:
        raise ValidationError(
            _("Everyone here sees this name. Choose one that is not an e-mail address."), code="address"
        )
    if not SHORTEST <= len(handle) <= LONGEST:
        raise ValidationError(_("Choose a name of 2 to 20 characters."), code="length")
    _refuse_characters(handle)
    _refuse_mixture(handle)
    if is_reserved(handle):
        raise ValidationError(
            _("This name could be taken for the team or for a service. Choose another."), code="reserved"
        )
    return handle


def handle_key(handle: str) -> str:
    """Equal for handles that a reader could take for one another: no two members have the same.

    NFKC and casefold, accents dropped, then each character as the one that stands for all that look like it (UTS 39), and
    the pairs that read as one letter: rn as m, vv as w; 1, i and l as l.
    """
    return _skeleton(unicodedata.normalize("NFKC", handle.translate(APOSTROPHES)).casefold())


def hidden_key(key: str) -> str:
    """What is kept of an erased member's key: enough to know it again, and nothing that can be read."""
    return "#" + salted_hmac("forum.handles", key, algorithm="sha256").hexdigest()


def lookalike_keys(handle: str) -> set[str]:
    """The keys that must be free for this handle: its own, and that of what it looks like in the case it is written in.

    Greek capitals such as NINA look Latin although their small letters do not.
    """
    shape = _skeleton(unicodedata.normalize("NFKC", handle.translate(APOSTROPHES)))
    return {handle_key(handle), _skeleton(shape.casefold())}


def is_reserved(handle: str) -> bool:
    """Whether a handle says no more than reserved words do, however it is dressed up."""
    joined = re.sub(rf"[{SEPARATORS}]", "", handle)
    spoken = {handle, joined, joined.rstrip("0123456789"), joined.translate(LEET)}
    return any(_reserved_pattern().fullmatch(handle_key(name)) for name in spoken if name) or speaks_for_team(handle)


def speaks_for_team(words: str) -> bool:
    """Whether one of these words, or of those that capitals set apart, is one that the team alone goes by."""
    parts = [part for word in re.findall(r"\w+", words.replace("_", " ")) for part in (word, *_CAPITALS.findall(word))]
    bare = {part.strip("0123456789").translate(LEET) for part in parts}
    return bool({handle_key(part) for part in bare if part} & _team_keys())


def spoken(handle: str) -> str:
    """A handle as somebody reads it aloud: signs and capitals part its words. For rules that read sentences."""
    return " ".join(" ".join(_CAPITALS.findall(word) or [word]) for word in re.split(rf"[{SEPARATORS}]", handle))


def _refuse_characters(handle: str) -> None:
    if any(character.isspace() for character in handle):
        raise ValidationError(
            _("Choose a name without spaces. A hyphen or a full stop can stand between two words."), code="space"
        )
    if INVISIBLE.search(handle) or not all(_is_allowed(character) for character in handle):
        raise ValidationError(_("Use letters, digits and these four: _ - ' ."), code="character")
    if not any(unicodedata.category(character).startswith("L") for character in handle):
        raise ValidationError(_("Use at least one letter."), code="letterless")
    if re.search(rf"^[{SEPARATORS}]|[{SEPARATORS}]$|[{SEPARATORS}]{{2}}", handle):
        raise ValidationError(
            _("Signs such as _ - ' . stand one at a time, between letters or digits."), code="separator"
        )
    marks = "".join("M" if unicodedata.category(character).startswith("M") else "." for character in handle)
    if marks.startswith("M") or "M" * (MARKS_IN_A_ROW + 1) in marks:
        raise ValidationError(_("There are too many marks on one letter here."), code="marks")


def _is_allowed(character: str) -> bool:
    category = unicodedata.category(character)
    if category in ("Lm", "Lo") and categories.alias(character) == "COMMON":
        return character == "\u30fc"  # the Japanese long vowel; the other common letters are signs in disguise
    if category[0] == "L" and categories.alias(character) == "LATIN":
        return unicodedata.normalize("NFD", character)[0].isascii() or character.lower() in LATIN_BEYOND_ASCII
    return category in ("Nd", "Mn", "Mc") or category[0] == "L" or character in "_-'."


def _refuse_mixture(handle: str) -> None:
    scripts = categories.unique_aliases(handle) - {"COMMON", "INHERITED"}
    digits = {ord(character) - unicodedata.decimal(character) for character in handle if character.isdecimal()}
    if len(digits) > 1 or (len(scripts) > 1 and not any(scripts <= group for group in TOGETHER)):
        raise ValidationError(
            _("Write the whole name in one alphabet, so that nobody takes it for another."), code="mixed"
        )


def _skeleton(text: str) -> str:
    representatives, spelled_out = _looks()
    letters = _accents.sub("", unicodedata.normalize("NFD", text))
    spelled = "".join(spelled_out.get(letter, letter) for letter in letters)
    plain = _accents.sub("", unicodedata.normalize("NFD", spelled))
    alike = "".join(representatives.get(letter, letter) for letter in plain)
    return alike.replace("rn", "m").replace("vv", "w").replace("i", "l")


@cache
def _looks() -> tuple[dict[str, str], dict[str, str]]:
    """From the Unicode list: the one character that stands for each class of look-alikes, and letters that look like several."""
    classes: dict[str, set[str]] = defaultdict(set)
    spelled_out: dict[str, str] = {}
    for character, alike in confusables_data.items():
        group = {_bare(character), *(_bare(entry["c"]) for entry in alike)}
        singles = {one for one in group if len(one) == 1}
        for one in singles:
            classes[one] |= singles
        if len(alike) == 1 and len(singles) == 1 and _bare(character) in singles - {"m", "w"}:
            spelled_out[_bare(character)] = _bare(alike[0]["c"])
    return {one: _representative(_whole_class(one, classes)) for one in list(classes)}, spelled_out


def _bare(text: str) -> str:
    """Without the direction marks that the list puts around right-to-left characters."""
    return text.replace("\u200e", "").replace("\u200f", "")


def _whole_class(one: str, classes: dict[str, set[str]]) -> set[str]:
    """A class is a star: every member names the centre, the centre names them all."""
    return set().union(*(classes[other] for other in classes[one]))


def _representative(group: set[str]) -> str:
    return min(group, key=lambda one: (not one.isascii(), not one.islower(), not one.isalpha(), ord(one))).casefold()


@cache
def _team_keys() -> frozenset[str]:
    named = [word for word in re.findall(r"\w+", settings.PRODUCT_NAME) if len(word) > 2]
    return frozenset(handle_key(word) for word in (*OF_THE_TEAM, *named)) - {handle_key("the")}


@cache
def _reserved_pattern() -> re.Pattern[str]:
    names = re.findall(r"\w+", f"{settings.PRODUCT_NAME} {settings.CHARACTER_NAME}")
    words = {handle_key(word) for word in (*RESERVED, *names) if len(word) > 1} - {handle_key("the")}
    beside = {handle_key(word) for word in BESIDE_RESERVED}
    around = rf"(?:{'|'.join(map(re.escape, sorted(words | beside)))}|[{SEPARATORS}]|\d)*"
    return re.compile(rf"{around}(?:{'|'.join(map(re.escape, sorted(words)))}){around}")
