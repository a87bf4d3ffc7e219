from django.apps import AppConfig


class ModerationConfig(AppConfig):
    name = "moderation"

    def ready(self) -> None:
        from moderation import deadlines, live, panels, receivers

        live.register()
        panels.register()
        receivers.connect()
        deadlines.register_tasks()
