# make run | test | lint | bench | build | clean
#   make PYTHON=python3.12 test    another Python (3.11 or later)
#   make PORT=8600 run             another port

PYTHON ?= python3
# Where `make run` listens; HOST=0.0.0.0 lets other machines in
HOST ?= localhost
PORT ?= 8501
# pytest workers: two is what the tests are tried with
JOBS ?= 2
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check --no-input

.PHONY: run test lint bench build clean
.DELETE_ON_ERROR:

run: build
	$(BIN)/streamlit run app.py --server.address $(HOST) --server.port $(PORT)

# A release of the survey, in var/. Quick when nothing has changed: its id is a digest of what goes in.
build: $(VENV)/run-installed
	$(BIN)/python -m ens_dash build

test: lint
	bash scripts/need-chromium.sh
	if command -v chromium >/dev/null; then browser=""; else browser=" and not browser"; fi; \
	$(BIN)/python -m pytest -n $(JOBS) -m "not bench$$browser"

lint: $(VENV)/dev-installed
	$(BIN)/ruff check .
	$(BIN)/mypy

bench: $(VENV)/dev-installed
	$(BIN)/python -m pytest benchmarks -m bench -s --benchmark-columns=min,median,max,rounds

clean:
	rm -rf $(VENV) var .benchmarks .hypothesis .mypy_cache .pytest_cache .ruff_cache test-results
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	bash scripts/make-venv.sh "$(PYTHON)" "$(VENV)"

# Stamps: installed once, and again when the requirements change.
$(VENV)/run-installed: requirements.txt | $(BIN)/python
	$(PIP) install -r requirements.txt
	touch $@

$(VENV)/dev-installed: requirements-dev.txt requirements.txt | $(BIN)/python
	$(PIP) install -r requirements-dev.txt
	touch $@ $(VENV)/run-installed
