"""Where "Leave quickly" leads is a whole address: half of one would lead back here."""

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.environment import Environment


@pytest.mark.parametrize("address", ["www.bbc.co.uk/weather", "/weather", "javascript:void(0)", "https://"])
def test_half_an_address_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, address: str) -> None:
    env = Environment(tmp_path)
    monkeypatch.setenv("HARBOUR_LEAVE_URL", "https://example.org/recipes")
    assert env.web_address("HARBOUR_LEAVE_URL", default="") == "https://example.org/recipes"
    monkeypatch.setenv("HARBOUR_LEAVE_URL", address)
    with pytest.raises(ImproperlyConfigured, match="whole address"):
        env.web_address("HARBOUR_LEAVE_URL", default="https://example.org/")
