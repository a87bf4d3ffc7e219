"""What of a case can be given to somebody outside, field by field. A request chooses among these; all else is left out.

Who reported is never given: no field has it. What other people wrote is a field of its own, so that it goes only with a reason.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from moderation import categories, wording
from moderation.case_export import record_fields
from moderation.case_export.items import Item, Read, Words
from moderation.case_export.naming import Names, left_out
from moderation.models import Case, Report, Source
from moderation.sealed_words import hidden_from, hidden_posts
from moderation.vocabulary import READ


@dataclass(frozen=True, slots=True)
class Field:
    """`others`: holds words of people besides the one it is about."""

    key: str
    section: Words
    words: Words
    read: Read
    others: bool = False


def _account(case: Case, names: Names) -> Iterator[Item]:
    yield Item(_("Handle here"), words=case.subject.handle)


def _joined(case: Case, names: Names) -> Iterator[Item]:
    yield Item(_("Joined"), when=case.subject.joined_at)


def _standing(case: Case, names: Names) -> Iterator[Item]:
    yield Item(_("Standing now"), words=str(case.subject.get_standing_display()))


def _facts(case: Case, names: Names) -> Iterator[Item]:
    yield Item(_("Kind"), words=str(case.get_kind_display()))
    yield Item(_("How urgent"), words=str(case.get_severity_display()))
    yield Item(_("Opened"), when=case.opened_at)
    if case.first_looked_at:
        yield Item(_("First look"), when=case.first_looked_at)
    if case.escalated_at:
        yield Item(_("Last passed to staff"), when=case.escalated_at)
    if case.closed_at:
        yield Item(_("Closed"), when=case.closed_at, words=str(case.get_outcome_display()))


def _timeline(case: Case, names: Names) -> Iterator[Item]:
    for event in case.events.exclude(action__in=(READ, "register", "by_hand")).select_related("actor").order_by("n"):
        told = wording.HAPPENED.get(event.action)
        who = names.reporter() if event.action in wording.UNNAMED else names.of(event.actor)
        yield Item(str(told) % {"who": who.capitalize()} if told else event.action, when=event.at)


def _told(case: Case, names: Names) -> Iterator[Item]:
    for report in case.reports.order_by("made_at", "pk"):
        yield Item(
            str(categories.words_for(report.door, report.category)), who=_source_of(report.source), when=report.made_at
        )


def _as_reported(case: Case, names: Names) -> Iterator[Item]:
    shown = set()
    for report in case.reports.exclude(snapshot="").order_by("made_at", "pk"):
        if (report.post_id, report.snapshot) not in shown:
            shown.add((report.post_id, report.snapshot))
            words = left_out() if _is_sealed(report) else names.clean(report.snapshot)
            yield Item(_("As it read then"), names.subject, report.made_at, words)


def _told_words(case: Case, names: Names) -> Iterator[Item]:
    for report in case.reports.exclude(note="").order_by("made_at", "pk"):
        words = left_out() if _is_sealed(report) else names.clean(report.note)
        yield Item(_("What they wrote"), _source_of(report.source), report.made_at, words)


def _is_sealed(report: Report) -> bool:
    """What may be images or grooming of a child goes to the police by another way, and into no file."""
    return hidden_from(report.case, None) or report.post_id in hidden_posts(None)


def _their_words(case: Case, names: Names) -> Iterator[Item]:
    sealed = hidden_from(case, None)
    for word in case.words.filter(from_team=False).order_by("sent_at", "pk"):
        yield Item("", names.subject, word.sent_at, left_out() if sealed else names.clean(word.body))


def _our_words(case: Case, names: Names) -> Iterator[Item]:
    sealed = hidden_from(case, None)
    for word in case.words.filter(from_team=True).select_related("author").order_by("sent_at", "pk"):
        yield Item("", names.of(word.author), word.sent_at, left_out() if sealed else names.clean(word.body))


def _decided(case: Case, names: Names) -> Iterator[Item]:
    for each in case.decisions.select_related("decided_by").order_by("made_at", "pk"):
        yield Item(str(each.get_kind_display()), names.of(each.decided_by), each.made_at)


def _statements(case: Case, names: Names) -> Iterator[Item]:
    for each in case.decisions.filter(told=True).exclude(statement="").order_by("made_at", "pk"):
        yield Item(_("What they were told"), names.of(each.decided_by), each.made_at, names.clean(each.statement))


def _notes(case: Case, names: Names) -> Iterator[Item]:
    notes = case.events.filter(action__in=wording.FOR_COLLEAGUES, said__isnull=False).select_related("said", "actor")
    for event in notes.order_by("n"):
        yield Item(_("A note for colleagues"), names.of(event.actor), event.at, names.clean(event.said.words))


def _source_of(source: str) -> str:
    """What kind of person told us, and never who."""
    return str(Source(source).label)


def _record(name: str, label: Words, *, others: bool = False) -> Field:
    return Field(f"record_{name}", RECORD, label, record_fields.part(RECORD_COLUMNS[name], label), others=others)


ACCOUNT, CASE = gettext_lazy("The account"), gettext_lazy("The case")
REPORTS, TALK = gettext_lazy("What we were told"), gettext_lazy("Words with the team")
DECISIONS, RECORD = gettext_lazy("What was decided"), gettext_lazy("What staff wrote down")
RECORD_COLUMNS: Mapping[str, str] = {
    "said": "what_they_said", "when": "when_and_where", "means": "means_and_time", "others": "others_in_danger",
    "want": "what_they_want", "agreed": "agreed", "did": "what_we_did", "told": "who_was_told", "basis": "basis",
    "ended": "how_it_ended", "follow_up": "follow_up_on", "because": "because",
}  # fmt: skip

FIELDS: Mapping[str, Field] = {
    field.key: field
    for field in (
        Field("account_handle", ACCOUNT, gettext_lazy("Their handle here"), _account),
        Field("account_joined", ACCOUNT, gettext_lazy("When they joined"), _joined),
        Field("account_standing", ACCOUNT, gettext_lazy("Their standing now"), _standing),
        Field("case_facts", CASE, gettext_lazy("What kind of case it was, and its times"), _facts),
        Field("case_steps", CASE, gettext_lazy("What was done, step by step, by roles"), _timeline),
        Field("reports_told", REPORTS, gettext_lazy("What was reported, and when"), _told),
        Field("reports_seen", REPORTS, gettext_lazy("Their own posts, as they read when they were reported"), _as_reported),
        Field("reports_words", REPORTS, gettext_lazy("What other people wrote to us"), _told_words, others=True),
        Field("talk_theirs", TALK, gettext_lazy("What they wrote to the team"), _their_words),
        Field("talk_ours", TALK, gettext_lazy("What the team wrote to them"), _our_words),
        Field("decisions_made", DECISIONS, gettext_lazy("What was decided, and when"), _decided),
        Field("decisions_told", DECISIONS, gettext_lazy("What they were told of it"), _statements),
        _record("said", gettext_lazy("What they said")),
        _record("when", gettext_lazy("When and where they said it")),
        _record("means", gettext_lazy("Means, a plan or a time they spoke of")),
        _record("others", gettext_lazy("Who else was in danger"), others=True),
        _record("want", gettext_lazy("What they wanted")),
        _record("agreed", gettext_lazy("Whether they agreed that we contact somebody")),
        _record("did", gettext_lazy("What we did, and why")),
        Field("record_contacts", RECORD, gettext_lazy("Whom we tried to reach: when, what they answered, incident numbers"),
              record_fields.contacts, others=True),
        Field("record_sheets", RECORD, gettext_lazy("Which sheets went to emergency services"), record_fields.sheets_given),
        Field("record_opened", RECORD, gettext_lazy("That contact details were opened, when and why"),
              record_fields.disclosed),
        _record("told", gettext_lazy("Who was told")),
        _record("basis", gettext_lazy("Why we shared what we shared")),
        _record("ended", gettext_lazy("How it ended")),
        _record("follow_up", gettext_lazy("The day to follow it up")),
        _record("because", gettext_lazy("Why it was no crisis")),
        Field("record_whole", RECORD, gettext_lazy("Other people's details in these words, which are left out else"),
              record_fields.whole, others=True),
        Field("notes", RECORD, gettext_lazy("The team's notes for each other"), _notes, others=True),
    )
}  # fmt: skip
