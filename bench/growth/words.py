"""What people write, made up: common words are common and rare ones rare, as in any language."""

import random
from itertools import accumulate

VOCABULARY = 5_000
BODIES = 4_096  # different ones, before what is looked for is put into some of them
LENGTH = (12, 45)  # words

OFTEN, SOMETIMES, SELDOM = "lantern", "kingfisher", "petrichor"
"""In one post of ten, in one of forty, and in about thirty however many posts there are: a page of each at every size."""

_dice = random.Random(7)
_syllables = [first + vowel for first in "bdfghklmnprstvw" for vowel in "aeiou"]
_words = list(dict.fromkeys("".join(_dice.choices(_syllables, k=_dice.randint(1, 4))) for _ in range(2 * VOCABULARY)))
_weights = list(accumulate(1 / rank for rank in range(1, VOCABULARY + 1)))  # Zipf's law


def _made_up() -> str:
    chosen = _dice.choices(_words[:VOCABULARY], cum_weights=_weights, k=_dice.randint(*LENGTH))
    return f"{' '.join(chosen).capitalize()}."


_bodies = [_made_up() for _ in range(BODIES)]


def body(age: int, posts: int) -> str:
    """The words of the one of so many posts that `age` others have followed. But for the rare word they are the same at every
    size, so that the newest page is too.
    """
    found = _bodies[age % BODIES]
    if age % 10 == 3:
        found += f" A {OFTEN} in the window."
    if age % 40 == 37:
        found += f" Saw a {SOMETIMES} today."
    if age % (posts // 30) == 21:
        found += f" I do like {SELDOM}."
    return found
