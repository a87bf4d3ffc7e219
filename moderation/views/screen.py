"""One case on one screen: what stands on it, and a form for everything this person may do now."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from uuid import uuid4

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from forum.access import ViewerFacts
from forum.models import Post
from forum.requests import MemberRequest
from moderation import reading, statements, wording, workflow
from moderation.access import case_facts
from moderation.actions.decisions import FROM, NEED_A_RULE
from moderation.actions.escalation import Record
from moderation.models import Case, CrisisRecord, Decision, DecisionKind, RecordKind
from moderation.refusals import CaseMoved
from moderation.team_forms import (
    CloseForm,
    DecideForm,
    EscalateForm,
    NoteForm,
    RecordForm,
    ReopenForm,
    ReturnForm,
    SeenForm,
    TeamWordForm,
    versions_of,
)
from moderation.workflow import CaseFacts, allowed_actions, closing_or_step, decision_kinds

FORMS: Mapping[str, Any] = {
    "word": TeamWordForm,
    "note": NoteForm,
    "escalate": EscalateForm,
    "decide": DecideForm,
    "record": RecordForm,
    "close": CloseForm,
    "return": ReturnForm,
    "reopen": ReopenForm,
}


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
    status: int = 200

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
            return closing_or_step(self.facts, self.viewer) == "decide"
        return kind not in FROM or bool(FROM[kind] & statuses)

    @property
    def names_a_rule(self) -> bool:
        return bool(NEED_A_RULE & set(self.kinds))

    @property
    def closes(self) -> bool:
        """Whether a decision now would end the case."""
        return "decide" in self.allowed

    @cached_property
    def told(self) -> list[reading.Told]:
        return reading.read_reports(self.case)

    @cached_property
    def seen(self) -> list[reading.Seen]:
        return reading.read_words_in_question(self.case, self.told)

    @property
    def posts(self) -> list[Post]:
        """Words that can still be decided about."""
        return [each.post for each in self.seen if each.now is not None]

    @property
    def here(self) -> str:
        return reverse(self.name, args=[self.case.pk])

    def form(self, name: str, data: Any = None) -> Any:
        """The form called `name`; any button without words of its own has the plain one."""
        kind = FORMS.get(name, SeenForm)
        more = {"kinds": self.kinds, "posts": [] if self.case.post_id else self.posts} if kind is DecideForm else {}
        return kind(data, initial=self._initial(name), auto_id=f"id_{name}_%s", **more)

    def _initial(self, name: str) -> dict[str, Any]:
        initial: dict[str, Any] = {"seen": self.case.version}
        if name == "word":
            initial["key"] = uuid4()
        if name == "decide":
            initial |= {
                "seen_posts": versions_of(self.posts),
                "post": self.posts[0].pk if len(self.posts) == 1 else None,
            }
        if name == "record" and (written := self.record):
            initial |= {part: getattr(written, part) for part in Record.__dataclass_fields__}
        return initial

    @cached_property
    def record(self) -> CrisisRecord | None:
        """The full record of this escalation, which can be mended until the case is closed."""
        if self.case.escalated_at is None:
            return None
        return self.case.records.filter(kind=RecordKind.FULL, at__gte=self.case.escalated_at).first()


def draw(screen: Screen) -> HttpResponse:
    """The page as it stands now."""
    case = screen.case
    focus = screen.seen[0].post if screen.seen else None
    top, around = reading.read_around(focus) if focus else (None, [])
    clock = wording.clock_of(case)
    context = {
        "screen": screen,
        "case": case,
        "headline": wording.headline(case),
        "clock": wording.clock_words(case),
        "late": clock is not None and clock <= timezone.now(),
        "may": dict.fromkeys(screen.allowed, True) | ({"decide": True} if screen.kinds else {}),
        "forms": _forms(screen),
        "focus": focus,
        "top": top,
        "around": around,
        "words": case.words.select_related("author"),
        "timeline": reading.read_timeline(case),
        "decisions": case.decisions.select_related("decided_by", "undone_by", "post"),
        "records": case.records.select_related("by", "second_reader"),
        "blocked": case.subject_id in screen.viewer.blocks,
        "SAFETY": Decision.SAFETY,
    }
    return render(screen.request, "moderation/case.html", context, status=screen.status)


def draft_statement(screen: Screen, form: Any) -> None:
    """Puts the default statement for what is chosen into the form, unless the moderator has written one of their own."""
    chosen, data = form.cleaned_data, form.data.copy()
    own = chosen["statement"] and chosen["statement"] != chosen["drafted"]
    draft = statement_for(screen, chosen)
    data["drafted"] = draft
    if not own:
        data["statement"] = draft
    form.data = data


def statement_for(screen: Screen, chosen: Mapping[str, Any]) -> str:
    case = screen.case
    post = next((each for each in screen.posts if each.pk == (chosen.get("post") or case.post_id)), None)
    for_safety = workflow.for_safety(screen.facts, screen.viewer) and chosen["kind"] != DecisionKind.NO_ACTION
    return statements.default_statement(
        chosen["kind"],
        member=case.subject,
        by=screen.request.user,
        post=post,
        rule=Decision.SAFETY if for_safety else chosen.get("rule", ""),
        content_note=chosen.get("content_note", ""),
    )


def _forms(screen: Screen) -> dict[str, Any]:
    names = [*screen.allowed, *(["decide"] if screen.kinds and "decide" not in screen.allowed else [])]
    return {name: screen.forms.get(name) or screen.form(name) for name in names} | screen.forms
