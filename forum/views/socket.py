"""The socket's door to the wall: the same forms and the same actions as the pages."""

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from django.forms import Form
from django.utils import translation

from forum import access
from forum.actions.following import set_follow, set_keep
from forum.actions.posts import Published, publish_post
from forum.actions.support import find_post, set_support
from forum.forms import PostForm, ReplyForm, SupportForm, WrittenForm
from forum.models import Member, Post
from forum.refusals import KeyUsed, NotThere, NotYet, Refusal
from forum.second_step import hold_back
from realtime import commands, peers, sessions
from realtime.commands import Frame, Refused

F = TypeVar("F", bound=Form)


def register() -> None:
    commands.register("post", _in_words_of_member(send_post))
    commands.register("reply", _in_words_of_member(send_reply))
    commands.register("support", _in_words_of_member(send_support))
    commands.register("follow", _in_words_of_member(partial(send_mark, set_follow)))
    commands.register("keep", _in_words_of_member(partial(send_mark, set_keep)))


def send_post(member: Member, frame: Frame) -> Frame:
    form = _valid(PostForm, frame)
    _ask_to_look(form, "post")
    return _ack(frame, publish_post(member, via=peers.here(), **form.cleaned_data))


def send_reply(member: Member, frame: Frame) -> Frame:
    form, parent = _valid(ReplyForm, frame), _post(member, frame)
    _ask_to_look(form, f"reply-{parent.pk}")
    return _ack(frame, publish_post(member, parent=parent, via=peers.here(), **form.cleaned_data))


def send_support(member: Member, frame: Frame) -> Frame:
    fields = _valid(SupportForm, frame).cleaned_data
    post = find_post(access.facts_of(member), _to(frame), fields["kind"], on=fields["on"])
    set_support(member, post, fields["kind"], on=fields["on"])
    return _noted(frame, post)


def send_mark(act: Callable[..., bool], member: Member, frame: Frame) -> Frame:
    """Following and keeping: `on` says which way."""
    post = _post(member, frame)
    act(member, post, on=frame.get("on") is True)
    return _noted(frame, post)


def _in_words_of_member(command: Any) -> commands.Handler:
    """Runs a command as the member it comes from, in their language, and turns a refusal into the wire's."""

    def run(member_id: int, frame: Frame) -> Frame:
        member = hold_back(Member.objects.get(pk=member_id), sessions.here())
        with translation.override(member.language):
            try:
                return command(member, frame)
            except Refusal as refusal:
                first = refusal.first_id if isinstance(refusal, KeyUsed) else None
                beside = {"body": [refusal.message]} if isinstance(refusal, NotYet) else {}
                raise Refused(refusal.code, refusal.message, beside, id=first) from None

    return run


def _valid(form_class: type[F], frame: Frame) -> F:
    form = form_class({name: value for name, value in frame.items() if isinstance(value, str | bool | int)})
    if not form.is_valid():
        fields = {name: [str(error) for error in errors] for name, errors in form.errors.items()}
        raise Refused("invalid", next(iter(fields.values()))[0], fields)
    return form


def _ask_to_look(form: WrittenForm, place: str) -> None:
    """The step before sharing, which the page shows in the form. Nothing is stored, so the same key may be sent again."""
    if form.look_again:
        raise Refused("look_again", form.look_again.title, html=form.look_again.draw(place))


def _post(member: Member, frame: Frame) -> Post:
    """The post a frame speaks of, if this member may see it: what is hidden and what is missing answer alike."""
    shown = Post.objects.select_related("parent").filter(access.visible_to(access.facts_of(member)))
    post = shown.filter(pk=_to(frame)).first()
    if post is None:
        raise NotThere
    return post


def _to(frame: Frame) -> int:
    to = frame.get("to")
    if not isinstance(to, int) or isinstance(to, bool) or not 0 < to < 2**63:
        raise NotThere
    return to


def _ack(frame: Frame, published: Published) -> Frame:
    post = published.post
    return {"type": "ack", "key": frame.get("key", ""), "id": post.pk, "status": post.status}


def _noted(frame: Frame, post: Post) -> Frame:
    """Of somebody else's post: whether it was taken down or taken back stands on no page, so not here either."""
    return {"type": "ack", "key": frame.get("key", ""), "id": post.pk}
