"""What tests of crisis records share: one whole record, and how it is written."""

from moderation.actions.records import Page, save_record
from moderation.models import Case, CrisisRecord
from moderation.record_parts import stored

WHOLE = {
    "what_they_said": "They want it to stop.",
    "when_and_where": "Tonight, at home.",
    "means_and_time": "No plan, they said.",
    "others_in_danger": "no",
    "what_they_want": "Somebody to talk to.",
    "agreed": "given",
    "what_we_did": "Talked for an hour, because they asked us to.",
    "who_was_told": "Their sister.",
    "basis": "They agreed that we ring their sister.",
    "how_it_ended": "Their sister is with them.",
    "not_known": stored(["contacts", "follow_up_on"]),
}
"""Every part answered, so that a care case can be closed with it."""


def write_record(case: Case, actor, page: Page | None = None, **changes: str) -> CrisisRecord:
    """Saves a whole record, with these parts otherwise."""
    return save_record(Case.objects.get(pk=case.pk), actor, {**WHOLE, **changes}, page)


def sent(record: CrisisRecord | None = None, **changes: str) -> dict[str, str]:
    """A whole record as a page's form sends it: ticks are fields of their own."""
    fields = {name: words for name, words in WHOLE.items() if name != "not_known"}
    seen = {"seen": str(record.version if record else 0), "turn": "0"}
    return {"do": "save", **seen, **fields, "unknown_contacts": "on", "unknown_follow_up_on": "on", **changes}
