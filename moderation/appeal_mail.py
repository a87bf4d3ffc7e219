"""Mail to members whose wall is closed: that something was decided, with a link to ask for another look, and that there is
an answer. As they chose (forum/actions/mail.py), and only to those whom it is safe to write to.
"""

from django.core import signing
from django.urls import reverse

from forum.actions.mail import mail_member, whole
from forum.models import Member, Standing
from moderation.appealing import why_not_ask
from moderation.clocks import APPEAL_WITHIN
from moderation.models import Appeal, AppealKind, Decision

SALT = "moderation.appeal"  # a link for this and for nothing else
SHUT = frozenset({Standing.SUSPENDED, Standing.BANNED})  # who may not come by for a long time, or ever


def link_to(decision: Decision) -> str:
    """The path of the page on which this one decision can be appealed against without signing in."""
    token = signing.dumps([decision.pk, decision.subject_id], salt=SALT)
    return reverse("appeal_by_link", args=[token])


def decision_of(token: str) -> Decision | None:
    """The decision a link is for; None for one that was not made by us, is over, or was used: all alike."""
    try:
        decision_id, member_id = signing.loads(token, salt=SALT, max_age=APPEAL_WITHIN)
    except (signing.BadSignature, TypeError, ValueError):
        return None
    found = Decision.objects.filter(pk=decision_id, subject=member_id, subject__is_active=True, appeal=None)
    decision = found.select_related("subject", "case", "decided_by").first()
    return decision if decision and not why_not_ask(decision, member_id) else None


def mail_statement(decision: Decision) -> None:
    """Call in the transaction in which the member is told. Once for each decision."""
    member = Member.objects.get(pk=decision.subject_id)
    if member.current_standing in SHUT and not why_not_ask(decision, member.pk):
        facts = {"link": whole(link_to(decision)), "of_words": decision.post_id is not None}
        mail_member(member, f"statement:{decision.pk}", "moderation/email/statement.txt", facts)


def mail_answer(appeal: Appeal) -> None:
    """Call in the transaction in which it is answered."""
    member = Member.objects.get(pk=appeal.by_id)
    if member.current_standing in SHUT and appeal.kind == AppealKind.DECISION:
        mail_member(member, f"appeal-answer:{appeal.pk}", "moderation/email/answer.txt", {"asked_at": appeal.made_at})
