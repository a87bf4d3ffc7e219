"""Every address. Ours stand before allauth's, so that our sign-up is the one that answers."""

from django.contrib import admin
from django.urls import include, path

from config import health
from config.metrics import metrics

urlpatterns = [
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
    path("", include("forum.urls")),
    path("", include("forum.urls_help")),
    path("", include("forum.urls_places")),
    path("", include("forum.urls_accounts")),
    path("", include("forum.urls_me")),
    path("", include("forum.urls_care")),
    path("", include("forum.urls_notices")),
    path("", include("moderation.urls")),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
]

handler400 = "config.errors.bad_request"
handler403 = "config.errors.forbidden"
handler404 = "config.errors.not_found"
handler429 = "config.errors.too_many"  # allauth's, by this name
handler500 = "config.errors.server_error"
