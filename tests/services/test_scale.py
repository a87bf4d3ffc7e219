"""The scale mode whole: the browser's story, and what several processes must do together, behind nginx on PostgreSQL and Redis."""

import os
import subprocess
import sys
from contextlib import ExitStack

import pytest

from tests.conftest import ROOT
from tests.scaled import SWITCH
from tests.services.postgresql import NoPostgreSQL, running_postgresql
from tests.services.redis import NoRedis, running_redis
from tools.fleet import nginx

# What the start of seven processes takes is no part of a test's own time.
QUIETLY = ["-q", "--tb=short", "-p", "no:cacheprovider", "-n", "0", "-o", "timeout_func_only=true"]

pytestmark = [pytest.mark.services, pytest.mark.browser, pytest.mark.timeout(900)]


@pytest.mark.parametrize("tests", ["tests/services/on_scale.py", "tests/browser/test_story.py"])
def test_several_processes_are_as_good_as_one(tests, tmp_path):
    with ExitStack() as services:
        try:
            nginx.binary()
            database = services.enter_context(running_postgresql())
            redis = services.enter_context(running_redis())
        except (NoPostgreSQL, NoRedis, nginx.NoNginx) as reason:
            pytest.skip(str(reason))
        environment = {
            "HARBOUR_DATABASE_URL": database,
            "HARBOUR_REDIS_URL": redis,
            "HARBOUR_TEST_ON": "postgresql",
            "HARBOUR_TEST_POSTGRESQL": database,
            "HARBOUR_TEST_REDIS": redis,
            SWITCH: "on",
        }
        own = {
            name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")
        }  # no worker of anybody's
        ran = subprocess.run(
            [sys.executable, "-m", "pytest", *QUIETLY, f"--basetemp={tmp_path}", tests],
            env={**own, **environment},
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=880,
            check=False,
        )
    assert ran.returncode == 0, ran.stdout[-8000:] + ran.stderr[-2000:]
    assert "skipped" not in ran.stdout.splitlines()[-1]
