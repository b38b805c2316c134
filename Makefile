# What there is to do here; `make help` lists it.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
UNITS  ?= 100
# The files that bear a mark: each process that runs tests would read all the others, too, and run none of them.
marked  = $(shell grep -rl --include='test_*.py' 'mark\.$(1)' tests)

.DEFAULT_GOAL := help
.PHONY: help demo screenshots contact-sheet test unit soak truth truth-wire lint format bench peers noise check docs lock clean

help: ## list the targets
	@awk -F':.*## ' '/^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(VENV)/runtime.done ## the simulated province, the daemon, and Prometheus where installed
	$(BIN)/python tools/demo.py --units $(UNITS)

screenshots: $(VENV)/dev.done system-packages ## pictures of the status page, of the simulated province, and of a sample report: 5 minutes
	$(BIN)/python tools/screenshots.py
	PYTHONPATH=.:tests/support $(BIN)/python tools/shots_report.py

contact-sheet: $(VENV)/dev.done system-packages ## every dashboard drawn with Grafana's npm components: 20 minutes, 450 MB
	$(BIN)/python -m tools.contact_sheet

test: $(VENV)/dev.done system-packages ## everything: pure, property, and end-to-end tests on real programs
	$(BIN)/python tools/beside.py $(MAKE) programs --idle $(MAKE) --keep-going unit truth

.PHONY: programs
programs: $(VENV)/dev.done system-packages
	$(BIN)/python -m pytest -n 4 --dist loadfile -m "system and not alone and not paced and not truth" $(call marked,system)
	$(BIN)/python -m pytest -n 3 --dist loadfile -m paced $(call marked,paced)
	$(BIN)/python -m pytest -m "alone and not truth" $(call marked,alone)

unit: $(VENV)/dev.done ## only the tests that start no program
	$(BIN)/python -m pytest -n auto --dist loadscope -m "not system and not truth"

truth: $(VENV)/dev.done ## every script of the lab in virtual time, every verdict compared with the truth
	$(BIN)/python -m tools.truth
	$(BIN)/python -m pytest -q -n auto tests/truth/test_mutations.py

truth-wire: $(VENV)/dev.done system-packages ## the short scripts in real time, on the wire
	$(BIN)/python -m tools.truth.wire

soak: $(VENV)/dev.done system-packages ## the long runs: 200 kills of a daemon, about half an hour
	NETWATCH_KILLS=200 timeout 3600 $(BIN)/python -m pytest -m system tests/system/test_kills.py

lint: $(VENV)/dev.done ## ruff and mypy
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(VENV)/dev.done ## let ruff put the code in order
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/dev.done system-packages ## each hot path against its yardstick, in the same run
	$(BIN)/python bench/run.py

peers: $(VENV)/dev.done system-packages ## the Prometheus exporters beside netwatch through the same failures: 25 minutes
	$(BIN)/python bench/peers

noise: $(VENV)/dev.done system-packages ## a week of the lab: how many messages people get, of netwatch and of its peers: a quarter of an hour of CPU time
	$(BIN)/python -m bench.noise

check: $(VENV)/runtime.done ## validate the shipped configuration
	$(BIN)/netwatch check --config config

docs: $(VENV)/dev.done ## write what is generated: JSON Schemas, dashboards, alert rules, recordings
	$(BIN)/netwatch schema --output docs/schema
	$(BIN)/netwatch dashboards --output grafana
	$(BIN)/netwatch rules
	$(BIN)/python -m tools.recordings

lock: $(VENV)/dev.done ## pin the dependencies anew, with hashes
	tools/lock.sh $(BIN)/uv

clean: ## remove what the other targets made
	rm -rf $(VENV) tools/contact_sheet/node_modules demo state .mypy_cache .ruff_cache .pytest_cache .hypothesis

.PHONY: system-packages
system-packages:
	@tools/system-packages.sh

$(VENV)/runtime.done: requirements/runtime.txt pyproject.toml
	@tools/environment.sh $(PYTHON) $(VENV) requirements/runtime.txt
	@touch $@

$(VENV)/dev.done: requirements/dev.txt requirements/runtime.txt pyproject.toml
	@tools/environment.sh $(PYTHON) $(VENV) requirements/dev.txt
	@touch $@ $(VENV)/runtime.done
