"""What the time line of a case says of the steps of its ladder."""

import json
from collections.abc import Iterable, Mapping, Sequence

from django.utils.translation import gettext as _

from moderation import called
from moderation.called import Called
from moderation.models import Case, CaseEvent


def lines_of(case: Case, events: Iterable[CaseEvent]) -> Mapping[int, str]:
    """By the event's key: who was called, by what, what came of it. Nothing is read where nobody was called."""
    steps = [event for event in events if event.action == "called"]
    if not steps:
        return {}
    by_step: dict[tuple[int, int], list[Called]] = {}
    for each in called.read_calls([case], episode=0):
        by_step.setdefault((each.episode, each.step), []).append(each)
    return {event.pk: _line(event, by_step) for event in steps}


def _line(event: CaseEvent, by_step: Mapping[tuple[int, int], Sequence[Called]]) -> str:
    told = json.loads(event.said.words) if hasattr(event, "said") else {}
    people = by_step.get((told.get("episode", 0), told.get("step", -1)), ())
    again = bool(told) and told["step"] >= told["of"]
    if not people:
        return _("Nobody was there to call at this step") if told else _("People were called")
    names = ", ".join(each.line for each in people)
    words = _("Nobody had answered. Called again: %(names)s") if again else _("Called: %(names)s")
    return words % {"names": names}
