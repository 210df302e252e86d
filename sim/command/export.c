/* superpose export: hands a store's results to other tools. */
#include "sim/store/export.h"

#include "sim/command/command.h"

#include <stdio.h>

typedef struct Arguments {
    Words words;
    const char *output;
    ExportOptions options;
} Arguments;

enum { OPTION_SNAPSHOTS = 256, OPTION_LONG };

static const struct argp_option options[] = {
    {NULL, 'o', "FILE", 0, "where to; its ending says how: .npz, .csv or .json", 0},
    {"snapshots", OPTION_SNAPSHOTS, NULL, 0, "npz: also the weights and metrics over time", 0},
    {"long", OPTION_LONG, NULL, 0, "csv: one row for each feature of each run", 0},
    {0}};

static error_t parse(int key, char *value, struct argp_state *state) {
    Arguments *arguments = state->input;
    switch (key) {
    case 'o':
        arguments->output = value;
        break;
    case OPTION_SNAPSHOTS:
        arguments->options.snapshots = true;
        break;
    case OPTION_LONG:
        arguments->options.long_rows = true;
        break;
    case ARGP_KEY_FINI:
        if (!arguments->output)
            argp_error(state, "-o FILE is needed");
        break;
    default:
        return words_take(&arguments->words, key, value, state);
    }
    return 0;
}

const struct argp export_argp = {options,
                                 parse,
                                 "STORE -o FILE.npz|csv|json",
                                 "Writes the results of all finished runs for NumPy (npz), tables "
                                 "(csv) or anything else (json).",
                                 NULL,
                                 NULL,
                                 NULL};

ExitCode command_export(const Program *program, int argc, char **argv) {
    Arguments arguments = {.words = {.least = 1, .most = 1, .wanted = "a store"}};
    Arena arena = {0};
    Text report = {0};
    Error error = {0};
    Store *store = NULL;
    argp_parse(&export_argp, argc, argv, 0, NULL, &arguments);
    if (!export_check(arguments.output, &arguments.options, &error))
        return command_fail(EXIT_USAGE, "%s", error.text);
    const char *path = command_store(program, arguments.words.items[0], &arena);
    ExitCode code = path ? EXIT_DONE : EXIT_USAGE;
    if (path && (!store_open(&store, path, STORE_READ, &error) ||
                 !export_store(store, arguments.output, &arguments.options, &report, &error)))
        code = command_fail(EXIT_FAILED, "%s", error.text);
    fputs(text_of(&report), stdout);
    store_close(store, &error);
    text_release(&report);
    arena_release(&arena);
    return code;
}
