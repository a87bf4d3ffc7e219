"""One archive for one request: the cover sheet, and the case as it is given. Nothing here writes."""

import hashlib
import io
import zipfile
from importlib import import_module

from django.utils.translation import get_language

from moderation.case_export.paper import read_cover, read_sheet
from moderation.models import Case, FileKind, OutsideRequest

# Loaded when something is drawn: what makes paper takes 0.4 s to load, and hardly any process ever needs it.
DRAWN_BY = {FileKind.PDF: "moderation.case_export.pdf", FileKind.HTML: "moderation.case_export.html"}


def draw(request: OutsideRequest, case: Case, kind: str) -> tuple[bytes, str]:
    """The archive with both files in it, and the SHA-256 of the case's file, which the cover sheet names."""
    draws, language, name = import_module(DRAWN_BY[FileKind(kind)]), get_language() or "en-gb", f"case.{kind}"
    sheet = draws.draw_sheet(read_sheet(request, case), language)
    digest = hashlib.sha256(sheet).hexdigest()
    cover = draws.draw_cover(read_cover(request, name, digest), language)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"cover.{kind}", cover)
        archive.writestr(name, sheet)
    return packed.getvalue(), digest
