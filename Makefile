# make demo: everything from nothing to a tallied campaign. make test, make check: what CI runs.
PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin
ARGS ?=

.PHONY: help demo up test check setup setup-dev frontend translations lock clean

help: ## Show this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

demo: setup ## Run the whole chain on the demo city, then leave the site running (ARGS=--exit: stop after the report)
	@$(RUN)/serempak demo $(ARGS)

up: setup ## Run the product on var/serempak
	@$(RUN)/serempak up

test: setup-dev ## Run every test against a real PostgreSQL, Redis and browser
	@$(RUN)/python -m pytest -q -n 2 $(ARGS)

check: setup-dev ## Lint, types, import contracts, locks and rule tests
	@$(RUN)/ruff check .
	@$(RUN)/ruff format --check .
	@$(RUN)/mypy
	@$(RUN)/lint-imports
	@$(RUN)/python -m pytest -q tests/rules tests/unit

setup: $(VENV)/run.done frontend translations ## Virtual environment with what the product needs, front-end files

setup-dev: $(VENV)/dev.done frontend translations ## The same with what tests and checks need

# --require-hashes: nothing is installed that is not in the lock, by name, version and content.
$(VENV)/run.done: requirements.lock pyproject.toml
	@test -x $(RUN)/python || $(PYTHON) -m venv $(VENV)
	@echo "installing the locked dependencies …"
	@$(RUN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(RUN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/dev.done: requirements-dev.lock $(VENV)/run.done
	@echo "installing what tests and checks need …"
	@$(RUN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

frontend: campaign/static/vendor/.done ## Front-end files from the npm lock

campaign/static/vendor/.done: package.json package-lock.json $(VENV)/run.done
	@PATH="$(CURDIR)/$(RUN):$$PATH" npm ci --silent
	@PATH="$(CURDIR)/$(RUN):$$PATH" npm run build --silent
	@touch $@

translations: campaign/translations/en/LC_MESSAGES/messages.mo ## Compiled catalogues

campaign/translations/en/LC_MESSAGES/messages.mo: campaign/translations/en/LC_MESSAGES/messages.po $(VENV)/run.done
	@$(RUN)/pybabel --quiet compile -d campaign/translations

clean: ## Remove what make made; data in var/ stays
	rm -rf $(VENV) node_modules campaign/static/vendor campaign/translations/*/LC_MESSAGES/*.mo
