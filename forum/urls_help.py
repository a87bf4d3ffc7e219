"""Help, and the icon: open to everyone."""

from django.urls import path

from forum.views import help as help_views
from forum.views import leaving

urlpatterns = [
    path("help/", help_views.urgent_help, name="help"),
    path("offline/", help_views.offline, name="offline"),
    path("sw.js", help_views.worker, name="worker"),
    path("leave/", leaving.leave, name="leave"),
    path("leaving/", leaving.leaving, name="leaving"),
    path("favicon.ico", help_views.favicon, name="favicon"),
]
