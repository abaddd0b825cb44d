# `make demo` and `make test` need nothing but Debian 12 with Python 3.11, pip and make: what is
# missing is installed once, and said. A second run starts in seconds.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

# uv when it is there. Otherwise pip puts it into .cache: Debian's pip refuses to install into the
# system's Python (PEP 668), and a venv would need python3-venv; --target needs neither.
UV := $(or $(shell command -v uv),.cache/uv/bin/uv)
RUN := .venv/bin
READY := .venv/.ready
NODE_TESTS := tests/end_to_end/javascript
NODE_MODULES := $(patsubst %,$(NODE_TESTS)/node_modules/.package-lock.json,$(wildcard $(NODE_TESTS)/package-lock.json))

.PHONY: help
help: ## Say what there is
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /make \1|/' | column -t -s '|'

.PHONY: demo
demo: $(READY) ## Start the whole service with invented agents; Ctrl-C stops it
	@exec $(RUN)/doldrums demo

.PHONY: serve
serve: $(READY) ## Start the service for your own agents; Ctrl-C stops it
	@exec $(RUN)/doldrums serve

.PHONY: test
test: $(READY) packages $(NODE_MODULES) ## Run every test
	@$(UV) sync --quiet --script tests/conformance/logfire_client.py
	@$(RUN)/pytest --numprocesses 3 --dist worksteal

.PHONY: faults
faults: atheris packages ## Run every fault at full size (hours; as root for power cuts and full disks)
	@$(RUN)/python -m tests.faults

.PHONY: fuzz
fuzz: atheris ## Run the fault of a million odd inputs alone, on one core
	@FAULTS="-k fuzz $$FAULTS" $(RUN)/python -m tests.faults

.PHONY: atheris
atheris: $(READY) # what the fuzzing needs and no other test does
	@$(UV) sync --quiet --locked --group fuzz

.PHONY: check
check: $(READY) ## Check form, types, imports and SQL, without running the tests
	$(RUN)/ruff check .
	$(RUN)/ruff format --check .
	$(RUN)/mypy
	$(RUN)/lint-imports
	$(RUN)/pytest -q tests/doldrums/test_sql_files.py

.PHONY: docs
docs: $(READY) ## Write the pages of docs/ that come from the code: settings, conventions, redaction, conformance
	$(RUN)/python -m doldrums.settings_page > docs/settings.md
	$(RUN)/python -m collector.conventions.document > docs/conventions.md
	$(RUN)/python -m collector.redaction.document > docs/redaction.md
	$(RUN)/python -m tests.conformance.page > docs/conformance.md

.PHONY: ingested
ingested: $(READY) ## Write docs/ingested.md: what every capture, and every fixture in SHARED=../shared, produced
	$(RUN)/python -m tests.ingested.page $(SHARED)

.PHONY: evaluated
evaluated: $(READY) ## Write docs/evaluation.md: what the detectors find of planted faults (over an hour)
	$(RUN)/python -m bench.detectors --page docs/evaluation.md

.PHONY: evaluated-errors
evaluated-errors: $(READY) ## Write docs/evaluation-chains.md: what is found of errors that travel or are swallowed, of duplicates and contracts
	$(RUN)/python -m bench.detectors --group errors --captures plain open --page docs/evaluation-chains.md

.PHONY: packages
packages: # what the tests need from Debian: a browser, a PostgreSQL server, Node.js, strace, faketime
	@.ci/packages

$(READY): uv.lock pyproject.toml client/pyproject.toml $(filter .cache/%,$(UV))
	@echo "Installing doldrums and its libraries into .venv (uv sync --locked)"
	@$(UV) sync --locked --compile-bytecode
	@touch $@

.cache/uv/bin/uv:
	@echo "Installing uv into .cache (pip)"
	@mkdir -p .cache && echo '*' > .cache/.gitignore
	@python3 -m pip install --quiet --disable-pip-version-check --target .cache/uv 'uv>=0.9'

$(NODE_TESTS)/node_modules/.package-lock.json: $(NODE_TESTS)/package-lock.json | packages
	@echo "Installing the JavaScript exporter for its test (npm ci)"
	@npm ci --prefix $(NODE_TESTS) --silent --no-audit --no-fund
	@touch $@
