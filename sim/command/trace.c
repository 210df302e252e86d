/* superpose trace: writes all that replays a run's first steps elsewhere. */
#include "sim/experiment/trace.h"

#include "sim/command/command.h"

#include <stdint.h>
#include <stdio.h>

typedef struct Arguments {
    Words words;
    const char *output;
    long long run, steps;
} Arguments;

enum { OPTION_RUN = 256, OPTION_STEPS };

static const struct argp_option options[] = {
    {"run", OPTION_RUN, "I", 0, "the run's number (default 0)", 0},
    {"steps", OPTION_STEPS, "K", 0, "how many steps (default 100)", 0},
    {NULL, 'o', "FILE.npz", 0, "where to", 0},
    {0}};

static error_t parse(int key, char *value, struct argp_state *state) {
    Arguments *arguments = state->input;
    switch (key) {
    case 'o':
        arguments->output = value;
        break;
    case OPTION_RUN:
        arguments->run = command_integer(value, "--run", 0, INT64_MAX, state);
        break;
    case OPTION_STEPS:
        arguments->steps = command_integer(value, "--steps", 1, 1000000000, state);
        break;
    case ARGP_KEY_FINI:
        if (!arguments->output || !text_ends(arguments->output, ".npz"))
            argp_error(state, "-o FILE.npz is needed");
        break;
    default:
        return words_take(&arguments->words, key, value, state);
    }
    return 0;
}

const struct argp trace_argp = {
    options,
    parse,
    "CONFIG [KEY=VALUE …] --run I --steps K -o FILE.npz",
    "Writes first weights, batches, settings, and the weights after each of the first K steps, "
    "so that any other program can replay the training and compare.",
    NULL,
    NULL,
    NULL};

ExitCode command_trace(const Program *program, int argc, char **argv) {
    Arguments arguments = {.words = {.least = 1, .wanted = "a config"}, .steps = 100};
    Arena arena = {0};
    Error error = {0};
    argp_parse(&trace_argp, argc, argv, 0, NULL, &arguments);
    Experiment *experiment = command_load(program, &arguments.words, &arena);
    ExitCode code = experiment ? EXIT_DONE : EXIT_USAGE;
    if (experiment && arguments.run >= experiment->n_runs)
        code = command_fail(EXIT_USAGE, "--run is %lld, but %s has runs 0 to %lld", arguments.run,
                            experiment->path, (long long)experiment->n_runs - 1);
    else if (experiment && !trace_write(experiment, arguments.run, arguments.steps, isa_best(),
                                        arguments.output, &error))
        code = command_fail(EXIT_FAILED, "%s", error.text);
    else if (experiment)
        printf("%s\n", arguments.output);
    arena_release(&arena);
    return code;
}
