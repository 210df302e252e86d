/* A command of the program: one file here with one function, one row in the table of sim/main.c. A
 * command reads its own arguments (argp), prints results to stdout and messages to stderr, and
 * returns the exit code. */
#ifndef SUPERPOSE_COMMAND_COMMAND_H
#define SUPERPOSE_COMMAND_COMMAND_H

#include "sim/base/error.h"
#include "sim/experiment/experiment.h"

#include <argp.h>
#include <stdatomic.h>

typedef enum ExitCode {
    EXIT_DONE = 0,
    EXIT_FAILED = 1,      /* at run time */
    EXIT_USAGE = 2,       /* or config error */
    EXIT_RUNS_FAILED = 3, /* finished, with failed runs */
    EXIT_CLAIMS = 4,      /* all ran, but a claim does not hold */
    EXIT_INTERRUPTED = 130
} ExitCode;

/* What the program hands to every command. */
typedef struct Program {
    const atomic_int *stop; /* set by SIGINT and SIGTERM */
    const char *render;     /* path of superpose-render, or NULL where there is none */
    const char *configs;    /* folder of the configs that come with it */
} Program;

typedef ExitCode CommandFunction(const Program *program, int argc, char **argv);

typedef struct Command {
    const char *name, *summary;
    CommandFunction *function;
    const struct argp *argp; /* its options, for `help NAME` */
} Command;

extern const Command commands[];
extern const int n_commands;

CommandFunction command_run, command_check, command_list, command_info, command_export,
    command_trace, command_figure, command_view, command_record, command_help;
extern const struct argp run_argp, check_argp, list_argp, info_argp, export_argp, trace_argp,
    figure_argp, view_argp, record_argp, help_argp;

/** Prints "superpose: " and the sentence to stderr; returns the code. */
ExitCode command_fail(ExitCode code, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The words of a command line after its options: CONFIG or STORE, then KEY=VALUE … */
enum { MAX_WORDS = 256 };
typedef struct Words {
    const char *items[MAX_WORDS];
    int n;
    int least, most;    /* how many there must be; most 0: MAX_WORDS */
    const char *wanted; /* in messages: "a config" */
} Words;

/** Keeps an ARGP_KEY_ARG, and at ARGP_KEY_END says what is missing or too much; commands without
 * options use it as their whole parser (the input is the Words). */
error_t words_parse(int key, char *value, struct argp_state *state);

/** The same for a command whose input is something else. */
error_t words_take(Words *words, int key, char *value, struct argp_state *state);

/** Prints problems to stderr; whether there are any. */
bool command_say(const Problems *problems);

/** Loads a config with its overrides, its figures checked too where superpose-render is there;
 * NULL, with all problems printed to stderr, where it is wrong. */
Experiment *command_load(const Program *program, const Words *words, Arena *arena);

/** Reads a whole number from a command line; usage error (exit 2) where it is none or outside
 * [minimum, maximum]. */
long long command_integer(const char *text, const char *what, long long minimum, long long maximum,
                          struct argp_state *state);

/** Runs superpose-render with these arguments (NULL-ended, without the program's name), its stdout
 * on our stderr where `quiet_stdout`; returns its exit code, or EXIT_FAILED with a message where it
 * cannot be started. */
ExitCode command_render(const Program *program, const char *const *arguments,
                        bool stdout_to_stderr);

/** Goes on as superpose-render with these arguments: signals and the terminal are its own. Returns
 * only where it cannot be started, with a message. */
ExitCode command_become_render(const Program *program, const char *const *arguments);

/** The store that a word means: a store, by its name (.db) or first bytes, or the default store of
 * a config. NULL with a message.
 */
const char *command_store(const Program *program, const char *word, Arena *arena);

#endif
