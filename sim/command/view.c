/* superpose view: hands a config or a store to the window of superpose-render. */
#include "sim/command/command.h"

typedef struct Arguments {
    Words words;
    const char *run, *threads, *theme;
} Arguments;

enum { OPTION_RUN = 256, OPTION_THEME };

static const struct argp_option options[] = {
    {NULL, 'j', "N", 0, "threads that train (default: all processors but one)", 0},
    {"run", OPTION_RUN, "I", 0, "only this run of a sweep", 0},
    {"theme", OPTION_THEME, "light|dark", 0, "colours for a light or a dark ground", 0},
    {0}};

static error_t parse(int key, char *value, struct argp_state *state) {
    Arguments *arguments = state->input;
    switch (key) {
    case 'j':
        command_integer(value, "-j", 1, 4096, state);
        arguments->threads = value;
        break;
    case OPTION_RUN:
        command_integer(value, "--run", 0, INT64_MAX, state);
        arguments->run = value;
        break;
    case OPTION_THEME:
        arguments->theme = value;
        break;
    default:
        return words_take(&arguments->words, key, value, state);
    }
    return 0;
}

const struct argp view_argp = {
    options,
    parse,
    "[CONFIG|STORE [KEY=VALUE …]]",
    "Opens a window and trains in it: the directions of the features move while you watch. A sweep "
    "opens as up to 64 runs side by side, or as its map; all its runs are trained behind them, "
    "into "
    "results/NAME.view.db, and a click on the map opens any. Of a store it replays the snapshots; "
    "where another process "
    "writes it, runs appear as they are done. Without either it opens the preset that was watched "
    "last. "
    "F1 shows the keys.",
    NULL,
    NULL,
    NULL};

ExitCode command_view(const Program *program, int argc, char **argv) {
    Arguments arguments = {.words = {.least = 0, .wanted = "a config or a store"}};
    argp_parse(&view_argp, argc, argv, 0, NULL, &arguments);
    const char *words[MAX_WORDS + 8] = {"view"};
    const struct {
        const char *option, *value;
    } passed[] = {{"--configs", program->configs},
                  {"-j", arguments.threads},
                  {"--run", arguments.run},
                  {"--theme", arguments.theme}};
    int n = 1;
    for (size_t i = 0; i < sizeof passed / sizeof *passed; i++)
        if (passed[i].value) {
            words[n++] = passed[i].option;
            words[n++] = passed[i].value;
        }
    for (int i = 0; i < arguments.words.n; i++)
        words[n++] = arguments.words.items[i];
    return command_become_render(program, words);
}
