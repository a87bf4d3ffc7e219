"""What Mozilla's HTTP Observatory would say of every kind of answer, in the settings of production.

Its rules and modifiers are those of github.com/mdn/mdn-http-observatory (src/grader/charts.js, src/analyzer/tests), by which
100 is the start, 100 and above is an A+, and what is worth more counts only from 90 on.
"""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.config.test_settings import PRODUCTION, run

SIX_MONTHS = 15_768_000  # seconds; charts.js
PRIVATE = {"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"}
PARTS = {"static: a style"}  # a part of a page, of which a policy of pages says nothing; config.middleware
SCRIPT = re.compile(r"<script\b[^>]*?\bsrc=\"([^\"]*)\"")
HOST = "https://harbour.example.org"
BEST = 130  # without a cookie; 135 with one


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> dict[str, Any]:
    place = tmp_path_factory.mktemp("production")
    shutil.copytree(migrated, place / "var")
    said = place / "answers.json"
    done = run(
        PRODUCTION | {"DJANGO_SETTINGS_MODULE": "config.settings"}, place / "var",
        "-m", "tests.config.production_answers", str(said),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    found: dict[str, Any] = json.loads(said.read_text()) | {"records": done.stdout + done.stderr}
    return found


@pytest.fixture(scope="module")
def all_of_them(answers: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = answers["answers"]
    return found


def policy_of(answer: dict[str, Any]) -> dict[str, list[str]]:
    directives = [
        each.split() for each in answer["headers"].get("Content-Security-Policy", "").split(";") if each.split()
    ]
    return {name: values for name, *values in directives}


def csp(answer: dict[str, Any]) -> int:
    policy = policy_of(answer)
    if not policy:
        return -25
    words = {value for values in policy.values() for value in values}
    scripts = set(policy.get("script-src", policy.get("default-src", ["*"])))
    if scripts & {"'unsafe-inline'", "data:", "*", "https:", "http:"} or any(
        word.startswith("http:") for word in words
    ):
        return -20
    if "'unsafe-eval'" in words:
        return -10
    if any("unsafe" in word or word in {"data:", "https:", "*"} for word in policy.get("style-src", [])):
        return 0
    strict = policy.get("default-src") == ["'none'"] and policy.get("form-action") in (["'none'"], ["'self'"])
    return 10 if strict else 5


def cookies(answer: dict[str, Any]) -> int:
    if not answer["cookies"]:
        return 0
    worth = 5
    for name, each in answer["cookies"].items():
        if not each["secure"]:
            worth = min(worth, -40 if "sess" in name else -20)
        if "sess" in name and not each["httponly"]:
            worth = min(worth, -30)
        if each["samesite"] not in ("Lax", "Strict"):
            worth = min(worth, -20)
    return worth


def transport(answer: dict[str, Any]) -> int:
    age = re.search(r"max-age=(\d+)", answer["headers"].get("Strict-Transport-Security", ""))
    return 0 if age and int(age[1]) >= SIX_MONTHS else -20


def scripts(answer: dict[str, Any]) -> int:
    found = SCRIPT.findall(answer["text"])
    if any(each.startswith(("//", "http:")) for each in found):
        return -50
    return -5 if any(not each.startswith("/") for each in found) else 0


def score(answer: dict[str, Any]) -> tuple[int, dict[str, int]]:
    """The grade's number, and what each test takes or adds."""
    headers = answer["headers"]
    each = {
        "content-security-policy": csp(answer),
        "cookies": cookies(answer),
        "cross-origin-resource-sharing": -50 if "Access-Control-Allow-Origin" in headers else 0,
        "referrer-policy": 5 if headers.get("Referrer-Policy") in PRIVATE else -5,
        "strict-transport-security": transport(answer),
        "subresource-integrity": scripts(answer),
        "x-content-type-options": 0 if headers.get("X-Content-Type-Options") == "nosniff" else -5,
        "x-frame-options": 5 if policy_of(answer).get("frame-ancestors") else -20,
        "cross-origin-resource-policy": 10 if headers.get("Cross-Origin-Resource-Policy") == "same-origin" else 0,
    }
    lost = 100 + sum(worth for worth in each.values() if worth < 0)
    return lost + (sum(worth for worth in each.values() if worth > 0) if lost >= 90 else 0), each


def test_the_rules_find_what_is_wrong(all_of_them: dict[str, Any]) -> None:
    good = all_of_them["the door"]
    for name in ("Content-Security-Policy", "Strict-Transport-Security", "X-Content-Type-Options", "Referrer-Policy"):
        worse = good | {"headers": {key: value for key, value in good["headers"].items() if key != name}}
        assert score(worse)[0] < score(good)[0], name
    loose = good | {"cookies": {"sessionid": {"secure": False, "httponly": False, "samesite": ""}}}
    assert cookies(loose) == -40
    assert csp({"headers": {"Content-Security-Policy": "default-src 'self' 'unsafe-inline'"}}) == -20


def test_every_kind_of_answer_is_an_a_plus(all_of_them: dict[str, Any]) -> None:
    poor = {}
    for name, answer in all_of_them.items():
        number, each = score(answer)
        if name in PARTS:
            number -= each["content-security-policy"] + each["x-frame-options"]
            each |= {"content-security-policy": 0, "x-frame-options": 0}
        if name == "http":  # HSTS is not heard over plain http
            each["strict-transport-security"] = 0
        if min(each.values()) < 0 or (name not in PARTS | {"http"} and number < BEST):
            poor[name] = (number, {test: worth for test, worth in each.items() if worth <= 0})
    assert not poor


def test_the_answers_are_those_that_were_meant(all_of_them: dict[str, Any]) -> None:
    statuses = {name: answer["status"] for name, answer in all_of_them.items()}
    assert len(statuses) >= 30
    for name, status in statuses.items():
        if name[:3].isdigit():
            assert status == int(name[:3]), name
    assert [statuses[name] for name in ("http", "signing in", "a redirect to the door")] == [301, 302, 302]
    for name in (
        *(each for each in statuses if "one's own" in each),
        "a page for strangers",
        "a picture",
        "a download",
        "static: a style",
        "health",
        "JSON",
        "a fragment",
    ):
        assert statuses[name] == 200, name


def test_plain_http_leads_to_the_same_host_over_tls(all_of_them: dict[str, Any]) -> None:
    assert all_of_them["http"]["headers"]["Location"] == f"{HOST}/help/"
    assert not all_of_them["http"]["cookies"]


def test_cookies_belong_to_this_host_alone(all_of_them: dict[str, Any]) -> None:
    seen = {name: each for answer in all_of_them.values() for name, each in answer["cookies"].items()}
    assert {"__Host-sessionid", "__Host-csrftoken"} <= set(seen)
    for name, each in seen.items():
        assert name.startswith("__Host-"), name
        assert each == {"secure": True, "httponly": True, "samesite": "Lax", "path": "/", "domain": ""}, name


def test_what_is_somebodys_own_is_kept_nowhere(all_of_them: dict[str, Any]) -> None:
    own = [name for name in all_of_them if "own" in name] + [
        "JSON",
        "a fragment",
        "a download",
        "signing in",
        "404",
        "422",
    ]
    assert len(own) > 9
    for name in own:
        assert "no-store" in all_of_them[name]["headers"]["Cache-Control"], name


def test_every_answer_has_a_number_and_a_house_of_its_own(all_of_them: dict[str, Any]) -> None:
    numbers = [answer["headers"]["X-Request-ID"] for answer in all_of_them.values()]
    assert len(set(numbers)) == len(numbers) and all(re.fullmatch(r"[0-9a-f]{16}", each) for each in numbers)
    for name, answer in all_of_them.items():
        if name not in PARTS:
            assert answer["headers"]["Cross-Origin-Opener-Policy"] == "same-origin", name
            assert "camera=()" in answer["headers"]["Permissions-Policy"], name


def test_no_error_shows_how_it_came_about(all_of_them: dict[str, Any], answers: dict[str, Any]) -> None:
    for name, answer in all_of_them.items():
        for trace in ("Traceback", "canary", "ZeroDivision", "OperationalError", "site-packages", ".py"):
            assert trace not in answer["text"], (name, trace)
        assert not {"Server", "X-Powered-By"} & set(answer["headers"])
    assert "ZeroDivisionError" in answers["records"], "the premise: the log has it"
    assert "canary" not in answers["records"]


def test_one_request_is_one_record_whatever_it_brought(answers: dict[str, Any]) -> None:
    lines = answers["records"].splitlines()
    records = [json.loads(line) for line in lines]
    assert answers["asked"] > 80
    assert [record["event"] for record in records].count("request") == answers["asked"]
    assert not {"\x1b", "\u2028", "\x00"} & set(answers["records"])
    assert "forged" not in answers["records"]
