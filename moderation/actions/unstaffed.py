"""What happens by itself while nobody is on duty: words that three people say could hurt somebody are folded, never their author.

From the design: three rule reports about a method, somebody's details or a threat, by members of at least seven days. Ours,
against a few who act together: each of them has said something here that stands, and of one author two posts wait folded so at
most. Whoever does not count here is heard all the same: the report is in the case, and a person reads it.
"""

from datetime import timedelta

from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from forum import rules
from forum.actions.notices import give_notice
from forum.actions.posts import change_status
from forum.models import Post, Status
from moderation import duty, statements
from moderation.actions.freezing import Words, freeze_words
from moderation.actions.moving import _move
from moderation.models import Case, Decision, DecisionKind, Door, Report, Source
from moderation.notices import DECISION
from realtime.log import NewEvent

HURTFUL = frozenset({"method", "details", "address", "threat"})
REPORTERS = 3
KNOWN_FOR = timedelta(days=7)
FOLDED_AT_MOST = 2  # of one author, until a person has looked at one of them: words wait, a voice is not taken


def may_fold(report: Report) -> bool:
    """Whether this report could be the one that folds its post: the caller locks the post then, before the case."""
    if (
        report.door != Door.RULE
        or report.source != Source.MEMBER
        or report.category not in HURTFUL
        or not report.post_id
    ):
        return False
    return not duty.someone_is_here()


def fold_unstaffed(case: Case, post: Post) -> list[NewEvent]:
    """Folds the post when enough people have told us. Once: who unfolds it by hand has the last word.

    It stands in the case's time line and the author keeps their words, as with any decision. Returns events for the
    outermost action; call in the transaction that stores the report, with the post's row locked and then the case's.
    """
    if post.status != Status.VISIBLE or _folded_before(post) or _people(case, post) < REPORTERS:
        return []
    if _waiting_of(post.author_id) >= FOLDED_AT_MOST:
        return []
    before = {"status": post.status, "held_for": "", "content_note": post.content_note}
    version, words = post.version, Words.of(post)
    events = change_status(post, Status.FOLDED)
    decision = Decision.objects.create(
        case=case,
        case_kind=case.kind,
        kind=DecisionKind.FOLD,
        rule=Decision.SAFETY,
        rules_version=rules.version_in_force(),
        statement=_statement(post),
        decided_by=None,
        subject_id=post.author_id,
        post=post,
        post_version=version,
        before=before,
    )
    freeze_words(decision, words)
    events += _move(case, "fold", None, words=f"decision {decision.pk}")
    return events + give_notice(post.author_id, DECISION, decision.pk, state="made")


def _folded_before(post: Post) -> bool:
    return Decision.objects.filter(post=post, kind=DecisionKind.FOLD, decided_by=None).exists()


def _waiting_of(author_id: int) -> int:
    """How many of this author's posts are folded by itself, and nobody has looked at them yet."""
    unseen = Decision.objects.filter(
        subject=author_id, kind=DecisionKind.FOLD, decided_by=None, undone_at=None, case__first_looked_at=None
    )
    return unseen.filter(post__status=Status.FOLDED).count()


def _people(case: Case, post: Post) -> int:
    """Those who have been here for a while and whose words are here too: an account that only waits can be made in advance."""
    said = Post.objects.filter(author=OuterRef("reporter"), status=Status.VISIBLE)
    told = Report.objects.filter(
        case=case,
        post=post,
        door=Door.RULE,
        source=Source.MEMBER,
        category__in=HURTFUL,
        withdrawn_at=None,
        reporter__joined_at__lte=timezone.now() - KNOWN_FOR,
    )
    return told.filter(Exists(said)).values("reporter").distinct().count()


def _statement(post: Post) -> str:
    parts = [
        _("Hello %(member)s."),
        _(
            "Several people have told us that %(post)s could hurt somebody who reads it, and nobody from the team is here just "
            "now. So it is folded until one of us has read it: all of it is there, and one press opens it."
        ),
        _(
            "Nothing is decided yet, and nothing counts against you. A person will look, and put it back if it can stand."
        ),
        _("Written by the site itself, not by a person."),
    ]
    facts = {"member": post.author.handle, "post": statements.the_post(post)}
    return "\n\n".join(part % facts for part in parts)
