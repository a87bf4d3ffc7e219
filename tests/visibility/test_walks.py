"""People act in any order, and after each step every surface agrees with the rule as a small book of its own has it.

Short and the same in every run. By hand, for long walks that are other each time:

    HARBOUR_WALKS=200 HARBOUR_STEPS=60 python -m pytest -n 0 --timeout 0 tests/visibility/test_walks.py
"""

import os

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.visibility.walking import Walk

WALKS, STEPS = (int(os.environ.get(f"HARBOUR_{name}", usual)) for name, usual in (("WALKS", 6), ("STEPS", 14)))
BY_HAND = "HARBOUR_WALKS" in os.environ


@pytest.mark.django_db
def test_however_people_walk_every_surface_agrees_with_the_rule() -> None:
    run_state_machine_as_test(
        Walk,
        settings=settings(
            max_examples=WALKS,
            stateful_step_count=STEPS,
            derandomize=not BY_HAND,
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=(Phase.generate, Phase.shrink) if BY_HAND else (Phase.generate,),
            print_blob=BY_HAND,
        ),
    )
