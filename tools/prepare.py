"""Makes the data ready to be served: migrates, and in the demo fills an empty harbour once. Run as `python -m tools.prepare`.

One process for both, because starting Django takes longer than either does on the second day.
"""

import os

import django
from django.conf import settings
from django.core.management import call_command


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    call_command("migrate", verbosity=0)
    if settings.HARBOUR_ENV == "demo":
        call_command("demo")


if __name__ == "__main__":
    main()
