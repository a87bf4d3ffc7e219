# Two commands are enough: `make run` and `make test`. CONTRIBUTING.md tells what the others are for.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := run

PORT ?= 8000
export PORT

PYTHON := .venv/bin/python
STAMP := .venv/.installed
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
	HARBOUR_PRIVACY_LEAD=privacy@harbour.example.org

.PHONY: run scale test check bench faults pictures format clean lock .venv

run: $(STAMP)
	@tools/run

# The scale mode on this machine: nginx, PostgreSQL, Redis and two of each process, with the demo in it.
scale: $(STAMP)
	@tools/install-for-tests
	@tools/scale

test: $(STAMP)
	@tools/install-for-tests
	@HARBOUR_TEST_ON=$(DATABASE) $(PYTHON) -m pytest -n $(WORKERS) --dist loadgroup $(TESTS)
ifeq ($(DATABASE)$(TESTS),sqlite)
	@echo "And again on PostgreSQL and Redis: what rests on them."
	@HARBOUR_TEST_ON=postgresql $(PYTHON) -m pytest -n $(WORKERS) --dist loadgroup @tests/services/chosen.txt
endif

check: $(STAMP)
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
pictures: $(STAMP)
	HARBOUR_PICTURES=docs/pictures $(PYTHON) -m pytest -q tests/browser/test_demo.py tests/browser/test_night.py -k "pictures or a_night"

bench: $(STAMP)
	$(PYTHON) -m bench.queue
	$(PYTHON) -m bench.screening
	$(PYTHON) -m bench.fanout
	$(PYTHON) -m bench.pages
	$(PYTHON) -m bench.growth

# Processes killed, lines cut, disks filled, under people who write: docs/reliability.md. SIZE=0.05 runs a twentieth.
faults: $(STAMP)
	$(PYTHON) -m bench.faults --size $(or $(SIZE),1)

format: $(STAMP)
	.venv/bin/ruff check --fix-only --quiet .
	.venv/bin/ruff format .
	$(TEMPLATES) | xargs -0 -r .venv/bin/djade --target-version 5.2 || true  # it fails when it has changed something

# After a change of dependencies: needs uv, and writes both locks.
lock:
	uv lock
	uv export --quiet --frozen --all-extras --all-groups --no-emit-project --no-header --output-file requirements.txt

clean:
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis test-results var/static
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv: $(STAMP)

ifeq ($(UV),)
$(STAMP): requirements.txt
	python3 -c 'import sys; sys.exit("Harbour needs Python 3.11 or newer." if sys.version_info < (3, 11) else 0)'
	python3 -m venv --clear .venv || { apt-get install -y -qq python3-venv && python3 -m venv --clear .venv; }
	@echo "Installing what Harbour needs into .venv. This takes a little while, once."
	$(PYTHON) -m pip install -qq --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@
else
$(STAMP): uv.lock pyproject.toml
	$(UV) sync --quiet --frozen --all-extras --all-groups
	@touch $@
endif
