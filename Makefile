# superpose: `make help` lists what can be made.
#
# One directory a mode: build/release, build/asan (AddressSanitizer and UBSan), build/tsan (ThreadSanitizer),
# build/fuzz (libFuzzer). The finished programs are build/superpose and build/superpose-render.
# Sources are found, not listed: a new file under sim/, render/ or tests/ needs no line here.
SHELL := /bin/sh
MAKEFLAGS += --no-builtin-rules
.DELETE_ON_ERROR:
.SECONDARY:
.SUFFIXES:
.DEFAULT_GOAL := all

BUILD      ?= build
MODE       ?= release
HEADLESS   ?= 0
PREFIX     ?= /usr/local
CC         ?= cc
PKG_CONFIG ?= pkg-config
PYTHON     ?= /usr/bin/python3
WERROR     ?= -Werror
V          ?= 0

SIM_PACKAGES    := gsl yaml-0.1 sqlite3 libzip jansson libxxhash
RENDER_PACKAGES := cairo pangocairo libpng sdl2

WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion -Wdouble-promotion -Wcast-qual -Wvla \
            -Wstrict-prototypes -Wmissing-prototypes -Wformat=2 $(WERROR)
# Sanitizers make gcc's flow warnings guess wrong; the release build with both compilers is what has to be free of them.
ifneq ($(MODE),release)
WARNINGS := -w
endif

OPTIMISE_release := -O2 -g
OPTIMISE_asan    := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all
OPTIMISE_tsan    := -O1 -g -fsanitize=thread
OPTIMISE_fuzz    := -O1 -g -fno-omit-frame-pointer -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all

ifeq ($(MODE),fuzz)
CC := clang
endif
HEADLESS_GROUPS := $(if $(filter-out 0,$(HEADLESS)),,render)
OBJ := $(BUILD)/$(MODE)
BIN := $(if $(filter release,$(MODE)),$(BUILD),$(OBJ))

# pkg-config is asked once, and only by what compiles: `make help`, `make deps` work without it.
once = $(eval $(1) := $(2))$($(1))
ask  = $(patsubst -I%,-isystem%,$(shell $(PKG_CONFIG) $(1) 2>/dev/null))
SIM_CFLAGS    = $(call once,SIM_CFLAGS,$(call ask,--cflags $(SIM_PACKAGES)))
SIM_LIBS      = $(call once,SIM_LIBS,$(call ask,--libs $(SIM_PACKAGES)) -lpthread -lm)
RENDER_CFLAGS = $(call once,RENDER_CFLAGS,$(call ask,--cflags $(RENDER_PACKAGES)))
RENDER_LIBS   = $(call once,RENDER_LIBS,$(call ask,--libs $(RENDER_PACKAGES)))

BASE_CFLAGS = -std=c17 -D_XOPEN_SOURCE=700 -I. $(OPTIMISE_$(MODE)) -ffp-contract=off -fno-math-errno -MMD -MP $(CFLAGS)
LINK = $(CC) $(OPTIMISE_$(MODE)) $(CFLAGS) $(LDFLAGS)
# One short line a command; V=1 shows all of it.
run = $(if $(filter-out 0,$(V)),$(2),@$(if $(SILENT),,printf '  %-5s %s\n' '$(1)' '$@'; )$(2))
SILENT = $(findstring s,$(firstword -$(MAKEFLAGS)))

# Vector sources are compiled once for each instruction-set level, and the program picks one when it starts.
VECTOR_SOURCES := $(wildcard sim/data/vector_*.c sim/model/kernel/vector_*.c)
VECTOR_LEVELS  := baseline $(if $(findstring x86_64,$(shell $(CC) -dumpmachine 2>/dev/null)),avx2 avx512)
VECTOR_CFLAGS_baseline := -DLANES=4
VECTOR_CFLAGS_avx2     := -DLANES=8 -mavx2 -mfma
VECTOR_CFLAGS_avx512   := -DLANES=16 -mavx2 -mfma -mavx512f -mavx512bw -mavx512dq -mavx512vl -mprefer-vector-width=512

# What there is.
SIM_SOURCES    := $(filter-out sim/main.c $(VECTOR_SOURCES),$(wildcard sim/*/*.c sim/*/*/*.c))
RENDER_SOURCES := $(filter-out render/main.c,$(wildcard render/*/*.c))
SIM_OBJECTS    := $(SIM_SOURCES:%.c=$(OBJ)/%.o) \
                  $(foreach level,$(VECTOR_LEVELS),$(VECTOR_SOURCES:%.c=$(OBJ)/%.$(level).o))
RENDER_OBJECTS := $(RENDER_SOURCES:%.c=$(OBJ)/%.o)
LIBSIM    := $(OBJ)/libsuperpose.a
LIBRENDER := $(OBJ)/libsuperpose-render.a

# Tests of render/ are those that include it.
TEST_SOURCES := $(wildcard tests/test_*.c)
RENDER_TEST_SOURCES := $(if $(TEST_SOURCES),$(shell grep -l '^.include "render/' $(TEST_SOURCES)))
RENDER_TESTS := $(RENDER_TEST_SOURCES:tests/%.c=$(OBJ)/tests/%)
TESTS := $(patsubst tests/%.c,$(OBJ)/tests/%,$(filter-out $(RENDER_TEST_SOURCES),$(TEST_SOURCES))) \
         $(if $(HEADLESS_GROUPS),$(RENDER_TESTS))
BENCH_SOURCES := $(wildcard tests/bench/*.c)
RENDER_BENCHES := $(patsubst tests/bench/%.c,$(OBJ)/bench/%,$(shell grep -l '^.include "render/' tests/bench/bench_*.c))
BENCHES := $(filter-out $(RENDER_BENCHES),$(patsubst tests/bench/%.c,$(OBJ)/bench/%,$(filter tests/bench/bench_%,$(BENCH_SOURCES)))) \
           $(if $(HEADLESS_GROUPS),$(RENDER_BENCHES))
BENCH_OBJECTS := $(patsubst tests/bench/%.c,$(OBJ)/bench/%.o,$(filter-out tests/bench/bench_%,$(BENCH_SOURCES)))
FUZZERS := $(patsubst tests/fuzz/%.c,$(OBJ)/fuzz/%,$(wildcard tests/fuzz/*.c))
PROGRAMS := $(if $(wildcard sim/main.c),$(BIN)/superpose) \
            $(if $(HEADLESS_GROUPS),$(if $(wildcard render/main.c),$(BIN)/superpose-render))

# Written by hand: tests/reference/ holds numbers that other programs wrote.
C_FILES := $(filter-out tests/reference/%, \
             $(wildcard $(foreach d,sim render,$(d)/*.[ch] $(d)/*/*.[ch] $(d)/*/*/*.[ch]) tests/*.[ch] tests/*/*.[ch]))

.PHONY: all programs tests benches fuzzers
all: programs ## Build superpose, and superpose-render unless HEADLESS=1 (the default)
programs: $(LIBSIM) $(if $(HEADLESS_GROUPS),$(if $(RENDER_OBJECTS),$(LIBRENDER))) $(PROGRAMS)
tests: $(TESTS) ## Build the test programs of one MODE: release, asan
benches: $(BENCHES)
fuzzers: $(FUZZERS)

# ---- Compile and link ------------------------------------------------------------------------------------------------

# A missing package is named before a compiler stumbles over it.
.PHONY: have-build have-render have-test FORCE
have-build have-render have-test: have-%:
	@$(PKG_CONFIG) --exists $(PACKAGES) 2>/dev/null && command -v $(firstword $(CC)) >/dev/null || \
	    CC='$(CC)' packaging/deps.sh --check build $(HEADLESS_GROUPS) $(filter test,$*)
have-build:  PACKAGES := $(SIM_PACKAGES)
have-render: PACKAGES := $(SIM_PACKAGES) $(RENDER_PACKAGES)
have-test:   PACKAGES := $(SIM_PACKAGES) criterion

# A stamp is rewritten when its text changes: other flags, or another list of files, rebuild what depends on it.
write-stamp = @mkdir -p $(@D); printf '%s\n' '$(STAMP)' | cmp -s - $@ || printf '%s\n' '$(STAMP)' >$@
FORCE:
$(OBJ)/sim.flags: STAMP = $(CC) $(BASE_CFLAGS) $(WARNINGS) $(SIM_CFLAGS)
$(OBJ)/sim.flags: FORCE | have-build
	$(write-stamp)
$(OBJ)/render.flags: STAMP = $(CC) $(BASE_CFLAGS) $(WARNINGS) $(SIM_CFLAGS) $(RENDER_CFLAGS)
$(OBJ)/render.flags: FORCE | have-render
	$(write-stamp)
$(OBJ)/sim.list: STAMP = $(SIM_OBJECTS) $(LDFLAGS) $(SIM_LIBS)
$(OBJ)/sim.list: FORCE | have-build
	$(write-stamp)
$(OBJ)/render.list: STAMP = $(RENDER_OBJECTS) $(LDFLAGS) $(RENDER_LIBS)
$(OBJ)/render.list: FORCE | have-render
	$(write-stamp)

$(LIBSIM): $(SIM_OBJECTS) $(OBJ)/sim.list
$(LIBRENDER): $(RENDER_OBJECTS) $(OBJ)/render.list
$(LIBSIM) $(LIBRENDER):
	@rm -f $@
	$(call run,AR,$(AR) rcs $@ $(filter %.o,$^))

# Their loops are for the vectoriser, which -O2 leaves alone. (private: not inherited by the stamp of the flags.)
$(OBJ)/sim/train/%.o $(OBJ)/sim/model/embedding.o $(OBJ)/sim/model/kernel/%.o $(OBJ)/sim/data/%.o: private OPTIMISE_release := -O3 -g

$(OBJ)/sim/%.o: sim/%.c $(OBJ)/sim.flags Makefile
	@mkdir -p $(@D)
	$(call run,CC,$(CC) $(BASE_CFLAGS) $(WARNINGS) $(SIM_CFLAGS) -c $< -o $@)

define VECTOR_RULE
$(OBJ)/sim/%.$(1).o: sim/%.c $(OBJ)/sim.flags Makefile
	@mkdir -p $$(@D)
	$$(call run,CC,$$(CC) $$(BASE_CFLAGS) $$(VECTOR_CFLAGS_$(1)) -DLEVEL=$(1) -ffp-contract=fast $$(WARNINGS) -c $$< -o $$@)
endef
$(foreach level,$(VECTOR_LEVELS),$(eval $(call VECTOR_RULE,$(level))))

$(OBJ)/render/%.o: render/%.c $(OBJ)/render.flags Makefile
	@mkdir -p $(@D)
	$(call run,CC,$(CC) $(BASE_CFLAGS) $(WARNINGS) $(SIM_CFLAGS) $(RENDER_CFLAGS) -c $< -o $@)

$(BIN)/superpose: $(OBJ)/sim/main.o $(LIBSIM)
	$(call run,LINK,$(LINK) $(filter %.o %.a,$^) -o $@ $(SIM_LIBS))

$(BIN)/superpose-render: $(OBJ)/render/main.o $(LIBRENDER) $(LIBSIM)
	$(call run,LINK,$(LINK) $(filter %.o %.a,$^) -o $@ $(RENDER_LIBS) $(SIM_LIBS))

# Criterion's macros trip -Wconversion, NAN and INFINITY in them clang's -Wdouble-promotion.
TEST_CFLAGS = $(BASE_CFLAGS) $(filter-out -Wconversion -Wdouble-promotion,$(WARNINGS)) $(SIM_CFLAGS)
$(RENDER_TESTS:%=%.o): TEST_CFLAGS += $(RENDER_CFLAGS)
$(RENDER_TESTS:%=%.o): $(OBJ)/render.flags
$(OBJ)/tests/%.o: tests/%.c $(OBJ)/sim.flags Makefile | have-test
	@mkdir -p $(@D)
	$(call run,CC,$(CC) $(TEST_CFLAGS) -c $< -o $@)

$(RENDER_TESTS): $(OBJ)/tests/%: $(OBJ)/tests/%.o $(LIBRENDER) $(LIBSIM)
	$(call run,LINK,$(LINK) $(filter %.o %.a,$^) -o $@ $(RENDER_LIBS) $(SIM_LIBS) -lcriterion)
$(filter-out $(RENDER_TESTS),$(TESTS)): $(OBJ)/tests/%: $(OBJ)/tests/%.o $(LIBSIM)
	$(call run,LINK,$(LINK) $(filter %.o %.a,$^) -o $@ $(SIM_LIBS) -lcriterion)

$(OBJ)/bench/%.o: tests/bench/%.c $(OBJ)/sim.flags Makefile
	@mkdir -p $(@D)
	$(call run,CC,$(CC) $(BASE_CFLAGS) $(WARNINGS) $(SIM_CFLAGS) -c $< -o $@)
$(OBJ)/bench/peak.o: private BASE_CFLAGS += -ffp-contract=fast
$(RENDER_BENCHES:%=%.o): private SIM_CFLAGS += $(RENDER_CFLAGS)
$(RENDER_BENCHES:%=%.o): $(OBJ)/render.flags
$(RENDER_BENCHES): $(OBJ)/bench/%: $(OBJ)/bench/%.o $(BENCH_OBJECTS) $(LIBRENDER) $(LIBSIM)
	$(call run,LINK,$(LINK) $(filter %.o %.a,$^) -o $@ $(RENDER_LIBS) $(SIM_LIBS))
$(filter-out $(RENDER_BENCHES),$(BENCHES)): $(OBJ)/bench/%: $(OBJ)/bench/%.o $(BENCH_OBJECTS) $(LIBSIM)
	$(call run,LINK,$(LINK) $(filter %.o %.a,$^) -o $@ $(SIM_LIBS))

$(OBJ)/fuzz/%.o: tests/fuzz/%.c $(OBJ)/sim.flags Makefile
	@mkdir -p $(@D)
	$(call run,CC,$(CC) $(BASE_CFLAGS) $(WARNINGS) $(SIM_CFLAGS) -c $< -o $@)
$(FUZZERS): $(OBJ)/fuzz/%: $(OBJ)/fuzz/%.o $(LIBSIM)
	$(call run,LINK,$(LINK) -fsanitize=fuzzer $(filter %.o %.a,$^) -o $@ $(SIM_LIBS))

-include $(shell [ -d $(OBJ) ] && find $(OBJ) -name '*.d')

# ---- Do --------------------------------------------------------------------------------------------------------------

# All processors, unless make was told how many.
SUBMAKE = $(MAKE) --no-print-directory $(if $(findstring jobserver,$(MAKEFLAGS)),,-j$(shell getconf _NPROCESSORS_ONLN))

.PHONY: demo paper gallery screens test check check-long bench bench-peers bench-tables deps install uninstall clean help format
demo: ## Train and draw the introduction figure (installs what is missing first)
	@packaging/deps.sh build $(HEADLESS_GROUPS)
	@$(SUBMAKE) all
	$(BUILD)/superpose run configs/intro.yaml

# One config for each figure; what is stored from an earlier call is not trained again.
PAPER ?= $(wildcard configs/paper/*.yaml)
paper: ## Every figure of the paper: train, measure, draw, check its claims; a table of times at the end [PAPER="a.yaml b.yaml"]
	@packaging/deps.sh build $(HEADLESS_GROUPS)
	@$(SUBMAKE) all
	@packaging/paper.sh $(BUILD)/superpose $(PAPER)

gallery: ## The committed figures and their page, results/gallery/, from what `make paper` stored
	@$(PYTHON) packaging/gallery.py $(BUILD)/superpose $(PAPER)

screens: ## The README's pictures of the window, and its film (after `make paper`)
	@packaging/screens.sh $(BUILD)/superpose

test: ## Build and run every test, also under ASan and UBSan (installs what is missing first)
	@packaging/deps.sh build $(HEADLESS_GROUPS) test
	@$(SUBMAKE) all tests
	@$(SUBMAKE) MODE=asan tests
	@$(SUBMAKE) run-tests

.PHONY: run-tests
run-tests:
	@BUILD='$(BUILD)' PYTHON='$(PYTHON)' HEADLESS='$(HEADLESS)' tests/check/run_tests.sh $(TESTS) $(TESTS:$(BUILD)/release/%=$(BUILD)/asan/%) \
	    $(wildcard tests/test_*.sh tests/test_*.py)

# Everything but the tests themselves: layout, lint, order of the house, other compilers and sanitizers.
CHECKS := fuzz tidy clang headless race memory window format cppcheck includes structure symbols runner
FUZZ_SECONDS ?= 60
LINT_CFLAGS = -std=c17 -D_XOPEN_SOURCE=700 -I. $(SIM_CFLAGS) $(RENDER_CFLAGS)

check: ## Check layout, lint, include order, sizes, symbols, clang, headless, fuzzing, races, leaks, the window (after make test; installs what is missing)
	@packaging/deps.sh build render test check
	@$(SUBMAKE) -Otarget $(CHECKS:%=check-%)
	@echo 'check: all of $(CHECKS) passed'

check-long: ## make check with half an hour of fuzzing, and every config's claims
	@$(SUBMAKE) check FUZZ_SECONDS=1800
	@$(SUBMAKE) all
	@tests/check/claims.sh $(BUILD)/superpose $(wildcard configs/*.yaml configs/*/*.yaml)

.PHONY: $(CHECKS:%=check-%)
check-format:
	@clang-format --dry-run -Werror $(C_FILES)
check-tidy:
	@printf '%s\n' $(filter %.c,$(filter sim/% render/%,$(C_FILES))) | tests/check/tidy.sh $(LINT_CFLAGS)
# uninitvar does not see that a loop runs at least once; clang-tidy looks for the same.
check-cppcheck:
	@cppcheck --quiet --error-exitcode=1 --std=c11 --enable=warning,performance,portability --inline-suppr \
	    --suppress=missingIncludeSystem --suppress=uninitvar -D_XOPEN_SOURCE=700 -I. \
	    '-Djson_array_foreach(list, i, item)=while ((item = json_array_get(list, i = 0)))' \
	    '-Djson_object_foreach(map, key, item)=while ((item = json_object_get(map, key = "")))' \
	    $(wildcard sim render)
check-includes:
	@$(PYTHON) tests/check/includes.py
check-structure:
	@$(PYTHON) tests/check/structure.py
check-symbols: programs
	@tests/check/symbols.sh $(OBJ)
check-runner:
	@tests/check/runner.sh $(OPTIMISE_asan)
check-clang:
	@$(MAKE) --no-print-directory CC=clang BUILD=$(BUILD)/clang all tests benches
check-headless:
	@$(MAKE) --no-print-directory HEADLESS=1 RENDER_PACKAGES=none BUILD=$(BUILD)/headless all tests
check-race:
	@$(MAKE) --no-print-directory MODE=tsan programs
	@tests/check/sanitized.sh $(BUILD)/tsan/superpose
	@PYTHON='$(PYTHON)' tests/check/race_render.sh $(BUILD)/tsan
check-memory:
	@$(MAKE) --no-print-directory MODE=asan HEADLESS=1 programs
	@tests/check/sanitized.sh $(BUILD)/asan/superpose
check-window: programs
	@$(PYTHON) tests/check/window.py $(BIN)/superpose
check-fuzz:
	@$(MAKE) --no-print-directory MODE=fuzz fuzzers
	@tests/check/fuzz.sh $(FUZZ_SECONDS) $(FUZZERS:$(OBJ)/%=$(BUILD)/fuzz/%)

ONLY    ?=
ROUNDS  ?= 3
ISA     ?=
bench:       THREADS ?= 2
bench-peers: THREADS ?= 1
BENCH_FOLDER := $(BUILD)/bench
WORKLOADS := $(wildcard tests/bench/workloads/*.yaml)

bench: ## Time every workload; without ONLY also costs, store, sweep, frames, watching: tables, and CSV in build/bench [ONLY=A,D2] [ROUNDS=3] [THREADS=2] [ISA=avx2]
	@$(SUBMAKE) all benches
	@mkdir -p $(BENCH_FOLDER)
	@$(OBJ)/bench/bench_workloads --only='$(ONLY)' --rounds=$(ROUNDS) --threads=$(THREADS) $(if $(ISA),--isa=$(ISA)) \
	    --folder=$(BENCH_FOLDER) $(BIN)/superpose $(WORKLOADS)
	@$(if $(ONLY),true,$(OBJ)/bench/bench_cost $(BENCH_FOLDER))
	@$(if $(ONLY),true,$(OBJ)/bench/bench_store $(BENCH_FOLDER))
	@$(if $(ONLY),true,$(OBJ)/bench/bench_sweep $(BIN)/superpose $(BENCH_FOLDER))
	@$(if $(or $(ONLY),$(if $(HEADLESS_GROUPS),,headless)),true,$(OBJ)/bench/bench_frame $(BENCH_FOLDER))
	@$(if $(or $(ONLY),$(if $(HEADLESS_GROUPS),,headless)),true,$(OBJ)/bench/bench_live $(BENCH_FOLDER))

bench-peers: ## superpose beside NumPy and PyTorch: ratios, CSV in build/bench [ONLY=] [ROUNDS=3] [THREADS=1] (python3-torch)
	@$(SUBMAKE) programs
	@mkdir -p $(BENCH_FOLDER)
	@$(PYTHON) tests/bench/peers/side_by_side.py --superpose=$(BIN)/superpose --folder=$(BENCH_FOLDER) --only='$(ONLY)' \
	    --rounds=$(ROUNDS) --threads=$(THREADS) $(WORKLOADS)

bench-tables: ## The README's tables from what bench and bench-peers measured
	@$(PYTHON) tests/bench/tables.py $(BENCH_FOLDER)

deps: ## Print the packages needed; install what is missing (Debian, Ubuntu) or name it (dnf, pacman, brew)
	@packaging/deps.sh build $(HEADLESS_GROUPS) test

# The man page is what --help says; without help2man there is none.
INSTALL := $(DESTDIR)$(PREFIX)
install: all ## Install programs, man page, completions and configs under PREFIX (and DESTDIR)
	install -d '$(INSTALL)/bin' '$(INSTALL)/share/superpose' '$(INSTALL)/share/bash-completion/completions'
	install -m 755 $(PROGRAMS) '$(INSTALL)/bin'
	cp -R configs '$(INSTALL)/share/superpose/'
	install -m 644 packaging/superpose.bash '$(INSTALL)/share/bash-completion/completions/superpose'
	@if command -v help2man >/dev/null; then \
	    install -d '$(INSTALL)/share/man/man1' && \
	    sh packaging/man.sh '$(BIN)/superpose' '$(INSTALL)/share/man/man1/superpose.1'; \
	else echo 'help2man is not here: no man page'; fi

uninstall: ## Remove what install put there
	rm -f '$(INSTALL)/bin/superpose' '$(INSTALL)/bin/superpose-render' '$(INSTALL)/share/man/man1/superpose.1' \
	    '$(INSTALL)/share/bash-completion/completions/superpose'
	rm -rf '$(INSTALL)/share/superpose'

clean: ## Remove all that was built; results stay
	rm -rf $(BUILD)

format: ## Lay out all C files as .clang-format says
	clang-format -i $(C_FILES)

help: ## This list
	@echo 'make TARGET [HEADLESS=1] [CC=clang] [BUILD=dir] [MODE=release|asan|tsan] [PREFIX=/usr/local] [WERROR=]'
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-12s %s\n", $$1, $$2}' Makefile
