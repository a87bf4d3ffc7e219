"""The house rules: drafted, shown to members, written again, published, and said yes to. The talk itself is in rule_talk."""

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from forum import access, rules
from forum.models import Consent, HouseRule, Member, RuleSet
from forum.refusals import NotThere, NotYours, Refusal

RULES_MAX = 20
RESERVED_ANCHORS = frozenset({"main", "safety", "talk"})  # what pages and statements mean something else by


class DraftStands(Refusal):
    @property
    def message(self) -> str:
        return _("Somebody has begun a draft already. It is on this page.")


class TalkedOver(Refusal):
    """The draft is with the members just now, so its words stay as they are."""

    @property
    def message(self) -> str:
        return _("Members are talking about this draft. Its words stay as they are until the talk ends.")


class NobodyAsked(Refusal):
    @property
    def message(self) -> str:
        return _("Rules are published after members were asked, and when the talk has ended.")


class RulesMovedOn(Refusal):
    @property
    def message(self) -> str:
        return _("The rules changed once more while this page was open. Here is what stands now.")


def start_draft(actor: Member) -> RuleSet:
    """Copies the rules in force into a draft. Raises NotYours, or DraftStands while there is one."""
    check_keeper(actor)
    now = rules.in_force()
    try:
        with transaction.atomic():
            draft = RuleSet.objects.create(made_by=actor)
            HouseRule.objects.bulk_create(
                HouseRule(
                    rule_set=draft,
                    anchor=rule.anchor,
                    place=rule.place,
                    title=rule.title,
                    words=rule.words,
                    easy=rule.easy,
                )
                for rule in now.rules.all()
            )
    except IntegrityError:
        raise DraftStands from None
    return draft


def write_rule(
    actor: Member, draft: RuleSet, anchor: str = "", *, title: str, words: str, easy: str, place: int
) -> HouseRule:
    """Changes a rule of the draft, or with no anchor adds one, at a place among the others.

    Raises NotYours, TalkedOver, and NotThere for a rule the draft does not have or a draft that is one no more.
    """
    check_keeper(actor)
    with transaction.atomic():
        draft = _locked(draft)
        others = list(draft.rules.exclude(anchor=anchor))
        if anchor:
            rule = _rule(draft, anchor)
        elif len(others) >= RULES_MAX:
            raise NotThere
        else:
            rule = HouseRule(rule_set=draft, anchor=_free_anchor(draft, title))
        rule.title, rule.words, rule.easy = title, words, easy
        others.insert(max(0, place - 1), rule)
        for number, each in enumerate(others, start=1):
            each.place = number
            each.save()
    return rule


def drop_rule(actor: Member, draft: RuleSet, anchor: str) -> None:
    """Takes a rule out of the draft; a draft keeps one at least. Raises NotYours, TalkedOver and NotThere."""
    check_keeper(actor)
    with transaction.atomic():
        draft = _locked(draft)
        rule = _rule(draft, anchor)
        if draft.rules.count() == 1:
            raise NotThere
        rule.delete()


def open_talk(actor: Member, draft: RuleSet, *, purpose: str, days: int) -> RuleSet:
    """Shows the draft to members, who can say something about it for so many days. Raises NotYours, TalkedOver, NotThere."""
    check_keeper(actor)
    with transaction.atomic():
        draft = _locked(draft)
        draft.purpose, draft.round = purpose, draft.round + 1
        draft.closes_at = timezone.now() + timedelta(days=days)
        draft.save(update_fields=["purpose", "round", "closes_at"])
    return draft


def publish_rules(actor: Member, draft: RuleSet, *, heard: str) -> RuleSet:
    """Puts the draft into force, with what was heard from members; from now on everyone is asked to say yes to it.

    Raises NotYours, TalkedOver, NobodyAsked, and NotThere when it was published or put away meanwhile.
    """
    check_keeper(actor)
    with transaction.atomic():
        draft = _locked(draft)
        if not draft.has_been_asked_about:
            raise NobodyAsked
        draft.state, draft.heard, draft.version = RuleSet.State.PUBLISHED, heard, _next_version()
        draft.published_at, draft.published_by = timezone.now(), actor
        draft.save()
        Member.objects.filter(is_active=True).update(rules_asked=draft.version)
    return draft


def put_draft_away(actor: Member, draft: RuleSet) -> None:
    """The rules stay as they are. Raises NotYours, and NotThere when it was published or put away meanwhile."""
    check_keeper(actor)
    with transaction.atomic():
        draft = _locked(draft, talked_over=True)
        draft.state = RuleSet.State.PUT_AWAY
        draft.save(update_fields=["state"])


def accept_rules(member: Member, version: str) -> None:
    """Says yes to the rules in force; twice is once. Raises RulesMovedOn when `version` is not what stands."""
    if version != rules.version_in_force():
        raise RulesMovedOn
    with transaction.atomic():
        Consent.objects.get_or_create(member=member, kind=Consent.Kind.RULES, version=version)
        Member.objects.filter(pk=member.pk, rules_asked=version).update(rules_asked="")
    member.rules_asked = ""


def check_keeper(actor: Member) -> None:
    """Raises NotYours for everyone but staff and administrators."""
    if not access.may_keep_house(access.facts_of(actor)):
        raise NotYours


def _locked(draft: RuleSet, *, talked_over: bool = False) -> RuleSet:
    fresh = RuleSet.objects.select_for_update().filter(pk=draft.pk, state=RuleSet.State.DRAFT).first()
    if fresh is None:
        raise NotThere
    if fresh.is_open and not talked_over:
        raise TalkedOver
    return fresh


def _rule(draft: RuleSet, anchor: str) -> HouseRule:
    rule = draft.rules.filter(anchor=anchor).first()
    if rule is None:
        raise NotThere
    return rule


def _free_anchor(draft: RuleSet, title: str) -> str:
    """A name for addresses that no rule of any version has had: an old link never leads to another rule."""
    base = slugify(title)[:30].strip("-") or "rule"
    taken = set(HouseRule.objects.filter(anchor__startswith=base).values_list("anchor", flat=True)) | RESERVED_ANCHORS
    return next(name for name in (base, *(f"{base}-{n}" for n in range(2, len(taken) + 3))) if name not in taken)


def _next_version() -> str:
    today = timezone.localdate().isoformat()
    same_day = RuleSet.objects.filter(Q(version=today) | Q(version__startswith=f"{today}-")).count()
    return f"{today}-{same_day + 1}" if same_day else today
