"""Every column of text, told apart: what a person fills, and what the program makes. A new one is a person's until said otherwise."""

from collections.abc import Iterator

from django.apps import apps
from django.db import models

OF_OTHERS = {"admin", "auth", "contenttypes", "mfa", "sessions", "usersessions"}
"""Apps of others whose text nobody types, but for addresses and browsers' names, which ours take over."""

MADE = {
    "forum.CareCard.ask_first",
    "forum.ConnectionFact.address",
    "forum.ConnectionFact.at",
    "forum.ConnectionFact.port",
    "forum.Consent.version",
    "forum.Draft.device",
    "forum.Draft.place",
    "forum.Draft.version",
    "forum.Helpline.regions",
    "forum.HouseRule.anchor",
    "forum.KeptContact.sealed",
    "forum.Member.handle_key",
    "forum.Member.language",
    "forum.Member.notices_off",
    "forum.Member.password",
    "forum.Member.region",
    "forum.Member.rules_asked",
    "forum.Member.steps",
    "forum.MutedWord.folded",
    "forum.Notice.kind",
    "forum.Notice.state",
    "forum.OldHandle.handle_key",
    "forum.PanelText.language",
    "forum.PendingSignup.code_digest",
    "forum.PendingSignup.consents",
    "forum.PendingSignup.handle_key",
    "forum.PendingSignup.password",
    "forum.Post.held_for",
    "forum.Post.key_digest",
    "forum.RuleComment.anchor",
    "forum.RuleSet.version",
    "forum.SupportGroup.found_by",
    "forum.SupportGroup.same",
    "account.EmailConfirmation.key",
    "realtime.Delivery.dedupe",
    "realtime.Delivery.kind",
    "realtime.DeliveryTry.taken_by",
    "realtime.Epoch.value",
    "realtime.Event.kind",
    "realtime.Event.stream",
    "realtime.Stream.name",
    "realtime.Tick.name",
    "moderation.AuditHead.digest",
    "moderation.BlindReading.category",
    "moderation.BlindReading.rule",
    "moderation.Case.subject_role",
    "moderation.CaseEvent.action",
    "moderation.CaseEvent.canonical",
    "moderation.CaseEvent.digest",
    "moderation.CaseEvent.from_state",
    "moderation.CaseEvent.previous",
    "moderation.CaseEvent.to_state",
    "moderation.CaseEventWords.salt",
    "moderation.ContactWay.code_digest",
    "moderation.ContactWay.link_digest",
    "moderation.CrisisRecord.not_known",
    "moderation.Decision.before",
    "moderation.Decision.rule",
    "moderation.Decision.rules_version",
    "moderation.Decision.taken_out",
    "moderation.DeclinedCategory.category",
    "moderation.DeclinedCategory.door",
    "moderation.FirstWord.key",
    "moderation.FirstWord.language",
    "moderation.FirstWordChange.language",
    "moderation.Guide.key",
    "moderation.HandOverSheet.given_fields",
    "moderation.LadderCall.token_digest",
    "moderation.Letter.category",
    "moderation.Letter.code_hash",
    "moderation.Proposal.rule",
    "moderation.Proposal.rules_version",
    "moderation.Remembrance.before",
    "moderation.Reminder.what",
    "moderation.Report.category",
    "moderation.Report.reasons",
    "moderation.Report.severity",
    "moderation.RequestField.key",
    "moderation.RequestFile.digest",
    "moderation.RuleSwitch.rule",
    "moderation.SealedCode.hashed",
    "moderation.StatementText.key",
    "moderation.StatementText.language",
    "moderation.StatementText.rule",
    "moderation.ToTell.ties",
}
"""Names, keys, digests and states that the program writes and compares; none of them is what somebody typed."""


def written_columns() -> Iterator[models.Field]:
    """Every column that a person's words may stand in."""
    return (each for each in text_columns() if str(each) not in MADE)


def text_columns() -> Iterator[models.Field]:
    """Every column of text without a list to choose from, of models of ours and of the addresses of allauth's."""
    for model in apps.get_models(include_auto_created=True):
        if model._meta.app_label in OF_OTHERS:
            continue
        for column in model._meta.concrete_fields:
            if isinstance(column, models.CharField | models.TextField | models.JSONField) and not column.choices:
                yield column
