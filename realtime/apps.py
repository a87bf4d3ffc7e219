from django.apps import AppConfig


class RealtimeConfig(AppConfig):
    name = "realtime"

    def ready(self) -> None:
        from realtime import clock, deliveries, retention, triggers

        triggers.connect_signals()
        clock.register_own_tasks()
        deliveries.register_tasks()
        retention.register_own()
