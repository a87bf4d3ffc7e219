"""Who asked the team about me, in the words of whoever of the staff told me."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from forum.actions.notices import read_notices
from forum.requests import MemberRequest
from moderation.actions.outside_requests import ASKED_ABOUT
from moderation.models import OutsideRequest


@login_required
@never_cache
@require_safe
def my_requests(request: MemberRequest) -> HttpResponse:
    """What I have been told. That I opened it is known to staff."""
    told = OutsideRequest.objects.filter(about=request.user, told_at__isnull=False).select_related("told_by")
    rows = list(told.order_by("-told_at"))
    told.filter(told_read_at=None).update(told_read_at=timezone.now())
    read_notices(request.user, kind=ASKED_ABOUT)
    return render(request, "moderation/my_requests.html", {"told": rows})
