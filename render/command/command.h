/* A command of superpose-render: one file here with one function, one line in render/main.c. It
 * reads its own arguments, prints what it made to stdout and one line a problem to stderr. */
#ifndef SUPERPOSE_RENDER_COMMAND_COMMAND_H
#define SUPERPOSE_RENDER_COMMAND_COMMAND_H

#include "render/draw/style.h"
#include "sim/config/problem.h"

#include <stdatomic.h>

typedef enum ExitCode {
    EXIT_DONE = 0,
    EXIT_FAILED = 1,
    EXIT_USAGE = 2,
    EXIT_RUNS_FAILED = 3, /* finished, with failed runs */
    EXIT_INTERRUPTED = 130
} ExitCode;

/** Arguments after the command's name; `stop` is set by SIGINT, SIGTERM and SIGHUP. */
typedef ExitCode RenderCommand(int argc, char **argv, const atomic_int *stop);

RenderCommand render_figure, render_record, render_view;

/** Prints "superpose-render: TEXT", or with what it is about in front of it, to stderr; returns the
 * code. */
ExitCode render_fail(ExitCode code, const char *text);
ExitCode render_fail_about(ExitCode code, const char *about, const char *text);

/** Prints problems, which say where they are; EXIT_USAGE. */
ExitCode render_fail_with(const Problems *problems);

/* An option: where its value goes, or, where it takes none, that it was given. */
typedef struct OptionSlot {
    const char *name; /* "-o" */
    const char **value;
    bool *is_given;
} OptionSlot;

/** Sorts arguments into options and the words [*n_words] between them; `words` has room for argc.
 */
ExitCode render_sort(int argc, char **argv, const OptionSlot *slots, int n_slots,
                     const char **words, int *n_words);

/** Reads a number within [least, most]; NULL keeps what is there. */
ExitCode render_integer(const char *text, const char *option, long long least, long long most,
                        long long *number);
ExitCode render_real(const char *text, const char *option, double least, double most,
                     double *number);

/** The theme of that name; NULL keeps what is there. */
ExitCode render_theme(const char *name, int *theme);

#endif
