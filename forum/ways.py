"""The way back to the page that somebody came from."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme


def way_back(request: HttpRequest) -> str:
    """`next`, if it is a page of ours, else the wall. A foreign address never sends anyone away from here."""
    there = request.POST.get("next") or request.GET.get("next") or ""
    if there.startswith("/") and url_has_allowed_host_and_scheme(there, allowed_hosts=None):
        return there
    return reverse("wall")
