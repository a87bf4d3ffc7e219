"""The demo's earlier nights: one whole crisis record that robin can read, and a short close that waits for its reader."""

from uuid import uuid4

from forum.models import Member
from moderation.actions.contacts import Tried, add_contact
from moderation.actions.escalation import close_case, escalate_case, take_case
from moderation.actions.records import read_record, save_record
from moderation.actions.reports import report_member
from moderation.models import Answer, Case, Contact, Door
from moderation.record_parts import stored

Cast = dict[str, Member]
WHOLE = {
    "what_they_said": "That the nights since the move are long, and that this was the worst of them. They had thought of dying, and did not want to.",
    "when_and_where": "On the wall from one in the morning; at home, they said.",
    "means_and_time": "None that they spoke of.",
    "others_in_danger": "no",
    "what_they_want": "Not to be alone until it is light, and for Jo to know.",
    "agreed": "given",
    "what_we_did": "Wrote with them until five, because they asked us to stay. Rang Jo with their yes.",
    "who_was_told": "Jo, their sister.",
    "basis": "They agreed that we ring their sister.",
    "how_it_ended": "Jo came at half past five and stays for the week.",
    "left_out": "Jo",
    "not_known": stored(["follow_up_on"]),
}
SONG = "It was a line of a song, and they said so themselves when Kestrel asked."


def fill_records(cast: Cast) -> None:
    """Before the cases of today, through the actions that people use."""
    case = _with(cast, "robin", "gannet", "danger_now", "Robin said goodbye to all of us.")
    record = save_record(_now(case), cast["gannet"], WHOLE)
    add_contact(_now(case), cast["gannet"], Tried(Contact.OTHER, Answer.REACHED, "Jo, their sister"))
    close_case(_now(case), cast["gannet"])
    read_record(record, cast["puffin"])
    short = _with(cast, "finch", "puffin", "ending_life", "They wrote about not waking up.")
    close_case(_now(short), cast["puffin"], because=SONG)


def _with(cast: Cast, subject: str, taker: str, category: str, note: str) -> Case:
    case = report_member(cast["wren"], cast[subject], Door.WORRY, category, note=note, key=uuid4()).case
    escalate_case(case, cast["kestrel"], "Please take this one.")
    return take_case(_now(case), cast[taker])


def _now(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)
