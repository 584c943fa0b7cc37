PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
TOOLS := $(VENV)/.tools

.PHONY: help demo test check fmt bench clean

help: ## say what there is to make
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Winterslaap needs Python 3.11 or newer: make PYTHON=python3.12 …")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	@touch $(READY)

$(TOOLS): $(READY)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev,spark,tone]'
	@touch $(TOOLS)

demo: $(READY) ## collect, score and show a fictitious council (no network)
	$(BIN)/winterslaap demo

test: $(TOOLS) ## run every test; what this machine lacks is skipped with its reason
	$(BIN)/python -m pytest -n auto --dist loadgroup
	TZ=America/New_York $(BIN)/python -m pytest -n auto --dist loadgroup -m local_days

check: $(TOOLS) ## format, lint and types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

fmt: $(TOOLS) ## put everything in format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(READY) ## measure speed and size, peers side by side
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[bench,spark]'
	$(BIN)/python -m bench

clean: ## remove what was built; keeps data
	rm -rf $(VENV) build .mypy_cache .ruff_cache .pytest_cache
