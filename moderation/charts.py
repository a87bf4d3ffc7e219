"""Charts that the server draws: rows of bars as SVG, with their numbers as text in them. Pure: words and numbers in, markup out.

Only what may be said is drawn: a bar is as long as the number beside it, never as what that number was rounded from. Colours
are classes (static/moderation/charts.css), so that a chart follows the reader's theme.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

WIDTH, ROW, TOP = 320, 26, 24
LABEL, NUMBER = 84, 72  # for the words before a bar, and for those after the longest
BAR = WIDTH - LABEL - NUMBER


@dataclass(frozen=True, slots=True)
class Bar:
    """One row. `value` is what is said, as a number; None: there is nothing that can be said, and `said` says so."""

    label: str
    value: int | None
    said: str


def bars(name: str, title: str, axis: str, rows: Sequence[Bar], full: int | None = None) -> SafeString:
    """`name` is for ids and is this chart's alone on its page; `axis` says what the bars measure; `full` is the longest that a
    bar can be (100 for a share), else the longest there is. A chart without a single bar is not drawn: "".
    """
    if not any(row.value for row in rows):
        return SafeString("")
    most = full or max((row.value or 0 for row in rows), default=0) or 1
    drawn = format_html_join("", "{}", ((_row(place, row, most),) for place, row in enumerate(rows)))
    height = TOP + ROW * len(rows) + 4
    return format_html(
        '<svg class="chart" viewBox="0 0 {} {}" role="img" aria-labelledby="{}-title">'
        '<title id="{}-title">{}</title><text class="chart-axis" x="{}" y="14">{}</text>'
        '<line class="chart-line" x1="{}" y1="{}" x2="{}" y2="{}"/>{}</svg>',
        *(WIDTH, height, name, name, title, LABEL, axis, LABEL, TOP - 4, LABEL, height - 2, drawn),
    )


def _row(place: int, row: Bar, most: int) -> SafeString:
    y = TOP + ROW * place
    label = format_html('<text class="chart-label" x="{}" y="{}">{}</text>', LABEL - 6, y + 15, row.label)
    if row.value is None:
        return format_html('{}<text class="chart-nothing" x="{}" y="{}">{}</text>', label, LABEL + 6, y + 15, row.said)
    length = max(1, round(BAR * min(row.value, most) / most))
    return format_html(
        '{}<rect class="chart-bar" x="{}" y="{}" width="{}" height="{}" rx="3"/><text class="chart-number" x="{}" y="{}">{}</text>',
        *(label, LABEL, y, length, ROW - 6, LABEL + length + 6, y + 15, row.said),
    )
