/* superpose-render figure: draws what a store holds into files. */
#include "render/command/command.h"
#include "render/figure/rows.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

typedef struct Arguments {
    const char *store, *kind, *output, *theme; /* NULL: not given */
    bool is_quiet;
} Arguments;

static ExitCode read_arguments(Arguments *arguments, int argc, char **argv, const char **words) {
    const OptionSlot slots[] = {
        {"-k", &arguments->kind, NULL},       {"--kind", &arguments->kind, NULL},
        {"-o", &arguments->output, NULL},     {"--output", &arguments->output, NULL},
        {"--theme", &arguments->theme, NULL}, {"--quiet", NULL, &arguments->is_quiet}};
    int n_words;
    ExitCode code = render_sort(argc, argv, slots, 6, words, &n_words);
    if (code != EXIT_DONE)
        return code;
    if (n_words > 1)
        return render_fail_about(EXIT_USAGE, words[1], "one store at a time");
    arguments->store = words[0];
    return n_words ? EXIT_DONE : render_fail(EXIT_USAGE, "figure: a store is needed");
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
        return render_fail(EXIT_FAILED, error.text);
    for (int i = 0; i < rows->n; i++) {
        const Choice *row = &rows->items[i];
        int theme = ((const FigureSettings *)row->settings)->theme;
        int n_paths = paths_of(row, arguments, folder, paths, arena);
        if (render_theme(arguments->theme, &theme) != EXIT_DONE)
            return EXIT_USAGE;
        if (!figure_write(row, (Theme)theme, store, arguments->store, paths, n_paths, &error))
            code = render_fail(EXIT_FAILED, error.text);
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
        return render_fail_with(&problems);
    if (arguments->kind)
        rows = rows_select(&rows, arguments->kind, arena, &problems);
    if (problems.n)
        return render_fail_with(&problems);
    if (arguments->output && rows.n != 1)
        return render_fail_about(EXIT_USAGE, arguments->output,
                                 rows.n
                                     ? "several figures do not go into one file: choose one with -k"
                                     : "which figure? The config has none: choose one with -k");
    if (!rows.n && !arguments->is_quiet)
        fprintf(stderr, "%s: its config lists no figures; -k draws one all the same\n",
                arguments->store);
    return draw(&rows, arguments, store, arena);
}

static ExitCode open_and_draw(const Arguments *arguments, Arena *arena) {
    CanvasFormat format;
    Error error = {0};
    Store *store;
    if (arguments->output && !canvas_format(arguments->output, &format, &error))
        return render_fail(EXIT_USAGE, error.text);
    if (!store_open(&store, arguments->store, STORE_READ, &error))
        return render_fail(EXIT_FAILED, error.text);
    ExitCode code = choose_and_draw(arguments, store, arena);
    if (!store_close(store, &error))
        code = render_fail(EXIT_FAILED, error.text);
    return code;
}

ExitCode render_figure(int argc, char **argv, const atomic_int *stop) {
    (void)stop; /* a figure takes no time */
    Arguments arguments = {0};
    Arena arena = {0};
    int theme;
    ExitCode code =
        read_arguments(&arguments, argc, argv, ARENA_NEW(&arena, const char *, argc + 1));
    if (code == EXIT_DONE)
        code = render_theme(arguments.theme, &theme);
    if (code == EXIT_DONE)
        code = open_and_draw(&arguments, &arena);
    arena_release(&arena);
    return code;
}
