"""What comes from outside, and what names nobody: stored as it came, placed by the clock or by a person, or put aside.

Whether somebody by a name is here decides nothing while the sender waits: the clock looks afterwards. So the answer, and how
long it takes, is the same for everyone.
"""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from forum.access import facts_of, has_role
from forum.actions.drafts import forget_draft
from forum.limits import DAY, check, for_member, locked_member
from forum.models import Member, Post
from forum.refusals import KeyUsed
from forum.sealing import CannotOpen
from moderation import calls, categories, flood, letters, outside_rings
from moderation.actions.joining import join_case
from moderation.actions.moving import _move, guard
from moderation.actions.reports import report_member
from moderation.clocks import READ_AGAIN
from moderation.letters import Contact, Whom
from moderation.models import Case, Door, Kind, Letter, LetterOpening, Report, Reserved, Source
from moderation.refusals import Missing, NotAllowed, ReportedOften, SentAsMachine
from moderation.vocabulary import ROUSING
from realtime import log

SAID = ("door", "category", "about", "note", "whereabouts")


def send_letter(
    door: str, category: str, *, key: UUID, about: str, contact: Contact, address: str, machine: bool, **words: str
) -> str:
    """Stores what somebody without an account tells us. Returns the code to follow it up with; the same key gives the same.

    What `categories.is_never_refused` names is taken however much came before it. Raises Missing for a category that the door
    does not offer, KeyUsed, and for any other broken rule ReportedOften in a flood and SentAsMachine.
    """
    reserved = _reserved_for(door, category)
    code = letters.code_for(key)
    letter = Letter(
        door=door,
        category=category,
        about=about,
        key=key,
        code_hash=letters.hash_of(code),
        reserved_for=reserved,
        **words,
    )
    if _sent_before(letter):
        return code
    _let_in(letter, address, machine=machine)
    letters.write_contact(letter, contact)
    try:
        with transaction.atomic():
            letter.save(force_insert=True)
    except IntegrityError:  # the same key arrived twice at once
        _sent_before(letter)
    return code


def tell_of_team(sender: Member, *, key: UUID, whom: str, note: str, post: Post | None = None) -> Report | Letter:
    """A member tells of somebody from the team. The independent contacts read it, and nobody of the team.

    Where it names somebody with a role, it opens or joins the case about them; else it is a letter that waits for the
    independent contacts. Raises KeyUsed and ReportedOften.
    """
    named = letters.find_whom(whom) if whom else Whom(post.author) if post else None
    if post is not None:
        note = f"{note}\n\n{_('It was told from these words:')} /posts/{post.pk}/".strip()
    if named and has_role(named.member) and named.member.pk != sender.pk:
        return report_member(sender, named.member, Door.RULE, categories.TEAM, key=key, note=note)
    letter = Letter(
        door=Door.RULE, category=categories.TEAM, about=whom, note=note, key=key, sender=sender,
        reserved_for=Reserved.INDEPENDENT, placed_at=timezone.now(),
    )  # fmt: skip
    with transaction.atomic():
        locked_member(sender)
        if first := _sent_before(letter):
            return first
        lately = Letter.objects.filter(sender=sender, made_at__gt=timezone.now() - DAY)
        check(lately, "made_at", for_member(sender, settings.RULE_REPORTS_PER_DAY), DAY, ReportedOften)
        letter.save(force_insert=True)
        if post is not None:
            forget_draft(sender, f"rule-{post.author_id}-{post.pk}")
    return letter


def place_letter(letter: Letter) -> Report | None:
    """For the clock: finds whom a letter is about and puts it into their case. Else it waits for a person. Once."""
    with transaction.atomic():
        letter = Letter.objects.select_for_update().get(pk=letter.pk)
        if letter.placed_at is not None or letter.gathered:
            return letter.report
        letter.placed_at = timezone.now()
        outside_rings.let_ring_or_hold(letter)
        whom = letters.find_whom(letter.about)
        if whom and letter.category == categories.TEAM and not has_role(whom.member):
            whom = None
        if whom is None:
            letter.save(update_fields=["placed_at", "rings_from", "rang_at"])
            return None
        report, events = into_case(letter, whom, Source.OUTSIDE)
        outside_rings.wait_its_turn(letter)
        if outside_rings.is_held(letter) and report.case.holder_id is None:
            calls.tell_quietly(report.case, f"outside:{letter.pk}")
        log.append(*events)
        return report


def settle_letter(letter: Letter, actor: Member, whom: str) -> Report:
    """A person knows whom a letter is about: it goes into that case. Twice is once.

    What is for the independent contacts stays theirs: the case about it is kept for them. Raises Missing and NotAllowed.
    """
    with transaction.atomic():
        letter = _to_settle(letter, actor)
        if letter.report is not None:
            return letter.report
        found = letters.find_whom(whom)
        if found is None:
            raise Missing("whom", _("There is nobody here by this name, and no such post."))
        if found.member.pk in (actor.pk, letter.sender_id):
            raise NotAllowed(_("Somebody else handles this one."))
        letter.settled_at, letter.settled_by, letter.rings_from = timezone.now(), actor, None
        return _into_case(letter, found, Source.MEMBER if letter.sender_id else Source.OUTSIDE)


def put_aside(letter: Letter, actor: Member, why: str) -> Letter:
    """Nothing comes of it, and a person says why. Twice is once. Raises Missing and NotAllowed."""
    if not why.strip():
        raise Missing("why", _("Write why, so that the next person knows."))
    with transaction.atomic():
        letter = _to_settle(letter, actor)
        if letter.settled_at is None:
            letter.settled_at, letter.settled_by, letter.why_aside = timezone.now(), actor, why.strip()
            letter.save(update_fields=["settled_at", "settled_by", "why_aside"])
    return letter


def read_letter(letter: Letter, reader: Member) -> None:
    """Somebody who handles it has it before them: for as long as they have for a step nobody is called about it. Each reading is
    kept, once in a quarter of an hour.
    """
    now = timezone.now()
    Letter.objects.filter(pk=letter.pk, read_at=None).update(read_at=now, read_by=reader)
    lately = letter.openings.filter(by=reader, what=LetterOpening.What.READ, at__gt=now - READ_AGAIN)
    if not lately.exists():
        LetterOpening.objects.create(letter=letter, by=reader, what=LetterOpening.What.READ, at=now)


def open_contact(case: Case, actor: Member, letter: Letter) -> Contact:
    """Opens who wrote a letter, in the case it is in. Each opening is in the audit chain. Raises NotAllowed, CaseMoved."""
    with transaction.atomic():
        fresh = guard("contact", case, actor)
        contact = _opened(letter, actor)
        log.append(*_move(fresh, "contact", actor, words=f"letter {letter.pk}"))
    return contact


def open_sender(letter: Letter, actor: Member) -> Contact:
    """The same for a letter without a case: each opening is kept beside it, and it says who was last. Raises NotAllowed."""
    if not letters.seen_by(facts_of(actor)).filter(pk=letter.pk).exists():
        raise NotAllowed(_("There is nothing here, or nothing you can see."))
    with transaction.atomic():
        return _opened(letter, actor)


def _let_in(letter: Letter, address: str, *, machine: bool) -> None:
    """Decides what a flood makes of it. Of what does not rouse the rest is gathered, or refused where it may be. What rouses is
    placed and mailed however much came, also from its own address, which a whole ward or school may share: whoever is in danger
    is not lost among others, and waits to ring at most.
    """
    rousing = letters.severity_of(letter) in ROUSING
    may_refuse = not categories.is_never_refused(letter.door, letter.category)
    everywhere = flood.next_from_anywhere(rousing=rousing)
    if may_refuse and everywhere:
        raise ReportedOften(everywhere)
    if may_refuse and machine:
        raise SentAsMachine
    full = flood.count_from(address, rousing=rousing)
    if may_refuse and full:
        raise ReportedOften(full)
    letter.gathered = machine or (not rousing and bool(full or everywhere))
    if rousing and not letter.gathered:
        held = outside_rings.rang_lately(address, letter.key)
        letter.rings_from = outside_rings.end_of_hour() if everywhere or full else held


def _reserved_for(door: str, category: str) -> Reserved:
    try:
        return categories.category(door, category).reserved_for
    except KeyError:
        raise Missing("category", _("Choose what it is about.")) from None


def _sent_before(letter: Letter) -> Letter | None:
    first = Letter.objects.filter(sender=letter.sender, key=letter.key).first()
    if first is not None and any(getattr(first, name) != getattr(letter, name) for name in SAID):
        raise KeyUsed(first.pk)
    return first


def _to_settle(letter: Letter, actor: Member) -> Letter:
    fresh = Letter.objects.select_for_update(of=("self",)).select_related("report").get(pk=letter.pk)
    if not letters.seen_by(facts_of(actor)).filter(pk=fresh.pk).exists():
        raise NotAllowed(_("There is nothing here, or nothing you can see."))
    return fresh


def _into_case(letter: Letter, whom: Whom, source: Source) -> Report:
    report, events = into_case(letter, whom, Source.STAFF if letters.hand_of(letter) else source)
    log.append(*events)
    return report


def into_case(letter: Letter, whom: Whom, source: Source) -> tuple[Report, list[Any]]:
    """Puts a letter into the case of `whom`. Returns the report, and events for the outermost action to append.

    Words that stand are kept as they are now: nobody knows which ones somebody outside was shown.
    """
    care = letter.door == Door.WORRY
    post = whom.post
    report = Report(
        door=letter.door, category=letter.category, note=letter.note, whereabouts=letter.whereabouts, post=post,
        reporter=letter.sender, source=source, key=letter.key, made_at=letter.made_at,
        snapshot=post.body if post else "", snapshot_version=post.version if post else None,
    )  # fmt: skip
    about = Case(kind=Kind.CARE if care else Kind.CONDUCT, subject=whom.member, post=None if care else post)
    same = Q(report__case__subject=whom.member, report__case__kind=about.kind, report__case__post=about.post)
    by_itself = letter.settled_at is None and source == Source.OUTSIDE
    rings = not (outside_rings.is_held(letter) or (by_itself and outside_rings.heard_enough(letter, same)))
    events: list[Any] = join_case(report, about, letters.severity_of(letter), letter.reserved_for, rings=rings)
    letter.report, letter.placed_at = report, letter.placed_at or timezone.now()
    letter.save(update_fields=["report", "placed_at", "settled_at", "settled_by", "rings_from", "rang_at"])
    letter.questions.update(report=report, letter=None)
    return report, events


def _opened(letter: Letter, actor: Member) -> Contact:
    try:
        contact = letters.read_contact(letter)
    except CannotOpen:
        raise NotAllowed(_("This cannot be opened: its key is missing. Tell whoever runs the site.")) from None
    now = timezone.now()
    Letter.objects.filter(pk=letter.pk).update(opened_at=now, opened_by=actor)
    LetterOpening.objects.create(letter=letter, by=actor, what=LetterOpening.What.SENDER, at=now)
    return contact
