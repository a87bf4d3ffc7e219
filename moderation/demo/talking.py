"""A conversation that is going on in the demo: heron began it, puffin joined, and robin has just answered."""

from datetime import datetime
from uuid import uuid4

from forum.models import Member
from moderation.actions.cases import answer_word, read_words, send_word
from moderation.clocks import ANSWER
from moderation.models import Case, Kind, State, Word

Cast = dict[str, Member]
JOINS = (
    "Heron asked me to join you two here, and I have read what you wrote to one another, so you need not begin again. As I "
    "understand it, the evenings are the worst since the move. Have I got that right?"
)
SAYS = "Yes. It is better since I wrote to Heron. I made toast. I still don't know what to do about Thursday."


def fill_talking(cast: Cast) -> None:
    """In robin's case, which puffin holds, through the actions that people use. What is read is mailed to nobody."""
    robin, puffin = cast["robin"], cast["puffin"]
    send_word(_case(robin), puffin, JOINS, uuid4())
    read_words(_case(robin), robin)
    answer_word(_case(robin), robin, SAYS, uuid4())


def refresh_talking(now: datetime) -> None:
    """Who has answered has just done so."""
    for word in Word.objects.filter(from_team=False, read_at=None).select_related("case"):
        Word.objects.filter(pk=word.pk).update(answer_due_at=now + ANSWER[word.case.severity], late_at=None)


def _case(robin: Member) -> Case:
    return Case.objects.exclude(state=State.CLOSED).get(kind=Kind.CARE, subject=robin)
