"""Changing what screening looks for. Each change is logged; switching a rule off takes a second person."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from forum.models import Member, Role
from moderation import screening_rules
from moderation.models import RuleChange, RuleEvent, RuleFamily, RuleSwitch, RuleWords
from moderation.refusals import Missing, NotAllowed, NothingToDo
from moderation.screening import catalogue
from moderation.screening.folding import fold
from moderation.screening.own import is_enough


class AlreadyThat(NothingToDo):
    """The rules are that way already, or somebody was quicker."""

    @property
    def message(self) -> str:
        return _("There is nothing left to do here: it is that way already, or somebody was quicker.")


def add_words(member: Member, family: str, phrase: str) -> RuleWords:
    """Looks for a phrase from now on. The same phrase again is once. Raises NotAllowed for who is not of the staff, and Missing
    for a phrase that says too little or one too many.
    """
    _for_staff(member)
    phrase = as_kept(phrase)
    check_words(family, phrase)
    live = RuleWords.objects.filter(ended_at=None)
    try:
        with transaction.atomic():
            if known := live.filter(family=family, phrase=phrase).first():
                return known
            if live.count() >= RuleWords.MOST:
                raise Missing("phrase", _("There are as many phrases as a post can be read for. Take one out first."))
            words = RuleWords.objects.create(family=family, phrase=phrase, added_by=member)
            _log(RuleChange.ADDED, member, words=words)
    except IntegrityError:  # added twice at once
        return live.get(family=family, phrase=phrase)
    return words


def check_words(family: str, phrase: str) -> None:
    """Raises Missing for a phrase that says too little to be looked for."""
    if family not in RuleFamily.values:
        raise Missing("family", _("Choose what it is read as."))
    if not is_enough(family, phrase) or len(phrase) > RuleWords.PHRASE_MAX:
        raise Missing("phrase", _("A lone word never raises a case: use two words or more."))


def take_out_words(member: Member, words: RuleWords) -> None:
    """Raises NotAllowed, and AlreadyThat when it is out."""
    _for_staff(member)
    with transaction.atomic():
        live = RuleWords.objects.filter(pk=words.pk, ended_at=None)
        if not live.update(ended_at=timezone.now(), ended_by=member):
            raise AlreadyThat
        _log(RuleChange.TAKEN_OUT, member, words=words)


def ask_to_switch_off(member: Member, rule: str, why: str) -> RuleSwitch:
    """A wish, which does nothing until somebody else of the staff agrees. Raises NotAllowed, Missing and AlreadyThat."""
    _for_staff(member)
    if rule not in catalogue.RULES:
        raise Missing("rule", _("Choose a rule."))
    if not why:
        raise Missing("why", _("Say why, so that the second person can judge it."))
    try:
        with transaction.atomic():
            switch = RuleSwitch.objects.create(rule=rule, why=why[: RuleSwitch.WHY_MAX], by=member)
            _log(RuleChange.ASKED_OFF, member, switch=switch)
    except IntegrityError as taken:  # one live switch of a rule: it is off, or somebody has asked
        raise AlreadyThat from taken
    return switch


def agree_to_switch_off(member: Member, switch: RuleSwitch) -> None:
    """Raises NotAllowed for whoever asked, and AlreadyThat when it is off, or the wish was taken back."""
    _for_staff(member)
    if switch.by_id == member.pk:
        raise NotAllowed(_("A second person switches it off: somebody else from the staff."))
    with transaction.atomic():
        waiting = RuleSwitch.objects.filter(pk=switch.pk, ended_at=None, off_since=None)
        if not waiting.update(off_since=timezone.now(), confirmed_by=member):
            raise AlreadyThat
        _log(RuleChange.SWITCHED_OFF, member, switch=switch)


def switch_on(member: Member, switch: RuleSwitch) -> None:
    """Switches the rule on again, or takes the wish back: one person is enough. Raises NotAllowed and AlreadyThat."""
    _for_staff(member)
    with transaction.atomic():
        fresh = RuleSwitch.objects.select_for_update().filter(pk=switch.pk, ended_at=None).first()
        if fresh is None:
            raise AlreadyThat
        fresh.ended_at, fresh.ended_by = timezone.now(), member
        fresh.save(update_fields=["ended_at", "ended_by"])
        _log(RuleChange.SWITCHED_ON if fresh.off_since else RuleChange.WITHDRAWN, member, switch=fresh)


def as_kept(phrase: str) -> str:
    """As it is looked for: lower case, plain apostrophes, single spaces."""
    return " ".join(fold(phrase).words.split())


def _for_staff(member: Member) -> None:
    if member.role != Role.STAFF:
        raise NotAllowed(_("This is for staff."))


def _log(what: RuleChange, member: Member, *, words: RuleWords | None = None, switch: RuleSwitch | None = None) -> None:
    RuleEvent.objects.create(what=what, by=member, words=words, switch=switch)
    transaction.on_commit(screening_rules.forget)
