/* superpose figure: hands the drawing of a store to superpose-render. */
#include "sim/command/command.h"

typedef struct Arguments {
    Words words;
    const char *kind, *output, *theme;
} Arguments;

enum { OPTION_THEME = 256 };

static const struct argp_option options[] = {
    {NULL, 'k', "KIND", 0,
     "this kind of figure (default: all of the config; `superpose list figures`)", 0},
    {NULL, 'o', "FILE", 0, "where to; its ending says how: .svg, .pdf or .png", 0},
    {"theme", OPTION_THEME, "light|dark", 0, "colours for a light or a dark ground", 0},
    {0}};

static error_t parse(int key, char *value, struct argp_state *state) {
    Arguments *arguments = state->input;
    switch (key) {
    case 'k':
        arguments->kind = value;
        break;
    case 'o':
        arguments->output = value;
        break;
    case OPTION_THEME:
        arguments->theme = value;
        break;
    default:
        return words_take(&arguments->words, key, value, state);
    }
    return 0;
}

const struct argp figure_argp = {
    options,
    parse,
    "CONFIG|STORE [-k KIND] [-o FILE.svg|pdf|png]",
    "Draws the figures of a config, or one kind of them, from its store. Trains nothing.",
    NULL,
    NULL,
    NULL};

ExitCode command_figure(const Program *program, int argc, char **argv) {
    Arguments arguments = {.words = {.least = 1, .most = 1, .wanted = "a config or a store"}};
    Arena arena = {0};
    argp_parse(&figure_argp, argc, argv, 0, NULL, &arguments);
    const char *path = command_store(program, arguments.words.items[0], &arena),
               *words[10] = {"figure", path};
    int n = 2;
    const struct {
        const char *option, *value;
    } passed[] = {{"-k", arguments.kind}, {"-o", arguments.output}, {"--theme", arguments.theme}};
    for (int i = 0; i < 3; i++)
        if (passed[i].value) {
            words[n++] = passed[i].option;
            words[n++] = passed[i].value;
        }
    ExitCode code = path ? command_render(program, words, false) : EXIT_USAGE;
    arena_release(&arena);
    return code;
}
