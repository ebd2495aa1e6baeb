# Two commands matter: `make run` and `make test`. Everything else helps those who change the program.

.DEFAULT_GOAL := help
.NOTPARALLEL:
MAKEFLAGS += --no-print-directory

export PORT ?= 8000
export DEMO ?= 1
export PIP_DISABLE_PIP_VERSION_CHECK = 1

VENV := .venv
PY := $(VENV)/bin/python
WORKERS ?= logical

help: ## show these lines
	@grep -hE '^[a-z-]+:.*##' Makefile | awk -F ':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'
	@echo "  make run PORT=8010 uses another port, make run DEMO=0 starts without demo data"

run: $(VENV)/.run ## install what is missing, start the database and the site, print the address and accounts
	@exec $(PY) -u -m config.launch

demo-accounts: $(VENV)/.run ## print the demo accounts and what each may do
	@$(PY) manage.py demo_accounts

test: $(VENV)/.dev lint browser ## lint, types, migrations, messages and all tests, on a throwaway database
	$(PY) manage.py makemigrations --check --dry-run
	$(PY) manage.py update_messages --check
	$(PY) manage.py update_messages --compile
	$(PY) -m pytest -n $(WORKERS) --maxprocesses 8 --dist worksteal -q

lint: $(VENV)/.dev ## format, lint, careless code and types
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(VENV)/bin/djlint templates --lint --quiet
	$(VENV)/bin/bandit --recursive tracker config bench --quiet -ll
	SECRET_KEY=unused DATABASE_URL=postgresql://unused/unused $(VENV)/bin/mypy

bench-digests: $(VENV)/.run ## measure the morning's digests of 1,000 people on a throwaway database
	$(PY) bench/digests.py

bench-exports: $(VENV)/.run ## measure taking out 10,000 directives on a throwaway database
	$(PY) bench/exports.py

browser: $(VENV)/.dev # Chromium of the system, for the browser tests
	@sh tests/browser/find-chromium

messages: $(VENV)/.dev ## collect new texts from the code into tracker/locale and compile them
	$(PY) manage.py update_messages
	$(PY) manage.py update_messages --compile

format: $(VENV)/.dev ## format the code
	$(VENV)/bin/ruff format .
	$(VENV)/bin/ruff check --fix .

lock: $(VENV)/.dev ## renew requirements.txt and requirements-dev.txt from the .in files
	UV_CUSTOM_COMPILE_COMMAND="make lock" $(VENV)/bin/uv pip compile --quiet --universal --no-strip-extras --python-version 3.11 \
		--generate-hashes --no-emit-index-url -o requirements.txt requirements.in
	UV_CUSTOM_COMPILE_COMMAND="make lock" $(VENV)/bin/uv pip compile --quiet --universal --no-strip-extras --python-version 3.11 \
		--generate-hashes --no-emit-index-url -o requirements-dev.txt requirements-dev.in

clean: ## remove what was built (virtual environment, static files); the database and uploads stay
	rm -rf $(VENV) var/static var/stamps.json .pytest_cache .ruff_cache .mypy_cache .hypothesis

# --- the virtual environment: any Python from 3.11 on, exactly the locked packages ---

$(VENV)/.run: requirements.txt | $(VENV)/.python
	@echo "Installing packages …"
	@$(PY) -m pip install --quiet --require-hashes -r requirements.txt
	@touch $@

$(VENV)/.dev: requirements-dev.txt | $(VENV)/.python
	@echo "Installing packages for development …"
	@$(PY) -m pip install --quiet --require-hashes -r requirements-dev.txt
	@touch $@ $(VENV)/.run

$(VENV)/.python:
	@for python in $(PYTHON) python3.11 python3.12 python3.13 python3 python; do \
		if "$$python" -c 'import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
			echo "Making a virtual environment with $$("$$python" --version) …"; \
			"$$python" -m venv --clear $(VENV) && touch $@ && exit 0; exit 1; \
		fi; \
	done; \
	echo "Python 3.11 or newer with its venv module is needed (Debian: apt install python3 python3-venv)." >&2; exit 1

.PHONY: help run demo-accounts test lint bench-digests bench-exports browser messages format lock clean
