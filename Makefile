# `make demo` shows the product, `make test` proves it. Both set up what is missing.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
CLUSTER ?= local
HOLD ?= 0
PARALLEL := --numprocesses auto --maxprocesses 4 --dist worksteal
PYTEST := CLUSTER=$(CLUSTER) $(BIN)/python -m pytest

.PHONY: setup programs demo test soak lint format bench crds lock clean

setup: $(VENV)/.ready

$(VENV)/.ready: requirements/dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "psa-operator needs Python 3.11 or later; this is %s. Name another one with PYTHON=" % sys.version.split()[0])'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { echo "Python cannot make a virtual environment here: install its venv module (Debian: apt-get install python3-venv) and try again."; exit 1; }
	@echo "Installing Python packages into $(VENV) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt || { echo "The Python packages could not be installed. Is the package index reachable from here?"; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e . || { echo "psa-operator itself could not be installed; the lines above say why."; exit 1; }
	@touch $@

demo: setup
	@$(BIN)/psa-operator demo $(if $(filter 1,$(HOLD)),--hold)

# Builds what a local cluster needs, minutes on a new machine, where its progress is seen and no test waits.
programs: setup
	@$(BIN)/python -m psa_operator.devcluster

test: programs
	$(PYTEST) -m "not soak" $(PARALLEL)

soak: programs
	$(PYTEST) -m soak --timeout 14400 $(PARALLEL)

lint: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: setup
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: programs
	$(BIN)/python -m benchmarks $(BENCH)

crds: setup
	$(BIN)/psa-operator crds
	$(BIN)/psa-operator crds charts/psa-operator/files/crds
	$(BIN)/psa-operator reference

# Needs uv: https://docs.astral.sh/uv
LOCK := uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --quiet
lock:
	$(LOCK) pyproject.toml -o requirements/runtime.txt
	$(LOCK) pyproject.toml --extra devcluster --group dev -c requirements/runtime.txt -o requirements/dev.txt
	$(LOCK) --no-annotate requirements/go.in -o requirements/go.txt

clean:
	rm -rf $(VENV) build dist operator/*.egg-info
