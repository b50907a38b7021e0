# make serve: set up, build the graph and serve it.   make test: run all tests.
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin

PIP := $(BIN)/pip install --quiet --disable-pip-version-check
PACKAGES := ontology shapes graph graph/*/ graph/readers/*/ server server/*/ cli

.PHONY: help serve build test test-min check format lock editor bench screenshots clean

help:
	@echo 'make serve [PORT=8000] [CONTACT=mailto:…]  set up, build the graph and serve it'
	@echo 'make build              build the release without serving it'
	@echo 'make test [COVERAGE=1]  run all tests (and print the coverage of each package)'
	@echo 'make test-min           run all tests with the oldest versions that pyproject.toml allows'
	@echo 'make check              lint and type-check'
	@echo 'make format             format the code'
	@echo 'make lock               update constraints.txt'
	@echo 'make editor             bundle the editor of the query page (needs npm)'
	@echo 'make bench [SIZES="1000 10000"] [PARTS=…] [AGAIN=1]  compare with peers; write bench/README.md'
	@echo 'make screenshots        take the pictures in README (needs Chromium)'
	@echo 'make clean              remove everything that was built'

serve: build
	@$(BIN)/oograph serve --port $(PORT) $(if $(CONTACT),--contact '$(CONTACT)')

build: .venv/ready
	@$(BIN)/oograph build

test: .venv/ready-dev .venv/clients/ready
	$(BIN)/pytest -n auto --dist loadfile --no-loadscope-reorder --durations 20 $(if $(COVERAGE),--cov --cov-report=)
ifdef COVERAGE
	@for package in $(wildcard $(PACKAGES)); do \
	  printf '%6s %%  %s\n' "$$($(BIN)/coverage report --precision=1 --format=total --include="$${package%/}/*")" "$${package%/}"; \
	done
	@printf '%6s %%  total\n' "$$($(BIN)/coverage report --precision=1 --format=total)"
endif

test-min: .venv-min/ready .venv/clients/ready
	.venv-min/bin/pytest -n auto --dist loadfile --no-loadscope-reorder

check: .venv/ready-dev
	@mkdir -p .types && ln -sfn .. .types/oograph
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy -m oograph -p oograph.graph -p oograph.ontology -p oograph.server -p oograph.shapes -p oograph.cli \
	  -m generate -m run -m w3c_sparql -p parts -p tests

format: .venv/ready-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: | .venv/bin/uv
	$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --all-extras \
	  --no-annotate --no-header --no-emit-index-url --output-file constraints.txt pyproject.toml

editor:
	npm ci --prefix server/editor --no-audit --no-fund --loglevel=error
	node server/editor/build.mjs

# SIZES: numbers of works, e.g. "1000 10000 100000"; PARTS: only these parts; AGAIN=1: measure everything again.
bench: .venv/ready
	@$(BIN)/python bench/run.py $(if $(SIZES),--sizes "$(SIZES)") $(if $(PARTS),--parts "$(PARTS)") $(if $(AGAIN),--again)

# Needs Chromium and ChromeDriver.
screenshots: build .venv/ready-dev
	@$(BIN)/python docs/screenshots.py

clean:
	rm -rf build dist .types .venv-min .coverage* *.egg-info

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "oograph needs Python 3.11 or newer; choose one with PYTHON=python3.12")'
	@$(PYTHON) -m venv .venv || { rm -rf .venv; echo 'Could not create .venv. On Debian and Ubuntu, run apt-get install python3-venv' >&2; exit 1; }

.venv/ready: pyproject.toml constraints.txt | .venv/bin/python
	@echo 'Setting up (once) …'
	@$(PIP) --constraint constraints.txt --editable .
	@touch $@

.venv/ready-dev: pyproject.toml constraints.txt | .venv/bin/python
	@echo 'Setting up for the tests (once) …'
	@$(PIP) --constraint constraints.txt --editable '.[dev]'
	@touch $@ .venv/ready

# Clients from npm. Without npm, their tests are skipped and say so.
.venv/clients/ready: tests/clients/package.json | .venv/bin/python
	@mkdir -p .venv/clients && cp tests/clients/package.json .venv/clients/
	@if command -v npm >/dev/null; then \
	  echo 'Setting up the clients from npm (once) …'; \
	  npm install --prefix .venv/clients --no-audit --no-fund --loglevel=error && touch $@ \
	  || echo 'npm could not install the clients; their tests will be skipped' >&2; \
	fi

.venv/bin/uv: | .venv/bin/python
	@$(PIP) uv

.venv-min/ready: pyproject.toml | .venv/bin/uv
	@echo 'Setting up the oldest versions (once) …'
	@rm -rf .venv-min && $(BIN)/uv venv --quiet --python $(BIN)/python .venv-min
	@$(BIN)/uv pip install --quiet --python .venv-min/bin/python --resolution lowest-direct --editable '.[dev]'
	@touch $@
