"""Parts of pages that are the same for many: drawn once in each process for each language, and put into the page as they are."""

from collections.abc import Hashable
from typing import Any

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.template.context import Context
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()

MOST = 2000  # parts: each comes in a few languages, roles and whatever else makes it another

_parts: dict[Hashable, SafeString] = {}


def forget() -> None:
    """Forgets all parts of pages that this process has drawn."""
    _parts.clear()


class KeptNode(template.Node):
    def __init__(self, nodelist: NodeList, unless: FilterExpression | None, among: list[FilterExpression]) -> None:
        self.nodelist, self._unless, self._among = nodelist, unless, among

    def render(self, context: Context) -> SafeString:
        if self._unless is not None and self._unless.resolve(context):
            return self.nodelist.render(context)
        key = (self, get_language(), *(_hashable(each.resolve(context)) for each in self._among))
        part = _parts.get(key)
        if part is None:
            if len(_parts) >= MOST:
                forget()
            part = _parts[key] = self.nodelist.render(context)
        return part


@register.tag
def kept(parser: Parser, token: Token) -> KeptNode:
    """`{% kept request.user.theme unless form.is_bound %}…{% endkept %}`: all that it depends on, besides the language, is named.

    What is personal, a token above all, stands outside. It is not kept where what follows `unless` is so.
    """
    _tag, *names = token.split_contents()
    unless = None
    if "unless" in names:
        unless = parser.compile_filter(names.pop(names.index("unless") + 1))
        names.remove("unless")
    nodelist = parser.parse(("endkept",))
    parser.delete_first_token()
    return KeptNode(nodelist, unless, [parser.compile_filter(name) for name in names])


def _hashable(value: Any) -> Hashable:
    return tuple(value) if isinstance(value, list) else str(value) if not isinstance(value, Hashable) else value
