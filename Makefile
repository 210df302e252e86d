# superpose: `make help` lists what can be made.
SHELL := /bin/sh
BUILD ?= build
PREFIX ?= /usr/local
CC ?= cc
PKG_CONFIG ?= pkg-config
MODE ?= release
PYTHON ?= /usr/bin/python3

SIM_PACKAGES    := gsl yaml-0.1 sqlite3 libzip jansson libxxhash
RENDER_PACKAGES := sdl2 cairo pango pangocairo
WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion -Wdouble-promotion -Wcast-qual -Wvla \
            -Wstrict-prototypes -Wmissing-prototypes -Wformat=2 -Werror

OPTIMISE_release := -O2 -g
OPTIMISE_asan    := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all
OPTIMISE_tsan    := -O1 -g -fsanitize=thread

# Packages are asked for once, and only by what needs them.
SIM_CFLAGS    = $(shell $(PKG_CONFIG) --cflags $(SIM_PACKAGES))
SIM_LIBS      = $(shell $(PKG_CONFIG) --libs $(SIM_PACKAGES)) -lpthread -lm
RENDER_CFLAGS = $(shell $(PKG_CONFIG) --cflags $(RENDER_PACKAGES))
RENDER_LIBS   = $(shell $(PKG_CONFIG) --libs $(RENDER_PACKAGES))

BASE_CFLAGS = -std=c17 -D_XOPEN_SOURCE=700 -I. $(OPTIMISE_$(MODE)) -ffp-contract=off -fno-math-errno -MMD -MP $(CFLAGS)

SIM_SOURCES    := $(filter-out sim/main.c,$(wildcard sim/*/*.c sim/*/*/*.c))
RENDER_SOURCES := $(filter-out render/main.c,$(wildcard render/*/*.c))
TEST_SOURCES   := $(wildcard tests/test_*.c)
OBJ := $(BUILD)/$(MODE)
SIM_OBJECTS := $(SIM_SOURCES:%.c=$(OBJ)/%.o)
TESTS := $(TEST_SOURCES:tests/%.c=$(OBJ)/tests/%)

.PHONY: all tests clean
all: $(OBJ)/libsuperpose.a

# Their loops are for the vectoriser, which -O2 leaves alone.
$(OBJ)/sim/train/optimizer_%.o: OPTIMISE_release := -O3 -g

$(OBJ)/libsuperpose.a: $(SIM_OBJECTS)
	@rm -f $@
	$(AR) rcs $@ $^

$(OBJ)/sim/%.o: sim/%.c Makefile
	@mkdir -p $(@D)
	$(CC) $(BASE_CFLAGS) $(WARNINGS) $(SIM_CFLAGS) -c $< -o $@

$(OBJ)/tests/%: tests/%.c $(OBJ)/libsuperpose.a Makefile
	@mkdir -p $(@D)
	$(CC) $(BASE_CFLAGS) $(filter-out -Wconversion,$(WARNINGS)) $(SIM_CFLAGS) $< -o $@ $(OBJ)/libsuperpose.a $(SIM_LIBS) -lcriterion

tests: $(TESTS)

clean:
	rm -rf $(BUILD)

-include $(shell [ -d $(BUILD) ] && find $(BUILD) -name '*.d')
