"""What is here speaks to a real PostgreSQL and a real Redis, so it is collected where the suite runs on them (switch.py).

How they are found is tested everywhere.
"""

from tests.services import switch

collect_ignore_glob = [] if switch.is_on() else ["test_on_*.py"]
