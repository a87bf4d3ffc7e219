"""Django's PostgreSQL, with row locks that fit foreign keys."""
