"""The crisis record, its sheet, its guides, and what a person reads of it."""

from django.urls import path

from moderation.views import guides, my_records, records, withholding

urlpatterns = [
    path("me/records/", my_records.my_records, name="my_records"),
    path("staff/cases/<int:case_id>/record/", records.crisis_record, name="crisis_record"),
    path("staff/cases/<int:case_id>/record/changes/", records.record_changes, name="record_changes"),
    path("staff/cases/<int:case_id>/record/reading/", withholding.withholding, name="record_withholding"),
    path("staff/sheets/<int:sheet_id>/", records.hand_over_sheet, name="hand_over_sheet"),
    path("staff/guides/", guides.guide_list, name="guides"),
    path("staff/guides/<slug:key>/", guides.guide, name="guide"),
]
