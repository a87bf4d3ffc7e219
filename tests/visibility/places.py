"""Where every address, stream, delivery, model, notice and kind of event of the site stands in the matrix.

Something new is in none of these: tests/visibility/test_placed.py then fails and says its name. Put it where it belongs,
and the matrix looks there as everybody from then on.
"""

WALL, OWN, CASE, STAFF, ADMIN, ACCOUNT, OPEN, DEED = "wall", "own", "case", "staff", "admin", "account", "open", "deed"

ADDRESSES = {
    WALL: """
        wall wall_state post member_page search search_found posts_again notices notices_count notice report_post
        report_member member_care
    """,
    OWN: """
        me me_shared me_who me_handle me_looks me_mail me_card me_sessions me_data me_leave me_erase me_erased me_notices care
        break copy_take my_reports my_decisions my_words conversation my_records my_requests standing_note answer_question
        rewrite_words talk_about how_it_was put_back_words appeal_decision appeal_report how_care_was post_edit post_withdraw
        withdraw_report usersessions_list room ask my_groups rules_changed draft_keep read_conversation
    """,
    CASE: """
        queue staff_case decided_lately held_words duty have_to_stop moderator_care statistics case looking second_readings second_reading
        appeals appeal lessons debriefs clock_watch
    """,
    STAFF: """
        staff_board team screening_rules wall_board remembered remembrance letter staff_ladder one_time_code
        answer_hand_over crisis_record record_changes record_withholding hand_over_sheet guides guide rota rota_change rota_mine
        disclosures disclosure disclosure_open holds hold by_hand requests request_new request request_file incidents incident
        learning own_ways add_way afterwards first_words first_word group_suggestions groups_upload rules_draft rules_draft_new
        rules_draft_rule rules_hide
    """,
    OPEN: """
        livez readyz metrics avatar help offline worker leave leaving favicon welcome supporting stepping_in privacy rules
        rules_easy rules_next rules_version groups group group_suggest keys transparency outside outside_follow appeal_by_link
        im_up take_from_page way_reached
    """,
    ACCOUNT: """
        account_signup signup_confirm account_login account_reauthenticate account_email account_email_verification_sent
        account_change_password account_reset_password account_confirm_password_reset_code
        account_complete_password_reset account_logout account_inactive account_set_password account_confirm_login_code
        account_password_reset_completed mfa_index mfa_authenticate mfa_reauthenticate mfa_activate_totp mfa_deactivate_totp
        mfa_view_recovery_codes mfa_generate_recovery_codes mfa_download_recovery_codes second_step
        account_request_reauthentication_code account_confirm_reauthentication_code mfa_login_webauthn mfa_add_webauthn
        mfa_list_webauthn mfa_edit_webauthn mfa_remove_webauthn mfa_reauthenticate_webauthn
    """,
    DEED: """
        post_create reply_create support draft_discard welcome_away rules_say rules_take_back group_checked copy_ask me_return
        care_mute_word care_unmute_word care_notes wall_pause care_unmute care_unblock break_end notices_read up follow keep
        enough ask_again offer_skip unusual_seen
    """,
}
PLACE_OF = {name: place for place, names in ADDRESSES.items() for name in names.split()}


def place_of(name: str) -> str | None:
    return ADMIN if name.startswith("admin:") else PLACE_OF.get(name)


STREAMS = {"wall": "words", "member": "numbers", "moderation": "numbers", "staff": "numbers", "independent": "numbers"}
"""What a frame of each kind of stream may hold: words by the rule, or ids and states and never a word."""

COMMANDS = {"post", "reply", "support", "follow", "keep"}
"""What a socket may ask for: each is tried at rows that its sender must not know of."""

EVENT_KINDS = {
    "wall": "post.published post.changed post.removed reply.published reply.changed reply.removed support.changed"
    " wall.changed",
    "member": "notice.changed rights.changed word.sent",
    "moderation": "case.changed", "staff": "case.changed", "independent": "case.changed",
}  # fmt: skip

DELIVERIES = {
    "mail": "never a word of anybody's",
    "webhook": "never a word of anybody's",
    "push": "never a word of anybody's",
}

NOTICES = {
    "of words": "reply followed support taken_down",  # a few words of a post, to who may read it
    "wordless": "word decision debrief care_asked member_answer how appeal question looked answered read_blind hello hand_offer"
    " handed outcome ask_again staying standing_note asked_about",
    "of one's own": "suggestion rule_comment",
}

MODELS = {
    "canaries": """
        moderation.Appeal moderation.FrozenWords moderation.CaseEventWords moderation.Decision moderation.StandingNote
        moderation.Disclosure moderation.FirstWordChange moderation.GuideChange moderation.LegalHold
        moderation.Incident moderation.IncidentLine moderation.Lesson moderation.Report moderation.Letter
        moderation.ReportQuestion moderation.CrisisRecord moderation.RecordVersion moderation.HandOverSheet
        moderation.Remembrance moderation.OutsideRequest moderation.Rewrite moderation.Proposal moderation.Duty moderation.Word
        forum.MutedWord forum.CareCard forum.SupportGroup forum.Draft forum.Member forum.Post forum.PastWords
        forum.RuleComment forum.WallState
    """,
    "numbers": """
        moderation.AuditHead moderation.Unusual moderation.CaseEvent moderation.Case moderation.HandOver moderation.LadderStep
        moderation.BlindReading moderation.Bulk
        moderation.Stay moderation.DisclosureOpening moderation.SealedFromView moderation.LadderRule moderation.LadderCall
        moderation.Acknowledgement moderation.Reminder moderation.LetterOpening moderation.Looking moderation.ModeratorCare
        moderation.DeclinedCategory moderation.PutAside moderation.CheckIn moderation.RequestField moderation.RequestEvent
        moderation.RotaWeekly moderation.RotaSwap moderation.RotaInstead moderation.RotaEvent moderation.RotaMail
        moderation.RuleSwitch moderation.RuleEvent moderation.SealedCode moderation.WordMail moderation.Debrief moderation.ToTell
        forum.Block forum.RoleAsk forum.Mute forum.SupportGroupFor forum.Leaving forum.Erasure forum.Follow forum.Keep forum.Notice
        forum.Support forum.Consent forum.Pinned forum.OldHandle forum.Member_groups forum.Member_user_permissions
        realtime.Stream realtime.Event realtime.Epoch realtime.Tick realtime.Delivery realtime.DeliveryTry
        account.EmailAddress account.EmailConfirmation usersessions.UserSession auth.Permission auth.Group_permissions
        auth.Group contenttypes.ContentType sessions.Session forum.PendingSignup mfa.Authenticator
    """,
    "the house's own": """
        moderation.Guide moderation.FirstWord moderation.StatementText moderation.RuleWords moderation.RotaHoliday
        forum.Helpline forum.HelplineWay forum.PanelText forum.RuleSet forum.HouseRule moderation.Signpost admin.LogEntry
    """,
    "tests/moderation/test_contact_nowhere.py": "forum.ConnectionFact forum.KeptContact",
    "tests/moderation/test_ways.py": "moderation.ContactWay",
    "tests/moderation/test_second_reading.py": "moderation.BlindNote",
    "tests/moderation/test_by_hand.py": "moderation.ByHand",
    "tests/moderation/test_debriefs.py": "moderation.HowCareWas",
    "tests/moderation/test_how_it_was.py": "moderation.HowItWas",
    "tests/moderation/test_crisis_record.py": "moderation.ContactTried moderation.RecordWithheld",
    "tests/moderation/test_remembered.py": "moderation.FamilyWish",
    "tests/moderation/test_request_files.py": "moderation.RequestFile",
    "tests/moderation/test_second_looks.py": "moderation.SecondLook",
    "tests/forum/test_export.py": "forum.DataExport",
}
"""Every table: it holds canaries when everybody looks, or numbers, dates and choices alone, or what the house itself says to
all; or the named tests look after who reads its words.
"""
