"""A walk: what people and the team may do in any order, and what must hold of every surface after each step."""

from collections.abc import Callable
from datetime import timedelta
from itertools import count
from typing import Any
from uuid import uuid4

from django.core.cache import cache
from django.db import transaction
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from forum.actions import care, following, leaving, membership, posts, support
from forum.actions.erasing import erase_member
from forum.models import Erasure, Member, Post
from forum.refusals import Refusal
from moderation.actions.cases import claim_case
from moderation.actions.decisions import decide_case, undo_decision
from moderation.actions.reports import report_post
from moderation.models import Case, Decision, Duty
from realtime import log
from tests.visibility import surfaces
from tests.visibility.people import make_person
from tests.visibility.rule import STANDS, WORDS, Book, Person, Piece
from tests.visibility.words import SOUGHT, word

CAST = {
    "ann": "member",
    "bea": "member",
    "cid": "member",
    "dot": "member",
    "mod": "moderator",
    "staff": "staff",
    "adm": "administrator",
}
MEMBERS = 4
members = st.integers(0, MEMBERS - 1)
number = st.integers(0, 30)


def spell(n: int) -> str:
    """A number in letters: canaries hold nothing else."""
    return "".join(chr(ord("a") + int(digit)) for digit in str(n))


class Walk(RuleBasedStateMachine):
    """Each rule asks the product, and writes into the book what the design says comes of it; a refusal changes nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.around = transaction.atomic()
        self.around.__enter__()
        cache.clear()
        self.book, self.n, self.done, self.decided = Book(), count(1), 0, []

    def teardown(self) -> None:
        try:
            if self.book.people:
                self.whole_pages()
        finally:
            transaction.set_rollback(True)
            self.around.__exit__(None, None, None)

    @initialize(pairs=st.lists(st.tuples(members, members, st.sampled_from(["block", "mute"])), min_size=2, max_size=3))
    def people_come(self, pairs: list[tuple[int, int, str]]) -> None:
        """They have shared and answered already, and some are apart: so that each step has something to show or to hide."""
        for name, role in CAST.items():
            flags = {"is_staff": True, "is_superuser": True} if role == "administrator" else {}
            member = make_person(word(f"{name}s name"), role=role, **flags)
            self.book.people.append(Person(member.handle, member.pk, role))
        Duty.objects.create(member_id=self.mod.pk, kind="shift", standing=True, starts_at=timezone.now())
        for one in self.book.people[:MEMBERS]:
            self.share(one, None)
        for n, one in enumerate(self.book.people[:MEMBERS]):
            self.share(one, self.book.pieces[(n + 1) % MEMBERS])
        for pair in pairs:
            self.set_apart(*pair)

    @property
    def mod(self) -> Person:
        return self.book.people[MEMBERS]

    # --- what people do ---------------------------------------------------------------------------------------------------

    @rule(who=members)
    def post(self, who: int) -> None:
        self.share(self.book.people[who], None)

    @rule(who=members, on=number)
    def reply(self, who: int, on: int) -> None:
        tops = [piece for piece in self.book.pieces if piece.parent is None]
        if tops:
            self.share(self.book.people[who], tops[on % len(tops)])

    def share(self, who: Person, parent: Piece | None) -> None:
        said = word(f"said {spell(next(self.n))}")
        above = Post.objects.get(pk=parent.pk) if parent else None
        made = self.tries(
            lambda: posts.publish_post(self.row(who), body=f"A {SOUGHT} for {said}.", key=uuid4(), parent=above)
        )
        may = who.wall_open and (parent is None or (parent.status in STANDS and self.book.sight(who, parent) == WORDS))
        assert bool(made) == may, "who may share here"
        if made:
            self.book.pieces.append(Piece(made.post.pk, who, said, "visible", parent))

    @rule(on=number)
    def edit(self, on: int) -> None:
        if piece := self.pick(on):
            said = word(f"said {spell(next(self.n))}")
            row = Post.objects.get(pk=piece.pk)
            body = f"A {SOUGHT} for {said}."
            if self.tries(
                lambda: posts.edit_post(
                    self.row(piece.author), row, body=body, content_note="", seen_version=row.version
                )
            ):
                piece.past.add(piece.word)
                piece.word = said

    @rule(on=number)
    def withdraw(self, on: int) -> None:
        piece = self.pick(on)
        if piece and not piece.author.gone and self.tries(lambda: self.withdrawn(piece)):
            piece.status = "withdrawn"

    def withdrawn(self, piece: Piece) -> Post:
        return posts.withdraw_post(self.row(piece.author), Post.objects.get(pk=piece.pk))

    @rule(who=members, on=number)
    def support_and_follow(self, who: int, on: int) -> None:
        if piece := self.pick(on):
            row = Post.objects.get(pk=piece.pk)
            self.tries(lambda: support.set_support(self.row(self.book.people[who]), row, "with_you", on=True))
            self.tries(lambda: following.set_follow(self.row(self.book.people[who]), row, on=True))

    @rule(
        who=st.integers(0, MEMBERS),
        other=st.integers(0, MEMBERS),
        how=st.sampled_from(["block", "unblock", "mute", "unmute"]),
    )
    def apart(self, who: int, other: int, how: str) -> None:
        self.set_apart(who, other, how)

    def set_apart(self, who: int, other: int, how: str) -> None:
        one, another = self.book.people[who], self.book.people[other]
        if one is another or one.gone or another.gone:
            return
        book, pair = self.book.blocks if "block" in how else self.book.mutes, (one.handle, another.handle)
        if how in ("block", "mute"):
            {"block": care.block_member, "mute": care.mute_member}[how](self.row(one), self.row(another))
            book.add(pair)
        else:
            {"unblock": care.unblock_member, "unmute": care.unmute_member}[how](self.row(one), another.pk)
            book.discard(pair)

    @rule(who=members, how=st.sampled_from(["rest", "back", "leave", "return"]))
    def come_and_go(self, who: int, how: str) -> None:
        one = self.book.people[who]
        if one.gone:
            return
        before = one.standing
        if how == "rest" and self.done_by(
            lambda: membership.take_break(self.row(one), timezone.now() + timedelta(days=1))
        ):
            one.rests = True
        if how == "back" and before == "on_break":
            membership.end_break(self.row(one))
            one.rests = False
        if how == "leave" and self.tries(lambda: leaving.leave(self.row(one))):
            one.away = True
        if how == "return":
            leaving.come_back(self.row(one))
            one.away = False

    @rule(who=members)
    @precondition(lambda self: self.done > 6)
    def erase(self, who: int) -> None:
        one = self.book.people[who]
        if one.gone or Case.objects.filter(subject=one.pk).exclude(state="closed").exists():
            return
        leaving.close_for_good(one.pk, timezone.now())
        erase_member(Erasure.objects.get(member_id=one.pk))
        one.gone = True
        one.handle = Member.objects.get(pk=one.pk).handle
        for piece in self.book.pieces:
            if piece.author is one:
                piece.status = "erased"

    # --- what the team does ------------------------------------------------------------------------------------------------

    @rule(on=number, kind=st.sampled_from(["fold", "remove", "remove", "restore"]))
    def decide(self, on: int, kind: str) -> None:
        piece = self.pick(on)
        reporter = next(
            (
                each
                for each in self.book.people
                if piece
                and each.wall_open
                and self.book.sight(each, piece) == WORDS
                and each is not piece.author
                and each.role == "member"
            ),
            None,
        )
        if piece is None or reporter is None:
            return
        made = self.tries(lambda: self.judged(piece, reporter, kind))
        if made:
            self.decided.append((made.pk, piece, piece.status))
            piece.status = {"fold": "folded", "remove": "removed", "restore": "visible"}[kind]

    def judged(self, piece: Piece, reporter: Person, kind: str) -> Decision:
        row = Post.objects.get(pk=piece.pk)
        case = report_post(self.row(reporter), row, "rule", "abuse", key=uuid4()).case
        mod = self.row(self.mod)
        case = claim_case(case, mod) if case.holder_id is None else case
        return decide_case(Case.objects.get(pk=case.pk), mod, kind, rule="kindness", seen_post_version=row.version)

    @rule()
    def take_back(self) -> None:
        if self.decided:
            number, piece, was = self.decided.pop()
            decision = Decision.objects.get(pk=number)
            if self.tries(lambda: undo_decision(decision, self.row(self.mod))) and piece.status not in (
                "withdrawn",
                "erased",
            ):
                piece.status = was

    @rule(who=members, standing=st.sampled_from(["suspended", "banned", "active"]))
    def stands(self, who: int, standing: str) -> None:
        one = self.book.people[who]
        if one.gone or one.away:
            return
        with transaction.atomic():
            log.append(*membership.change_standing(self.row(one), standing))
        one.steps = set() if standing == "active" else {standing}

    # --- helpers -----------------------------------------------------------------------------------------------------------

    def row(self, who: Person) -> Member:
        return Member.objects.get(pk=who.pk)

    def pick(self, on: int) -> Piece | None:
        return self.book.pieces[on % len(self.book.pieces)] if self.book.pieces else None

    def tries(self, act: Callable[[], Any]) -> Any:
        """What comes of an act; None where it is refused, and then nothing was written."""
        try:
            with transaction.atomic():
                return act()
        except Refusal:
            return None

    def done_by(self, act: Callable[[], Any]) -> bool:
        return self.tries(lambda: (act(), True)) is not None

    # --- what must hold -----------------------------------------------------------------------------------------------------

    @invariant()
    def every_surface_agrees(self) -> None:
        self.done += 1
        here = {each.handle: each for each in self.book.people if not each.gone}
        viewers = {handle: surfaces.facts(each.pk) for handle, each in here.items()}
        frames = surfaces.replayed(viewers)
        for handle, one in here.items():
            self.agrees(one, viewers[handle], frames[handle])

    def agrees(self, one: Person, viewer: Any, frames: list[dict[str, Any]]) -> None:
        readable, placed, shunned = self.book.readable(one), self.book.placed(one), self.book.shunned(one)
        names = {each.handle for each in self.book.people}
        hidden = {piece.pk for piece in self.book.hidden(one)}
        told = [frame for frame in frames if frame["stream"] == "wall"]
        found, rows = surfaces.searched(viewer)
        noticed, unread, counted = surfaces.noticed(viewer)
        got = {
            "replay": surfaces.words_of(told),
            "wall": surfaces.on_wall(viewer),
            "threads": surfaces.in_threads(viewer),
            "again": surfaces.again(viewer),
            "search": found,
            "notices": noticed,
        }
        for name, words in got.items():
            assert words & shunned == set(), (name, one.handle, "names somebody who is apart")
            assert words - names <= readable, (name, one.handle, "holds what is not theirs to read")
        for name in ("threads",):
            assert placed <= got[name], (name, one.handle, "lacks what is theirs to read")
        assert readable <= got["again"], ("again", one.handle)
        assert readable - self.book.behind_a_press(one) <= found, ("search", one.handle)
        if one.wall_open:
            assert placed <= got["replay"], one.handle
        assert {frame["id"] for frame in told if frame["kind"] != "wall.changed"} & hidden == set(), one.handle
        assert rows & hidden == set(), one.handle
        assert surfaces.words_of([frame for frame in frames if frame["stream"] != "wall"]) == set(), one.handle
        assert unread == counted, (one.handle, "what is counted is what is listed")

    def whole_pages(self) -> None:
        """At the end of a walk: the pages as a browser has them, and each other's page."""
        for one in self.book.people:
            if one.gone:
                continue
            browser = surfaces.browser_of(self.row(one))
            readable, shunned, names = (
                self.book.readable(one),
                self.book.shunned(one),
                {each.handle for each in self.book.people},
            )
            for page in (
                "/",
                "/?lens=waiting",
                "/?lens=following",
                "/?lens=kept",
                "/notices/",
                "/notices/count/",
                "/wall-state/",
            ):
                words = surfaces.words_in(browser.get(page).content)
                assert words - names <= readable, (page, one.handle)
                assert words & shunned == set(), (page, one.handle)
            for other in self.book.people:
                if other is not one and one.wall_open:
                    answer = browser.get(f"/members/{other.handle}/")
                    there = not other.gone and not self.book.blocked(one, other)
                    assert (answer.status_code == 200) == there, (one.handle, other.handle)
                    assert surfaces.words_in(answer.content) - names <= readable, (one.handle, other.handle)
