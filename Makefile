# What one runs while working. `make` alone says what there is. The environment is the one that README's test command makes.
PYTHON ?= .venv-test/bin/python
BIN := $(dir $(PYTHON))
FORM ?= nightly

.PHONY: help check test suite nightly reliability engine installed judges readers clients traffic browser soak pictures

help:
	@sed -n 's/^\([a-z]*\):.*## /  make \1	/p' Makefile

check: ## format, lint, types and import contracts, in seconds
	$(BIN)ruff format --check .
	$(BIN)ruff check .
	$(BIN)mypy
	$(BIN)lint-imports

test: ## the quick tests: what can break without a whole deployment
	$(PYTHON) -m pytest -q -n 3 --dist loadfile -m "quick and not nightly and not engine and not installed and not judges and not clients and not browser"

suite: ## every test that .ci/run runs
	$(PYTHON) -m pytest -q -n 3 --dist loadfile

nightly: ## the exhaustive matrices: readers, doctor, kills
	$(PYTHON) -m pytest -q -n 3 --dist loadfile -m nightly

reliability: ## of these, what attacks the promises of docs/reliability.md, with its figures (its short form, as in suite: FORM="not nightly")
	$(PYTHON) -m pytest -q -n 2 --dist worksteal -m "reliability and $(FORM)"

engine: ## with a real container engine, which the tests start for themselves
	$(PYTHON) -m pytest -q -m engine

installed: ## from a built wheel, installed as people install it
	$(PYTHON) -m pytest -q -m installed

judges: ## what zizmor, checkov, shellcheck and published schemas say of what azwizard writes
	$(PYTHON) -m pytest -q -rsP -m judges

readers: ## .rest files and curl lines beside httpyac 6 (HTTPYAC=…/node_modules/.bin/httpyac, from npm) and curl itself
	AZWIZARD_HTTPYAC=$(HTTPYAC) $(PYTHON) -m pytest -q -rsP -m nightly tests/testing/rest

clients: ## az, Ansible and the SDKs for Python and JavaScript on the practice cloud, with the score of each
	$(PYTHON) -m pytest -q -rsP -m clients

traffic: ## the traffic of every path, held against Azure's specifications; kept as build/traffic-PATH.har
	mkdir -p build
	AZWIZARD_TEST_HAR=build/traffic.har $(PYTHON) -m pytest -q -rsP -m "nightly or engine" tests/end_to_end/traffic

browser: ## the screens, seats and the class board in a headless Chromium (AZWIZARD_PICTURES=DIR keeps its pictures)
	$(PYTHON) -m pytest -q -m browser

soak: ## 500 plans and two hours of an open wizard: nothing grows (ten minutes of it: SOAK="--plans 50 --minutes 5")
	$(PYTHON) -m tests.soak $(SOAK)

pictures: ## the pictures of README and docs, from the running program
	$(PYTHON) -m tests.screens.pictured
