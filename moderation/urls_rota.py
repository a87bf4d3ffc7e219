"""The pages of the rota."""

from django.urls import path

from moderation.views import rota, rota_mine

urlpatterns = [
    path("staff/on-call/", rota.rota, name="rota"),
    path("staff/on-call/change/", rota.change, name="rota_change"),
    path("staff/on-call/mine/", rota_mine.mine, name="rota_mine"),
]
