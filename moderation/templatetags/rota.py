"""Times of the rota in words."""

from typing import Any

from django import template

from moderation.rota_words import span_words

register = template.Library()


@register.filter
def span(row: Any) -> str:
    """From when till when, of anything that has `starts_at` and `ends_at`."""
    return span_words(row.starts_at, row.ends_at)


@register.filter
def span_back(swap: Any) -> str:
    """The time that is offered in return; nothing where there is none."""
    return span_words(swap.back_starts_at, swap.back_ends_at) if swap.back_starts_at else ""
