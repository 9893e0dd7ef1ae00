# Every habit is one word. The environment is .venv, so .venv/bin/headwater is the program; nothing is installed outside this folder.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= python3
DATA ?= ../shared/data
export DATA

# An installed uv is used where it works; otherwise pip brings one into its own folder.
UV := $(shell uv --version >/dev/null 2>&1 && echo uv || echo .uv/bin/uv)
READY := .venv/.ready
WHEEL_ENVIRONMENT := .wheel-venv

.PHONY: help setup demo check format lint types imports fast patterns test test-kubernetes wheel test-wheel bench bench-accuracy explore rewrite docs clean

help: ## Say what can be made.
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 20

setup: $(READY) ## Make .venv with the locked dependencies.

.uv/bin/uv:
	$(PYTHON) -m venv .uv
	.uv/bin/python -m pip install --quiet 'uv>=0.7,<1'

$(READY): pyproject.toml uv.lock $(filter .uv/bin/uv,$(UV))
	$(UV) sync --frozen --quiet --python $(PYTHON)
	@touch $@

demo: setup ## Watch one incident being found, start to end, on an embedded NATS server.
	.venv/bin/headwater demo

check: setup format lint types fast patterns ## Everything that takes seconds; before each commit.

format: setup
	.venv/bin/ruff format --check --quiet .

lint: setup
	.venv/bin/ruff check --quiet .

types: setup
	.venv/bin/mypy

imports: setup ## The import contracts alone, with their graph of offenders.
	.venv/bin/lint-imports

# Import contracts and the tidy test are in tests/architecture.
fast: setup
	.venv/bin/pytest -q -m 'not slow and not nats' tests/architecture tests/unit tests/scenarios

patterns: setup
	.venv/bin/headwater rules lint
	.venv/bin/headwater rules test

test: check test-wheel ## All that CI runs: check, then every test against the built wheel with a real nats-server.

wheel: setup
	rm -rf dist
	$(UV) build --wheel --quiet --python $(PYTHON) --out-dir dist

# The wheel is tested, not the source tree: what is missing from the package is missing here too.
test-wheel: wheel
	rm -rf $(WHEEL_ENVIRONMENT)
	UV_PROJECT_ENVIRONMENT=$(WHEEL_ENVIRONMENT) $(UV) sync --frozen --quiet --no-install-project --python $(PYTHON)
	$(UV) pip install --quiet --python $(WHEEL_ENVIRONMENT) --no-deps dist/*.whl
	PATH="$(CURDIR)/$(WHEEL_ENVIRONMENT)/bin:$$PATH" $(WHEEL_ENVIRONMENT)/bin/pytest -q -m 'not kubernetes' tests

# Also the chart's tests, which are skipped where there is no helm.
test-kubernetes: setup ## Faults in real clusters, each to its incident; the control plane is built once, with Go, and kept in ~/.cache.
	tests/kubernetes/build-control-plane || echo 'without a control plane its tests are skipped'
	PATH="$$(tests/kubernetes/build-control-plane --folder):$$PATH" .venv/bin/pytest -v --no-header tests/kubernetes
	PATH="$$(tests/kubernetes/build-control-plane --folder):$$PATH" .venv/bin/pytest -q tests/unit/deploy

bench: setup ## Measure: speed, memory, latency, accuracy. DATA=folder of recorded failures.
	@for bench in bench/[a-z]*.py; do echo "== $$bench"; .venv/bin/python "$$bench"; done

bench-accuracy: setup ## How often recorded failures' true cause is named, beside floors. DATA=folder of sets, ARGS=further flags.
	.venv/bin/python -m bench.accuracy "$(DATA)" $(ARGS)

explore: setup ## Let hypothesis look for new counter-examples.
	.venv/bin/pytest -q --hypothesis-profile=fresh tests/unit $(wildcard tests/properties)

rewrite: setup ## Write golden files, schemas and the generated reference anew; review the diff like code.
	.venv/bin/pytest -q --rewrite tests/unit tests/scenarios tests/e2e/test_reference.py tests/e2e/test_ten_incidents.py

docs: setup ## Generate docs/reference and run the commands of all pages.
	.venv/bin/pytest -q --rewrite tests/e2e/test_reference.py
	PATH="$(CURDIR)/.venv/bin:$$PATH" .venv/bin/pytest -q tests/e2e/test_docs.py

clean: ## Remove what was made, except golden files.
	rm -rf .venv .wheel-venv .uv dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
