# `make help` lists the targets. Everything runs from this checkout; nothing is installed outside it
# but Debian's Chromium and age for the tests.
SHELL := bash
.DEFAULT_GOAL := help
UV := $(shell command -v uv 2>/dev/null || echo .tools/bin/uv)
UV_VERSION := 0.13.9
RUN := $(UV) run --frozen
export RASA_TELEMETRY_ENABLED := false
export TF_CPP_MIN_LOG_LEVEL := 3

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

up: install ## start the chat on this computer (first run installs and trains)
	@$(RUN) oberih up

test: install browser ## run all checks and tests, but for the long drills
	@$(MAKE) --no-print-directory lint types
	@$(RUN) oberih train
	@$(RUN) pytest --numprocesses auto --dist loadfile -m "not drill"

lint: ## style, layers, complete texts
	@$(RUN) ruff check .
	@$(RUN) lint-imports

types: ## strict types
	@$(RUN) mypy

texts: ## collect all texts into the PO files and list what is untranslated
	@$(RUN) python -m bot.runtime.translations

vectors: ## embed new phrases and keep their vectors in data/vectors
	@$(RUN) python -m bot.runtime.phrase_files

train: ## build whatever is out of date
	@$(RUN) oberih train

evaluate: ## quality on the project's own data
	@for task in offers danger language intents pii; do echo "== $$task"; $(RUN) oberih evaluate $$task; done

bench: ## speed and memory
	@for name in check chat telegram keys desk; do echo "== $$name"; $(RUN) oberih bench $$name; done

drills: ## attacks: a seized server, and whoever writes to the database
	@$(RUN) pytest tests/drills --numprocesses auto --dist loadfile

install: ## everything the project needs, into .venv
	@deploy/prepare

browser: ## Debian's Chromium and age, for the tests
	@deploy/browser

.PHONY: help up test lint types texts vectors train evaluate bench drills install browser
