"""What _field.html needs to draw a control."""

from django import template
from django.forms import BoundField
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def control(field: BoundField, placeholder: str = "") -> SafeString:
    """The field's control, with a placeholder where one is wanted."""
    return field.as_widget(attrs={"placeholder": placeholder} if placeholder else None)
