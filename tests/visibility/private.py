"""What was told in confidence, to the team or about somebody, and what the team wrote: a canary in each place that holds words."""

from datetime import timedelta
from uuid import uuid4

from django.utils import timezone

from forum import rules
from forum.actions.care import mute_word
from forum.actions.directory import suggest_group
from forum.actions.drafts import save_draft
from forum.actions.me import describe_member
from forum.actions.rule_talk import say_about_rules
from forum.cards import Card, keep_card
from forum.models import Post
from moderation.actions import first_words, guides
from moderation.actions.appeals import ask_again
from moderation.actions.cases import answer_word, claim_case, note_case, send_word
from moderation.actions.disclosures import Asked, approve_disclosure, ask_disclosure
from moderation.actions.duty import sign_off, sign_on
from moderation.actions.escalation import escalate_case, take_case
from moderation.actions.handing import hand_over_case
from moderation.actions.holds import Terms, confirm_hold, propose_hold
from moderation.actions.incidents import open_incident
from moderation.actions.lessons import write_lesson
from moderation.actions.letters import send_letter
from moderation.actions.outside_requests import log_request
from moderation.actions.proposals import propose_ban
from moderation.actions.questions import answer_question, ask_reporter
from moderation.actions.remembering import propose_remembrance
from moderation.actions.reports import report_member, report_post
from moderation.actions.rewriting import rewrite_words
from moderation.actions.sheets import make_sheet
from moderation.actions.standing_notes import agree_note, draft_note
from moderation.actions.talks import talk_about
from moderation.actions.wall_state import propose_state
from moderation.letters import Contact
from moderation.models import Case, Decision, Guide
from moderation.standing_notes import Note
from tests.moderation.records import write_record
from tests.moderation.registers import asked
from tests.visibility.life import Life
from tests.visibility.people import REPORTER, SHUNNER
from tests.visibility.words import word


def tell_everything(life: Life) -> None:
    """Fills every place that keeps somebody's words, besides the wall."""
    _own(life)
    _cared_for(life)
    _about_the_team(life)
    _answered(life)
    _of_staff(life)


def _fresh(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def _own(life: Life) -> None:
    robin = life.people["robin"]
    save_draft(robin, "post", {"body": word("draft")})
    mute_word(robin, word("muted word"), "fold")
    describe_member(robin, pronouns="they", about=word("about robin"), avatar_style=0)
    shunner = life.people[SHUNNER]
    describe_member(shunner, pronouns="she", about=word("about shunner"), avatar_style=0)
    for handle, name in (("robin", "rule comment"), (SHUNNER, "comment of shunner")):
        now = rules.in_force().pk
        say_about_rules(life.people[handle], now, body=word(name), anchor="", key=uuid4())
    group = {"kind": "self_help", "where": "Leeds", "phone": "0113 496 0123", "about": "", "how_to_join": ""}
    suggest_group(robin, key=uuid4(), for_whom=["all"], name=word("suggested group"), **group)


def _cared_for(life: Life) -> None:
    """Dunlin, about whom somebody worries: everything that a case of care comes to hold."""
    dunlin, heron, puffin, fulmar = (life.people[name] for name in ("dunlin", "heron", "puffin", "fulmar"))
    keep_card(dunlin, Card(phone=word("card telephone"), helps=word("card helps")))
    post, reporter = life.says("dunlin", "by dunlin"), life.people[REPORTER]
    told = {"note": word("report note"), "whereabouts": word("whereabouts")}
    report = report_post(reporter, post, "worry", "danger_now", key=uuid4(), **told)
    case = claim_case(report.case, heron)
    note_case(_fresh(case), heron, word("team note"))
    send_word(_fresh(case), heron, word("word from team"), uuid4())
    answer_word(_fresh(case), dunlin, word("word to team"), uuid4())
    note = Note(what_helps=word("standing note"))
    row = draft_note(_fresh(case), heron, note)
    agree_note(dunlin, row.pk, note, seen_version=row.version)
    question = ask_reporter(_fresh(case), heron, report, word("question"))
    answer_question(question, word("answer"), by=reporter)
    escalate_case(_fresh(case), heron, word("escalation note"))
    take_case(_fresh(case), puffin)
    write_record(case, puffin, what_they_said=word("record"))
    make_sheet(_fresh(case), puffin, to_whom="Police", why_now=word("sheet"), chosen=["what_they_said"])
    wants = Asked(reason=word("disclosure reason"), basis="vital", mail=True, card=True)
    approve_disclosure(ask_disclosure(_fresh(case), puffin, wants), fulmar)
    terms = Terms(reason=word("hold reason"), owner=puffin, review_days=30, ends_days=90)
    confirm_hold(propose_hold(_fresh(case), puffin, terms), fulmar)
    hand_over_case(_fresh(case), puffin, fulmar, word("hand over note"))


def _about_the_team(life: Life) -> None:
    reporter, kestrel, gannet = (life.people[name] for name in (REPORTER, "kestrel", "gannet"))
    post = life.says("kestrel", "by kestrel")
    report_post(reporter, post, "rule", "abuse", key=uuid4(), note=word("about kestrel"))
    report_member(reporter, kestrel, "worry", "worried", key=uuid4(), note=word("worry about kestrel"))
    report_member(reporter, gannet, "worry", "worried", key=uuid4(), note=word("worry about gannet"))
    report_member(reporter, gannet, "rule", "abuse", key=uuid4(), note=word("about gannet"))


def _answered(life: Life) -> None:
    """What people say to decisions, and what heron asks a second person about."""
    removed, folded, heron = (life.people[name] for name in ("a-removed", "a-folded", "heron"))
    first, second, *_rest = Decision.objects.filter(subject=removed).order_by("pk")
    ask_again(removed, first, word("appeal"), uuid4())
    new = {"body": word("rewritten"), "content_note": "", "word": word("word with it"), "key": uuid4()}
    rewrite_words(second, removed, seen_version=Post.objects.get(pk=second.post_id).version, **new)
    talk_about(Decision.objects.filter(subject=folded).earliest("pk"), folded, word("talk"), uuid4())
    case = claim_case(Case.objects.get(post__author=life.people["a-edited"]), heron)
    version = Post.objects.get(pk=case.post_id).version
    propose_ban(case, heron, rule="kindness", statement=word("ban statement"), seen_post_version=version)
    sign_on(life.people["merlin"])
    sign_off(life.people["merlin"], word("shift note"))


def _of_staff(life: Life) -> None:
    puffin, now = life.people["puffin"], timezone.now()
    told = {"note": word("letter"), "whereabouts": word("letter where"), "about": "somebody called Ann"}
    contact = Contact(word("letter name"), word("letter reach"))
    send_letter("worry", "worried", key=uuid4(), contact=contact, address="", machine=False, **told)
    when = {"happened_at": now - timedelta(hours=2), "found_at": now - timedelta(hours=1)}
    open_incident(puffin, "near_miss", word("incident"), word("incident words"), case=None, **when)
    write_lesson(puffin, word("lesson"))
    log_request(puffin, asked(asked=word("asked for"), name=word("asker")))
    propose_state(puffin, "gentle", reason=word("wall reason"), word=word("wall word"), hours=2)
    propose_remembrance(life.people["a-visible"], puffin, why=word("remember why"))
    guide = Guide.objects.earliest("pk")
    guides.propose_change(guide, puffin, title="Guide", body=word("guide change"), seen_version=guide.version)
    first_words.propose_change(puffin, None, language="en-gb", name="Hello", words=word("first words"))
