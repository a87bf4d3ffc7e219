"""What staff wrote down about me. Open in every standing."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from forum.requests import MemberRequest
from moderation import own_records


@login_required
@require_GET
def my_records(request: MemberRequest) -> HttpResponse:
    """Each record about this person that they may read, the newest first."""
    rows = own_records.readable_by(request.user.pk).prefetch_related("contacts").order_by("-at", "-pk")
    return render(
        request, "moderation/my_records.html", {"records": [own_records.as_read(row, request.user.pk) for row in rows]}
    )
