# Two commands do it all: `make demo` runs the main job, `make test` the tests.
# Everything lands in .venv and the user's cache; system packages are installed
# only as root, otherwise the one command to run is printed.

PYTHON ?= python3
BIN := .venv/bin
SENTENCE := Write a FastAPI route to transfer funds between two user accounts. Use Pydantic for validation and Supabase (PostgreSQL) for storage. Require JWT auth.
REPAIRED := Generate a FastAPI CRUD route for the `transactions` table using SQLModel and Supabase.

.PHONY: demo test lint types units coverage screenshots measure quality peers setup system lock bench clean

# The first request's answers were right at once, so a second one, which needed a
# repair, is proved beside it on the other core and shown afterwards.
demo: setup
	@rm -rf demo-project
	@$(BIN)/backwright write '$(REPAIRED)' --model recorded > .demo-second.log 2>&1 & second=$$!; \
	$(BIN)/backwright write "$(SENTENCE)" --model recorded --into demo-project --yes; code=$$?; \
	wait $$second || code=$$?; printf '\n%s\n\n' "A second request, whose first answer failed and was repaired:"; \
	cat .demo-second.log; rm -f .demo-second.log; exit $$code
	@echo
	@echo "To start the transfer service, with a PostgreSQL of yours:"
	@echo "  cd demo-project && pip install -r requirements.txt && psql \$$DATABASE_URL -f schema.sql"
	@echo "  DATABASE_URL=postgresql://... JWT_SECRET=... uvicorn app.main:app"

test: setup lint types units

lint:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-cache

types:
	$(BIN)/mypy

units:
	$(BIN)/pytest -n 2 --dist worksteal -q

# Which lines no test reaches: the same tests, which take half as long again when they are traced.
coverage: setup
	$(BIN)/coverage erase
	$(BIN)/pytest -n 2 --dist worksteal --cov --cov-report=term:skip-covered -q

# The pictures of the README, from the tests that walk through the pages.
screenshots: setup
	BACKWRIGHT_SCREENSHOTS=$(CURDIR)/docs/screenshots $(BIN)/pytest -n 0 -q tests/web/browser/test_journey.py

# How quiet the gate is on good projects and services, what it finds of planted defects, and the recorded answers.
measure: setup
	$(BIN)/backwright eval --check
	$(BIN)/backwright eval --static
	$(BIN)/python -m tests.measure
	$(BIN)/python -m tests.measure.services --replay

# What the prompts are worth: every recorded answer through the whole proof; a minute each and core.
quality: setup
	$(BIN)/backwright eval --check
	$(BIN)/backwright eval --out prompts/results.json --format docs > docs/quality.md

# What other linters say about the same patches: Node.js is needed, and an hour.
peers: setup
	benchmarks/peers/install.sh
	$(BIN)/python -m tests.measure.peers

bench: setup
	@test -d demo-project || $(MAKE) demo
	$(BIN)/python -m benchmarks demo-project

setup: system .venv/.ready
	@$(BIN)/backwright env build fastapi

system:
	@if command -v bwrap >/dev/null && $(PYTHON) -c 'import ensurepip' 2>/dev/null; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  apt-get update -q && apt-get install -y -q bubblewrap util-linux libseccomp2 python3-venv; \
	else echo "backwright needs bubblewrap and python3-venv: sudo apt-get install bubblewrap python3-venv"; exit 1; fi
	@if PATH="$$PATH:/usr/sbin:/usr/local/sbin" command -v mariadbd >/dev/null; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends mariadb-server; \
	else echo "services on MySQL or MariaDB stay unverified without: sudo apt-get install mariadb-server"; fi
	@if command -v chromium >/dev/null || command -v chromium-browser >/dev/null; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends chromium; \
	else echo "the tests of the pages need a browser: sudo apt-get install chromium"; fi

.venv/.ready: requirements.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install -q --disable-pip-version-check "$$(grep -o '^uv==[0-9.]*' requirements.lock)"
	@$(BIN)/uv pip sync -q --python $(BIN)/python requirements.lock
	@$(BIN)/uv pip install -q --python $(BIN)/python --no-deps -e .
	@touch $@

# requirements.lock pins every package with its hashes and names no index, so it
# serves whatever index or mirror the machine is set up for.
lock:
	$(BIN)/uv pip compile -q --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url --group dev pyproject.toml -o requirements.lock

clean:
	rm -rf .venv demo-project dist .coverage .mypy_cache .ruff_cache .pytest_cache
