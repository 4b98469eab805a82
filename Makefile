# gridbot: `make run` starts it, `make test` tests it; both set up what they need on a fresh machine.
PYTHON ?= python3
BIN := .venv/bin
RASA_PORT ?= 5005
RASA_PIP := .venv-rasa/bin/pip install --quiet --disable-pip-version-check
# Nothing is sent to Rasa's makers, and old libraries do not warn of each other.
RASA := RASA_TELEMETRY_ENABLED=false TF_CPP_MIN_LOG_LEVEL=2 PYTHONWARNINGS=ignore ../.venv-rasa/bin/rasa

.PHONY: run test slow check bench train head rasa rasa-check format lock
.DELETE_ON_ERROR:

run: .venv/run
	$(BIN)/gridbot serve --demo

test: .venv/dev
	$(BIN)/pytest -n auto --dist worksteal

# What takes minutes: finding what was held out, asking everything. After every change of the policy's data or search.
slow: .venv/dev
	$(BIN)/pytest -m slow

check: .venv/dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: .venv/dev
	$(BIN)/python -m tests.bench

# The encoder of intents, anew from nlu/data: an hour or two on one core. torch for a processor is enough.
train: .venv/train
	$(BIN)/python -m nlu.training all

# What stands on the encoder, anew: minutes, without torch; after every change of nlu/data.
head: .venv/run
	$(BIN)/python -m nlu.training head

# Rasa as the second model: trained from nlu/data (again only when that changed), and served until it is stopped.
rasa: .venv/run .venv-rasa/ready
	$(BIN)/gridbot rasa-project rasa
	cd rasa && $(RASA) train nlu --fixed-model-name gridbot
	cd rasa && $(RASA) run --enable-api --interface 127.0.0.1 --port $(RASA_PORT) --model models/gridbot.tar.gz

# The same for real, but small: the data validated, a model of few sentences trained, served and asked.
rasa-check: .venv/dev .venv-rasa/ready
	$(BIN)/pytest -m rasa tests/nlu/test_rasa_server.py

format: .venv/dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# The newest versions that pyproject.toml allows, in a fresh environment; run the tests before you commit the result.
lock:
	@folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && \
		$(PYTHON) -m venv "$$folder" && \
		"$$folder/bin/pip" install --quiet --disable-pip-version-check --editable '.[dev]' && \
		{ echo '# Tested versions of everything that gridbot and its tests need; made by `make lock`.'; \
		"$$folder/bin/pip" freeze --disable-pip-version-check --exclude-editable; } > "$$folder/lock" && \
		cp "$$folder/lock" requirements.txt

.venv/bin/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "gridbot needs Python 3.11 or later; name one with: make run PYTHON=/path/to/python3"; exit 1; }
	$(PYTHON) -m venv .venv

.venv/run: .venv/bin/pip pyproject.toml requirements.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint requirements.txt --editable .
	@touch $@

.venv/train: .venv/bin/pip pyproject.toml requirements.txt nlu/training/constraints.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint requirements.txt \
		--constraint nlu/training/constraints.txt --editable '.[train]'
	@touch $@

.venv/dev: .venv/bin/pip pyproject.toml requirements.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint requirements.txt --editable '.[dev]'
	@touch $@ .venv/run

# Rasa 3.6 needs a Python and libraries that are older than ours, so it lives beside them. What has no wheel is built with
# the tools named there, not with the newest, which may no longer know how.
.venv-rasa/ready: rasa/requirements.txt rasa/python
	@python=$${RASA_PYTHON:-$$(rasa/python)} && echo "Setting up Rasa with $$python: some minutes" && \
		"$$python" -m venv --clear .venv-rasa
	$(RASA_PIP) --constraint rasa/requirements.txt setuptools wheel
	$(RASA_PIP) --no-deps --no-build-isolation --use-pep517 --requirement rasa/requirements.txt
	@touch $@
