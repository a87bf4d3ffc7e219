"""One case on one screen: what stands on it, and a form for everything this person may do now."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from forum.access import ViewerFacts
from forum.cards import Card, has_card
from forum.models import Post, Status
from forum.requests import MemberRequest
from moderation import reading, wording
from moderation.access import case_facts
from moderation.actions.decisions import NEED_A_RULE, why_not_undo
from moderation.actions.effects import changes_words
from moderation.actions.records import current_record
from moderation.models import Case, CrisisRecord, Decision, DecisionKind
from moderation.record_parts import Part, missing_from
from moderation.refusals import CaseMoved
from moderation.sealed_words import hidden_from, hidden_posts
from moderation.team_forms import DecideForm, SeenForm
from moderation.views.acts import FORMS, INITIAL, context_of
from moderation.vocabulary import LASTING
from moderation.workflow import CaseFacts, allowed_actions, closing_or_step, decision_kinds


@dataclass
class Screen:
    """One person's page of one case. `forms` holds a form that came back, with its words, under its name."""

    request: MemberRequest
    name: str
    viewer: ViewerFacts
    case: Case
    forms: dict[str, Any] = field(default_factory=dict)
    moved: CaseMoved | None = None
    refused: str = ""
    typed: bool = False  # the form that came back holds words
    kept: str = ""  # words whose form is no longer on the page
    card: Card | None = None  # the member's, opened for this answer alone
    shared: Any = None  # likewise: who that was shut out uses the same connection
    contact: Any = None  # likewise: the letter that somebody from outside wrote, and how to reach them
    status: int = 200
    begun: bool = False  # a first message was put into the field: it waits to be read

    @cached_property
    def facts(self) -> CaseFacts:
        return case_facts(self.case)

    @cached_property
    def allowed(self) -> list[str]:
        return allowed_actions(self.facts, self.viewer)

    @cached_property
    def kinds(self) -> list[str]:
        """What may be decided now; about words only where there are words that it would change."""
        statuses = {post.status for post in self.posts}
        kinds = map(DecisionKind, decision_kinds(self.facts, self.viewer))
        return [kind.value for kind in kinds if self._changes_something(kind, statuses)]

    def _changes_something(self, kind: DecisionKind, statuses: set[str]) -> bool:
        """A note or a fold needs words that it changes; leaving things as they are only ends a case that it can end."""
        if kind == DecisionKind.NO_ACTION:
            if Status.HELD in statuses:
                return False  # nobody would look at those words again
            return closing_or_step(self.facts, self.viewer) == "decide"
        return changes_words(kind, self.posts)

    @property
    def names_a_rule(self) -> bool:
        return bool(NEED_A_RULE & set(self.kinds))

    @property
    def may_last(self) -> bool:
        """Whether something can be decided that has an end to choose."""
        return bool(LASTING & set(self.kinds))

    @property
    def closes(self) -> bool:
        """Whether a decision now would end the case."""
        return "decide" in self.allowed

    @cached_property
    def told(self) -> list[reading.Told]:
        return reading.read_reports(self.case, self.viewer, sealed=self.sealed, hidden=self.hidden)

    @cached_property
    def seen(self) -> list[reading.Seen]:
        found = [] if self.sealed else reading.read_words_in_question(self.case, self.told)
        return [each for each in found if each.post.pk not in self.hidden]

    @cached_property
    def sealed(self) -> bool:
        """Whether its words are kept from this person, as from everybody but one."""
        return hidden_from(self.case, self.viewer.id)

    @cached_property
    def hidden(self) -> frozenset[int]:
        """Posts among them that were sealed in another case."""
        return hidden_posts(self.viewer.id)

    @property
    def posts(self) -> list[Post]:
        """Words that can still be decided about."""
        return [each.post for each in self.seen if each.now is not None]

    @property
    def here(self) -> str:
        return reverse(self.name, args=[self.case.pk])

    def form(self, name: str, data: Any = None) -> Any:
        """The form called `name`; any button without words of its own has the plain one."""
        kind: Any = FORMS.get(name, SeenForm)
        more = self._to_decide() if kind is DecideForm else {}
        initial = {"seen": self.case.version} | INITIAL[name](self) if name in INITIAL else {"seen": self.case.version}
        return kind(data, initial=initial, auto_id=f"id_{name}_%s", **more)

    def _to_decide(self) -> dict[str, Any]:
        posts = [] if self.case.post_id else self.posts
        return {"kinds": self.kinds, "posts": posts, "hides": self.request.user.hide_hard_words}

    @cached_property
    def record(self) -> CrisisRecord | None:
        """The full record of this escalation, which is written on until the case is closed."""
        return current_record(self.case)

    @cached_property
    def open_parts(self) -> list[Part]:
        """What of the record keeps the case from being closed."""
        return missing_from(self.record) if self.record else []


def draw(screen: Screen) -> HttpResponse:
    """The page as it stands now."""
    case = screen.case
    clock = wording.clock_of(case)
    context = {
        "screen": screen,
        "case": case,
        "headline": wording.headline(case),
        "clock": wording.clock_words(case),
        "late": clock is not None and clock <= timezone.now(),
        "may": dict.fromkeys(screen.allowed, True) | ({"decide": True} if screen.kinds else {}),
        "forms": _forms(screen),
        "words": [] if screen.sealed else case.words.select_related("author", "mail").prefetch_related("signposts"),
        "has_card": "card" in screen.allowed and has_card(case.subject_id),
        "decisions": (decisions := list(_decisions(case))),
        "may_undo": {each.pk for each in decisions if _may_undo(screen, each)},
        "records": case.records.select_related("by", "second_reader"),
        "blocked": case.subject_id in screen.viewer.own_blocks,
        "SAFETY": Decision.SAFETY,
        **context_of(screen),
    }
    return render(screen.request, "moderation/case.html", context, status=screen.status)


def _decisions(case: Case) -> QuerySet[Decision]:
    return case.decisions.select_related("decided_by", "confirmed_by", "undone_by", "post")


def _may_undo(screen: Screen, decision: Decision) -> bool:
    if decision.undone_at or decision.kind == DecisionKind.NO_ACTION:
        return False
    return not why_not_undo(decision, screen.facts, screen.viewer)


def _forms(screen: Screen) -> dict[str, Any]:
    names = [*screen.allowed, "sealed_report", *(["decide"] if screen.kinds and "decide" not in screen.allowed else [])]
    return {name: screen.forms.get(name) or screen.form(name) for name in names} | screen.forms
