"""A look at words on their way to the wall. Where they speak of dying, say how, or give a way to reach somebody, their writer
is asked once, kindly, before they go; then they go as they are. Nothing is refused for being felt.

The checks are the apps' above. Nobody is told who was asked: it is written down nowhere, counted nowhere and logged nowhere.
"""

import logging
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from forum import helplines
from forum.models import FindingKind, PanelText

logger = logging.getLogger(__name__)

Words = str | Promise

MOST = 40  # findings one answer is good for: a page full of numbers is asked about once
NAME_LENGTH = 16  # hex digits that stand for one finding
ANSWER_MAX = MOST * (NAME_LENGTH + 1)


@dataclass(frozen=True, slots=True)
class Finding:
    """One stretch of the words that a check stopped at. `rule` says what it looks like."""

    kind: FindingKind
    rule: str
    words: str

    @property
    def name(self) -> str:
        """Stands for these words without holding them: the same words give the same name."""
        said = f"{self.kind}:{' '.join(self.words.lower().split())}"
        return salted_hmac("forum.safe_words", said, algorithm="sha256").hexdigest()[:NAME_LENGTH]


checks: list[Callable[[str], Iterable[Finding]]] = []
shapes: list[Callable[[], list[dict[str, str]]]] = []
"""What a page may notice by itself while somebody writes, as data for static/noticing.js: expressions over folded words."""


@dataclass(frozen=True, slots=True)
class Wording:
    title: Words
    words: Words


@dataclass(frozen=True)
class LookAgain:
    """The step before sharing: what it is about, gravest first, and the answer that lets the same words through."""

    kinds: tuple[FindingKind, ...]
    answer: str

    @cached_property
    def wordings(self) -> list[Wording]:
        return [wording_for(kind) for kind in self.kinds]

    @property
    def title(self) -> str:
        return str(self.wordings[0].title)

    @property
    def of_crisis(self) -> bool:
        return FindingKind.CRISIS in self.kinds

    @property
    def team_answers(self) -> bool:
        """Whether this site's team answers an emergency, or the operator has said that it does not."""
        return bool(settings.CRISIS_RESPONSE)

    def draw(self, place: str) -> SafeString:
        """The panel, for the page's form at `place` and for the socket's answer alike."""
        return render_to_string("forum/_look_again.html", {"look": self, "place": place})


def look_again(text: str, *, answered: str = "", noticed: bool = False) -> LookAgain | None:
    """What their writer is asked before these words go, or None when there is nothing to ask.

    `answered` is the answer from an earlier panel: what it was about is not asked again, new findings are. `noticed` when
    the page has already pointed out contact details in these words.
    """
    found = {finding.name: finding for finding in _findings(text)}
    if noticed:
        found = {name: finding for name, finding in found.items() if finding.kind != FindingKind.DETAILS}
    fresh = {finding.kind for name, finding in found.items() if name not in answered.split()}
    if not fresh:
        return None
    return LookAgain(tuple(kind for kind in FindingKind if kind in fresh), " ".join(sorted(found)))


def wording_for(kind: FindingKind, language: str = "") -> Wording:
    """An operator's words for this kind, and Harbour's own for whatever they left empty."""
    own = PanelText.objects.filter(kind=kind, language=language or get_language() or settings.LANGUAGE_CODE).first()
    default = default_wording(kind)
    return Wording(own.title or default.title, own.words or default.words) if own else default


def default_wording(kind: FindingKind) -> Wording:
    """The words that come with Harbour. The numbers to ring are no part of them: the panel always shows those."""
    if kind == FindingKind.CRISIS:
        return Wording(_title_of_the_hour(), _CRISIS if settings.CRISIS_RESPONSE else _CRISIS_WITHOUT_RESPONSE)
    return _DEFAULTS[kind]


def notices() -> dict[str, Any]:
    """What static/noticing.js reads: shapes of details, and what is never pointed out because it is a helpline's."""
    return {
        "shapes": [shape for shapes_of_app in shapes for shape in shapes_of_app()],
        "never": sorted(contact for contact in helplines.contacts_at_hand() if _may_look_personal(contact)),
    }


def _findings(text: str) -> list[Finding]:
    """Never raises: when a check fails, the words go as they are. What it failed on stays out of the log."""
    found: list[Finding] = []
    for check in checks:
        try:
            found += check(text)
        except Exception as error:
            logger.error("safe_words_check_failed: %s", type(error).__name__)  # noqa: TRY400  a trace can hold words
    return [finding for finding in found if not _is_helpline(finding)][:MOST]


def _is_helpline(finding: Finding) -> bool:
    if finding.kind != FindingKind.DETAILS:
        return False
    contacts = helplines.contacts_at_hand()
    return finding.words.lower() in contacts or national_number(finding.words) in contacts


def national_number(words: str) -> str:
    """The digits of a number as it is dialled at home: +44 7700 900123 is 07700900123."""
    return re.sub(r"^(?:00)?440?(?=\d{9})", "0", re.sub(r"\D", "", words))


def _may_look_personal(contact: str) -> bool:
    return "@" in contact or len(contact) > 9  # shorter numbers look like nobody's


def _title_of_the_hour() -> Words:
    is_day = 6 <= timezone.localtime().hour < 18
    return _("It sounds as if today is very hard") if is_day else _("It sounds as if tonight is very hard")


_CRISIS = _(
    "You can share this as it is. If you'd like a person from the team to write to you, say so here. If your life is in danger "
    "now, ring one of these; they answer day and night."
)
_CRISIS_WITHOUT_RESPONSE = _(
    "You can share this as it is. Nobody here can answer an emergency, so if your life is in danger now, ring one of these; they "
    "answer day and night."
)
_DEFAULTS = {
    FindingKind.METHODS: Wording(
        _("This says how"),
        _(
            "How you feel belongs here. Names of things and amounts can stay with somebody who reads them on a bad night, so "
            "please think of leaving those out. You can also share it as it is."
        ),
    ),
    FindingKind.DETAILS: Wording(
        _("This looks like a way to reach somebody"),
        _(
            "A phone number, an address or an account, it seems. Many people read the wall. You can change it, or share it as it "
            "is."
        ),
    ),
}
