"""Help, and the icon: open to everyone."""

from django.urls import path

from forum.views import help as help_views

urlpatterns = [
    path("help/", help_views.urgent_help, name="help"),
    path("favicon.ico", help_views.favicon, name="favicon"),
]
