"""What happens by itself when somebody shares words: a first screening, which orders the work and stops nothing."""

import logging
from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.db import transaction
from django.db.models.signals import post_migrate

from forum import self_words
from forum.actions.posts import change_status
from forum.models import Member, Post, Status
from forum.signals import post_submitted
from moderation import first_words, guides, screening, screening_rules, statement_library
from moderation.actions.reports import open_from_screening, open_held, open_unscreened
from moderation.actions.self_words import screen_self_words
from moderation.screening import Screening
from realtime.log import NewEvent

logger = logging.getLogger(__name__)
OF_THE_TEAM = (screening.DETAILS, screening.SPAM, screening.POSING)


def connect() -> None:
    post_submitted.connect(screen_post, sender=Post, dispatch_uid="moderation.screening")
    self_words.readers.append(screen_self_words)
    app = apps.get_app_config("moderation")
    post_migrate.connect(statement_library.plant, sender=app, dispatch_uid="moderation.plant_statement_texts")
    post_migrate.connect(guides.plant, sender=app, dispatch_uid="moderation.plant_guides")
    post_migrate.connect(first_words.plant, sender=app, dispatch_uid="moderation.plant_first_words")


def screen_post(sender: type[Post], post: Post, actor: Member, **kwargs: Any) -> list[NewEvent]:
    """Reads new words and opens a case where they ask for one. Whatever fails here, the post is shared all the same.

    Each attempt has a savepoint of its own, so that nothing half done remains.
    """
    return _asked_to_look(post) + _screened(post)


def _asked_to_look(post: Post) -> list[NewEvent]:
    """Words that wait have a case. Where none can be opened they wait for nobody, so they go onto the wall."""
    if post.status != Status.HELD:
        return []
    try:
        with transaction.atomic():
            return open_held(post)
    except Exception:
        logger.exception("holding_failed: post %s is shared", post.pk)
        return change_status(post, Status.VISIBLE)


def _screened(post: Post) -> list[NewEvent]:
    try:
        # The note comes last, so that the reasons' places are those of the body.
        found = list(screening.findings(f"{post.body}\n{post.content_note}", screening_rules.current()))
        if not found:  # most words: no savepoint for them
            return []
        with transaction.atomic():
            return _open(post, found)
    except Exception:
        logger.exception("screening_failed: post %s is shared and a person is asked to look", post.pk)
    try:
        with transaction.atomic():
            return open_unscreened(post)
    except Exception:
        logger.exception("unscreened: no case could be opened for post %s either", post.pk)
        return []


def _open(post: Post, findings: Iterable[Screening]) -> list[NewEvent]:
    events: list[NewEvent] = []
    for found in findings:
        if post.from_team and found.category in OF_THE_TEAM:
            continue  # the team's own numbers and links are there to be found, and it speaks for itself
        events += open_from_screening(post, found)
    return events
