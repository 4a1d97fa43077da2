# One place for everything a newcomer, a developer or CI runs. Needs Python 3.11+ and make.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
# Options for the demo, such as DEMO="--port 9000 --no-open".
DEMO   ?=

.PHONY: help install dev demo chat test soak check bench bench-fanout bench-search eval format lock clean

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

$(VENV)/.installed: requirements.txt pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Yicheng needs Python 3.11 or newer; set PYTHON=python3.12, say.")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	$(BIN)/python -m compileall -q bot $(VENV)/lib
	touch $@

$(VENV)/.developer: $(VENV)/.installed requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	touch $@

$(VENV)-bench/.installed: requirements-bench.txt
	test -x $(VENV)-bench/bin/python || $(PYTHON) -m venv $(VENV)-bench
	$(VENV)-bench/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-bench.txt
	$(VENV)-bench/bin/python -m compileall -q $(VENV)-bench/lib
	touch $@

install: $(VENV)/.installed ## Install; leaves .venv/bin/yicheng
dev: $(VENV)/.developer     ## Install what developers need as well

demo: install ## Talk to the bot on the CSML2025 programme, in the browser: nothing else is needed
	@mkdir -p build && rm -f build/demo*.sqlite3*
	@YICHENG_DATABASE=build/demo.sqlite3 exec $(BIN)/yicheng sandbox --at 2025-08-09T13:20 $(DEMO)

chat: install ## The same in the terminal, without a browser
	@mkdir -p build && rm -f build/chat.sqlite3*
	@export YICHENG_DATABASE=build/chat.sqlite3 YICHENG_CLOCK=$${YICHENG_CLOCK:-2025-08-09T13:20}; \
	if [ -t 0 ]; then $(BIN)/yicheng chat; else printf '%s\n' '下一场' '/room 友谊宫 7号' 'dongbn' | $(BIN)/yicheng chat; fi

WORKERS ?= 2
test: dev ## Run the tests, on two cores: WORKERS=1 for one
	@# The tests start the program some hundred times, and it starts twice as quickly from compiled bytecode.
	$(BIN)/python -m compileall -q bot
	$(BIN)/python -m pytest --numprocesses $(WORKERS) --dist worksteal

SEED   ?= 1
KILLS  ?= 100
PEOPLE ?= 100
soak: dev ## Kill the bot a hundred times while people ask, while reminders go out and while staff change rooms, then in a rehearsal of the whole conference; some minutes
	$(BIN)/python tests/soak/soak.py --seed $(SEED) --kills $(KILLS) --people $(PEOPLE)
	$(BIN)/python tests/soak/notices.py reminders --seed $(SEED) --kills $(KILLS)
	$(BIN)/python tests/soak/notices.py changes --seed $(SEED) --kills $(KILLS)
	YICHENG_TEST_PROFILE=soak $(BIN)/python -m pytest -q --hypothesis-seed $(SEED) tests/services/test_reminders_property.py
	$(BIN)/yicheng rehearse --attendees 500 --speed 3600 --kills 20 --seed $(SEED)

check: dev ## Lint, types, import law, the two languages, unused dependencies, what operators copy
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/deptry bot
	.ci/deploy $(BIN)
	$(BIN)/python -m pytest -q tests/test_law.py tests/replies/test_catalogues.py

bench: dev $(VENV)-bench/.installed ## Measure the bot beside bare echo bots; ARGS="--rounds 3 --only mix --json FILE"
	$(BIN)/python tests/bench $(ARGS)
	$(BIN)/python tests/bench/demo.py

eval: dev ## How well search and understanding do on the evaluation set
	$(BIN)/python tests/eval/run.py

bench-fanout: install ## Measure how a crowd is told; ARGS="--rounds 1 --only free --json FILE"
	$(BIN)/python tests/bench/fanout.py $(ARGS)

bench-search: dev ## How long a question takes, beside a plain scan of the titles
	$(BIN)/python tests/bench/search.py

format: dev ## Let ruff put the code in order
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: dev ## Write the lock files again from pyproject.toml
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header pyproject.toml -o requirements.txt
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header pyproject.toml --group dev -o requirements-dev.txt
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 --group bench -o requirements-bench.txt

clean: ## Remove everything that was installed or cached
	rm -rf $(VENV) $(VENV)-bench .pytest_cache .mypy_cache .ruff_cache .hypothesis build dist
