"""Where somebody can be sent: the lines and groups that may be chosen for a word, and how each reads once it is sent."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Case as When_
from django.db.models import QuerySet, Value, When
from django.utils.html import format_html

from forum import directory, helplines
from forum.lines import Line, Way
from forum.models import GroupKind, Helpline, HelplineWay, Region, SupportGroup
from moderation.models import Signpost

GROUPS_SHOWN = 8  # of the directory at once: whoever looks for more says what for
OF_THE_KINGDOM = {Region.ENGLAND, Region.SCOTLAND, Region.WALES, Region.NORTHERN_IRELAND}


def lines_near(region: str) -> tuple[list[Helpline], list[Helpline]]:
    """The checked lines for where a member is, theirs first, and all the others. Who does not say where: the whole kingdom's."""
    rows = [row for row in _checked() if not row.emergency]
    near = {region, Region.UK.value} if region in OF_THE_KINGDOM else {region or Region.UK.value}
    ours = [row for row in rows if near & set(row.regions)]
    ours.sort(key=lambda row: region not in row.regions)  # stable: the operators' order within each
    return ours, [row for row in rows if row not in ours]


def groups_to_send(words: str = "") -> QuerySet[SupportGroup]:
    """Groups that stand in the directory: by words, or those online, which have no place, before the others."""
    online_first = When_(When(kind=GroupKind.ONLINE, then=Value(0)), default=Value(1))
    return directory.found(words).order_by(online_first, "name", "pk")


def choose(helpline_ids: Iterable[int], group_ids: Iterable[int]) -> list[Signpost]:
    """Unsaved signposts for what may be sent of these; what is not checked, or not in the directory, is not among them."""
    wanted = set(helpline_ids)
    lines = [Signpost(helpline=row, shown=_shown(helplines.line_of(row))) for row in _checked() if row.pk in wanted]
    groups = directory.found().filter(pk__in=list(group_ids))
    return [*lines, *(Signpost(group=group, shown=_shown(_line_of(group), group.how_to_join)) for group in groups)]


def in_words(signpost: Signpost) -> str:
    """On one line, for a member's own copy of their data."""
    line = signpost.line
    return ": ".join([line.name, ", ".join(f"{way.verb} {way.value}" for way in line.ways)])


def label_of(row: Helpline) -> str:
    """For whoever chooses: the name, the first way there, and whom it is for."""
    line = helplines.line_of(row)
    named = " ".join([line.name, *(f"({way.verb} {way.shown})" for way in line.ways[:1])])
    return format_html('{}<br><span class="quiet" lang="en">{}</span>', named, line.for_whom)


def group_label(group: SupportGroup) -> str:
    return f"{group.name} ({group.where})"


def _checked() -> list[Helpline]:
    rows = Helpline.objects.prefetch_related("ways")
    return [row for row in rows if helplines.may_be_shown(helplines.line_of(row))]


def _line_of(group: SupportGroup) -> Line:
    ways = (
        (HelplineWay.Kind.PHONE, group.phone),
        (HelplineWay.Kind.EMAIL, group.email),
        (HelplineWay.Kind.WEB, group.web),
    )
    return Line(
        name=group.name,
        for_whom=group.where,
        regions=(),
        ways=tuple(Way(kind.value, value, False, "") for kind, value in ways if value),
        languages="",
        emergency=False,
        checked=group.checked_on,
    )


def _shown(line: Line, how: str = "") -> dict[str, Any]:
    return {
        "name": line.name,
        "for_whom": line.for_whom,
        "languages": line.languages,
        "ways": [[way.kind, way.value, way.free, way.hours] for way in line.ways],
        "checked": line.checked.isoformat() if line.checked else "",
        "how": how,
    }
