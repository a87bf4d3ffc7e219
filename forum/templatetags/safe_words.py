"""What pages with a form for the wall need to notice contact details by themselves."""

import json

from django import template

from forum.safe_words import notices

register = template.Library()


@register.simple_tag
def noticed_shapes() -> str:
    """The shapes of details and the helplines' own contacts, as JSON for an attribute."""
    return json.dumps(notices(), separators=(",", ":"))
