# make demo and make test are the front door: on a fresh Debian machine or Raspberry Pi they
# install what is missing (Debian packages, Python packages into .venv) and then run.
.DEFAULT_GOAL := help
.PHONY: help setup demo test lint schemas bench deb wheels sbom lock audit firmware fuzz clean

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
READY_TO_TEST := $(VENV)/.ready-to-test
READY_TO_BENCH := $(VENV)/.ready-to-bench
SUPPLY := PYTHONPATH=packaging $(BIN)/python -m supply
FOR_FIRMWARE := gcc-arm-none-eabi qemu-system-arm clang libclang-rt-14-dev

help:  ## what can be made
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: $(READY)  ## install what is missing

BUILT_FROM := linli/firmware_bridge/build_monocypher.py $(wildcard linli/assets/build_*.py linli/assets/locale/*/LC_MESSAGES/*.po)

$(READY): requirements.txt packaging/builders.txt packaging/judges.txt pyproject.toml packaging/setup.sh $(BUILT_FROM)
	packaging/setup.sh $(VENV)
	@touch $@

$(READY_TO_TEST): $(READY)
	packaging/setup.sh $(VENV) postgresql chromium xdotool debootstrap pcscd vsmartcard-vpcd $(FOR_FIRMWARE)
	@touch $@

$(READY_TO_BENCH): $(READY)
	packaging/setup.sh $(VENV) postgresql redis-server chromium $(FOR_FIRMWARE)
	@touch $@

demo: setup  ## the whole town on this machine: ledger, broker, terminal, board, people
	$(BIN)/linli demo

test: setup $(READY_TO_TEST)  ## every test, headless
	$(BIN)/pytest -n logical --dist loadscope --no-loadscope-reorder

lint: setup  ## style, types, architecture
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/bandit --quiet --recursive --configfile pyproject.toml linli packaging
	$(BIN)/lint-imports

bench: setup $(READY_TO_BENCH)  ## timings as ratios to a peer or a limit
	$(BIN)/linli bench tap
	$(BIN)/linli bench reader
	$(BIN)/linli bench ledger
	$(BIN)/linli bench ranking
	$(BIN)/linli bench pages
	$(BIN)/linli bench fleet
	$(BIN)/linli bench terminal
	$(BIN)/linli bench board

deb: setup  ## a Debian package of the program and what it runs on, into dist/
	packaging/deb/build.sh $(VENV)

wheels: setup  ## what `linli release build` takes: a wheel of the program and of each package, into dist/wheels
	rm -rf build/wheels dist/wheels && mkdir -p build/wheels
	$(SUPPLY).runtime >build/wheels/requirements.txt
	$(BIN)/pip wheel --quiet --no-deps --no-build-isolation --wheel-dir dist/wheels --require-hashes \
		--requirement build/wheels/requirements.txt
	$(BIN)/pip wheel --quiet --no-deps --no-build-isolation --wheel-dir dist/wheels .

sbom: setup  ## what the package and the wheels are made of, as CycloneDX, into dist/linli.cdx.json
	mkdir -p build dist
	$(SUPPLY).runtime >build/runtime.txt
	$(SUPPLY).bill build/runtime.txt >dist/linli.cdx.json

lock:  ## pin what pyproject.toml newly asks for, with the hashes of all files
	test -x $(BIN)/python || $(MAKE) setup
	$(SUPPLY).lock

audit: setup  ## known weaknesses of the locked packages; asks a service on the network
	$(BIN)/pip-audit --strict --disable-pip --require-hashes --progress-spinner off --requirement requirements.txt || \
		{ echo "Weaknesses were found, or the service did not know or answer, and then nothing was audited: see above." >&2; exit 1; }

firmware: $(READY_TO_TEST)  ## the terminal board's firmware for all boards, signed (KEY=… of whoever releases it), and its sizes
	$(MAKE) -C linli/firmware_bridge/mcu BUILD=$(CURDIR)/out/firmware PYTHON=$(CURDIR)/$(BIN)/python all images

fuzz: $(READY_TO_TEST)  ## thirty seconds of libFuzzer over the firmware (SECONDS=600 for longer)
	$(MAKE) -C linli/firmware_bridge/mcu BUILD=$(CURDIR)/out/firmware fuzz

schemas: setup  ## write docs/schemas from sync/messages.py
	$(BIN)/python -m linli.sync.schemas docs/schemas

clean:  ## remove what was built
	rm -rf $(VENV) out build dist .hypothesis .pytest_cache .mypy_cache .ruff_cache
