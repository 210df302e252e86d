/* superpose figure: hands the drawing of a store to superpose-render. */
#include "sim/command/handover.h"

enum { OPTION_THEME = 256 };

static const struct argp_option options[] = {
    {NULL, 'k', "KIND", 0,
     "this kind of figure (default: all of the config; `superpose list figures`)", 0},
    {NULL, 'o', "FILE", 0, "where to; its ending says how: .svg, .pdf or .png", 0},
    {"theme", OPTION_THEME, "light|dark", 0, "colours for a light or a dark ground", 0},
    {0}};

const struct argp figure_argp = {
    options,
    handover_parse,
    "CONFIG|STORE [-k KIND] [-o FILE.svg|pdf|png]",
    "Draws the figures of a config, or one kind of them, from its store. Trains nothing.",
    NULL,
    NULL,
    NULL};

ExitCode command_figure(const Program *program, int argc, char **argv) {
    Handover handover = {.words = {.least = 1, .most = 1, .wanted = "a config or a store"},
                         .options = options};
    const char *const begin[] = {"figure", NULL};
    Arena arena = {0};
    argp_parse(&figure_argp, argc, argv, 0, NULL, &handover);
    const char **store = &handover.words.items[0];
    *store = command_store(program, *store, &arena);
    ExitCode code = *store ? command_render(program, handover_line(&handover, begin, &arena), false)
                           : EXIT_USAGE;
    arena_release(&arena);
    return code;
}
