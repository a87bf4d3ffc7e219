"""The socket's door to the wall: the same forms and the same actions as the pages."""

from typing import Any

from django.forms import Form
from django.utils import translation

from forum import access
from forum.actions.posts import Published, publish_post
from forum.actions.support import set_support
from forum.forms import PostForm, ReplyForm, SupportForm
from forum.models import Member, Post
from forum.refusals import KeyUsed, NotThere, Refusal
from realtime import commands
from realtime.commands import Frame, Refused


def register() -> None:
    commands.register("post", _in_words_of_member(send_post))
    commands.register("reply", _in_words_of_member(send_reply))
    commands.register("support", _in_words_of_member(send_support))


def send_post(member: Member, frame: Frame) -> Frame:
    fields = _valid(PostForm, frame)
    return _ack(frame, publish_post(member, **fields))


def send_reply(member: Member, frame: Frame) -> Frame:
    fields = _valid(ReplyForm, frame)
    return _ack(frame, publish_post(member, parent=_post(member, frame), **fields))


def send_support(member: Member, frame: Frame) -> Frame:
    fields = _valid(SupportForm, frame)
    post = _post(member, frame)
    set_support(member, post, fields["kind"], on=fields["on"])
    return {"type": "ack", "key": frame.get("key", ""), "id": post.pk, "status": post.status}


def _in_words_of_member(command: Any) -> commands.Handler:
    """Runs a command as the member it comes from, in their language, and turns a refusal into the wire's."""

    def run(member_id: int, frame: Frame) -> Frame:
        member = Member.objects.get(pk=member_id)
        with translation.override(member.language):
            try:
                return command(member, frame)
            except Refusal as refusal:
                first = refusal.first_id if isinstance(refusal, KeyUsed) else None
                raise Refused(refusal.code, refusal.message, id=first) from None

    return run


def _valid(form_class: type[Form], frame: Frame) -> dict[str, Any]:
    form = form_class({name: value for name, value in frame.items() if isinstance(value, str | bool | int)})
    if not form.is_valid():
        fields = {name: [str(error) for error in errors] for name, errors in form.errors.items()}
        raise Refused("invalid", next(iter(fields.values()))[0], fields)
    return form.cleaned_data


def _post(member: Member, frame: Frame) -> Post:
    """The post a frame speaks of, if this member may see it: what is hidden and what is missing answer alike."""
    to = frame.get("to")
    if not isinstance(to, int) or isinstance(to, bool) or not 0 < to < 2**63:
        raise NotThere
    post = Post.objects.select_related("parent").filter(access.visible_to(access.facts_of(member)), pk=to).first()
    if post is None:
        raise NotThere
    return post


def _ack(frame: Frame, published: Published) -> Frame:
    post = published.post
    return {"type": "ack", "key": frame.get("key", ""), "id": post.pk, "status": post.status}
