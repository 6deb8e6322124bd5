# Parapet's commands. `make run` and `make test` are all that a newcomer needs.
#
#   PYTHON   the interpreter that makes .venv (3.11 or newer)
#   TORCH    cpu (default): the CPU build of torch where pip is offered one (PIP_FIND_LINKS, PIP_EXTRA_INDEX_URL),
#            else the index's build, on Linux with the CUDA libraries it needs; cuda: always the index's build
PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
TORCH ?= cpu
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --quiet --no-deps
# wheels only: building a package from source would fetch build tools that no lock holds
LOCKED := $(PIP) --require-hashes --only-binary :all:

.PHONY: run setup test check lint types contracts lock clean help

help:            ## these commands
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 20

run: setup       ## set up, ingest docs/, start the app and print its address
	@$(BIN)/parapet ingest add docs/*.md --quiet
	@$(BIN)/parapet serve

setup: $(VENV)/.installed  ## set up .venv from the lock

$(VENV)/.installed: requirements.lock requirements-cpu.lock requirements-cuda.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "Parapet needs Python 3.11 or newer: install it, or set PYTHON=/path/to/python3.11" >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing the locked packages into $(VENV) (a few minutes the first time) ..." >&2
	@test "$(TORCH)" = cuda || $(LOCKED) -r requirements-cpu.lock 2>/dev/null \
		|| echo "No CPU build of torch is on offer here: taking the package index's build." >&2
	@$(LOCKED) -r requirements.lock
	@if $(BIN)/python .ci/needs_cuda.py; then $(LOCKED) -r requirements-cuda.lock; fi
	@$(PIP) --no-build-isolation --editable .
	@$(BIN)/python -m ingest.export
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed requirements-dev.lock
	@$(LOCKED) -r requirements-dev.lock
	@touch $@

test: $(VENV)/.installed-dev  ## set up and run every test
	@$(BIN)/python -m pytest

check: lint types contracts test  ## everything that must hold: style, types, layers, tests

lint: $(VENV)/.installed-dev
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .

types: $(VENV)/.installed-dev
	@$(BIN)/mypy

contracts: $(VENV)/.installed-dev
	@$(BIN)/lint-imports

lock:            ## resolve pyproject.toml anew into the lock files (needs uv)
	@python3 .ci/lock.py uv

clean:           ## remove .venv and caches; data stays
	@rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
