"""What comes from outside, and what is learnt: by hand, the register of requests, incidents, lessons."""

from django.urls import path

from moderation.views import by_hand, incidents, learning, my_requests, requests, unusual

urlpatterns = [
    path("me/requests/", my_requests.my_requests, name="my_requests"),
    path("staff/cases/new/", by_hand.by_hand, name="by_hand"),
    path("staff/requests/", requests.requests, name="requests"),
    path("staff/requests/new/", requests.request_new, name="request_new"),
    path("staff/requests/<int:request_id>/", requests.request, name="request"),
    path("staff/requests/<int:request_id>/files/<uuid:file_id>/", requests.request_file, name="request_file"),
    path("staff/unusual/<int:unusual_id>/", unusual.unusual_seen, name="unusual_seen"),
    path("staff/incidents/", incidents.incidents, name="incidents"),
    path("staff/incidents/<int:incident_id>/", incidents.incident, name="incident"),
    path("staff/learning/", learning.learning, name="learning"),
    path("moderation/learning/", learning.lessons, name="lessons"),
]
