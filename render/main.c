/* superpose-render: draws what superpose has stored. One small function a task; only this file
 * prints and decides exit codes. */
#include "render/figure/describe.h"
#include "render/figure/rows.h"
#include "sim/base/version.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

typedef enum ExitCode { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2 } ExitCode;

typedef struct Arguments {
    const char *store, *kind, *output, *theme; /* NULL: not given */
    bool is_quiet;
} Arguments;

static const char usage[] =
    "usage: superpose-render figure STORE [-k KIND] [-o FILE.svg|pdf|png] [--theme light|dark]\n"
    "                               [--quiet]\n"
    "       superpose-render --describe | --version | --help\n"
    "\n"
    "Draws every row of the figures: list in the store's config, as .svg and .png, into the\n"
    "folder named like the store; with -k only rows of that kind or name, or that kind as it is\n"
    "where the list has none; with -o that one figure into a file. Never trains.\n";

static ExitCode fail(ExitCode code, const char *text) {
    fprintf(stderr, "superpose-render: %s\n", text);
    return code;
}

static ExitCode fail_about(ExitCode code, const char *about, const char *text) {
    fprintf(stderr, "superpose-render: %s: %s\n", about, text);
    return code;
}

/* Problems already say where they are. */
static ExitCode fail_with_problems(const Problems *problems) {
    Text text = {0};
    problems_print(problems, &text);
    fputs(text_of(&text), stderr);
    if (text.n && text.data[text.n - 1] != '\n')
        fputc('\n', stderr);
    text_release(&text);
    return EXIT_USAGE;
}

/* Where the value of an option goes; NULL: it is none that takes one. */
static const char **option_slot(Arguments *arguments, const char *word) {
    if (strcmp(word, "-k") == 0 || strcmp(word, "--kind") == 0)
        return &arguments->kind;
    if (strcmp(word, "-o") == 0 || strcmp(word, "--output") == 0)
        return &arguments->output;
    return strcmp(word, "--theme") == 0 ? &arguments->theme : NULL;
}

static ExitCode read_arguments(Arguments *arguments, int argc, char **argv) {
    for (int i = 0; i < argc; i++) {
        const char **slot = option_slot(arguments, argv[i]);
        if (slot && i + 1 == argc)
            return fail_about(EXIT_USAGE, argv[i], "a value must follow");
        if (slot)
            *slot = argv[++i];
        else if (strcmp(argv[i], "--quiet") == 0)
            arguments->is_quiet = true;
        else if (argv[i][0] == '-')
            return fail_about(EXIT_USAGE, argv[i], "unknown option; superpose-render --help");
        else if (arguments->store)
            return fail_about(EXIT_USAGE, argv[i], "one store at a time");
        else
            arguments->store = argv[i];
    }
    return arguments->store ? EXIT_DONE : fail(EXIT_USAGE, "figure: a store is needed");
}

/* The theme that --theme names; `theme` is kept where it is not given. */
static ExitCode read_theme(const Arguments *arguments, int *theme) {
    if (!arguments->theme)
        return EXIT_DONE;
    bool is_dark = strcmp(arguments->theme, "dark") == 0;
    if (!is_dark && strcmp(arguments->theme, "light") != 0)
        return fail_about(EXIT_USAGE, arguments->theme, "--theme is light or dark");
    *theme = is_dark ? THEME_DARK : THEME_LIGHT;
    return EXIT_DONE;
}

/* The folder named like the store: results/intro.db → results/intro. */
static const char *folder_of(const char *store_path, Arena *arena) {
    char *folder = arena_copy(arena, store_path);
    if (text_ends(folder, ".db"))
        folder[strlen(folder) - 3] = 0;
    else
        folder = arena_print(arena, "%s-figures", folder);
    return folder;
}

static bool folder_make(const char *folder, Error *error) {
    if (mkdir(folder, 0777) == 0 || errno == EEXIST)
        return true;
    return error_set(error, "%s: the folder cannot be made: %s", folder, strerror(errno));
}

/* The files of one row: -o's, or an SVG and a PNG in the folder. Returns how many. */
static int paths_of(const Choice *row, const Arguments *arguments, const char *folder,
                    const char **paths, Arena *arena) {
    paths[0] = arguments->output;
    if (paths[0])
        return 1;
    paths[0] = arena_print(arena, "%s/%s.svg", folder, figure_file_name(row));
    paths[1] = arena_print(arena, "%s/%s.png", folder, figure_file_name(row));
    return 2;
}

/* Draws all rows that can be drawn, and tells of each that cannot. */
static ExitCode draw(const Choices *rows, const Arguments *arguments, Store *store, Arena *arena) {
    ExitCode code = EXIT_DONE;
    Error error = {0};
    const char *folder = folder_of(arguments->store, arena), *paths[2];
    if (!arguments->output && rows->n && !folder_make(folder, &error))
        return fail(EXIT_FAILED, error.text);
    for (int i = 0; i < rows->n; i++) {
        const Choice *row = &rows->items[i];
        int theme = ((const FigureSettings *)row->settings)->theme;
        int n_paths = paths_of(row, arguments, folder, paths, arena);
        if (read_theme(arguments, &theme) != EXIT_DONE)
            return EXIT_USAGE;
        if (!figure_write(row, (Theme)theme, store, arguments->store, paths, n_paths, &error))
            code = fail(EXIT_FAILED, error.text);
        else if (!arguments->is_quiet)
            for (int k = 0; k < n_paths; k++)
                puts(paths[k]);
    }
    return code;
}

static ExitCode choose_and_draw(const Arguments *arguments, Store *store, Arena *arena) {
    Problems problems = {.arena = arena};
    Choices rows = rows_read(store, arguments->store, arena, &problems);
    if (problems.n)
        return fail_with_problems(&problems);
    if (arguments->kind)
        rows = rows_select(&rows, arguments->kind, arena, &problems);
    if (problems.n)
        return fail_with_problems(&problems);
    if (arguments->output && rows.n != 1)
        return fail_about(EXIT_USAGE, arguments->output,
                          rows.n ? "several figures do not go into one file: choose one with -k"
                                 : "which figure? The config has none: choose one with -k");
    if (!rows.n && !arguments->is_quiet)
        fprintf(stderr, "%s: its config lists no figures; -k draws one all the same\n",
                arguments->store);
    return draw(&rows, arguments, store, arena);
}

static ExitCode figure_command(int argc, char **argv) {
    Arguments arguments = {0};
    CanvasFormat format;
    Error error = {0};
    Store *store;
    Arena arena = {0};
    int theme;
    ExitCode code = read_arguments(&arguments, argc, argv);
    if (code == EXIT_DONE)
        code = read_theme(&arguments, &theme);
    if (code != EXIT_DONE)
        return code;
    if (arguments.output && !canvas_format(arguments.output, &format, &error))
        return fail(EXIT_USAGE, error.text);
    if (!store_open(&store, arguments.store, STORE_READ, &error))
        return fail(EXIT_FAILED, error.text);
    code = choose_and_draw(&arguments, store, &arena);
    if (!store_close(store, &error))
        code = fail(EXIT_FAILED, error.text);
    arena_release(&arena);
    return code;
}

static ExitCode describe(void) {
    const KindTable *tables[] = {&figure_table};
    Text text = {0};
    describe_tables(tables, 1, &text);
    fputs(text_of(&text), stdout);
    text_release(&text);
    return EXIT_DONE;
}

int main(int argc, char **argv) {
    const char *command = argc > 1 ? argv[1] : "";
    ExitCode code = EXIT_DONE;
    if (strcmp(command, "figure") == 0)
        code = figure_command(argc - 2, argv + 2);
    else if (strcmp(command, "--describe") == 0)
        code = describe();
    else if (strcmp(command, "--version") == 0)
        puts("superpose-render " SUPERPOSE_VERSION);
    else if (strcmp(command, "--help") == 0 || strcmp(command, "help") == 0)
        fputs(usage, stdout);
    else if (*command)
        code = fail_about(EXIT_USAGE, command, "unknown command; superpose-render --help");
    else
        code = fail(EXIT_USAGE, "a command is needed; superpose-render --help");
    if (fflush(stdout) != 0 || ferror(stdout))
        code = fail(EXIT_FAILED, "stdout cannot be written");
    return (int)code;
}
