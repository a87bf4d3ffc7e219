"""The file for printing and sending: real text in the house's typeface, with headings to jump by, in the file's language."""

import logging
import unicodedata
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]
from fpdf import FPDF
from fpdf.enums import Align, WrapMode, XPos, YPos

from moderation.case_export.items import Item
from moderation.case_export.paper import Cover, Sheet

logging.getLogger("fontTools").setLevel(logging.WARNING)  # below that it logs the letters of somebody's words

FACE = "Atkinson"
FONTS = Path(settings.BASE_DIR) / "static" / "vendor" / "atkinson-hyperlegible-next-ttf@0.4.1"
REGULAR, BOLD = FONTS / "AtkinsonHyperlegibleNext_400Regular.ttf", FONTS / "AtkinsonHyperlegibleNext_700Bold.ttf"
MARGIN, LINE, SMALL, BODY, HEADING, TITLE = 20, 6, 9, 11, 14, 20  # millimetres, then points


class Paper(FPDF):
    """A4, with the request's title and the page's number at the foot of each page."""

    def __init__(self, title: str, language: str) -> None:
        super().__init__(format="A4")
        self.foot = title
        self.add_font(FACE, "", REGULAR)
        self.add_font(FACE, "B", BOLD)
        self.set_title(title)
        self.set_lang(language)
        self.set_creator(settings.PRODUCT_NAME)
        self.set_margin(MARGIN)
        self.set_auto_page_break(True, MARGIN + LINE)
        self.add_page()

    def footer(self) -> None:
        self.set_y(-MARGIN)
        self.set_font(FACE, "", SMALL)
        self.cell(0, LINE, f"{legible(self.foot)} · {self.page_no()}/{{nb}}", align=Align.C)

    def say(self, words: str, size: int = BODY, style: str = "", indent: int = 0) -> None:
        """A paragraph, from edge to edge or indented by so many millimetres."""
        self.set_font(FACE, style, size)
        self.set_x(MARGIN + indent)
        self.multi_cell(
            0, size * 0.52, legible(words), align=Align.L, new_x=XPos.LMARGIN, new_y=YPos.NEXT, wrapmode=WrapMode.WORD
        )

    def head(self, words: str, level: int = 0) -> None:
        """A heading, which readers can jump to."""
        if self.will_page_break(3 * LINE):
            self.add_page()
        self.ln(3 if level else 5)
        self.start_section(legible(words), level=level)
        self.say(words, size=(HEADING, BODY + 1)[level] if level < 2 else BODY, style="B")
        self.ln(1)


def draw_sheet(sheet: Sheet, language: str) -> bytes:
    paper = Paper(sheet.title, language)
    paper.say(sheet.title, TITLE, "B")
    paper.ln(2)
    paper.say(sheet.lead)
    for section in sheet.sections:
        paper.head(section.title)
        for part in section.parts:
            paper.head(part.heading, level=1)
            for item in part.items:
                _draw_item(paper, item)
            if not part.items:
                paper.say(_("There is nothing of this kind."))
    return bytes(paper.output())


def draw_cover(cover: Cover, language: str) -> bytes:
    paper = Paper(cover.title, language)
    paper.say(cover.title, TITLE, "B")
    paper.ln(2)
    for what, words in cover.facts:
        paper.say(what, SMALL, "B")
        paper.say(words)
        paper.ln(1.5)
    paper.head(_("What is given, and why just this"))
    for what, why in cover.given:
        paper.say(what, style="B")
        paper.say(why, indent=4)
        paper.ln(1)
    paper.head(_("What is left out"))
    paper.say(" · ".join(cover.left_out))
    paper.head(_("How to see that the file is whole"))
    paper.say(_("SHA-256 of %(file)s:") % {"file": cover.file})
    paper.say(cover.digest, SMALL)
    return bytes(paper.output())


def legible(words: str) -> str:
    """The words with what the typeface lacks given by its name, so that nothing is lost: [blue heart]. Line ends stay."""
    return "".join(each if ord(each) in _drawable() or each == "\n" else _named(each) for each in words)


@lru_cache
def _drawable() -> frozenset[int]:
    with TTFont(REGULAR) as regular, TTFont(BOLD) as bold:
        return frozenset(regular.getBestCmap()) & frozenset(bold.getBestCmap())


def _named(sign: str) -> str:
    """Nothing for what has no shape of its own, such as the joiner within an emoji."""
    if unicodedata.category(sign) in ("Cf", "Cc", "Mn"):
        return " " if sign == "\t" else ""
    return f"[{unicodedata.name(sign, hex(ord(sign))).lower()}]"


def _draw_item(paper: Paper, item: Item) -> None:
    head = " · ".join(filter(None, [item.what, item.who, _said(item.when)]))
    if head:
        paper.say(head, SMALL, "B")
    if item.words:
        paper.say(item.words, indent=4)
    paper.ln(2)


def _said(when: datetime | None) -> str:
    return date_format(timezone.localtime(when), "j F Y, H:i") if when else ""
