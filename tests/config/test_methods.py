"""What a request may be called: what no page has a use for is refused, and answers with nothing that was sent."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db
PAGES = ["/", "/help/", "/rules/", "/accounts/login/", "/accounts/signup/", "/livez", "/readyz", "/report/", "/sw.js"]


@pytest.mark.parametrize("path", PAGES)
def test_nobody_gets_back_what_they_sent_by_trace(path):
    answer = Client().trace(path, headers={"X-Own": "a canary"})
    assert answer.status_code == 405
    assert "canary" not in answer.text + str(answer.headers)


@pytest.mark.parametrize("method", ["patch", "delete"])
@pytest.mark.parametrize("path", PAGES)
def test_no_page_takes_what_it_has_no_use_for(path, method):
    assert getattr(Client(), method)(path).status_code == 405
