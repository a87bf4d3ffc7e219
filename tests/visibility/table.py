"""Who may read whose words where: written down from the design by hand, and never asked of forum/access.py.

A place is a kind of page (tests/visibility/places.py): `wall` holds what others share, `own` what is one's own, `case` and
`staff` are the team's. A dash is nothing at all.
"""

from collections.abc import Mapping

from tests.visibility.life import Life
from tests.visibility.people import APART, LOOKING, SHUT_OUT

POSTS = """
words                 | author    | another member | moderator, staff
visible               | wall own  | wall           | wall
under visible         | wall own  | wall           | wall
noted                 | wall own  | wall           | wall
content note          | wall own  | wall           | wall
edited                | wall own  | wall           | wall case
before edit           | -         | -              | case
before change         | -         | -              | -
left in               | wall own  | wall           | wall case
taken out             | own       | -              | case
root                  | wall own  | wall           | wall case
folded                | wall own  | wall           | wall case
folded alone          | wall own  | wall           | wall case
folded reply          | wall own  | wall           | wall case
under folded          | wall own  | wall           | wall case
removed               | own       | -              | case
removed alone         | own       | -              | case
removed reply         | own       | -              | case
under removed         | wall own  | wall           | wall case
withdrawn             | -         | -              | -
withdrawn alone       | -         | -              | -
withdrawn reply       | -         | -              | -
withdrawn reported    | -         | -              | case
under withdrawn       | wall own  | wall           | wall
held                  | wall own  | -              | wall case
held reply            | wall own  | -              | wall case
erased                | -         | -              | -
erased reply          | -         | -              | -
under erased          | wall own  | wall           | wall
statement folded      | own       | -              | case
statement removed     | own       | -              | case
crakes own            | wall own  | wall           | wall
by shunner            | wall own  | wall           | wall
under by shunner      | wall own  | wall           | wall
by shunner under root | wall own  | wall           | wall case
by shunner to crake   | wall own  | wall           | wall
by shunned            | wall own  | wall           | wall
under by shunned      | wall own  | wall           | wall
by shunned under root | wall own  | wall           | wall case
by shunned to crake   | wall own  | wall           | wall
by muted              | wall own  | wall           | wall
under by muted        | wall own  | wall           | wall
by muted under root   | wall own  | wall           | wall case
by muted to crake     | wall own  | wall           | wall
by smew               | wall own  | wall           | wall
by bittern            | wall own  | wall           | wall
by brant              | wall own  | wall           | wall
by dipper             | wall own  | wall           | wall
by remembered         | wall own  | wall           | wall
by dunlin             | wall own  | wall           | wall case
by kestrel            | wall own  | wall           | wall
"""

PRIVATE = """
words                 | whose they are, and who else may read them
draft                 | robin wall
muted word            | robin own
about robin           | robin wall own; all wall
about shunner         | all wall; crake -
rule comment          | all open; staff open staff; administrator open staff
comment of shunner    | all open; staff open staff; administrator open staff; crake -
suggested group       | robin own; staff open staff; administrator open staff
card telephone        | dunlin own
card helps            | dunlin own
report note           | moderator case; staff case
whereabouts           | moderator case; staff case
team note             | moderator case; staff case
word from team        | dunlin own; moderator case; staff case
word to team          | dunlin own; moderator case; staff case
standing note         | dunlin own; moderator case; staff case
question              | moderator case; staff case
answer                | moderator case; staff case
escalation note       | moderator case; staff case
record                | moderator case; staff case staff
sheet                 | staff staff
disclosure reason     | staff case staff
hold reason           | staff case staff
hand over note        | moderator case; staff case; fulmar case staff
about kestrel         | independent case
worry about kestrel   | staff case
worry about gannet    | staff case; gannet -
about gannet          | independent case
appeal                | a-removed own; moderator case; heron -; staff case
rewritten             | a-removed own; moderator case; staff case
word with it          | a-removed own; moderator case; staff case
talk                  | a-folded own; moderator case; staff case
ban statement         | moderator case; staff case
shift note            | moderator case
letter                | staff staff
letter where          | staff staff
letter name           | nobody -
letter reach          | nobody -
incident              | staff staff
incident words        | staff staff
lesson                | staff case staff
asked for             | staff staff
asker                 | staff staff
wall reason           | staff staff
wall word             | staff staff
remember why          | staff staff
guide change          | staff staff
first words           | staff staff
"""

BESIDES = {
    ("staff", "by dunlin"): "staff",  # on the sheet for emergency services
    ("independent", "by kestrel"): "case",  # what a moderator wrote, in the case about them
}
"""Where somebody of a role reads a post's words besides, because of what was reported of it."""

STRANGER = ""
TEAM = frozenset({"moderator", "staff"})


def _rows(table: str) -> Mapping[str, tuple[frozenset[str], ...]]:
    """Each name with the places of its columns."""
    lines = [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()[1:]]
    return {name: tuple(frozenset(cell.split()) - {"-"} for cell in cells) for name, *cells in lines}


def _readers(table: str) -> Mapping[str, Mapping[str, frozenset[str]]]:
    """Each name with who may read it where: a handle, a role, or all to whom the wall is open."""
    found = {}
    for line in table.strip().splitlines()[1:]:
        name, _bar, who = line.partition("|")
        each = [reader.split() for reader in who.split(";")]
        found[name.strip()] = {handle: frozenset(places) - {"-"} for handle, *places in each}
    return found


ROWS = _rows(POSTS)
KEPT = _readers(PRIVATE)


def expected(viewer: str, life: Life) -> dict[str, frozenset[str]]:
    """Each canary that this person may read, with the places in which it stands for them: there, and nowhere else."""
    found = {name: _of_post(viewer, name, life) for name in ROWS}
    found |= {name: _in_confidence(viewer, who) for name, who in KEPT.items()}
    return {name: places for name, places in found.items() if places}


def _of_post(viewer: str, name: str, life: Life) -> frozenset[str]:
    author, member, team = ROWS[name]
    of_team = LOOKING.get(viewer, {}).get("role") in TEAM
    if viewer == STRANGER:
        return frozenset()
    if viewer in SHUT_OUT:  # the small room: their own, and nobody else's
        return author & {"own"} if life.authors[name] == viewer else frozenset()
    if life.authors[name] == viewer:
        return author
    if APART.get(viewer, frozenset()) & life.written_by[name]:  # on the wall a block holds for all; not in a case
        return team & {"case"} if of_team else frozenset()
    besides = BESIDES.get((LOOKING.get(viewer, {}).get("role", "member"), name), "")
    return (team if of_team else member) | frozenset(besides.split())


def _in_confidence(viewer: str, readers: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """What is said of somebody by name comes before what is said of their role, and that before what is said of all."""
    if viewer in readers:
        return readers[viewer]
    if viewer == STRANGER or viewer in SHUT_OUT:
        return frozenset()
    role = LOOKING.get(viewer, {}).get("role", "member")
    return readers.get(role, readers.get("all", frozenset()))
