"""The project's settings under HARBOUR_ENV=test, in a data directory of this process's own, however pytest is started."""

import atexit
import os
import shutil
import tempfile

from tests.services.switch import choose_services

DATA_DIR = tempfile.mkdtemp(prefix="harbour-test-")  # one per pytest-xdist worker, since each is a process
atexit.register(shutil.rmtree, DATA_DIR, ignore_errors=True)
os.environ["HARBOUR_ENV"] = "test"
os.environ["HARBOUR_DATA_DIR"] = DATA_DIR
choose_services(os.environ)
for limited in ("POSTS_PER_HOUR", "REPLIES_PER_HOUR", "RULE_REPORTS_PER_DAY"):
    os.environ[f"HARBOUR_{limited}"] = "10000"  # the cast says a lot in a minute; tests of the limits set their own

from config.settings import *  # noqa: E402, F403
from config.settings import DATABASES  # noqa: E402

# A server started in this environment opens the very database the tests write to.
DATABASES["default"]["TEST"] = {"NAME": DATABASES["default"]["NAME"]}
MAIL_TRANSPORT = {"backend": "django.core.mail.backends.locmem.EmailBackend"}
