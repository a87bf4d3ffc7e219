"""What tests of backups begin with."""

import pytest

from tests.forum.canaries import live_a_life


@pytest.fixture
def own_places(settings, tmp_path):
    """A data directory and backups of this test's own. The database is the suite's."""
    settings.DATA_DIR, settings.BACKUP_DIR = tmp_path / "var", tmp_path / "backups"
    settings.BACKUP_TO = ""
    settings.DATA_DIR.mkdir()


@pytest.fixture
def lives(member, other_member, moderator):
    """robin, who has something in every place; wren, who answered; and a case that heron closed."""
    live_a_life(member, other_member, moderator)
    return member
