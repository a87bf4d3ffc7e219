from django.apps import AppConfig


class ForumConfig(AppConfig):
    name = "forum"

    def ready(self) -> None:
        from forum import (
            account_log,
            data_map,
            directory,
            drafts,
            live,
            notices,
            notices_places,
            notices_taken_down,
            receivers,
            second_step,
            second_step_counts,
        )
        from forum.views import socket

        account_log.register()
        data_map.register_all()
        directory.register()
        drafts.register_own()
        live.register()
        notices.register_own()
        notices_places.register()
        notices_taken_down.register()
        receivers.register()
        second_step.register()
        second_step_counts.register()
        socket.register()
