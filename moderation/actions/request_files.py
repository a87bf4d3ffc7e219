"""The file of a case for somebody outside: made for a decided request alone, sealed, taken once within a day, and gone."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from forum.access import facts_of
from forum.models import Member
from forum.refusals import Refusal
from forum.sealing import seal_bytes, unseal_bytes
from moderation.actions.outside_requests import note_step
from moderation.case_export.drawing import draw
from moderation.models import Case, FileKind, OutsideRequest, RequestFile, RequestStep
from moderation.outside_requests import may, seen_by
from moderation.refusals import Missing, NotAllowed
from realtime import log

KEPT = timedelta(hours=24)


class FileTaken(Refusal):
    @property
    def message(self) -> str:
        return _("This file has been taken; each works once. If it is not where you saved it, make another.")


class FileOver(Refusal):
    @property
    def message(self) -> str:
        return _("This file was kept for 24 hours and is gone. You can make another.")


def make_file(request: OutsideRequest, actor: Member, kind: str) -> RequestFile:
    """Draws what was decided, and seals it. Raises Missing for an unknown kind, and NotAllowed before it is decided."""
    if kind not in FileKind.values:
        raise Missing("kind", _("Please pick one of these."))
    archive, digest = draw(*_to_draw(request, actor), kind)  # before the lock: a long case takes a while
    with transaction.atomic():
        fresh, _case = _to_draw(request, actor, lock=True)
        now = timezone.now()
        file = RequestFile(request=fresh, kind=kind, digest=digest, made_by=actor, made_at=now, expires_at=now + KEPT)
        file.archive = seal_bytes(archive, _place(file.pk))
        file.save(force_insert=True)
        log.append(*note_step(fresh, RequestStep.FILE_MADE, actor))
    return file


def take_file(request: OutsideRequest, actor: Member, file_id: UUID) -> bytes | None:
    """The archive, once, for whoever made it; None where there is none of theirs. Raises FileTaken, FileOver, CannotOpen."""
    with transaction.atomic():
        seen = seen_by(facts_of(actor)).filter(pk=request.pk)
        rows = RequestFile.objects.select_for_update().filter(pk=file_id, request__in=seen, made_by=actor)
        file = rows.first()
        if file is None:
            return None
        if file.taken_at:
            raise FileTaken
        if file.archive is None or file.expires_at <= timezone.now():
            raise FileOver
        archive = unseal_bytes(bytes(file.archive), _place(file.pk))
        RequestFile.objects.filter(pk=file.pk).update(taken_at=timezone.now(), archive=None)
        log.append(*note_step(OutsideRequest.objects.get(pk=request.pk), RequestStep.FILE_TAKEN, actor))
    return archive


def _to_draw(request: OutsideRequest, actor: Member, *, lock: bool = False) -> tuple[OutsideRequest, Case]:
    rows = OutsideRequest.objects.select_related("case__subject", "proposed_by", "confirmed_by", "called_by")
    fresh = (rows.select_for_update(of=("self",)) if lock else rows).get(pk=request.pk)
    seen = seen_by(facts_of(actor)).filter(pk=fresh.pk).exists()
    if not seen or not may(fresh, actor).file or fresh.case is None:
        raise NotAllowed(_("A file is made only once two people have decided what is given."))
    return fresh, fresh.case


def _place(file_id: UUID) -> str:
    return f"request_file:{file_id}"
