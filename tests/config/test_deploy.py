"""What deploy/ holds is what nginx, systemd and docker compose would take, as far as this machine can tell."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import get_commands, load_command_class

from tools.fleet import nginx

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
READ_YAML = "import json, sys, yaml; print(json.dumps(yaml.safe_load(sys.stdin)))"


@pytest.fixture
def takes(tmp_path):
    """`takes(site)`: what nginx says of a site's file, with a certificate of its own."""
    if not shutil.which("openssl"):
        pytest.skip("openssl is not installed")
    certificate = ["-keyout", tmp_path / "privkey.pem", "-out", tmp_path / "fullchain.pem", "-subj", "/CN=test"]
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", *certificate], check=True, capture_output=True
    )
    paths = " ".join(
        f"{kind}_temp_path {tmp_path}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    main = f"pid {tmp_path}/pid; error_log stderr; events {{}} http {{ {paths} include {tmp_path}/site.conf; }}"
    (tmp_path / "nginx.conf").write_text(main)

    def takes(site: str) -> "subprocess.CompletedProcess[str]":
        site = site.replace("/etc/nginx/harbour/", f"{DEPLOY}/nginx/")
        site = site.replace("/etc/letsencrypt/live/harbour.example.org/", f"{tmp_path}/")
        (tmp_path / "site.conf").write_text(site)
        return nginx_says(tmp_path)

    return takes


def test_nginx_takes_the_site_as_it_stands(takes):
    site = (DEPLOY / "nginx/harbour.conf").read_text()
    done = takes(site)
    assert done.returncode == 0, done.stderr
    assert "warn" not in done.stderr, done.stderr
    assert takes(site.replace("harbour_static /", "harbour_nothing /")).returncode != 0, "the premise: it would be told"


def test_nginx_takes_the_site_of_one_process_that_running_md_shows(takes):
    (site,) = re.findall(r"```nginx\n(.+?)```", (ROOT / "docs/running.md").read_text(), re.DOTALL)
    done = takes(site)
    assert done.returncode == 0, done.stderr
    assert "warn" not in done.stderr, done.stderr
    assert takes(site.replace("map $http_upgrade $harbour_connection", "map $http_upgrade $other")).returncode != 0


def nginx_says(folder: Path) -> "subprocess.CompletedProcess[str]":
    try:
        command = [nginx.binary(), "-t", "-e", "stderr", "-p", str(folder), "-c", str(folder / "nginx.conf")]
    except nginx.NoNginx as reason:
        pytest.skip(str(reason))
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_systemd_takes_every_unit(tmp_path):
    if not shutil.which("systemd-analyze"):
        pytest.skip("systemd is not installed")
    shutil.copytree(DEPLOY / "systemd", tmp_path, dirs_exist_ok=True)
    for unit in tmp_path.glob("*.service"):
        unit.write_text(unit.read_text().replace("/srv/harbour/.venv/bin/", f"{ROOT}/.venv/bin/"))
    alone = ("serve.service", "mail.service", "release.service", "backup.service", "backup.timer")
    units = [f"harbour-{unit}" for unit in alone] + [
        f"harbour-{unit}@8001.service" for unit in ("web", "sockets", "clock")
    ]
    places = f"{tmp_path}:/lib/systemd/system:/usr/lib/systemd/system"
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *(str(tmp_path / unit) for unit in units)],
        env={**os.environ, "SYSTEMD_UNIT_PATH": places},
        capture_output=True,
        text=True,
        check=False,
    )
    wrong = [line for line in done.stderr.splitlines() if "harbour" in line]
    assert wrong == []


def test_a_unit_runs_what_there_is():
    """`manage.py` knows each command of a unit, with the words it is given."""
    units = [unit.read_text() for unit in (DEPLOY / "systemd").glob("*.service")]
    run = [words for unit in units for words in re.findall(r"manage\.py ([^\n\"]+)", unit)]
    assert len(run) == 8
    for words in run:
        name, *said = words.replace("%i", "8001").split()
        parser = load_command_class(get_commands()[name], name).create_parser("manage.py", name)
        parser.parse_args(said)  # ends the test where it does not know one


def test_every_unit_gives_up_what_it_does_not_need():
    """By systemd's prefix of names, one file says it for all of them."""
    names = [unit.name for unit in (DEPLOY / "systemd").glob("*.service")]
    assert len(names) == 7
    assert all(name.startswith("harbour-") for name in names)
    common = (DEPLOY / "systemd/harbour-.service.d/common.conf").read_text()
    for wanted in ("User=harbour", "NoNewPrivileges=yes", "ProtectSystem=strict", "CapabilityBoundingSet=\n"):
        assert wanted in common


@pytest.fixture
def compose() -> dict[str, Any]:
    """Debian's python3-yaml reads it, which tools/install-for-tests installs."""
    text = (DEPLOY / "compose/compose.yaml").read_text()
    done = subprocess.run(
        ["/usr/bin/python3", "-c", READ_YAML], input=text, capture_output=True, text=True, check=False
    )
    if "No module named 'yaml'" in done.stderr:
        pytest.skip("Nothing here reads YAML (Debian: apt-get install python3-yaml)")
    assert done.returncode == 0, done.stderr
    read: dict[str, Any] = json.loads(done.stdout)
    return read


def test_compose_has_every_process_and_what_it_stands_on(compose):
    services = compose["services"]
    assert set(services) == {"postgres", "redis", "release", "web", "sockets", "clock", "nginx"}
    assert [services[name]["deploy"]["replicas"] for name in ("web", "sockets", "clock")] == [2, 2, 2]
    for name in ("release", "web", "sockets", "clock"):
        assert services[name]["cap_drop"] == ["ALL"]
        assert services[name]["environment"]["HARBOUR_ENV"] == "production"
    for service in services.values():
        assert set(service.get("depends_on", [])) <= set(services)
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            known = source in compose["volumes"] or source == "./certificate"
            assert known or (DEPLOY / "compose" / source).exists(), volume


def test_the_image_brings_what_a_backup_needs_in_the_servers_own_version(compose):
    image = (DEPLOY / "Dockerfile").read_text()
    assert re.search(r"apt-get install .*\bage\b.*\bpostgresql-client\b", image)
    (debian,) = set(re.findall(r"^FROM python:3\.11-slim-(\w+)", image, re.MULTILINE))
    assert compose["services"]["postgres"]["image"] == {"bookworm": "postgres:15", "trixie": "postgres:17"}[debian]


def test_only_the_release_comes_as_the_owner_of_the_tables_and_nobody_as_postgresqls_superuser(compose):
    services = compose["services"]
    reached = {
        name: service["environment"]["HARBOUR_DATABASE_URL"].split("://")[1].split(":")[0]
        for name, service in services.items()
        if "HARBOUR_DATABASE_URL" in service.get("environment", {})
    }
    assert reached == {"release": "harbour_owner", "web": "harbour", "sockets": "harbour", "clock": "harbour"}
    assert "POSTGRES_USER" not in services["postgres"]["environment"], "whom it names would be a superuser"
    assert "manage.py grant_rights" in services["release"]["command"][-1]
    unit = (DEPLOY / "systemd/harbour-release.service").read_text()
    assert unit.index("manage.py migrate") < unit.index("manage.py grant_rights")
    (common,) = (DEPLOY / "systemd/harbour-.service.d").iterdir()
    (owner,) = (DEPLOY / "systemd/harbour-release.service.d").iterdir()
    assert owner.name > common.name, "systemd reads them by name, and what is read later holds"


def test_every_switch_that_deploy_names_is_one():
    files = [file for file in DEPLOY.rglob("*") if file.is_file() and "__pycache__" not in file.parts]
    named = {name for file in files for name in re.findall(r"\bHARBOUR_[A-Z_]+\b", file.read_text())}
    known = set(re.findall(r"\bHARBOUR_[A-Z_]+\b", (ROOT / "config/settings.py").read_text()))
    own = {"HARBOUR_BIND"}  # gunicorn's, not the site's
    assert named - known == own


def test_what_nginx_takes_is_what_harbour_takes():
    """A body nginx lets through is one that daphne would too; sockets come from the one address that is one."""
    server = (DEPLOY / "nginx/server.conf").read_text()
    assert "client_max_body_size 1m;" in server
    assert "location = /ws/ {" in server
    assert f"location {settings.STATIC_URL} {{" in server
