from django.apps import AppConfig


class ModerationConfig(AppConfig):
    name = "moderation"

    def ready(self) -> None:
        from forum import accounts, sealing
        from moderation import (
            cover,
            data_map,
            deadlines,
            drafts,
            holding,
            letters,
            live,
            notices,
            notices_care,
            panels,
            receivers,
            safe_words,
            standing_notes,
        )

        data_map.register_all()
        drafts.register_own()
        holding.register()
        live.register()
        notices.register()
        notices_care.register()
        sealing.also_resealed["Standing notes"] = standing_notes.reseal
        sealing.also_resealed["Letters"] = letters.reseal
        panels.register()
        receivers.connect()
        safe_words.register()
        deadlines.register_tasks()
        accounts.signup_gates.append(cover.why_signup_is_closed)
