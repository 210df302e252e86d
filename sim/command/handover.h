/* A command that superpose-render carries out: its options are read here, so that `help` and what
 * is refused are as everywhere, and handed on as they are: superpose-render calls them the same. */
#ifndef SUPERPOSE_COMMAND_HANDOVER_H
#define SUPERPOSE_COMMAND_HANDOVER_H

#include "sim/command/command.h"

enum { MAX_OPTIONS = 16 };

/* The input of such a command's argp. */
typedef struct Handover {
    Words words;
    const struct argp_option *options;
    const char *values[MAX_OPTIONS]; /* of the option in that row; NULL: not given */
} Handover;

/** Keeps the value of an option, or a word; a parser by itself where nothing is to be checked. */
error_t handover_parse(int key, char *value, struct argp_state *state);

/** Whether the option with this key was given. */
bool handover_has(const Handover *handover, int key);

/** The command line of superpose-render, ending in NULL: how it begins (ending in NULL too), the
 * options that were given, the words. */
const char *const *handover_line(const Handover *handover, const char *const *begin, Arena *arena);

#endif
