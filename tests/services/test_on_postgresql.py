"""The promises that rest on the database hold on PostgreSQL too: the same tests, run again there."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.services.postgresql import NoPostgreSQL, running_postgresql

pytestmark = [pytest.mark.services, pytest.mark.timeout(400)]

ROOT = Path(__file__).parent.parent.parent
SAME_TESTS = [
    "tests/realtime/test_log.py",
    "tests/realtime/test_triggers.py",
    "tests/forum/test_publish_post.py",
    "tests/forum/test_support.py",
    "tests/forum/test_access.py",
    "tests/forum/test_erasure.py",
    "tests/forum/test_erasure_waits.py",
    "tests/forum/test_export.py",
    "tests/forum/test_export_once.py",
    "tests/forum/test_leave.py",
    "tests/forum/test_break.py",
    "tests/forum/test_limits.py",
    "tests/forum/test_muted_words.py",
    "tests/forum/test_measures.py",
    "tests/forum/test_search.py",
    "tests/forum/test_search_index.py",
    "tests/forum/test_search_rule.py",
    "tests/forum/test_search_sight.py",
    "tests/moderation/test_access.py",
    "tests/moderation/test_appeal_database.py",
    "tests/moderation/test_audit.py",
    "tests/moderation/test_claim.py",
    "tests/moderation/test_decide_case.py",
    "tests/moderation/test_deadlines.py",
    "tests/moderation/test_hear_appeal.py",
    "tests/moderation/test_report.py",
    "tests/moderation/test_report_limit.py",
    "tests/moderation/test_words.py",
]


def test_log_triggers_chain_and_races_hold_on_postgresql(tmp_path):
    try:
        with running_postgresql() as url:
            ran = subprocess.run(
                [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-n", "0", *SAME_TESTS],
                env={**os.environ, "HARBOUR_DATABASE_URL": url, "HARBOUR_DATA_DIR": str(tmp_path)},
                cwd=ROOT,
                capture_output=True,
                text=True,
                timeout=380,
                check=False,
            )
    except NoPostgreSQL as reason:
        pytest.skip(str(reason))
    assert ran.returncode == 0, ran.stdout[-6000:] + ran.stderr[-2000:]
    assert "skipped" not in ran.stdout.splitlines()[-1]
