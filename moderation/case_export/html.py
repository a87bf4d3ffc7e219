"""The file as a page to read on a screen: escaped by the template engine, and allowed to load and run nothing."""

from django.template.loader import render_to_string

from moderation.case_export.paper import Cover, Sheet


def draw_sheet(sheet: Sheet, language: str) -> bytes:
    return render_to_string("moderation/export/sheet.html", {"sheet": sheet, "language": language}).encode()


def draw_cover(cover: Cover, language: str) -> bytes:
    return render_to_string("moderation/export/cover.html", {"cover": cover, "language": language}).encode()
