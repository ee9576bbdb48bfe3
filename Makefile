# Needs Python 3.11 or newer and a package index; `build` and what rests on it also the SAM CLI and Python 3.13. With
# Node 20 or newer the JavaScript clients are tested too.
PYTHON ?= python3
VENV ?= .venv
CLIENTS ?= .venv-clients
BIN := $(VENV)/bin

.PHONY: setup run test unit clients check lint format openapi docs bench build size local-aws invoke deploy lock clean

setup: $(VENV)/.dev  ## Everything that the other targets need

run: $(VENV)/.local  ## The whole gateway on http://127.0.0.1:8080
	@exec $(BIN)/python -m local

test: unit clients  ## Every test

unit: $(VENV)/.dev
	$(BIN)/pytest

clients: $(VENV)/.dev $(CLIENTS)/.ready  ## Rerank clients as people have them, against the running gateway
	GATEWAY="$(BIN)/python -m local" $(CLIENTS)/bin/pytest -c tests/clients/pytest.ini tests/clients

check: lint test  ## What CI runs

lint: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	PYTHONPATH=. $(BIN)/lint-imports
	$(BIN)/cfn-lint template.yaml

format: $(VENV)/.dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

openapi: $(VENV)/.dev  ## The OpenAPI document, from the routes and their models
	$(BIN)/python -m tools.openapi

docs: $(VENV)/.dev  ## docs/providers.md, from the catalogue
	$(BIN)/python -m tools.providers_page

bench: $(VENV)/.dev  ## What the gateway itself costs
	$(BIN)/python -m benchmarks.own_time
	$(BIN)/python -m benchmarks.apis
	$(BIN)/python -m benchmarks.cold_start
	$(BIN)/python -m benchmarks.jobs
	$(BIN)/python -m benchmarks.chaos
	$(BIN)/python -m benchmarks.bm25

build:
	sam build

size: $(VENV)/.dev build  ## What is uploaded, by size
	$(BIN)/python -m benchmarks.package_size

local-aws: $(VENV)/.local  ## Only the AWS of `make run`, for functions in Docker
	@exec $(BIN)/python -m local.aws_only

invoke: build  ## One request through the function as Lambda runs it; needs Docker
	sam local invoke RerankFunction -e events/rerank.json

deploy: build
	sam deploy

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; say which: make PYTHON=python3.13 …")'
	$(PYTHON) -m venv $(VENV)

# Two sets of packages: running the gateway needs less than checking it.
$(VENV)/.local: requirements-local.txt pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --requirement requirements-local.txt
	$(BIN)/python -m pip install --quiet --no-deps --editable .
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.local
	$(BIN)/python -m pip install --quiet --requirement requirements-dev.txt
	@touch $@

$(CLIENTS)/.ready: tests/clients/requirements.txt
	$(PYTHON) -m venv $(CLIENTS)
	$(CLIENTS)/bin/python -m pip install --quiet --requirement tests/clients/requirements.txt
	@touch $@

# Needs uv. --fork-strategy fewest: one version for all Pythons, where there is one.
LOCK := uv pip compile pyproject.toml --quiet --upgrade --no-annotate --custom-compile-command "make lock"
LAYER := layers/dependencies/requirements.txt

lock:  ## Newer pins, the same ones everywhere
	$(LOCK) --python-version 3.13 --python-platform aarch64-manylinux_2_28 --output-file $(LAYER)
	$(LOCK) --universal --python-version 3.11 --fork-strategy fewest --constraint $(LAYER) --extra local \
		--output-file requirements-local.txt
	$(LOCK) --universal --python-version 3.11 --fork-strategy fewest --constraint $(LAYER) --constraint requirements-local.txt \
		--extra local --extra dev --output-file requirements-dev.txt

clean:
	rm -rf .aws-sam $(VENV) $(CLIENTS) .venv-3.13 tests/clients/js/node_modules
