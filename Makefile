# Everything a developer does. Needs Python 3.11 or newer and make; the rest goes into .venv.

PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo $$python && break; done)
BIN := .venv/bin
CHECKED := mlm_plugin storefront theme tests benchmarks manage.py
# A stamp per content: a fresh clone or a touched file installs nothing anew.
SITE := .venv/installed-$(shell cksum < requirements.txt | tr -dc 0-9)
TOOLS := .venv/installed-$(shell cat requirements.txt requirements-dev.txt | cksum | tr -dc 0-9)-dev

.DEFAULT_GOAL := help
.PHONY: help run test lint format bench lighthouse sheet messages catalogues clean

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' Makefile

run: $(SITE) ## start the demo on http://127.0.0.1:8000 (PORT= changes it)
	@$(BIN)/python -m storefront.run

test: $(TOOLS) catalogues ## run the whole suite, on SQLite and on PostgreSQL
	$(BIN)/python -m pytest -n auto --dist loadfile -m "not postgres" $(ARGS)
	TEST_DATABASE=postgres $(BIN)/python -m pytest -n auto --dist loadfile \
		-m "postgres or both" $(ARGS)

lint: $(TOOLS) ## check style, layers, types and templates
	$(BIN)/ruff check $(CHECKED)
	$(BIN)/ruff format --check $(CHECKED)
	$(BIN)/lint-imports
	$(BIN)/mypy
	$(BIN)/djlint theme mlm_plugin storefront --lint --quiet

format: $(TOOLS) ## put source files into shape
	$(BIN)/ruff check --fix --select I $(CHECKED)
	$(BIN)/ruff format $(CHECKED)

bench: $(TOOLS) catalogues ## measure and write docs/performance.md (PEER=url compares a site)
	$(BIN)/python -m benchmarks $(ONLY)

sheet: $(TOOLS) catalogues ## photograph all pages for docs/check_sheet.md (ONLY=shop takes one area)
	$(BIN)/python -m tests.check_sheet $(ONLY)

lighthouse: $(TOOLS) catalogues ## mark shop pages, write docs/lighthouse.md (needs Node)
	$(BIN)/python -m benchmarks.lighthouse

messages: $(TOOLS) ## collect strings for translation (needs gettext)
	@command -v xgettext >/dev/null || { echo "Install gettext first (apt install gettext)."; exit 1; }
	for package in mlm_plugin storefront theme; do \
		(cd $$package && mkdir -p locale && ../$(BIN)/python -m django makemessages \
		--locale ru --no-wrap --no-location) || exit 1; \
	done

catalogues: $(SITE)
	@$(BIN)/python -m storefront.run.catalogues

clean: ## throw away the demo's data and everything built, but not .venv
	rm -rf var .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find mlm_plugin storefront theme -name '*.mo' -delete

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed: make PYTHON=/path/to/python"; exit 1; }
	$(PYTHON) -m venv .venv

$(SITE): | $(BIN)/python
	@echo "Installing the site's packages into .venv (once) ..."
	$(BIN)/python -m pip install --disable-pip-version-check -r requirements.txt
	@touch $@

$(TOOLS): | $(BIN)/python
	@echo "Installing the developer's packages into .venv (once) ..."
	$(BIN)/python -m pip install --disable-pip-version-check -r requirements-dev.txt
	@touch $@ $(SITE)
