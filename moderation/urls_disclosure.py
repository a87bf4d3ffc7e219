"""Contact details that are asked for and opened, and legal holds."""

from django.urls import path

from moderation.views import disclosures, holds

disclosure_patterns = [
    path("staff/disclosures/", disclosures.disclosures_list, name="disclosures"),
    path("staff/disclosures/<int:disclosure_id>/", disclosures.disclosure, name="disclosure"),
    path("staff/disclosures/<int:disclosure_id>/open/", disclosures.open_now, name="disclosure_open"),
    path("staff/holds/", holds.holds_list, name="holds"),
    path("staff/holds/<int:hold_id>/", holds.hold, name="hold"),
]
