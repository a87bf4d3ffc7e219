"""Who was called about escalated cases, by what, and what came of it: read from the calls and from what was sent."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from moderation.models import Case, LadderCall
from realtime.models import Delivery

WAYS: Mapping[str, str | Promise] = {
    "mail": gettext_lazy("mail"),
    "webhook": gettext_lazy("telephone or pager"),
    "push": gettext_lazy("their device"),
}


@dataclass(frozen=True, slots=True)
class Way:
    """One message that was to reach somebody."""

    kind: str
    state: str
    tries: int

    @property
    def words(self) -> str:
        by = str(WAYS.get(self.kind, self.kind))
        if self.state == Delivery.State.SENT:
            return _("%(way)s: handed over") % {"way": by}
        if self.state == Delivery.State.FAILED:
            return _("%(way)s: did not get through") % {"way": by}
        if self.tries:
            return _("%(way)s: not through yet, it is tried again") % {"way": by}
        return _("%(way)s: on its way") % {"way": by}

    @property
    def stamp(self) -> str:
        return f"{self.kind}{self.state}{min(self.tries, 1)}"


@dataclass(frozen=True, slots=True)
class Called:
    """One person, or the emergency contact (no handle), called at one step."""

    case_id: int
    episode: int
    step: int
    handle: str
    at: datetime
    answered: datetime | None  # when they said that they are up
    ways: Sequence[Way]

    @property
    def line(self) -> str:
        """Who, by what, and what came of it."""
        who = self.handle or _("the emergency contact")
        parts = [way.words for way in self.ways]
        if self.answered:
            parts.append(_("is up"))
        return f"{who} ({', '.join(parts)})" if parts else who


def read_calls(cases: Iterable[Case], *, episode: int | None = None) -> list[Called]:
    """The calls of each case's present climb, or of all of them for `episode=0`; the earliest first; in two queries."""
    known = {case.pk: case for case in cases}
    if not known:
        return []
    calls = LadderCall.objects.filter(step__case__in=known).select_related("step", "member")
    wanted = [each for each in calls.order_by("step__case", "step__episode", "step__step", "pk")
              if episode == 0 or each.step.episode == known[each.step.case_id].episode]  # fmt: skip
    sent = _deliveries(known)
    return [_called(call, sent) for call in wanted]


def _called(call: LadderCall, sent: Mapping[str, Sequence[Way]]) -> Called:
    step = call.step
    who = str(call.member_id) if call.member_id else "contact"
    return Called(
        case_id=step.case_id,
        episode=step.episode,
        step=step.step,
        handle=call.member.handle if call.member else "",
        at=call.at,
        answered=call.used_at,
        ways=sent.get(f"ladder:{step.case_id}:{step.episode}:{step.step}:{who}", ()),
    )


def _deliveries(cases: Iterable[int]) -> Mapping[str, Sequence[Way]]:
    """By the first five parts of their keys: each way of a person adds something of its own. Kept for a week after they left."""
    ours = reduce(or_, (Q(dedupe__startswith=f"ladder:{case}:") for case in cases))
    found: dict[str, list[Way]] = defaultdict(list)
    rows = Delivery.objects.filter(ours).order_by("pk").values_list("dedupe", "kind", "state", "tries")
    for dedupe, kind, state, tries in rows:
        found[":".join(dedupe.split(":")[:5])].append(Way(kind, state, tries))
    return found
