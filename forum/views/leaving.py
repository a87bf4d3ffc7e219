"""Leaving quickly: the way out, and the page that says what it can clear and what it cannot."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template import loader
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from forum.devices import is_shared, mark_device
from forum.forms_leaving import LeavingForm


# Without a token: the session's cookie is SameSite=Lax, so another site's form could end nothing, and whoever leaves from a
# page that has been open all night must not be shown an error with our name on it.
@csrf_exempt
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Ends the session where others use the device, and leads away. Half a sign-in or sign-up ends anywhere: it shows an
    address to whoever comes back.
    """
    if not request.user.is_authenticated:
        request.session.flush()
    elif is_shared(request):
        logout(request)
    return _away()


def without_database() -> HttpResponse:
    """The same when the session cannot be read: this browser forgets it."""
    response = _away()
    response.delete_cookie(settings.SESSION_COOKIE_NAME, samesite="Lax")
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def leaving(request: HttpRequest) -> HttpResponse:
    """What leaving quickly does, its two switches, and what it cannot clear."""
    if not request.user.is_authenticated:
        return render(request, "forum/leaving.html")
    form = LeavingForm(request.POST or None, instance=request.user, initial={"shared": is_shared(request)})
    if request.method == "POST" and form.is_valid():
        form.save()
        mark_device(request, shared=form.cleaned_data["shared"])
        messages.success(request, _("Kept."))
        return redirect("leaving")
    return render(request, "forum/leaving.html", {"form": form})


def _away() -> HttpResponse:
    """A page without a word of ours that leads on at once and stays in no history. Not a redirect: the policy's form-action
    holds those that follow a form to this site.
    """
    target = settings.LEAVE_URL
    page = loader.get_template("forum/left.html").render({"target": target, "host": urlsplit(target).hostname})
    headers = {
        "Refresh": f"0; url={target}",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-store",
        "Content-Security-Policy": "default-src 'none'; img-src data:",  # an empty icon instead of the lighthouse
    }
    return HttpResponse(page, headers=headers)
