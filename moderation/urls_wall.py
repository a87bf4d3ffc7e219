"""The whole wall, and who is remembered."""

from django.urls import path

import forum.urls  # noqa: F401  registers the converter of handles
from moderation.views import remembered, wall_state

urlpatterns = [
    path("staff/wall/", wall_state.wall_board, name="wall_board"),
    path("staff/remembered/", remembered.remembered, name="remembered"),
    path("staff/remembered/<handle:handle>/", remembered.remembrance, name="remembrance"),
]
