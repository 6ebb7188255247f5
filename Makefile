# make run | test | lint | bench | build | audit | clean
#   make audit URL=https://…       the audit of a running site (accessibility, weight, speed)
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

.PHONY: run test lint bench build audit clean
.DELETE_ON_ERROR:

run: build
	$(BIN)/streamlit run app.py --server.address $(HOST) --server.port $(PORT)

# A release of the survey, in var/. Quick when nothing has changed: its id is a digest of what goes in.
build: $(VENV)/run-installed
	$(BIN)/python -m ens_dash build

test: lint audit-tools
	bash scripts/need-chromium.sh
	if command -v chromium >/dev/null; then browser=""; else browser=" and not browser"; fi; \
	$(BIN)/python -m pytest -n $(JOBS) -m "not bench$$browser"

lint: $(VENV)/dev-installed
	$(BIN)/ruff check .
	$(BIN)/mypy

bench: $(VENV)/dev-installed
	$(BIN)/python -m pytest benchmarks -m bench -s --benchmark-columns=min,median,max,rounds

audit: $(VENV)/dev-installed audit-tools
	bash scripts/need-chromium.sh
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m ens_dash audit $(URL)

clean:
	rm -rf $(VENV) audit/node_modules var .benchmarks .hypothesis .mypy_cache .pytest_cache .ruff_cache test-results
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

# axe-core and Lighthouse, by the Node that pip installed. Where npm cannot be reached, CI must not miss it;
# elsewhere the tests that need them say that they are not run.
.PHONY: audit-tools
audit-tools: $(VENV)/dev-installed
	$(MAKE) --no-print-directory audit/node_modules/.installed || \
	{ echo "axe-core and Lighthouse could not be installed: THEIR TESTS WILL NOT BE RUN." >&2; test "$$CI" != true; }

audit/node_modules/.installed: audit/package.json audit/package-lock.json
	cd audit && PATH="$(CURDIR)/$(BIN):$$PATH" npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	touch $@
