# Two commands do everything: `make repro` runs the study, `make test` passes the tests.
# Each sets up what it needs in .venv; a second call finds it there.

PYTHON ?= python3
# CPU torch, installed first and by pip: the plain requirement would bring gigabytes of CUDA.
# With a GPU: make repro TORCH="torch"   (or any build that you have: TORCH="torch==X --index-url ...")
TORCH ?= torch==2.13.0
BIN := .venv/bin
export PATH := $(CURDIR)/$(BIN):$(PATH)
unexport PYTHONDONTWRITEBYTECODE  # our own modules are compiled once, not a hundred times a study
export HF_HUB_OFFLINE ?= 1
export HF_HUB_DISABLE_TELEMETRY = 1
export DVC_NO_ANALYTICS = 1
export TOKENIZERS_PARALLELISM = false

.DEFAULT_GOAL := help
.PHONY: help repro test setup lint types checks deps format lock

help:  ## say what there is
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

repro: .venv/ready  ## run the study: from asking the models to the report
	@valuelex check
	@dvc repro
	@valuelex found

test: .venv/ready  ## lint, types, architecture, and every test
	ruff check .
	ruff format --check .
	mypy
	lint-imports
	pytest -n auto --dist loadgroup

setup: .venv/ready  ## only the virtual environment

.venv/ready: pyproject.toml requirements.lock
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet $(TORCH)
	$(BIN)/python -m pip install --quiet -c requirements.lock --group dev -e .
	@touch $@

lint: .venv/ready  ## ruff, with what it can mend
	ruff check --fix . && ruff format .

types: .venv/ready  ## mypy
	mypy

checks: .venv/ready  ## the quick checks alone
	ruff check . && ruff format --check . && mypy && lint-imports

deps: .venv/ready  ## write code dependencies into dvc.yaml, the artifact table and the data dictionary
	python tests/closures.py --write
	python -m valuelex.cli.readme

lock: .venv/ready  ## write the versions of this environment into requirements.lock
	python -m pip freeze --exclude-editable --exclude torch | grep -v '@' > requirements.lock
