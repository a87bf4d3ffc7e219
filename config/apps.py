from django.apps import AppConfig


class HarbourConfig(AppConfig):
    name = "config"
    verbose_name = "Harbour"

    def ready(self) -> None:
        from config import checks  # noqa: F401  registers them
