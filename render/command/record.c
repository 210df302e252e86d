/* superpose-render record: the runs of a config train into a film; no window. */
#include "render/command/command.h"
#include "render/view/record.h"
#include "sim/base/clock.h"
#include "sim/base/pool.h"
#include "sim/base/text.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* So long the last frame can be read. */
static const double HOLD_SECONDS = 2;

enum { MOST_PIXELS = 8192 };

typedef struct Arguments {
    const char *output, *run, *threads, *scene, *seconds, *fps, *size, *scale, *theme;
    bool has_controls, is_quiet;
    const char **words; /* [n_words]: the config, then KEY=VALUE */
    int n_words;
} Arguments;

/* A file that a browser loads is smaller than one for a lecture. */
static const struct {
    int fps, width, height;
} defaults[] = {[ENCODER_MP4] = {30, 1280, 800},
                [ENCODER_GIF] = {20, 800, 500},
                [ENCODER_WEBP] = {25, 800, 500},
                [ENCODER_FOLDER] = {30, 1280, 800}};

/* ---- arguments ---- */

static ExitCode read_arguments(Arguments *arguments, int argc, char **argv) {
    const OptionSlot slots[] = {{"-o", &arguments->output, NULL},
                                {"--run", &arguments->run, NULL},
                                {"-j", &arguments->threads, NULL},
                                {"--scene", &arguments->scene, NULL},
                                {"--seconds", &arguments->seconds, NULL},
                                {"--fps", &arguments->fps, NULL},
                                {"--size", &arguments->size, NULL},
                                {"--scale", &arguments->scale, NULL},
                                {"--theme", &arguments->theme, NULL},
                                {"--with-controls", NULL, &arguments->has_controls},
                                {"--quiet", NULL, &arguments->is_quiet}};
    ExitCode code = render_sort(argc, argv, slots, sizeof slots / sizeof *slots, arguments->words,
                                &arguments->n_words);
    if (code == EXIT_DONE && !arguments->n_words)
        code = render_fail(EXIT_USAGE, "record: a config or a store is needed");
    if (code == EXIT_DONE && !arguments->output)
        code = render_fail(EXIT_USAGE, "record: where to? -o FILE.mp4, .gif, .webp or DIR/");
    return code;
}

static ExitCode read_view(const Arguments *arguments, ViewOptions *options) {
    long long run = -1, n_threads = pool_processors();
    double seconds = 20;
    int theme = THEME_LIGHT;
    ExitCode code = render_integer(arguments->run, "--run", 0, INT64_MAX, &run);
    if (code == EXIT_DONE)
        code = render_integer(arguments->threads, "-j", 1, 4096, &n_threads);
    if (code == EXIT_DONE)
        code = render_real(arguments->seconds, "--seconds", 0.1, 3600, &seconds);
    if (code == EXIT_DONE)
        code = render_theme(arguments->theme, &theme);
    *options = (ViewOptions){.path = arguments->words[0],
                             .overrides = arguments->words + 1,
                             .n_overrides = arguments->n_words - 1,
                             .only_run = run,
                             .n_threads = (int)n_threads,
                             .isa = isa_best(),
                             .theme = (Theme)theme,
                             .scene = arguments->scene,
                             .film_seconds = seconds,
                             .is_bare = !arguments->has_controls};
    return code;
}

static bool read_size(const char *text, int *width, int *height) {
    int end = 0;
    return !text || (sscanf(text, "%dx%d%n", width, height, &end) == 2 && !text[end] &&
                     *width >= ENCODER_LEAST && *width <= MOST_PIXELS && *height >= ENCODER_LEAST &&
                     *height <= MOST_PIXELS);
}

static ExitCode read_film(const Arguments *arguments, double seconds, RecordOptions *options) {
    EncoderKind kind = ENCODER_MP4;
    Error error = {0};
    if (!encoder_kind(arguments->output, &kind, &error))
        return render_fail(EXIT_USAGE, error.text);
    long long fps = defaults[kind].fps;
    int width = defaults[kind].width, height = defaults[kind].height;
    double scale = 1;
    ExitCode code = render_integer(arguments->fps, "--fps", 1, 60, &fps);
    if (code == EXIT_DONE && !read_size(arguments->size, &width, &height))
        code = render_fail_about(EXIT_USAGE, "--size",
                                 "takes WIDTHxHEIGHT in pixels, each from 160 to 8192");
    if (code == EXIT_DONE)
        code = render_real(arguments->scale, "--scale", 0.25, 16, &scale);
    if (code == EXIT_DONE && (width < ENCODER_LEAST * scale || height < ENCODER_LEAST * scale))
        code = render_fail_about(EXIT_USAGE, "--scale", "leaves too few pixels for a page");
    *options = (RecordOptions){
        .encoder = {.path = arguments->output, .width = width, .height = height, .fps = (int)fps},
        .scale = scale,
        .seconds = seconds,
        .hold = HOLD_SECONDS};
    return code;
}

/* ---- progress ---- */

typedef struct Progress {
    bool is_quiet, is_terminal;
    double begun, told;
} Progress;

/* RecordTold: one rewritten line on a terminal, a plain line every 10 s otherwise. */
static void tell(void *context, int64_t n_done, int64_t n_frames) {
    Progress *progress = context;
    double now = clock_wall(), elapsed = now - progress->begun;
    if (progress->is_quiet || now - progress->told < (progress->is_terminal ? 0.2 : 10))
        return;
    progress->told = now;
    fprintf(stderr,
            progress->is_terminal ? "\r\033[K%lld/%lld frames, %.0f s left"
                                  : "%lld/%lld frames, %.0f s left\n",
            (long long)n_done, (long long)n_frames,
            elapsed * (double)(n_frames - n_done) / (double)n_done);
    fflush(stderr);
}

/* ---- recording ---- */

/* What was filmed was not all that was asked for where a run has failed. */
static ExitCode tell_failure(const View *view) {
    Arena scratch = {0};
    bool is_all;
    const char *failure = view_failure(view, &scratch, &is_all);
    if (failure)
        fprintf(stderr, "%s\n", failure);
    arena_release(&scratch);
    return failure ? EXIT_RUNS_FAILED : EXIT_DONE;
}

static ExitCode record(View *view, const Arguments *arguments, const RecordOptions *options,
                       const atomic_int *stop) {
    double now = clock_wall();
    Progress progress = {arguments->is_quiet, isatty(STDERR_FILENO), now, now};
    FilmResult result = {0};
    Error error = {0};
    bool ok = record_view(view, options, stop, tell, &progress, &result, &error);
    if (progress.is_terminal && !progress.is_quiet)
        fputs("\r\033[K", stderr);
    if (!ok)
        return render_fail(EXIT_FAILED, error.text);
    if (result.notice[0])
        fprintf(stderr, "%s\n", result.notice);
    if (!arguments->is_quiet)
        puts(result.path);
    ExitCode code =
        view_unread(view) ? render_fail(EXIT_FAILED, view_unread(view)) : tell_failure(view);
    return atomic_load(stop) ? EXIT_INTERRUPTED : code;
}

static ExitCode open_and_record(const Arguments *arguments, const ViewOptions *view_options,
                                const RecordOptions *options, const atomic_int *stop,
                                Arena *arena) {
    Problems problems = {.arena = arena};
    View *view;
    if (!view_open(&view, view_options, &problems))
        return render_fail_with(&problems);
    ExitCode code = record(view, arguments, options, stop);
    view_close(view);
    return code;
}

ExitCode render_record(int argc, char **argv, const atomic_int *stop) {
    Arena arena = {0};
    Arguments arguments = {.words = ARENA_NEW(&arena, const char *, argc + 1)};
    ViewOptions view_options;
    RecordOptions options;
    ExitCode code = read_arguments(&arguments, argc, argv);
    if (code == EXIT_DONE)
        code = read_view(&arguments, &view_options);
    if (code == EXIT_DONE)
        code = read_film(&arguments, view_options.film_seconds, &options);
    if (code == EXIT_DONE)
        code = open_and_record(&arguments, &view_options, &options, stop, &arena);
    arena_release(&arena);
    return code;
}
