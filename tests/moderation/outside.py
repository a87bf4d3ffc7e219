"""What the tests of letters from outside share: a look of the clock, how often a telephone rang, and who was mailed."""

from moderation.deadlines import run_deadlines
from moderation.letter_clock import run_letters
from realtime.models import Delivery


def clock():
    run_letters()
    run_deadlines()


def rings(*letters) -> int:
    """How often a telephone rang, for all that came from outside or for these."""
    rung = Delivery.objects.filter(kind="webhook")
    return (rung.filter(payload__case_id__in=[each.report.case_id for each in letters]) if letters else rung).count()


def mails(staff) -> int:
    return Delivery.objects.filter(kind="mail", address=staff.email).count()


def climbed(case) -> list[int]:
    return list(case.ladder_steps.values_list("step", flat=True))
