"""The pages that no story comes by: errors, the account's doors, the small steps. Each by day, by night, narrow and large.

Django draws them here and one server gives their files, so that all of them cost one start.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.models import AnonymousUser
from django.db import connections
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.utils import timezone

from config import errors
from config.middleware import policy_text
from forum.actions.drafts import save_draft
from forum.actions.posts import publish_post
from forum.actions.support import set_support
from forum.models import Member, RuleComment, RuleSet
from moderation.actions.reports import report_post
from moderation.models import ReportQuestion
from tests.browser.look import look
from tests.conftest import PASSWORD
from tests.forum.signing import sign_up

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(1200)]


@pytest.fixture(autouse=True)
def drawn_in_a_thread_of_its_own(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Playwright runs a loop in the test's own thread, where Django's chain of middleware could not begin another."""
    request = Client.request
    with ThreadPoolExecutor(1) as other:
        monkeypatch.setattr(Client, "request", lambda self, **asked: other.submit(request, self, **asked).result())
        yield
        other.submit(connections.close_all).result()


@pytest.fixture
def see(stranger: Any, settings: Any) -> Callable[[str, str], None]:
    """`see("403.html", html)`: looks at a page that Django has drawn, under the policy that it is sent with."""

    # A page that the test hands over itself comes from no address, and its socket to this machine would be refused.
    stranger.context.grant_permissions(["local-network-access"])

    def see(template: str, html: str) -> None:
        headers = {
            "Content-Type": "text/html; charset=utf-8",
            "Content-Security-Policy": policy_text(settings.SECURE_CSP),
        }
        stranger.unroute_all()
        stranger.route("**/drawn/", lambda route: route.fulfill(body=html, headers=headers))
        stranger.goto("/drawn/")
        look(stranger, f"every-{template.removesuffix('.html').replace('/', '-')}", pictures=False)

    return see


def drawn(client: Client, path: str, template: str, data: dict[str, Any] | None = None) -> str:
    """The page at an address, which must be this template's."""
    answer = client.get(path) if data is None else client.post(path, data)
    assert template in [each.name for each in answer.templates], (path, answer.status_code, answer.headers)
    return answer.text


def a_request(person: Any = None) -> HttpRequest:
    request = RequestFactory().get("/nowhere/")
    request.user = person or AnonymousUser()
    return request


def test_errors_and_the_accounts_doors(see: Any, client: Client, member: Member, monkeypatch: Any) -> None:
    for template, draw in {
        "400.html": errors.bad_request, "403.html": errors.forbidden, "429.html": errors.too_many, "500.html": errors.server_error,
    }.items():  # fmt: skip
        see(template, draw(a_request()).content.decode())
    see(
        "409.html",
        render_to_string("409.html", {"what": "Wren has this already.", "url": "/me/reports/"}, a_request(member)),
    )
    see("account/account_inactive.html", drawn(client, "/accounts/inactive/", "account/account_inactive.html"))
    see("account/signup_confirm.html", _signing_up(client))
    see("account/confirm_password_reset_code.html", _with_a_code(client, member))
    for template in (
        "account/password_reset_from_key.html",
        "account/password_reset_from_key_done.html",
        "account/password_set.html",
    ):
        see(template, render_to_string(template, {"form": _new_password(member)}, a_request()))
    robin = _just_signed_in(member)
    for template, path in {
        "account/email_change.html": "/accounts/email/", "account/logout.html": "/accounts/logout/",
        "account/password_change.html": "/accounts/password/change/", "account/reauthenticate.html": "/accounts/reauthenticate/",
    }.items():  # fmt: skip
        see(template, drawn(robin, path, template))
    robin.post("/accounts/email/", {"action_add": "", "email": "new@harbour.test"})
    see("account/confirm_email_verification_code.html",
        drawn(robin, "/accounts/confirm-email/", "account/confirm_email_verification_code.html"))  # fmt: skip
    monkeypatch.setattr("forum.accounts.closed_reason", lambda: "Nobody could answer you tonight.")
    see("account/signup_closed.html", drawn(Client(), "/accounts/signup/", "account/signup_closed.html"))
    _second_step(see, member)


def test_small_steps_of_a_member_and_of_staff(
    see: Any, member: Member, other_member: Member, moderator: Member, staff: Member, as_: Any
) -> None:
    post, theirs = (publish_post(each, body="Third night. " * 9, key=uuid4()).post for each in (member, other_member))
    set_support(member, theirs, "with_you", on=True)
    robin = as_(member)
    for template, path in {
        "forum/edit.html": f"/posts/{post.pk}/edit/", "forum/withdraw.html": f"/posts/{post.pk}/withdraw/",
        "forum/me_shared.html": "/me/shared/",
    }.items():  # fmt: skip
        see(template, drawn(robin, path, template))
    save_draft(member, "post", {"body": "Written on the phone."}, version="aa")
    see(
        "forum/draft_changed.html", drawn(robin, "/drafts/post/", "forum/draft_changed.html", {"body": "Written here."})
    )
    in_force = RuleSet.objects.order_by("-published_at").first()
    assert in_force is not None
    said = RuleComment.objects.create(rule_set=in_force, author=member, body="Fewer words.", key=uuid4())
    see("forum/rules_hide.html", drawn(as_(staff), f"/rules/next/comments/{said.pk}/hide/", "forum/rules_hide.html"))
    see("an-older-version-of-the-rules.html", drawn(robin, _older_rules(in_force), "forum/rules.html"))
    report = report_post(member, theirs, "rule", "abuse", key=uuid4())
    asked = ReportQuestion.objects.create(report=report, asked_by=moderator, question="When was that?")
    see("moderation/my_question.html", drawn(robin, f"/me/questions/{asked.pk}/", "moderation/my_question.html"))


def _signing_up(client: Client) -> str:
    sign_up(client)
    return drawn(client, "/accounts/confirm/", "account/signup_confirm.html")


def _with_a_code(client: Client, member: Member) -> str:
    client.post("/accounts/password/reset/", {"email": member.email})
    return drawn(client, "/accounts/password/reset/confirm/", "account/confirm_password_reset_code.html")


def _new_password(member: Member) -> Any:
    from forum.forms_accounts import NewPasswordForm

    return NewPasswordForm(user=member)


def _just_signed_in(member: Member) -> Client:
    client = Client()
    client.post("/accounts/login/", {"login": member.email, "password": PASSWORD})
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})  # what the pages about an account ask for
    return client


def _second_step(see: Any, member: Member) -> None:
    """Each in a session of its own, since a fresh sign-in is asked for again and again."""
    client = _just_signed_in(member)
    see("mfa/index.html", drawn(client, "/accounts/2fa/", "mfa/index.html"))
    see("mfa/totp/activate_form.html", drawn(client, "/accounts/2fa/totp/activate/", "mfa/totp/activate_form.html"))
    TOTP.activate(member, generate_totp_secret())
    see(
        "mfa/totp/deactivate_form.html",
        drawn(client, "/accounts/2fa/totp/deactivate/", "mfa/totp/deactivate_form.html"),
    )
    see("mfa/recovery_codes/generate.html",
        drawn(client, "/accounts/2fa/recovery-codes/generate/", "mfa/recovery_codes/generate.html"))  # fmt: skip
    RecoveryCodes.activate(member)
    see(
        "mfa/recovery_codes/index.html", drawn(client, "/accounts/2fa/recovery-codes/", "mfa/recovery_codes/index.html")
    )
    see("mfa/reauthenticate.html", drawn(client, "/accounts/2fa/reauthenticate/", "mfa/reauthenticate.html"))
    assert Authenticator.objects.filter(user=member).exists()
    other = _just_signed_in(member)
    see("mfa/authenticate.html", drawn(other, "/accounts/2fa/authenticate/", "mfa/authenticate.html"))


def _older_rules(in_force: RuleSet) -> str:
    older = RuleSet.objects.create(
        version="2020-01-01",
        state=in_force.state,
        published_at=timezone.now() - timedelta(days=900),
        purpose="",
        heard="",
    )
    for rule in in_force.rules.all():
        rule.pk, rule.rule_set = None, older
        rule.save()
    return f"/rules/{older.version}/"
