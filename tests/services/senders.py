"""Four processes that send at once. Run as a script: Django is loaded once, each sender is a fork of it.

Arguments: what is sent ("posts", "letters" or "ways"), by whom (a member's number or an address), how many each. Prints how many of
each sender's were taken.
"""

import os
import sys
from collections.abc import Callable
from uuid import uuid4

SENDERS = 4


def send_posts(who: str, number: int) -> int:
    from forum.actions.posts import publish_post
    from forum.models import Member
    from forum.refusals import NotYet

    author, taken = Member.objects.get(pk=int(who)), 0
    for _each in range(number):
        try:
            publish_post(author, body="One more thing.", key=uuid4())
        except NotYet:
            continue
        taken += 1
    return taken


def send_letters(who: str, number: int) -> int:
    """Those that may wake somebody: a worry is never refused."""
    from moderation.actions.letters import send_letter
    from moderation.letters import Contact, by_code

    words = {"about": "robin", "note": "She has gone quiet.", "whereabouts": "Leeds", "contact": Contact()}
    taken = 0
    for _each in range(number):
        code = send_letter("worry", "worried", key=uuid4(), address=who, machine=False, **words)
        letter = by_code(code)
        taken += letter is not None and not letter.gathered
    return taken


def send_every_way(who: str, number: int) -> int:
    """How many ways were tried, whatever came of them."""
    from forum.models import Member
    from tests.services.ways_round import WAYS

    for _each in range(number):
        for way in WAYS.values():
            way(Member.objects.get(pk=int(who)))
    return len(WAYS)


def _fork(send: Callable[[str, int], int], who: str, number: int) -> None:
    gate_out, gate_in = os.pipe()
    children = []
    for _sender in range(SENDERS):
        child = os.fork()
        if child == 0:
            os.close(gate_in)
            os.read(gate_out, 1)  # returns when the parent closes its end, for everybody at once
            sys.stdout.write(f"{send(who, number)}\n")
            sys.stdout.flush()
            os._exit(0)
        children.append(child)
    os.close(gate_in)
    for child in children:
        os.waitpid(child, 0)


if __name__ == "__main__":
    import django

    django.setup()
    what, who, number = sys.argv[1:]
    _fork({"posts": send_posts, "letters": send_letters, "ways": send_every_way}[what], who, int(number))
