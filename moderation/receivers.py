"""What happens by itself when somebody shares words: a first screening, which orders the work and stops nothing."""

import logging
from typing import Any

from django.db import transaction

from forum.models import Member, Post
from forum.signals import post_submitted
from moderation import screening
from moderation.actions.reports import open_from_screening, open_unscreened
from realtime.log import NewEvent

logger = logging.getLogger(__name__)


def connect() -> None:
    post_submitted.connect(screen_post, sender=Post, dispatch_uid="moderation.screening")


def screen_post(sender: type[Post], post: Post, actor: Member, **kwargs: Any) -> list[NewEvent]:
    """Reads new words and opens a case where they ask for one. Whatever fails here, the post is shared all the same.

    Each attempt has a savepoint of its own, so that nothing half done remains.
    """
    try:
        with transaction.atomic():
            return _screen(post)
    except Exception:
        logger.exception("screening_failed: post %s is shared and a person is asked to look", post.pk)
    try:
        with transaction.atomic():
            return open_unscreened(post)
    except Exception:
        logger.exception("unscreened: no case could be opened for post %s either", post.pk)
        return []


def _screen(post: Post) -> list[NewEvent]:
    events: list[NewEvent] = []
    # The note comes last, so that the reasons' places are those of the body.
    for found in screening.findings(f"{post.body}\n{post.content_note}"):
        if found.category == screening.DETAILS and post.from_team:
            continue  # the team's own numbers and addresses are there to be found
        events += open_from_screening(post, found)
    return events
