"""Backups: the database and the ledger of erasures in one file, sealed where a key is named, tried before they count, and put
back with every erasure since done anew. Never the keys: docs/privacy.md says where those belong.
"""


class CannotBackUp(Exception):
    """A backup cannot be made or put back; says why, and that nothing was changed."""
