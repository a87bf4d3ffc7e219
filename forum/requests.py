"""What a view behind `login_required` is given."""

from django.http import HttpRequest

from forum.models import Member


class MemberRequest(HttpRequest):
    """A request of somebody signed in. For types alone: nothing makes one."""

    user: Member
