# JKN Office. `make help` lists the targets. All that the product writes lies in var/, or in the folder of JKN_VAR.
PORT ?= 8000
export PORT
UV_VERSION = 0.13.9
BIN = .venv/bin
MANAGE = $(BIN)/python manage.py
TEST_SETTINGS = DJANGO_SETTINGS_MODULE=tests.settings
# Made-up values: the checks of a deployment look at settings only.
PRODUCTION = env -u PORT JKN_ENV=production DATABASE_URL=postgres://jkn@localhost/jkn JKN_ALLOWED_HOSTS=jkn.example \
  EMAIL_URL=smtp://mail.example JKN_SMS_GATEWAY=checked JKN_SMS_HTTP='{"checked": {"url": "https://sms.example/"}}' \
  SECRET_KEY=only-for-the-deployment-check-0123456789-abcdefghijklmnopqrstuvwxyz \
  JKN_AUDIT_KEY=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= JKN_DATA_KEY=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=

.DEFAULT_GOAL := help
.PHONY: help setup run test coverage test-long check lock audit sbom licences stop clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(BIN)/.installed .env ## install into .venv what the product needs, and write a development .env (READING=off: without what reads photos)

run: setup ## start the product with demo data on http://localhost:PORT (make run PORT=8000)
	@$(MANAGE) serve --only-check-port
	@$(MANAGE) demo
	@exec $(MANAGE) serve

test: $(BIN)/.installed-dev .env ## run all tests
	@$(BIN)/python -m pytest -n auto --dist loadgroup

coverage: $(BIN)/.installed-dev .env ## run all tests and tell which lines and branches they leave out; takes a third longer
	@$(BIN)/python -m pytest -n auto --dist loadgroup --cov --cov-report=term-missing:skip-covered

test-long: $(BIN)/.installed-dev .env ## run what takes long: 100,000 random steps of a crowd through the whole machine, 200 races, the API against its description, photos in a real S3 server, messages through a real SMPP server (needs node and npm), the local cluster, each benchmark small, the participants' door over 2G
	@JKN_MACHINE_RUNS=1000 JKN_RACE_ROUNDS=200 JKN_API_EXAMPLES=100 $(BIN)/python -m pytest -n auto --dist loadgroup \
	  tests/verification/test_machine.py tests/verification/test_races.py tests/verification/api/test_schema.py tests/long

check: $(BIN)/.installed-dev .env ## run every linter, type checker and check of the deployment
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	find templates -name '*.html' -print0 | xargs -0 $(BIN)/djade --check --target-version 5.2
	$(BIN)/lint-imports
	$(TEST_SETTINGS) $(MANAGE) makemigrations --check --dry-run
	$(TEST_SETTINGS) $(BIN)/python -m deploy.lint_migrations
	$(PRODUCTION) $(MANAGE) check --deploy --fail-level WARNING

lock: $(BIN)/uv ## write requirements.lock: every package below requirements*.txt, with digests
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	  requirements-dev.txt --output-file requirements.lock

audit: $(BIN)/uv ## ask PyPI for known faults of everything in the lock (needs the internet; what was not asked fails)
	@$(BIN)/uv tool run --from pip-audit==2.10.1 pip-audit --strict --disable-pip --require-hashes -r requirements.lock

sbom: $(BIN)/uv ## print the bill of materials of the runtime (CycloneDX, JSON)
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	  --constraint requirements.lock requirements.txt requirements-reading.txt requirements-s3.txt requirements-smpp.txt \
	  | $(BIN)/uv tool run --from cyclonedx-bom==7.5.0 cyclonedx-py requirements -

licences: $(BIN)/.installed-dev ## list the licences of the runtime, and fail if one is not allowed
	@$(BIN)/python -m deploy.licences

stop: ## stop the embedded database
	@if [ -x $(BIN)/python ]; then $(MANAGE) stop_database; fi

clean: ## stop the embedded database and delete it, .venv and var (a folder of JKN_VAR stays)
	@if [ -f $(BIN)/.installed ] && [ -f .env ]; then $(MANAGE) stop_database --remove; fi
	rm -rf .venv var

# Each file must have a digest that stands in the lock (make lock).
INSTALL = $(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes --constraint requirements.lock

$(BIN)/.installed: requirements.txt requirements-reading.txt requirements.lock $(BIN)/uv
	@$(INSTALL) -r requirements.txt $(if $(filter off,$(READING)),,-r requirements-reading.txt)
	@touch $@

$(BIN)/.installed-dev: requirements-dev.txt requirements-s3.txt requirements-smpp.txt $(BIN)/.installed
	@$(INSTALL) -r requirements-dev.txt
	@touch $@

$(BIN)/uv:
	@for python in python3.14 python3.13 python3.12 python3.11 python3; do \
	  $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
	  $$python -c 'import ensurepip, venv' 2>/dev/null || { lacking=$$python; continue; }; \
	  $$python -m venv .venv && $(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION); exit; \
	done; \
	if [ -n "$$lacking" ]; then \
	  echo "$$lacking lacks the module venv: install it (on Debian and Ubuntu: apt install $$lacking-venv) and try again."; \
	else echo "JKN Office needs Python 3.11 or newer: install it (on Debian and Ubuntu: apt install python3 python3-venv) and try again."; \
	fi >&2; exit 1

.env: | $(BIN)/.installed
	@$(BIN)/python -m jknoffice.environment
