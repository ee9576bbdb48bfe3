# Needs Python 3.11 or newer and a package index; `build` and what rests on it also the SAM CLI and Python 3.13. With
# Node 20 or newer the JavaScript clients are tested too, with Chromium the pages for browsers.
PYTHON ?= python3
VENV ?= .venv
CLIENTS ?= .venv-clients
CHECKOV ?= .venv-checkov
REHEARSAL ?= .venv-rehearsal
PYTHON_OF_LAMBDA ?= python3.13
# Of pytest, each with files of its own. Some tests are heavy: not more than there are processors.
PROCESSES ?= 2
BIN := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help setup run cli test unit clients check lint checkov format mutate torture openapi docs screenshots \
	bench build size local-aws invoke rehearse deploy deploy-gpu destroy destroy-gpu lock clean

help:  ## This list
	@awk -F ':.*  ## ' '/^[a-z-]+:.*  ## / { printf "make %-11s  %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

setup: $(VENV)/.dev  ## Everything that the other targets need

# INSTALLED is set when this very call of make has installed something: who had to wait is told that it goes on.
run: $(VENV)/.local $(if $(CPU_MODEL),$(VENV)/.cpu)  ## The whole gateway on http://127.0.0.1:8080
	@$(if $(INSTALLED),echo "Starting …";) exec $(BIN)/python -m local

cli: export RERANK_GATEWAY_URL ?= http://127.0.0.1:8080
cli: export RERANK_GATEWAY_KEY ?= sk-local
cli: $(VENV)/.local  ## The command line, at `make run` unless told otherwise: make cli ARGS="models --json"
	@$(BIN)/rerank-gateway $(ARGS)

test: unit clients  ## Every test

unit: $(VENV)/.dev  ## The tests, without those of the clients
	$(BIN)/pytest --numprocesses $(PROCESSES) --dist loadfile

clients: $(VENV)/.dev $(CLIENTS)/.ready  ## Rerank clients as people have them, against the running gateway
	GATEWAY="$(BIN)/python -m local" $(CLIENTS)/bin/pytest -c tests/clients/pytest.ini tests/clients

check: lint test  ## What CI runs

lint: $(VENV)/.dev  ## Format, style, types, imports and template
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	PYTHONPATH=. $(BIN)/lint-imports
	$(BIN)/cfn-lint template.yaml
	$(BIN)/cfn-lint gpu/template.yaml --regions us-east-1 eu-central-1

# --skip-download: without it, it asks its vendor for descriptions of its checks.
checkov: $(CHECKOV)/.ready  ## Insecure settings in the templates: each has a reason beside it
	$(CHECKOV)/bin/checkov --framework cloudformation --compact --quiet --skip-download -f template.yaml gpu/template.yaml

format: $(VENV)/.dev  ## Format the code, and correct what can be
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

mutate: $(VENV)/.dev  ## Seeded mutants: do the tests notice?
	$(BIN)/python -m tools.mutate

torture: $(VENV)/.dev  ## Thousands of jobs while everything breaks: is one lost? A quarter of an hour
	$(BIN)/python -m tools.torture

openapi: $(VENV)/.dev  ## The OpenAPI document, from the routes and their models
	$(BIN)/python -m tools.openapi

docs: $(VENV)/.dev  ## docs/providers.md, from the catalogue, and docs/apps.md, from the list of applications
	$(BIN)/python -m tools.providers_page
	$(BIN)/python -m tools.cost
	$(BIN)/python -m tools.apps_page

screenshots: $(VENV)/.dev  ## The pictures in docs/images; needs Chromium
	$(BIN)/python -m tools.screenshots

bench: $(VENV)/.dev  ## What the gateway itself costs
	$(BIN)/python -m benchmarks.own_time
	$(BIN)/python -m benchmarks.limited_keys
	$(BIN)/python -m benchmarks.apis
	$(BIN)/python -m benchmarks.cold_start
	$(BIN)/python -m benchmarks.jobs
	$(BIN)/python -m benchmarks.chaos
	$(BIN)/python -m benchmarks.chaos_hung
	$(BIN)/python -m benchmarks.bm25
	$(BIN)/python -m benchmarks.memory
	-$(BIN)/python -m benchmarks.package_size --total

build:  ## What is uploaded, into .aws-sam
	sam build

size: $(VENV)/.dev build  ## What is uploaded, by size
	$(BIN)/python -m benchmarks.package_size

local-aws: $(VENV)/.local  ## Only the AWS of `make run`, for functions in Docker
	@$(if $(INSTALLED),echo "Starting …";) exec $(BIN)/python -m local.aws_only

invoke: build  ## One request through the function as Lambda runs it; needs Docker
	sam local invoke RerankFunction -e events/rerank.json

# The emulator runs functions on the Python that it finds first.
rehearse: export PATH := $(abspath $(REHEARSAL))/emulator/bin:$(PATH)
rehearse: $(VENV)/.dev $(REHEARSAL)/.ready  ## Deploy, ask, update and remove it, on an AWS of this machine. Three minutes
	$(REHEARSAL)/sam/bin/sam build
	$(BIN)/python -m tools.rehearse --sam $(REHEARSAL)/sam/bin/sam --emulator $(REHEARSAL)/emulator/bin/ministack

deploy: build  ## The stack into your AWS account
	sam deploy

deploy-gpu:  ## A GPU of your own, as a stack beside it
	sam deploy --config-env gpu

# CloudFormation deletes no bucket with something in it.
destroy: STACK ?= rerank-gateway
destroy:  ## The stack out of it, with all jobs; needs the AWS CLI. Another one: make destroy STACK=NAME
	@printf 'Remove the stack %s, with all jobs and their results? [y/N] ' "$(STACK)"; read answer; [ "$$answer" = y ]
	bucket=$$(aws cloudformation describe-stack-resource --stack-name "$(STACK)" --logical-resource-id PayloadBucket \
		--query StackResourceDetail.PhysicalResourceId --output text) && aws s3 rm --recursive --quiet "s3://$$bucket"
	sam delete --no-prompts --stack-name "$(STACK)"

destroy-gpu:  ## The GPU out of it. The gateway goes on with its other targets
	sam delete --config-env gpu

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; say which: make PYTHON=python3.13 …")'
	@echo "Creating $(VENV) …"
	@$(PYTHON) -m venv $(VENV)

# Two sets of packages: running the gateway needs less than checking it.
$(VENV)/.local: requirements-local.txt pyproject.toml | $(VENV)/bin/python
	@echo "Installing packages to run the gateway, about half a minute …"
	@$(BIN)/python -m pip install --quiet --requirement requirements-local.txt
	@$(BIN)/python -m pip install --quiet --no-deps --editable .
	@touch $@
	$(eval INSTALLED := $@)

# Of what ONNX Runtime and tokenizers would bring along, running a model takes nothing.
$(VENV)/.cpu: layers/cpu/requirements.txt $(VENV)/.local
	@echo "Installing packages to run a cross-encoder …"
	@$(BIN)/python -m pip install --quiet --no-deps --requirement $<
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.local
	@echo "Installing packages to check the gateway …"
	@$(BIN)/python -m pip install --quiet --requirement requirements-dev.txt
	@touch $@

$(CLIENTS)/.ready: tests/clients/requirements.txt tests/clients/requirements-alone.txt
	@echo "Installing rerank clients into $(CLIENTS) …"
	@$(PYTHON) -m venv $(CLIENTS)
	@$(CLIENTS)/bin/python -m pip install --quiet --requirement tests/clients/requirements.txt
	@$(CLIENTS)/bin/python -m pip install --quiet --no-deps --requirement tests/clients/requirements-alone.txt
	@touch $@

$(CHECKOV)/.ready: requirements-checkov.txt
	@echo "Installing checkov into $(CHECKOV), a minute or two …"
	@$(PYTHON) -m venv $(CHECKOV)
	@$(CHECKOV)/bin/python -m pip install --quiet --no-deps --requirement $<
	@touch $@

$(REHEARSAL)/.ready: tools/rehearse/requirements-sam.txt tools/rehearse/requirements-emulator.txt
	@echo "Installing the SAM CLI and an AWS into $(REHEARSAL), a minute or two …"
	@$(PYTHON_OF_LAMBDA) -m venv $(REHEARSAL)/sam
	@$(PYTHON_OF_LAMBDA) -m venv $(REHEARSAL)/emulator
	@$(REHEARSAL)/sam/bin/python -m pip install --quiet --requirement tools/rehearse/requirements-sam.txt
	@$(REHEARSAL)/emulator/bin/python -m pip install --quiet --requirement tools/rehearse/requirements-emulator.txt
	@touch $@

# Needs uv. --fork-strategy fewest: one version for all Pythons, where there is one.
LOCK := uv pip compile pyproject.toml --quiet --upgrade --no-annotate --custom-compile-command "make lock"
LAYER := layers/dependencies/requirements.txt
RSA_LAYER := layers/dependencies/requirements-rsa.txt
CPU_LAYER := layers/cpu/requirements.txt

lock:  ## Newer pins, the same ones everywhere
	$(LOCK) --python-version 3.13 --python-platform aarch64-manylinux_2_28 --output-file $(LAYER)
	uv pip compile --group rsa --quiet --upgrade --no-annotate --custom-compile-command "make lock" --python-version 3.13 \
		--python-platform aarch64-manylinux_2_28 --output-file $(RSA_LAYER)
	$(LOCK) --universal --python-version 3.11 --fork-strategy fewest --constraint $(LAYER) --constraint $(RSA_LAYER) \
		--extra local --extra cli --output-file requirements-local.txt
	uv pip compile --group cpu --no-deps --quiet --upgrade --no-annotate --custom-compile-command "make lock" --universal \
		--python-version 3.11 --fork-strategy fewest --output-file $(CPU_LAYER)
	$(LOCK) --universal --python-version 3.11 --fork-strategy fewest --constraint $(LAYER) --constraint $(CPU_LAYER) \
		--constraint requirements-local.txt --extra local --extra cli --extra evaluate --extra dev --group cpu --output-file requirements-dev.txt
	uv pip compile --group checkov --quiet --upgrade --no-annotate --custom-compile-command "make lock" --universal \
		--python-version 3.11 --fork-strategy fewest --output-file requirements-checkov.txt

clean:  ## Remove all that make has made
	rm -rf .aws-sam $(VENV) $(CLIENTS) $(CHECKOV) .venv-3.13 tests/clients/js/node_modules tests/browser/node_modules
