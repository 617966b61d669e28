# Everything is set up by itself: with uv where it is found, else with venv and pip. `make help` lists the targets.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := $(shell command -v uv 2>/dev/null)
PORT ?= 8000

.DEFAULT_GOAL := help
.PHONY: help demo serve test test-slow fuzz hostile check format lock clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

$(VENV)/ready: requirements.lock pyproject.toml
ifdef UV
	@echo "setting up $(VENV) with uv"
	@test -x $(BIN)/python || uv venv --quiet --python $(PYTHON) $(VENV)
	@uv pip install --quiet --python $(BIN)/python --require-hashes --requirements requirements.lock
	@uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
else
	@echo "setting up $(VENV) with venv and pip"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
endif
	@touch $@

demo: $(VENV)/ready ## show all of it on an invented press world, offline, on http://127.0.0.1:8000
	@$(BIN)/briefing demo --port $(PORT)

serve: $(VENV)/ready ## read the sources of sources.yaml on schedule and serve the site on http://127.0.0.1:8000
	@$(BIN)/briefing serve --port $(PORT)

test: $(VENV)/ready ## run the tests, but for the long ones
	@$(BIN)/python -m pytest --numprocesses auto -m "not slow"

test-slow: $(VENV)/ready ## run the long ones: kills, many processes, whole campaigns
	@$(BIN)/python -m pytest --numprocesses auto -m slow

fuzz: $(VENV)/ready ## bend feeds, pages, dates, configurations for SECONDS (60) until something breaks
	@$(BIN)/python tests/fuzz.py $(or $(SECONDS),60) $(TARGETS)

hostile: $(VENV)/ready ## attack the program with every trick of a hostile server, on loopback (half an hour)
	@$(BIN)/python tests/hostile_campaign.py $(ATTACKS)

check: $(VENV)/ready ## lint, types, import contract
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: $(VENV)/ready ## put the code into its usual form
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/ruff format .

lock: ## write requirements.lock and its part in deploy anew from pyproject.toml (needs uv)
	@uv lock --quiet --upgrade
	@uv export --quiet --format requirements-txt --no-emit-project --all-extras --all-groups --no-header --no-annotate > requirements.lock
	@uv export --quiet --format requirements-txt --no-emit-project --extra postgres --extra pdf --extra docx --no-default-groups --group build --no-header --no-annotate > deploy/requirements.lock
	@rm -f uv.lock

clean: ## remove what was set up and what the demo made
	@rm -rf $(VENV) storage/demo
