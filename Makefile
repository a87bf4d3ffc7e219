# Two commands are enough: `make run` and `make test`. CONTRIBUTING.md tells what the others are for.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := run

PORT ?= 8000
export PORT

PYTHON := .venv/bin/python
STAMP := .venv/.installed
# What only tests, or only benchmarks, import is installed when one of them is asked for: whoever runs a harbour needs none of it.
FOR_SERVICES := .venv/.installed-services
FOR_TESTS := .venv/.installed-tests
FOR_BENCH := .venv/.installed-bench
UV := $(shell command -v uv 2>/dev/null)
WORKERS ?= 2
DATABASE ?= sqlite
TEMPLATES = find . -path ./.venv -prune -o -path '*/templates/*.html' -print0

# What `make check` runs the production settings on: as a site would set them, with keys made on the spot.
PRODUCTION = env HARBOUR_ENV=production HARBOUR_DATA_DIR="$$folder" \
	HARBOUR_SECRET_KEY="$$($(PYTHON) -c 'import secrets; print(secrets.token_urlsafe(50))')" \
	HARBOUR_SEAL_KEY="$$($(PYTHON) -c 'import secrets; print(secrets.token_urlsafe(50))')" \
	HARBOUR_AUDIT_KEY="$$($(PYTHON) -c 'import secrets; print(secrets.token_urlsafe(50))')" \
	HARBOUR_ORIGINS=https://harbour.example.org \
	HARBOUR_MAIL_URL=smtp://harbour:throwaway@mail.example.org:587?tls=True \
	HARBOUR_MAIL_FROM=harbour@harbour.example.org \
	HARBOUR_EMERGENCY_CONTACT=oncall@harbour.example.org \
	HARBOUR_PRIVACY_LEAD=privacy@harbour.example.org \
	HARBOUR_CONTROLLER='Harbour Trust, privacy@harbour.example.org'

.PHONY: run scale test check bench faults pictures format clean lock sbom licences audit .venv

run: $(STAMP)
	@tools/run

# The scale mode on this machine: nginx, PostgreSQL, Redis and two of each process, with the demo in it.
scale: $(STAMP)
	@tools/install-for-tests
	@tools/scale

test: $(FOR_TESTS)
	@tools/install-for-tests
	@HARBOUR_TEST_ON=$(DATABASE) $(PYTHON) -m pytest -n $(WORKERS) --dist loadgroup $(TESTS)
ifeq ($(DATABASE)$(TESTS),sqlite)
	@echo "And again on PostgreSQL and Redis: what rests on them."
	@HARBOUR_TEST_ON=postgresql $(PYTHON) -m pytest -n $(WORKERS) --dist loadgroup @tests/services/chosen.txt
endif

check: $(FOR_TESTS)
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	$(TEMPLATES) | xargs -0 -r .venv/bin/djade --check --target-version 5.2
	.venv/bin/mypy
	folder="$$(mktemp -d)"; trap 'rm -rf "$$folder"' EXIT; \
		$(PRODUCTION) $(PYTHON) manage.py check --deploy --fail-level WARNING
	folder="$$(mktemp -d)"; trap 'rm -rf "$$folder"' EXIT; \
		HARBOUR_DATA_DIR="$$folder" $(PYTHON) manage.py makemigrations --check --dry-run
	$(PYTHON) -m pytest -q tests/test_imports.py

# The pictures of the README and the guides, by the tests that walk the demo harbour and tell of one night.
pictures: $(FOR_TESTS)
	HARBOUR_PICTURES=docs/pictures $(PYTHON) -m pytest -q tests/browser/test_demo.py tests/browser/test_night.py -k "pictures or a_night"

bench: $(FOR_BENCH)
	$(PYTHON) -m bench

# Processes killed, lines cut, disks filled, under people who write: docs/reliability.md. SIZE=0.05 runs a twentieth.
faults: $(FOR_TESTS)
	$(PYTHON) -m bench.faults --size $(or $(SIZE),1)

format: $(FOR_TESTS)
	.venv/bin/ruff check --fix-only --quiet .
	.venv/bin/ruff format .
	$(TEMPLATES) | xargs -0 -r .venv/bin/djade --target-version 5.2 || true  # it fails when it has changed something

# After a change of dependencies: needs uv, and writes every lock.
EXPORT := uv export --quiet --frozen --no-emit-project --no-header
lock:
	uv lock
	$(EXPORT) --no-default-groups --all-extras --output-file requirements.txt
	for group in tests:dev services:services bench:bench; do \
		$(EXPORT) --only-group "$${group#*:}" --output-file "requirements-$${group%:*}.txt"; done

# What is in here, and under which terms: for whoever runs a harbour, and for whoever looks after their machine.
sbom: $(FOR_TESTS)
	@$(PYTHON) -m tools.sbom

licences: $(FOR_BENCH)
	@$(PYTHON) -m tools.licences --write

audit: $(FOR_TESTS)
	@$(PYTHON) -m tools.audit

clean:
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis test-results var/static
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv: $(STAMP)

ifeq ($(UV),)
INSTALL := $(PYTHON) -m pip install -qq --disable-pip-version-check --require-hashes
$(STAMP): requirements.txt
	python3 -c 'import sys; sys.exit("Harbour needs Python 3.11 or newer." if sys.version_info < (3, 11) else 0)'
	python3 -m venv --clear .venv || { apt-get install -y -qq python3-venv && python3 -m venv --clear .venv; }
	@echo "Installing what Harbour needs into .venv. This takes a little while, once."
	$(INSTALL) -r requirements.txt
	@touch $@
$(FOR_SERVICES): $(STAMP) requirements-services.txt
	$(INSTALL) -r requirements-services.txt
	@touch $@
$(FOR_TESTS): $(FOR_SERVICES) requirements-tests.txt
	@echo "Installing what the tests need as well."
	$(INSTALL) -r requirements-tests.txt
	@touch $@
$(FOR_BENCH): $(FOR_TESTS) requirements-bench.txt
	$(INSTALL) -r requirements-bench.txt
	@touch $@
else
SYNC := $(UV) sync --quiet --frozen --no-default-groups --all-extras
$(STAMP): uv.lock pyproject.toml
	$(SYNC)
	@touch $@
$(FOR_SERVICES): $(STAMP)
	$(SYNC) --inexact --group services
	@touch $@
$(FOR_TESTS): $(FOR_SERVICES)
	$(SYNC) --inexact --group dev
	@touch $@
$(FOR_BENCH): $(FOR_TESTS)
	$(SYNC) --inexact --group bench
	@touch $@
endif
