"""One's own pages, and the keys."""

from django.urls import path
from django.views.generic import RedirectView

from forum.views import me, me_settings, my_data, shared

urlpatterns = [
    path("me/", me.me, name="me"),
    path("me/shared/", shared.shared, name="me_shared"),
    path("me/who/", me_settings.who, name="me_who"),
    path("me/handle/", me_settings.handle, name="me_handle"),
    path("me/looks/", me_settings.looks, name="me_looks"),
    path("me/mail/", me_settings.mail, name="me_mail"),
    path("me/card/", me_settings.card, name="me_card"),
    path("me/sessions/", me_settings.signed_in, name="me_sessions"),
    path("accounts/sessions/", RedirectView.as_view(pattern_name="me_sessions"), name="usersessions_list"),
    path("me/data/", my_data.me_data, name="me_data"),
    path("me/data/copy/", my_data.copy_ask, name="copy_ask"),
    path("me/data/copy/<uuid:export_id>/", my_data.copy_take, name="copy_take"),
    path("me/leave/", my_data.me_leave, name="me_leave"),
    path("me/leave/back/", my_data.me_return, name="me_return"),
    path("me/erase/", my_data.me_erase, name="me_erase"),
    path("me/erased/", my_data.me_erased, name="me_erased"),
    path("keys/", me_settings.keys, name="keys"),
]
