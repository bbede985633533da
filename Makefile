# make run, make test, make lint, make bench: each installs what it needs first. `make help` lists everything.
.DEFAULT_GOAL := help
SHELL := /bin/sh
VENV := .venv
IN := $(VENV)/bin
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3 python; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$p" && break; done)
# uv does not read pip's settings: the index and the certificates this machine was given are passed on.
UV = UV_SYSTEM_CERTS=1 UV_DEFAULT_INDEX="$${UV_DEFAULT_INDEX:-$$($(IN)/python -m pip config get global.index-url 2>/dev/null)}"
UV_PIP = $(UV) $(IN)/uv pip
INSTALLED := $(VENV)/.installed
TESTS ?= tests
# Compiled modules are kept, whatever the shell says: every process starts twice as fast. Git ignores them.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help run stop manage install test lint format bench docs screens lock clean

help: ## this list
	@grep -E '^[a-z]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 12

run: $(INSTALLED) ## start the whole system here; Ctrl-C stops it. DATABASE_URL, REDIS_URL, PORT, HOST, DEMO=0 are heard
	@exec $(IN)/python -m supervision.local run

stop: $(INSTALLED) ## stop what `make run` started from this folder
	@exec $(IN)/python -m supervision.local stop

# The words of cmd are told apart by Python, so that no shell reads its brackets and semicolons; `$$` stands for `$`.
export cmd
manage: $(INSTALLED) ## a Django command on the data of this folder: make manage cmd="records verify"
	@exec $(IN)/python -m supervision.local manage --line "$$cmd"

install: $(INSTALLED) ## make .venv and install the locked packages

$(INSTALLED): requirements/dev.txt requirements/tools.txt
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed and was not found."; exit 1; }
	@test -x $(IN)/python || "$(PYTHON)" -m venv $(VENV) || { rm -rf $(VENV); \
		echo "Python's venv module is needed (on Debian and Ubuntu: the package python3-venv)."; exit 1; }
	@test -x $(IN)/uv || $(IN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/tools.txt
	@echo "Installing the locked packages …"
	@$(UV_PIP) sync --quiet --python $(IN)/python --require-hashes requirements/tools.txt requirements/dev.txt \
		|| $(IN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

test: $(INSTALLED) ## the whole suite on servers of its own; TESTS=tests/law for a part of it
	@$(IN)/python -m supervision.local messages
	@$(IN)/python -m pytest -n 2 --dist loadscope --no-loadscope-reorder $(TESTS)

lint: $(INSTALLED) ## style, types, floors, templates, migrations, translations, generated docs
	@$(IN)/python -m supervision.local.lint

format: $(INSTALLED) ## put code into the house style
	@$(IN)/ruff format .
	@$(IN)/ruff check --fix .

bench: $(INSTALLED) ## every file of benchmarks/, each printing its table; BENCH=benchmarks/draw.py for one
	@$(IN)/python -m supervision.local bench $(BENCH)

docs: $(INSTALLED) ## write the generated pages of docs/ anew
	@exec $(IN)/python -m supervision.local manage procedures

screens: $(INSTALLED) ## take the pictures of docs/screens anew of what `make run` shows here; ONLY="case draw" for some
	@$(IN)/python -m tests.screens $(ONLY)

lock: $(INSTALLED) ## resolve requirements/*.in again to the newest allowed versions, with hashes
	@$(UV) $(IN)/python -m supervision.local.lock_requirements

clean: ## stop, then remove the environment and everything made here, data included
	@if test -x $(IN)/python; then $(IN)/python -m supervision.local clean; fi
	rm -rf $(VENV) var .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name '*.mo' -not -path './.git/*' -delete
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
