"""The project's one signal."""

from django.dispatch import Signal

# Sent inside the transaction that stores a post, a reply or an edit: sender=Post, post=…, actor=…. Receivers may open a
# case in that same transaction, must not raise for reasons of their own, and return a list of NewEvent for the log.
post_submitted = Signal()
