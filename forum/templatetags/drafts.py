"""What pages tell drafts.js."""

from django import template

from forum.actions.drafts import KINDS

register = template.Library()


@register.simple_tag
def draft_kinds() -> str:
    """The kinds of forms whose words are kept on the server."""
    return " ".join(KINDS)
