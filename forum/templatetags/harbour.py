"""What templates need to show people and their words."""

from datetime import datetime
from typing import Any
from urllib.parse import quote

from django import template
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from forum import data_rights, holding, text
from forum.avatars import avatar_token
from forum.models import Member, Post

register = template.Library()


@register.filter
def body(words: str) -> SafeString:
    """People's words as safe paragraphs."""
    return text.render_body(words)


@register.simple_tag
def avatar(member: Member) -> SafeString:
    """A member's picture. It says nothing that the handle beside it does not, so it has no words of its own."""
    url = reverse("avatar", args=[avatar_token(member.pk, member.avatar_style)])
    return format_html('<img src="{}" alt="" width="40" height="40" loading="lazy" decoding="async">', url)


@register.inclusion_tag("forum/_kept_meanwhile.html", takes_context=True)
def kept_meanwhile(context: Any) -> dict[str, Any]:
    """On a page where somebody changes what would help find them: why a copy of it stays for now."""
    return {"kept": data_rights.kept_words(context["request"].user.pk, taking_back=True)}


@register.simple_tag
def moment(when: datetime) -> SafeString:
    """An absolute time that the page may show as "12 minutes ago": the same for every reader and every hour."""
    local = timezone.localtime(when)
    return format_html(
        '<time datetime="{}" data-moment>{}</time>', local.isoformat(timespec="seconds"), f"{local:%-d %B, %H:%M}"
    )


@register.simple_tag
def held_words(post: Post) -> str:
    """Why words wait, for their author and for the team: the same fragment is sent to both."""
    if post.held_for not in holding.reasons:
        return gettext("Only its author and the team see this yet. A moderator looks first.")
    sentence = gettext("Only its author and the team see this yet. A moderator looks first, because %(reason)s.")
    return sentence % {"reason": holding.reasons[post.held_for]}


@register.filter
def ago(when: datetime) -> str:
    """How long since, in words, for pages that are one person's."""
    minutes = max(0, int((timezone.now() - when).total_seconds() // 60))
    if minutes < 1:
        return gettext("just now")
    if minutes < 60:
        return ngettext("%d minute ago", "%d minutes ago", minutes) % minutes
    if minutes < 24 * 60:
        return ngettext("%d hour ago", "%d hours ago", minutes // 60) % (minutes // 60)
    return ngettext("%d day ago", "%d days ago", minutes // 1440) % (minutes // 1440)


@register.simple_tag
def leave_url() -> str:
    """Where "Leave quickly" leads. A tag, because the pages for a broken site have no context."""
    return settings.LEAVE_URL


@register.simple_tag
def link_for(url: str, **parts: object) -> str:
    """Fills a panel's address, such as /posts/{id}/report/, with this row's id or handle."""
    return url.format(**{name: quote(str(part), safe="") for name, part in parts.items()})
