"""Speaking as if for the team: that one is a moderator, that a message comes from the staff.

Whoever asks for a number or a meeting in the team's name gets it, so a person looks soon. What somebody says of the team ("a
moderator wrote to me"), or of a team that looks after them elsewhere, is nothing of this.
"""

import re
from typing import Final

from moderation.screening.folding import Folded
from moderation.screening.own import Own
from moderation.screening.result import POSING, Reason, Screening, gathered

RULE: Final = "as_the_team"
SCORE: Final = 0.42
_I_AM: Final = r"(?:i'?m|i am|we'?re|we are|this is|it'?s)"
_A: Final = r"(?:a |an |one of |the |your |our )*"
_OURS: Final = r"(?:(?:harbou?r|wall|site|official|support|safety|safeguarding|moderation|moderating|admin)'?s? )*"
_PERSON: Final = r"(?:m[o0]derators?|mods?|admins?|administrators?)"
_TEAM: Final = rf"(?:team|staff|{_PERSON})"
_ENDS: Final = r"(?! (?:at|of|in|for|on|from)(?!\w))(?!\w)"
SAID: Final = re.compile(
    r"(?<![\w'])(?:"
    rf"{_I_AM} (?:here |writing |speaking )?(?:from|part of|a member of|on behalf of) {_A}{_OURS}{_TEAM}{_ENDS}"
    rf"|{_I_AM} with {_A}{_OURS.replace(')*', ')+')}{_TEAM}{_ENDS}"
    rf"|{_I_AM} {_A}{_OURS}{_PERSON}(?= here(?!\w)|[.,:;!\n]|$| and i )"
    rf"|(?:message|notice|warning|request) from {_A}{_OURS}{_TEAM}(?= ?[:.!\n-]|$)"
    rf"|this is {_A}{_OURS}{_TEAM}(?= ?[:.,!\n-]|$)"
    rf"|as (?:a |one of your |your )(?:{_PERSON}|member of (?:the |our )?(?:staff|team)) i(?!\w)"
    r")"
)
HINTS: Final = ("team", "staff", "mod", "m0d", "admin")
"""One of these stands in whatever SAID matches: most texts are done with them."""
BEFORE: Final = 40  # characters read before it
NOT_THEIRS: Final = re.compile(
    r"(?<!\w)(?:not|never|if|wish|pretend\w*|said|says|say|told|claim\w*|used to|had|got|no) (?:[\w']+ ){0,3}$"
)


def posing_in(folded: Folded, own: Own) -> Screening:
    """Severity `soon`."""
    words = folded.words
    if RULE in own.off or not any(hint in words for hint in HINTS):
        return gathered("soon", POSING, SCORE, ())
    theirs = [
        match.span()
        for match in SAID.finditer(words)
        if not NOT_THEIRS.search(words[max(0, match.start() - BEFORE) : match.start()])
    ]
    return gathered("soon", POSING, SCORE, [Reason(RULE, *folded.span(*span)) for span in theirs])
