# Everything a person or a machine does with this repository; works with GNU make 3.81 and any sh.

PYTHON ?= python3
JOBS ?= 2
VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv
LOCK := $(UV) pip compile pyproject.toml --universal --generate-hashes --no-emit-index-url \
	--no-header --no-annotate --python-version 3.11 --quiet $(UPGRADE)

# Installs a lock file unless just that one is installed: the copy in .venv remembers it.
define install_lock
	@cmp -s $(1) $(VENV)/$(1) || { \
		echo "Installing $(1) ..." && \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(1) && \
		cp $(1) $(VENV)/$(1); }
endef

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run install install-dev test test-all check format lock

help: ## Show what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: install ## Install what is needed and start the shop
	@$(BIN)/python -m connectors.cli serve

install: $(BIN)/pip ## Install what the shop needs into .venv
	$(call install_lock,requirements.lock)
	@printf '#!/bin/sh\nPYTHONPATH="%s$${PYTHONPATH:+:$$PYTHONPATH}" exec "%s/$(BIN)/python" -P -m connectors.cli "$$@"\n' \
		"$(CURDIR)" "$(CURDIR)" > $(BIN)/smartcart && chmod +x $(BIN)/smartcart

install-dev: install ## Install what developers and tests need, too
	$(call install_lock,requirements-dev.lock)

test: install-dev ## Run the tests that need nothing but Python (about 5 minutes)
	@$(BIN)/python -m pytest -m "not long and not browser" -n $(JOBS) --dist loadfile

test-all: install-dev ## Run all tests, with coverage; needs Chromium
	@$(BIN)/python -m pytest -n $(JOBS) --dist loadfile --cov

check: install-dev ## Check format, style, types and import contracts
	@$(BIN)/ruff format --check
	@$(BIN)/ruff check
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m pytest -q tests/test_architecture.py

format: install-dev ## Put the code into its format
	@$(BIN)/ruff format
	@$(BIN)/ruff check --fix

lock: $(BIN)/pip ## Write the lock files after a change of dependencies (UPGRADE=--upgrade: newest ones)
	@test -x $(UV) || $(BIN)/python -m pip install --quiet uv
	@$(LOCK) --output-file requirements.lock
	@$(LOCK) --extra dev --constraint requirements.lock --output-file requirements-dev.lock

$(BIN)/pip:
	@command -v "$(PYTHON)" > /dev/null || { \
		echo "SmartCart needs Python 3.11 or newer, and there is no $(PYTHON). Debian and Ubuntu:"; \
		echo "  apt install python3 python3-venv"; \
		echo "Or name another one: make PYTHON=/path/to/python3"; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "SmartCart needs Python 3.11 or newer; $(PYTHON) is $$("$(PYTHON)" --version 2>&1)."; \
		echo "Name another one: make PYTHON=/path/to/python3.12"; exit 1; }
	@"$(PYTHON)" -c 'import ensurepip, venv' 2> /dev/null || { \
		echo "$(PYTHON) cannot make virtual environments. Debian and Ubuntu:"; \
		echo "  apt install python3-venv"; exit 1; }
	@"$(PYTHON)" -m venv $(VENV) || { rm -rf $(VENV); exit 1; }
