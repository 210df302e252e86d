/* superpose-render view: a window in which the runs of a config train. */
#include "render/command/command.h"
#include "render/view/loop.h"
#include "sim/base/pool.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

typedef struct Arguments {
    const char *run, *threads, *theme; /* NULL: not given */
    const char **words;                /* [n_words]: the config, then KEY=VALUE */
    int n_words;
} Arguments;

static const char **option_slot(Arguments *arguments, const char *word) {
    if (strcmp(word, "--run") == 0)
        return &arguments->run;
    if (strcmp(word, "-j") == 0)
        return &arguments->threads;
    return strcmp(word, "--theme") == 0 ? &arguments->theme : NULL;
}

static ExitCode read_arguments(Arguments *arguments, int argc, char **argv) {
    for (int i = 0; i < argc; i++) {
        const char **slot = option_slot(arguments, argv[i]);
        if (slot && i + 1 == argc)
            return command_fail_about(EXIT_USAGE, argv[i], "a value must follow");
        if (slot)
            *slot = argv[++i];
        else if (argv[i][0] == '-')
            return command_fail_about(EXIT_USAGE, argv[i],
                                      "unknown option; superpose-render --help");
        else
            arguments->words[arguments->n_words++] = argv[i];
    }
    return arguments->n_words ? EXIT_DONE : command_fail(EXIT_USAGE, "view: a config is needed");
}

/* A whole number from `least` on; NULL keeps what is there. */
static ExitCode read_number(const char *text, const char *option, long long least,
                            long long *number) {
    char *end;
    if (!text)
        return EXIT_DONE;
    errno = 0;
    *number = strtoll(text, &end, 10);
    if (!errno && end != text && !*end && *number >= least)
        return EXIT_DONE;
    return command_fail_about(EXIT_USAGE, option, "takes a whole number that is not negative");
}

static ExitCode read_options(const Arguments *arguments, ViewOptions *options) {
    /* one processor is left to the window */
    long long run = -1, n_threads = pool_processors() > 1 ? pool_processors() - 1 : 1;
    int theme = THEME_LIGHT;
    ExitCode code = read_number(arguments->run, "--run", 0, &run);
    if (code == EXIT_DONE)
        code = read_number(arguments->threads, "-j", 1, &n_threads);
    if (code == EXIT_DONE)
        code = command_theme(arguments->theme, &theme);
    *options = (ViewOptions){.path = arguments->words[0],
                             .overrides = arguments->words + 1,
                             .n_overrides = arguments->n_words - 1,
                             .only_run = run,
                             .n_threads = (int)n_threads,
                             .isa = isa_best(),
                             .theme = (Theme)theme};
    return code;
}

static ExitCode show(const ViewOptions *options, const atomic_int *stop, Arena *arena) {
    Problems problems = {.arena = arena};
    Error error = {0};
    View *view;
    if (!view_open(&view, options, &problems))
        return command_fail_with(&problems);
    bool ok = loop_run(view, stop, &error);
    view_close(view);
    return ok ? EXIT_DONE : command_fail(EXIT_FAILED, error.text);
}

ExitCode command_view(int argc, char **argv, const atomic_int *stop) {
    Arena arena = {0};
    Arguments arguments = {.words = ARENA_NEW(&arena, const char *, argc + 1)};
    ViewOptions options;
    ExitCode code = read_arguments(&arguments, argc, argv);
    if (code == EXIT_DONE)
        code = read_options(&arguments, &options);
    if (code == EXIT_DONE)
        code = show(&options, stop, &arena);
    arena_release(&arena);
    return code;
}
