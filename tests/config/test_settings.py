"""What each environment is, and what it refuses with a sentence that says what to set."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
KEY = "throwaway-key-of-more-than-fifty-characters-for-a-test-alone"
PRODUCTION = {
    "HARBOUR_ENV": "production",
    "HARBOUR_SECRET_KEY": KEY,
    "HARBOUR_AUDIT_KEY": KEY[::-1],
    "HARBOUR_SEAL_KEY": KEY.upper(),
    "HARBOUR_ORIGINS": "https://harbour.example.org",
    "HARBOUR_MAIL_URL": "smtp://user:password@mail.example.org:587?tls=True",
    "HARBOUR_PRIVACY_LEAD": "privacy@harbour.example.org",
    "HARBOUR_CONTROLLER": "Harbour Trust, privacy@harbour.example.org",
}
SHOW = "import json, config.settings as s; print(json.dumps({n: getattr(s, n) for n in %r.split()}, default=str))"


def run(variables: dict[str, str], data_dir: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """A Python process with these Harbour variables and no others."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("HARBOUR_", "DJANGO_"))}
    inherited.pop("PORT", None)
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env={**inherited, "HARBOUR_DATA_DIR": str(data_dir), **variables},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def settings_of(variables: dict[str, str], data_dir: Path, names: str) -> dict[str, object]:
    done = run(variables, data_dir, "-c", SHOW % names)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def refusal_of(variables: dict[str, str], data_dir: Path) -> str:
    done = run(variables, data_dir, "-c", "import config.settings")
    assert done.returncode != 0
    return done.stderr.strip().splitlines()[-1]


@pytest.fixture(scope="module")
def production_starts(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The premise of every refusal: with nothing changed, production starts."""
    done = run(PRODUCTION, tmp_path_factory.mktemp("var"), "-c", "import config.settings")
    assert done.returncode == 0, done.stderr


def test_the_demo_needs_no_variable_and_answers_on_this_machine_alone(tmp_path):
    names = "HARBOUR_ENV DEBUG ALLOWED_HOSTS ORIGINS SESSION_COOKIE_SECURE CSRF_COOKIE_SECURE SESSION_COOKIE_NAME"
    assert settings_of({}, tmp_path, names) == {
        "HARBOUR_ENV": "demo",
        "DEBUG": False,
        "ALLOWED_HOSTS": ["127.0.0.1", "localhost"],
        "ORIGINS": ["http://127.0.0.1:8000", "http://localhost:8000"],
        "SESSION_COOKIE_SECURE": False,
        "CSRF_COOKIE_SECURE": False,
        "SESSION_COOKIE_NAME": "sessionid",
    }


def test_the_demo_makes_its_keys_once_for_itself_alone(tmp_path):
    first = settings_of({}, tmp_path / "var", "SECRET_KEY AUDIT_KEY SEAL_KEYS")
    assert len(first["SECRET_KEY"]) >= 50
    assert len({first["SECRET_KEY"], first["AUDIT_KEY"], *first["SEAL_KEYS"]}) == 3
    assert settings_of({}, tmp_path / "var", "SECRET_KEY AUDIT_KEY SEAL_KEYS") == first
    modes = {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "var").iterdir()}
    assert modes == {"secret_key.txt": 0o600, "audit_key.txt": 0o600, "seal_key.txt": 0o600}


def test_the_demo_follows_the_port(tmp_path):
    origins = settings_of({"PORT": "8123"}, tmp_path, "ORIGINS")["ORIGINS"]
    assert origins == ["http://127.0.0.1:8123", "http://localhost:8123"]


@pytest.mark.parametrize(
    "variables", [{"HARBOUR_ORIGINS": "https://harbour.example.org"}, {"HARBOUR_HOSTS": "harbour.example.org"}]
)
def test_the_demo_refuses_to_answer_the_world(tmp_path, variables):
    assert "HARBOUR_ENV=production" in refusal_of(variables, tmp_path)


def test_an_unknown_environment_is_refused(tmp_path):
    assert "HARBOUR_ENV" in refusal_of({"HARBOUR_ENV": "staging"}, tmp_path)


def test_production_keeps_its_cookies_on_https(tmp_path):
    names = "DEBUG ALLOWED_HOSTS SESSION_COOKIE_NAME SESSION_COOKIE_SECURE CSRF_COOKIE_NAME SECURE_SSL_REDIRECT"
    assert settings_of(PRODUCTION, tmp_path, names) == {
        "DEBUG": False,
        "ALLOWED_HOSTS": ["harbour.example.org"],
        "SESSION_COOKIE_NAME": "__Host-sessionid",
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_NAME": "__Host-csrftoken",
        "SECURE_SSL_REDIRECT": True,
    }


def test_production_asks_for_a_second_step_and_the_demo_does_not(tmp_path):
    assert settings_of(PRODUCTION, tmp_path, "SECOND_STEP") == {"SECOND_STEP": True}
    assert settings_of({"HARBOUR_ENV": "demo"}, tmp_path, "SECOND_STEP") == {"SECOND_STEP": False}


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"HARBOUR_SECRET_KEY": ""}, "HARBOUR_SECRET_KEY"),
        ({"HARBOUR_SECRET_KEY": "short"}, "HARBOUR_SECRET_KEY"),
        ({"HARBOUR_AUDIT_KEY": ""}, "HARBOUR_AUDIT_KEY"),
        ({"HARBOUR_SEAL_KEY": ""}, "HARBOUR_SEAL_KEY"),
        ({"HARBOUR_SEAL_KEY": f"{KEY},short"}, "HARBOUR_SEAL_KEY"),
        ({"HARBOUR_ORIGINS": ""}, "HARBOUR_ORIGINS"),
        ({"HARBOUR_ORIGINS": "https://*.example.org"}, "HARBOUR_ORIGINS"),
        ({"HARBOUR_ORIGINS": "harbour.example.org"}, "HARBOUR_ORIGINS"),
        ({"HARBOUR_HOSTS": "*"}, "HARBOUR_HOSTS"),
        ({"HARBOUR_HOSTS": ".example.org"}, "HARBOUR_HOSTS"),
        ({"HARBOUR_PROCESSES": "2"}, "HARBOUR_REDIS_URL"),
        ({"HARBOUR_MAIL_URL": ""}, "HARBOUR_MAIL_URL"),
        ({"HARBOUR_DEBUG": "on"}, "HARBOUR_DEBUG"),
        ({"HARBOUR_METRICS_TOKEN": "guessed"}, "HARBOUR_METRICS_TOKEN"),
        ({"HARBOUR_DATABASE_URL": "mysql://u:p@db/harbour"}, "HARBOUR_DATABASE_URL"),
    ],
)
def test_production_refuses_what_is_unsafe_and_names_what_to_set(production_starts, tmp_path, change, named):
    sentence = refusal_of({**PRODUCTION, **change}, tmp_path)
    assert sentence.startswith("django.core.exceptions.ImproperlyConfigured: ")
    assert named in sentence


def test_a_new_seal_key_stands_before_the_one_it_replaces(tmp_path):
    both = {**PRODUCTION, "HARBOUR_SEAL_KEY": f"{KEY}, {KEY.upper()}"}
    assert settings_of(both, tmp_path, "SEAL_KEYS")["SEAL_KEYS"] == [KEY, KEY.upper()]


def test_several_processes_are_allowed_with_redis(tmp_path):
    scale = {**PRODUCTION, "HARBOUR_PROCESSES": "4", "HARBOUR_REDIS_URL": "redis://localhost:6379/0"}
    assert settings_of(scale, tmp_path, "PROCESSES")["PROCESSES"] == 4


def test_postgresql_comes_with_its_pool_and_keeps_the_options_of_its_address(tmp_path):
    url = {"HARBOUR_DATABASE_URL": "postgres://u:p@db/harbour?sslmode=require"}
    database = settings_of({**PRODUCTION, **url}, tmp_path, "DATABASES")["DATABASES"]["default"]
    assert database["ENGINE"] == "config.postgresql"
    assert database["CONN_MAX_AGE"] == 0
    assert database["OPTIONS"]["sslmode"] == "require"
    assert database["OPTIONS"]["pool"]["max_size"] > 1


def test_production_passes_every_deployment_check_without_a_warning(tmp_path):
    done = run(PRODUCTION, tmp_path, "manage.py", "check", "--deploy", "--fail-level", "WARNING")
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


def test_a_plain_http_address_is_warned_about_in_production(tmp_path):
    plain = {**PRODUCTION, "HARBOUR_ORIGINS": "http://harbour.example.org"}
    done = run(plain, tmp_path, "manage.py", "check", "--deploy", "--fail-level", "WARNING")
    assert done.returncode != 0
    assert "harbour.W001" in done.stderr


def test_a_site_that_names_nobody_responsible_is_told_so_and_passes(tmp_path):
    done = run(
        {**PRODUCTION, "HARBOUR_CONTROLLER": ""}, tmp_path, "manage.py", "check", "--deploy", "--fail-level", "WARNING"
    )
    assert done.returncode == 0 and "harbour.I001" in done.stderr


@pytest.mark.parametrize(
    ("change", "warned"),
    [
        ({"HARBOUR_MAIL_URL": "smtp://user:password@mail.example.org:25"}, ["Mail"]),
        ({"HARBOUR_MAIL_URL": "smtp://localhost:25"}, []),
        (
            {"HARBOUR_DATABASE_URL": "postgres://u:p@db/harbour", "HARBOUR_REDIS_URL": "redis://cache:6379/0"},
            ["The cache", "The database"],
        ),
        (
            {
                "HARBOUR_DATABASE_URL": "postgres://u:p@db/harbour?sslmode=verify-full",
                "HARBOUR_REDIS_URL": "rediss://cache:6379/0",
            },
            [],
        ),
    ],
)
def test_what_crosses_the_network_in_the_clear_is_warned_about(tmp_path, change, warned):
    done = run({**PRODUCTION, **change}, tmp_path, "manage.py", "check", "--deploy", "--tag", "crossing")
    assert re.findall(r"W005\) (.+) crosses the network in the clear", done.stderr) == warned
