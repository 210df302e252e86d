/* superpose view: hands a config or a store to the window of superpose-render. */
#include "sim/command/handover.h"

enum { OPTION_RUN = 256, OPTION_THEME };

static const struct argp_option options[] = {
    {NULL, 'j', "N", 0, "threads that train (default: all processors but one)", 0},
    {"run", OPTION_RUN, "I", 0, "only this run of a sweep", 0},
    {"theme", OPTION_THEME, "light|dark", 0, "colours for a light or a dark ground", 0},
    {0}};

static error_t parse(int key, char *value, struct argp_state *state) {
    if (key == 'j')
        command_integer(value, "-j", 1, 4096, state);
    else if (key == OPTION_RUN)
        command_integer(value, "--run", 0, INT64_MAX, state);
    return handover_parse(key, value, state);
}

const struct argp view_argp = {
    options,
    parse,
    "[CONFIG|STORE [KEY=VALUE …]]",
    "Opens a window and trains in it: the directions of the features move while you watch. A sweep "
    "opens as up to 64 runs side by side; all its runs are trained behind them, into "
    "results/NAME.view.db, and fill its map, where a click opens any. What is watched is kept "
    "there every half minute and when the window closes: the same command goes on from there, and "
    "what has ended opens at its end. Of a store it replays the snapshots, and keeps bookmarks "
    "there; where another process "
    "writes it, runs appear as they are done. "
    "Without either it opens the preset that was watched last. F1 shows the keys.",
    NULL,
    NULL,
    NULL};

ExitCode command_view(const Program *program, int argc, char **argv) {
    Handover handover = {.words = {.least = 0, .wanted = "a config or a store"},
                         .options = options};
    const char *const begin[] = {"view", program->configs ? "--configs" : NULL, program->configs,
                                 NULL};
    Arena arena = {0};
    argp_parse(&view_argp, argc, argv, 0, NULL, &handover);
    ExitCode code = command_become_render(program, handover_line(&handover, begin, &arena));
    arena_release(&arena);
    return code;
}
