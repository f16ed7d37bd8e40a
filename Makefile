# Summit: every door a person needs. `make` alone explains itself.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
PACKAGES := contracts verifier chassis services/registration services/scheduling services/pledges services/notifications services/portal services/webhooks deploy/local tests/kit
SOURCES := $(PACKAGES:%=%/src) deploy/docker $(wildcard examples/*/*.py) $(shell find tests -mindepth 2 -name "*.py" ! -path "tests/kit/*" | cut -d/ -f1-2 | sort -u)
STAMP := $(VENV)/.prepared
BASE ?= $(or $(shell cat var/images/base 2>/dev/null),python:3.11-slim-bookworm)
EDITION ?= uncops-2022
STACK ?= var/stack
INSIDE := python3 /opt/summit/entry.py
COMPOSE = $(BIN)/docker-compose --file deploy/compose.yaml --env-file $(STACK)/stack.env

.PHONY: help env run images up play sign-in-links mail backup restore down test check ci fix docs pictures lock fuzz audit bench chaos clean

help: ## this page
	@awk 'BEGIN {FS = ":.*## "; print "Summit. Needs Python 3.11, make and the package index; each target prepares what it needs.\n"} \
	  /^##@/ {printf "\n%s\n", substr($$0, 5)} /^[a-z-]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(STAMP): requirements.lock $(PACKAGES:%=%/pyproject.toml)
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check "$$(grep -o '^uv==[^ ]*' requirements.lock)"
	$(BIN)/uv pip sync --quiet --compile-bytecode --python $(BIN)/python --require-hashes requirements.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation $(PACKAGES:%=-e %)
	@touch $@

env: $(STAMP) ## prepare the environment in .venv from the lock file

##@ Run it
run: env ## start everything on this machine, play UNCOPS 2022, stay up (Ctrl-C stops)
	$(BIN)/summit run uncops-2022

##@ Run it in containers
images: env ## an image for each service (without a registry: BASE=summit/base:bookworm, as root)
	@[ "$(BASE)" != summit/base:bookworm ] || deploy/docker/base.sh
	$(BIN)/python deploy/docker/images.py --base "$(BASE)"

up: images ## all of it as containers on this host, with the clock of EDITION (uncops-2022; EDITION= is the real one), until `make down`
	$(BIN)/summit --var $(STACK) stack init $(if $(EDITION),--edition $(EDITION))
	$(COMPOSE) up --detach --wait
	@$(MAKE) --no-print-directory sign-in-links

play: env ## play EDITION against what `make up` started
	$(COMPOSE) run --rm cli play $(EDITION)
	@$(COMPOSE) exec -T mailbox $(INSIDE) mailbox invitations

sign-in-links: env ## fresh links for the secretariat to sign in with, where `make up` started a provider of its own
	@! grep -q COMPOSE_PROFILES $(STACK)/stack.env || $(COMPOSE) exec -T issuer $(INSIDE) issuer links

mail: env ## the latest mail to TO in what `make up` started, such as a code to sign in with
	@$(COMPOSE) exec -T mailbox $(INSIDE) mailbox show "$(TO)"

backup: env ## save into the folder TO what `make up` runs, without its keys (STACK holds those)
	COMPOSE="$(COMPOSE)" deploy/docker/backup.sh save "$(TO)"

restore: env ## put back from the folder FROM, where `make down DOWN=--volumes` left nothing but STACK
	COMPOSE="$(COMPOSE)" deploy/docker/backup.sh restore "$(FROM)"

down: env ## end what `make up` started; its volumes stay (DOWN=--volumes forgets them)
	$(COMPOSE) down $(DOWN)

##@ Work on it
test: env ## every test; in containers where an engine and `make images` are there, else as processes
	$(BIN)/summit-locale
	$(BIN)/pytest -n 2 --dist loadgroup $(ARGS)

check: env ## lint, format, types, import rules, documents, pinned releases: says what is wrong, changes nothing
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy $(SOURCES)
	$(BIN)/lint-imports
	$(BIN)/summit docs --check
	$(BIN)/python -m summit_testkit.audit requirements.lock

ci: ## what has to pass before anything lands: the checks, and every test over images (root, or an engine that answers)
	.ci/run

fix: env ## mend what a tool can mend
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: env ## write the generated documents anew
	$(BIN)/summit docs

fuzz: env ## a hundred requests to every operation, a million broken messages; others each time
	$(BIN)/python -m tests.fuzz.parsers envelope -max_total_time=120
	$(BIN)/python -m tests.fuzz.parsers edition -max_total_time=120
	SUMMIT_FUZZ=100 $(BIN)/pytest tests/e2e/test_fuzzed_doors.py -q
	SUMMIT_FUZZ_MESSAGES=1000000 $(BIN)/pytest tests/integration/portal/test_mutated_messages.py -q -s

audit: env ## ask PyPI, too, about known weaknesses of every dependency (needs the internet)
	$(BIN)/uv tool run --from pip-audit==2.10.1 pip-audit --strict --disable-pip --no-deps -r requirements.lock

bench: env ## measure, and compare with the raw limit in the same run
	$(BIN)/pytest tests/bench --benchmarks -p no:randomly -s

chaos: env ## faults over everything for ten minutes, and every mutant (SUMMIT_CHAOS_SECONDS, SUMMIT_FAULT_SEED)
	$(BIN)/pytest tests/chaos --long -p no:randomly -s

pictures: env ## take the pictures of the main pages that the README shows
	SUMMIT_PICTURES=1 $(BIN)/pytest tests/browser/test_pictures.py -q

lock: env ## pin every dependency anew
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	  --group dev $(PACKAGES:%=%/pyproject.toml) $(foreach p,contracts verifier chassis registration scheduling pledges notifications portal webhooks cli testkit,--no-emit-package summit-$(p)) \
	  --output-file requirements.lock

clean: ## forget the environment and all local state, but no keys of a stack
	@[ ! -e "$(STACK)/keys" ] || { echo "$(STACK) has the keys of a stack, without which its volumes and backups are lost: move it away, or \`make down DOWN=--volumes\` and remove it"; exit 1; }
	rm -rf $(VENV) var
