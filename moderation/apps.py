from django.apps import AppConfig


class ModerationConfig(AppConfig):
    name = "moderation"

    def ready(self) -> None:
        from forum import accounts
        from moderation import cover, deadlines, live, panels, receivers

        live.register()
        panels.register()
        receivers.connect()
        deadlines.register_tasks()
        accounts.signup_gates.append(cover.why_signup_is_closed)
