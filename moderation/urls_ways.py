"""How one is reached on call, and whether the clock runs."""

from django.urls import path

from moderation.views import clock_watch, ways

urlpatterns = [
    path("staff/on-call/ways/", ways.own_ways, name="own_ways"),
    path("staff/on-call/ways/add/<slug:what>/", ways.add, name="add_way"),
    path("reached/<str:token>/", ways.reached, name="way_reached"),
    path("moderation/clock/", clock_watch.look, name="clock_watch"),
]
