/* superpose-render view: a window in which the runs of a config train. */
#include "render/command/command.h"
#include "render/window/loop.h"
#include "sim/base/pool.h"

#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

typedef struct Arguments {
    const char *run, *threads, *theme, *configs; /* NULL: not given */
    const char **words; /* [n_words]: the config, then KEY=VALUE; none: the last preset */
    int n_words;
} Arguments;

static ExitCode read_arguments(Arguments *arguments, int argc, char **argv) {
    const OptionSlot slots[] = {{"--run", &arguments->run, NULL},
                                {"-j", &arguments->threads, NULL},
                                {"--theme", &arguments->theme, NULL},
                                {"--configs", &arguments->configs, NULL}};
    return render_sort(argc, argv, slots, 4, arguments->words, &arguments->n_words);
}

/* What is opened where nothing is named. */
static const char *last_preset(const Habits *habits, const char *configs, Arena *arena) {
    bool is_there = *habits->preset && access(habits->preset, R_OK) == 0;
    return is_there ? habits->preset : arena_print(arena, "%s/intro.yaml", configs);
}

static ExitCode read_options(const Arguments *arguments, const Habits *habits, ViewOptions *options,
                             Arena *arena) {
    /* one processor is left to the window */
    long long run = -1, n_threads = pool_processors() > 1 ? pool_processors() - 1 : 1;
    int theme = (int)habits->theme, n_words = arguments->n_words;
    const char *configs = arguments->configs ? arguments->configs : "configs";
    ExitCode code = render_integer(arguments->run, "--run", 0, INT64_MAX, &run);
    if (code == EXIT_DONE)
        code = render_integer(arguments->threads, "-j", 1, 4096, &n_threads);
    if (code == EXIT_DONE)
        code = render_theme(arguments->theme, &theme);
    *options =
        (ViewOptions){.path = n_words ? arguments->words[0] : last_preset(habits, configs, arena),
                      .overrides = arguments->words + 1,
                      .n_overrides = n_words ? n_words - 1 : 0,
                      .only_run = run,
                      .configs = configs,
                      .habits = habits,
                      .n_threads = (int)n_threads,
                      .isa = isa_best(),
                      .keeps = true,
                      .theme = (Theme)theme};
    return code;
}

/* Where they cannot be kept, that is no failure of the session. */
static void keep_habits(const View *view, Arena *arena) {
    Error error = {0};
    Habits habits = view_habits(view);
    const char *path = habits_path(arena);
    if (path && !habits_save(path, &habits, &error))
        fprintf(stderr, "%s\n", error.text);
}

/* What went wrong with the window, and what became of what was in it. */
static void add_kept(const View *view, bool is_kept, const Error *keeping, Error *error) {
    Error what = *error;
    const char *path = view_keep_path(view);
    if (!is_kept && what.text[0])
        error_set(error, "%.400s; what was watched is not kept: %.400s", what.text, keeping->text);
    else if (!is_kept)
        *error = *keeping;
    else if (path)
        error_set(error, "%.400s; what was watched is kept in %.400s, and goes on from there",
                  what.text, path);
}

static ExitCode show(const ViewOptions *options, const atomic_int *stop, Arena *arena) {
    Problems problems = {.arena = arena};
    Error error = {0}, keeping = {0};
    View *view;
    if (!view_open(&view, options, &problems))
        return render_fail_with(&problems);
    bool ok = loop_run(view, stop, &error);
    if (ok)
        keep_habits(view, arena);
    bool is_kept = view_keep(view, &keeping);
    if (!ok || !is_kept)
        add_kept(view, is_kept, &keeping, &error);
    const char *last_words = view_finish(view);
    if (*last_words)
        fprintf(stderr, "%s\n", last_words);
    view_close(view);
    return ok && is_kept ? EXIT_DONE : render_fail(EXIT_FAILED, error.text);
}

ExitCode render_view(int argc, char **argv, const atomic_int *stop) {
    Arena arena = {0};
    Arguments arguments = {.words = ARENA_NEW(&arena, const char *, argc + 1)};
    ViewOptions options;
    Habits habits = habits_first();
    const char *path = habits_path(&arena);
    if (path)
        habits_load(path, &habits);
    ExitCode code = read_arguments(&arguments, argc, argv);
    if (code == EXIT_DONE)
        code = read_options(&arguments, &habits, &options, &arena);
    if (code == EXIT_DONE)
        code = show(&options, stop, &arena);
    arena_release(&arena);
    return code;
}
