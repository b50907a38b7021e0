# make serve: set up, build the graph, serve it.   make test: run the whole suite.
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin

.PHONY: help serve build test check format catalogue bench clean

help:
	@echo 'make serve [PORT=8000]  set up, build the graph, serve it'
	@echo 'make test               run the whole suite'
	@echo 'make check              lint and type-check'
	@echo 'make format             format the code'
	@echo 'make build              build the release only'
	@echo 'make bench              measure against peers; bench/README.md gets the figures'
	@echo 'make clean              remove what was built'

serve: build
	@$(BIN)/oograph serve --port $(PORT)

build: .venv/ready
	@$(BIN)/oograph build

test: .venv/ready-dev .venv/clients/ready
	$(BIN)/pytest -n auto --dist loadfile

check: .venv/ready-dev
	@mkdir -p .types && ln -sfn .. .types/oograph
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	MYPYPATH=.types $(BIN)/mypy -p oograph.graph -p oograph.ontology -p oograph.server -p oograph.shapes -p oograph.cli

format: .venv/ready-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: .venv/ready-bench
	@for script in bench/*.py; do $(BIN)/python $$script || exit 1; done

clean:
	rm -rf build dist .types *.egg-info

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "oograph needs Python 3.11 or newer; name one with PYTHON=python3.12")'
	@$(PYTHON) -m venv .venv || { rm -rf .venv; echo 'No venv: on Debian and Ubuntu, apt-get install python3-venv' >&2; exit 1; }

.venv/ready: pyproject.toml | .venv/bin/python
	@echo 'Setting up (once) …'
	@$(BIN)/pip install --quiet --disable-pip-version-check --editable .
	@touch $@

.venv/ready-dev: pyproject.toml | .venv/bin/python
	@echo 'Setting up for the tests (once) …'
	@$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@ .venv/ready

# Clients from npm; without it their tests are skipped and say so.
.venv/clients/ready: tests/clients/package.json | .venv/bin/python
	@mkdir -p .venv/clients && cp tests/clients/package.json .venv/clients/
	@if command -v npm >/dev/null; then \
	  echo 'Setting up the clients from npm (once) …'; \
	  npm install --prefix .venv/clients --no-audit --no-fund --loglevel=error && touch $@ \
	  || echo 'npm could not install them; their tests are skipped' >&2; \
	fi

.venv/ready-bench: pyproject.toml | .venv/bin/python
	@echo 'Setting up for the benchmarks (once) …'
	@$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[bench]'
	@touch $@ .venv/ready
