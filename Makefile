# Everything starts here: `make help`. Nothing has to be installed beforehand but Python 3.11, 3.12 or 3.13.

PYTHON  ?=
PORT    ?= 8501
HOST    ?= localhost
WORKERS ?= 2
ARGS    ?=

VENV   := .venv
PY     := $(VENV)/bin/python
TYPED  := $(wildcard app.py) $(foreach folder,simulator tests scripts benchmarks,\
            $(if $(wildcard $(folder)/*.py $(folder)/*/*.py),$(folder)))

export PIP_DISABLE_PIP_VERSION_CHECK := 1

# One BLAS thread: work is spread over processes, and the order of sums stays the same.
ONE_THREAD := OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1 MKL_NUM_THREADS=1

.DEFAULT_GOAL := help
.PHONY: help run test check coverage bench docs format clean distclean env-run env-dev

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))
	@echo "  Options: PORT=8501 HOST=localhost (run), ARGS='-k waterfall' WORKERS=2 (test), PYTHON=python3.13 (all)"

run: env-run ## start the app and print its address
	@echo "Simulador PxR: http://$(HOST):$(PORT)"
	@exec $(PY) -m streamlit run app.py --server.port=$(PORT) --server.address=$(HOST) $(ARGS)

test: env-dev ## run all the tests, those in a browser too
	@browser=$$($(PY) scripts/ensure_browser.py) || exit 1; \
	PXR_BROWSER="$$browser" $(ONE_THREAD) $(PY) -m pytest -n $(WORKERS) --dist loadgroup $(ARGS)

check: env-dev ## style, types, imports, documents; silent when all is well
	@failed=0; \
	quietly() { out=$$("$$@" 2>&1) || { failed=1; printf '%s\n%s\n\n' "✗ $$*" "$$out"; }; }; \
	quietly $(PY) -m ruff format --check .; \
	quietly $(PY) -m ruff check .; \
	quietly $(PY) -m mypy $(TYPED); \
	quietly $(VENV)/bin/lint-imports --no-logo; \
	if [ -f scripts/check_docs.py ]; then quietly $(PY) -m scripts.check_docs; fi; \
	exit $$failed

format: env-dev ## put the style right
	@$(PY) -m ruff check --fix --quiet . ; $(PY) -m ruff format --quiet .

coverage: env-dev ## how much of engine and metrics the tests reach, branch by branch
	@$(ONE_THREAD) $(PY) -m pytest -n $(WORKERS) -m "not browser" --cov --cov-report=term $(ARGS)

bench: env-dev ## measure the speed, as ratios within one run
	@$(ONE_THREAD) $(PY) -m benchmarks $(ARGS)

docs: env-dev ## write the generated pages of docs/ again
	@if [ -f scripts/build_docs.py ]; then $(PY) -m scripts.build_docs; \
	else echo "docs/ is plain Markdown; nothing to generate yet"; fi

clean: ## remove caches and built files
	@rm -rf build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .coverage .coverage.* htmlcov
	@find . -path ./$(VENV) -prune -o -name __pycache__ -type d -prune -exec rm -rf {} +

distclean: clean ## the same, and the environment too
	@rm -rf $(VENV)

env-run: ; @NEED=run EXTRAS= sh -c "$$PREPARE"
env-dev: ; @NEED=dev EXTRAS='[dev]' sh -c "$$PREPARE"

# ── The environment ──────────────────────────────────────────────────────────────────────────────────
# Makes $(VENV) when it is missing or broken, and installs only when pyproject.toml or constraints.txt
# changed since: $(VENV)/.pxr-run and $(VENV)/.pxr-dev hold the checksum of what was installed last.
define PREPARE
set -eu
wanted="$(strip $(PYTHON))"
identity='import sys; print(sys.base_prefix, sys.version.split()[0])'
fits() { # does this Python run at all (a pyenv shim may not), can it make environments, is its version right?
    "$$1" -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' >/dev/null 2>&1
}

keep=no
if fits $(PY) && $(PY) -m pip --version >/dev/null 2>&1; then
    keep=yes
    if [ -n "$$wanted" ] && [ "$$("$$wanted" -c "$$identity" 2>&1)" != "$$($(PY) -c "$$identity")" ]; then
        keep=no
    fi
fi
if [ $$keep = no ]; then
    python=
    for candidate in $${wanted:-python3.13 python3.12 python3.11 python3 python}; do
        if fits "$$candidate"; then python=$$candidate; break; fi
    done
    if [ -z "$$python" ]; then
        if [ -n "$$wanted" ]; then
            echo "PYTHON=$$wanted does not run, is not 3.11-3.13, or lacks venv (Debian: python3-venv)." >&2
        else
            echo "No working Python 3.11, 3.12 or 3.13 with venv was found (Debian: apt install python3-venv)." >&2
            echo "Install one, or name it: make $(firstword $(MAKECMDGOALS)) PYTHON=path/to/python3" >&2
        fi
        exit 1
    fi
    rm -rf $(VENV)
    "$$python" -m venv $(VENV)
fi

content=$$(cat pyproject.toml constraints.txt | cksum)
stamp=$(VENV)/.pxr-$$NEED
if [ "$$(cat "$$stamp" 2>/dev/null)" != "$$content" ]; then
    [ -n "$${CI:-}" ] || echo "Installing into $(VENV) (once, about a minute) ..." >&2
    rm -f "$$stamp"
    $(PY) -m pip install -qq -c constraints.txt -e ".$$EXTRAS"
    echo "$$content" >"$(VENV)/.pxr-run"
    echo "$$content" >"$$stamp"
fi
endef
export PREPARE
