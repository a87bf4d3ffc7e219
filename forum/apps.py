from django.apps import AppConfig


class ForumConfig(AppConfig):
    name = "forum"

    def ready(self) -> None:
        from forum import live, receivers
        from forum.views import socket

        live.register()
        receivers.register()
        socket.register()
