"""What pages are measured against: the least a Django view can do for somebody signed in, on the same rows and servers."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]


def hello(request: HttpRequest) -> HttpResponse:
    words = f"Hello, {request.user}."
    return HttpResponse(words, headers={"Content-Length": str(len(words))})


urlpatterns = [path("", hello)]
