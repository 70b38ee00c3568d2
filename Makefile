# Every way to build, check and run Countersign. `make help` lists the targets.
# All recipes share the flags below, so that no target rebuilds what another one has built.

SWIFT ?= swift
# The scripts use the same one.
export SWIFT
CHECK := --explicit-target-dependency-import-check error
DEBUG := $(CHECK)
RELEASE := -c release --static-swift-stdlib $(CHECK)
TESTS := countersignPackageTests
PURE_TESTS := TrustTests|ReviewModelTests|ReviewRulesTests|SyncProtocolTests|SyncEngineTests
PROTO_VISIBILITY ?= Package

.DEFAULT_GOAL := help
.PHONY: help setup build demo lint test storm bench format proto sanitize coverage planted simulate fuzz torture

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

setup: ## install the Debian packages that are missing and check the Swift version
	@bash scripts/setup.sh

build: setup ## release binaries: .build/release/countersign and .build/release/countersignd
	$(SWIFT) build $(RELEASE) --product countersignd
	$(SWIFT) build $(RELEASE) --product countersign

demo: build ## the main job, told in about thirty lines, on loopback (KEEP=1 keeps its files)
	@bash scripts/demo.sh

lint: setup ## check the committed style without changing a file
	@bash scripts/format.sh check

# Products by name: building everything would also compile the C++ of the protobuf compiler, which takes ten minutes.
test: lint ## every test: style, then the whole package
	$(SWIFT) build $(DEBUG) --product $(TESTS)
	$(SWIFT) build $(DEBUG) --product bench
	$(SWIFT) build $(DEBUG) --product simulate
	$(SWIFT) build $(DEBUG) --product torture
	$(SWIFT) build $(DEBUG) --product fuzz
	$(SWIFT) test --skip-build --skip EndToEndTests
	.build/debug/simulate --seeds 1..2000 --scale 5 --jobs 2
	$(SWIFT) test --skip-build --filter EndToEndTests --skip 'EndToEndTests\.Hostile'
	$(SWIFT) test --skip-build --filter 'EndToEndTests\.Hostile'

storm: build ## the convergence run in its full size, with the release programs (COUNTERSIGN_SEED=N chooses another play)
	$(SWIFT) build $(DEBUG) --product $(TESTS)
	COUNTERSIGN_STORM=full COUNTERSIGN_BINARIES=$(CURDIR)/.build/release $(SWIFT) test --skip-build --filter StormTests

bench: build ## measure; prints a table and writes JSON (BENCH_POSTS=1000 for a shorter queue)
	$(SWIFT) build $(RELEASE) --product bench
	.build/release/bench

format: ## rewrite the sources in the committed style
	@bash scripts/format.sh write

proto: ## generate SyncProtocol/Wire/Generated from the schema (needs protoc)
	@bash scripts/proto.sh $(PROTO_VISIBILITY)

sanitize: setup ## the pure targets' tests under the thread sanitizer, all tests within one process under the address sanitizer
	$(SWIFT) build $(DEBUG) --product $(TESTS) --scratch-path .build-thread --sanitize thread
	$(SWIFT) test --skip-build --scratch-path .build-thread --sanitize thread --filter '^($(PURE_TESTS))\.'
	$(SWIFT) build $(DEBUG) --product $(TESTS) --scratch-path .build-address --sanitize address
	ASAN_OPTIONS=detect_leaks=0 $(SWIFT) test --skip-build --scratch-path .build-address --sanitize address \
	  --skip 'EndToEndTests|SimulationTests|TidyTests'

coverage: setup ## run the tests with coverage and print a table, file by file
	@bash scripts/coverage.sh

# What is not committed has a record of its own, by its bytes: seeds that are done say nothing about other sources.
UNCOMMITTED = $(shell test -z "$$(git status --porcelain)" || { git diff HEAD; \
  git ls-files -z --others --exclude-standard | xargs -0 cat; } | sha256sum | cut -c 1-8)
SIMULATED = $(shell git describe --always --dirty --abbrev=12 --exclude '*')$(addprefix -,$(UNCOMMITTED))
SIMULATION = $(if $(SEEDS),--seeds $(SEEDS),--minutes $(or $(MINUTES),1)) --jobs $(or $(JOBS),1) \
  --record .simulate/$(SIMULATED).json --commit $(SIMULATED)

planted: setup ## find anew which run shows each planted bug of the simulator, and write the table into docs/TESTING.md
	$(SWIFT) build $(DEBUG) --product simulate
	@bash scripts/planted.sh .build/debug/simulate

simulate: setup ## the deterministic simulator: MINUTES=5, or SEEDS=1..2000 from where they stopped, JOBS=2, SCALE=mixed or 100; SEED=7 is one run with its trace
	$(SWIFT) build $(RELEASE) --product simulate
	.build/release/simulate $(if $(SEED),--seed $(SEED) --trace,$(SIMULATION)) --scale $(or $(SCALE),mixed) $(ARGS)

fuzz: setup ## coverage-guided fuzzing: SECONDS=30 for each target, TARGET=NAME for one, SEED=1 for the same run again, KEEP=1 writes Fixtures/fuzz
	@KEEP=$(KEEP) SEED=$(SEED) bash scripts/fuzz.sh $(or $(SECONDS),30) $(TARGET)

torture: build ## real programs through kills, a bad network, full disks and wrong clocks: MINUTES=5, SEED=7 for one play
	@bash scripts/setup.sh faketime || echo "torture: goes on without wrong clocks"
	$(SWIFT) build $(RELEASE) --product torture
	.build/release/torture $(if $(SEED),--seed $(SEED),--minutes $(or $(MINUTES),5)) $(ARGS)
