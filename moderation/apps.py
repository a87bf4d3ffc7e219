from django.apps import AppConfig


class ModerationConfig(AppConfig):
    name = "moderation"

    def ready(self) -> None:
        from forum import accounts, sealing, second_step, wall_state
        from moderation import (
            audit_watch,
            clock_watch,
            cover,
            data_map,
            deadlines,
            drafts,
            holding,
            keeping,
            legal_holds,
            letters,
            live,
            notices,
            notices_care,
            notices_outside,
            paging,
            panels,
            receivers,
            retention,
            role_witness,
            rota_clock,
            safe_words,
            standing_notes,
            ways,
        )
        from moderation.actions import sealed_codes

        data_map.register_all()
        drafts.register_own()
        holding.register()
        keeping.register()
        legal_holds.register()
        live.register()
        notices.register()
        notices_care.register()
        notices_outside.register()
        sealing.also_resealed["Standing notes"] = standing_notes.reseal
        sealing.also_resealed["Letters"] = letters.reseal
        sealing.also_resealed["Ways to be reached"] = ways.reseal
        panels.register()
        audit_watch.register()
        clock_watch.register()
        paging.register()
        receivers.connect()
        role_witness.register()
        second_step.besides.append(sealed_codes.end_codes)
        safe_words.register()
        deadlines.register_tasks()
        retention.register_all()
        rota_clock.register_tasks()
        accounts.signup_gates.append(cover.why_signup_is_closed)
        accounts.signup_gates.append(wall_state.why_signup_rests)
