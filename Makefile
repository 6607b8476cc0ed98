# Everything runs in .venv; `make demo` and `make test` each set up what they need.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
SOURCES = bot handlers schedules storage tests
# Compiled tests are kept, whatever the environment says: compiling them is half of loading them.
PYTEST = env -u PYTHONDONTWRITEBYTECODE $(BIN)/python -m pytest

.PHONY: demo test tests quick pure check long bench faults mutants install lock clean

demo: $(VENV)/.runtime
	$(BIN)/throughline demo

# Style, types and contracts are looked at beside the tests, part of which waits for platforms.
test: $(VENV)/.development
	$(MAKE) --jobs=2 check tests

tests: $(VENV)/.development
	$(PYTEST) -n 2 -m "not long"

# For the inner loop: the same with the tests that open nothing, and fewer examples of each law.
quick: $(VENV)/.development
	$(MAKE) --jobs=2 check pure

pure: $(VENV)/.development
	$(PYTEST) -q -n 2 --hypothesis-profile quick -m "pure and not long and not patient"

check: $(VENV)/.development
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/mypy
	$(BIN)/lint-imports

# What `make test` leaves out because it takes minutes: floods at full size, everything on every ground, and all
# examples of each law.
long: $(VENV)/.development
	$(PYTEST) -n 2 --hypothesis-profile deep -m "long or hypothesis"

bench: $(VENV)/.development
	$(BIN)/python -m tests.benchmarks

# Kill -9 a thousand times, and everything else that can go wrong on one machine: three quarters of an hour.
faults: $(VENV)/.development
	OUTAGE=60 $(BIN)/python -m pytest -q tests/test_cli_run_faults.py
	$(BIN)/python -m tests.faults

# Takes each guard out of a scratch copy, one by one: whatever is missed by no test is named, and fails it.
mutants: $(VENV)/.development
	$(BIN)/python -m tests.mutants

install: $(VENV)/.runtime

# Pins every package with hashes and without any address; needs uv.
lock:
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		--no-annotate --all-extras pyproject.toml -o requirements-dev.lock
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		--no-annotate --extra build -c requirements-dev.lock pyproject.toml -o requirements.lock

clean:
	rm -rf $(VENV) build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

$(VENV)/.runtime: requirements.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

$(VENV)/.development: requirements-dev.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@
