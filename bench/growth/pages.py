"""What is measured: the pages that are opened most, through the real views, by a member and by a moderator."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from uuid import uuid4

from django.http import HttpResponse
from django.test import Client

from bench.growth import words
from bench.growth.cases import MEASURED, MODERATOR
from bench.growth.filling import GROUP, MEMBER, Size
from forum.models import Member
from forum.models.post import place_of

HALF, NEARLY_ALL = 0.5, 0.9


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that somebody does, and the answer it should get."""

    name: str
    do: Callable[[], HttpResponse]
    status: int = 200

    def __call__(self) -> HttpResponse:
        answer = self.do()
        assert answer.status_code == self.status, f"{self.name}: {answer.status_code}"
        return answer


def acts_in(size: Size) -> list[Act]:
    """What is done in the database of this size. Signs both people in, and looks for the words that the searches are about."""
    member, moderator = signed_in(MEMBER), signed_in(MODERATOR)
    return [
        Act("the wall", lambda: member.get("/")),
        Act("a deep page of it", lambda: member.get(f"/?before={_place(size, NEARLY_ALL)}")),
        Act("one post", lambda: member.get(f"/posts/{_post(size, HALF)}/")),
        *_searches(member),
        Act("notices", lambda: member.get("/notices/")),
        Act("the queue", lambda: moderator.get("/moderation/")),
        Act("a case", lambda: moderator.get(f"/moderation/cases/{MEASURED}/")),
        Act("posting", lambda: member.post("/posts/", _something_new()), status=303),
    ]


def signed_in(member: int) -> Client:
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(Member.objects.get(pk=member))
    return client


def _searches(client: Client) -> Iterator[Act]:
    for word, how in ((words.OFTEN, "one in ten"), (words.SOMETIMES, "one in forty"), (words.SELDOM, "thirty")):
        found = client.post("/search/", {"query": word})["Location"].partition("#")[0]
        yield Act(f"search: {how}", lambda found=found: client.get(found))


def _something_new() -> dict[str, str]:
    return {"body": "Up early again, and the kettle is on.", "intent": "hello", "key": str(uuid4())}


def _post(size: Size, depth: float) -> int:
    """The post at this depth of the wall, 0.0 being the newest. Every fifty posts the words and what is gone come again."""
    return (size.groups - int(size.groups * depth) // 50 * 50 - 1) * GROUP + 1


def _place(size: Size, depth: float) -> str:
    post = _post(size, depth)
    return place_of(size.at(post), post)
