"""The two parts of a file: the sheet with what is given, and its cover. Read from the rows once, drawn as often as needed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from moderation.case_export.fields import FIELDS
from moderation.case_export.items import Item
from moderation.case_export.naming import Names
from moderation.models import Case, OutsideRequest


@dataclass(frozen=True, slots=True)
class Part:
    """The items of one field under its heading."""

    heading: str
    items: Sequence[Item]


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    parts: Sequence[Part]


@dataclass(frozen=True, slots=True)
class Sheet:
    title: str
    lead: str
    sections: Sequence[Section]


@dataclass(frozen=True, slots=True)
class Cover:
    """`facts` as pairs of words; `given` each with its reason; `digest` is of the sheet's file, whose name is `file`."""

    title: str
    facts: Sequence[tuple[str, str]]
    given: Sequence[tuple[str, str]]
    left_out: Sequence[str]
    file: str
    digest: str


def read_sheet(request: OutsideRequest, case: Case) -> Sheet:
    """What the request's fields hold, other people's names and words replaced. Names are given once for the whole sheet."""
    chosen = [FIELDS[each.key] for each in request.fields.all() if each.key in FIELDS]
    keys = {field.key for field in chosen}
    names = Names(case, request.leave_out, with_handle="account_handle" in keys, whole="record_whole" in keys)
    sections: dict[str | Promise, list[Part]] = {}
    for field in FIELDS.values():
        if field in chosen:
            sections.setdefault(field.section, []).append(Part(str(field.words), list(field.read(case, names))))
    return Sheet(
        title=_("Request %(n)d: what is given") % {"n": request.pk},
        lead=_(
            "The person this is about stands here as member A. Other people stand as letters or by what they do here; who "
            "told us is not in it. “%(mark)s” marks what was taken out."
        )
        % {"mark": _("[left out]")},
        sections=[Section(str(title), parts) for title, parts in sections.items()],
    )


def read_cover(request: OutsideRequest, file: str, digest: str) -> Cover:
    reasons = {each.key: each.reason for each in request.fields.all()}
    deciders = [who.handle for who in (request.proposed_by, request.confirmed_by) if who]
    facts = [
        (_("Request"), str(request.pk)),
        (_("Asked by"), ", ".join(filter(None, [request.name, request.organisation]))),
        (_("Their number"), request.reference),
        (_("Asked on"), _said(request.asked_at)),
        (_("The power they named"), request.power),
        (_("What they asked for"), request.asked),
        (_("Why it is given"), request.why),
        (_("Our basis for giving it"), request.basis),
        (_("Called back by"), f"{request.called_by.handle}, {_said(request.called_at)}" if request.called_by else ""),
        (_("Decided by"), _("%(one)s and %(other)s") % dict(zip(("one", "other"), deciders, strict=True))),
        (_("Decided on"), _said(request.decided_at)),
        (_("Made on"), _said(timezone.now())),
    ]
    return Cover(
        title=_("Cover sheet, request %(n)d") % {"n": request.pk},
        facts=[(what, words) for what, words in facts if words],
        given=[(str(field.words), reasons[field.key]) for field in FIELDS.values() if field.key in reasons],
        left_out=[str(field.words) for field in FIELDS.values() if field.key not in reasons],
        file=file,
        digest=digest,
    )


def _said(when: datetime | None) -> str:
    return date_format(timezone.localtime(when), "j F Y, H:i") if when else ""
