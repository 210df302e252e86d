/* What watching costs: training at full tilt beside a View that draws 60 frames a second of
 * 1280 x 800 on the main thread, as in the window, in steps a second relative to the same training
 * with as many threads that nobody watches; and frames a second, at full tilt and at 600 steps a
 * second. Rounds of watched and unwatched take turns, medians of the ratios. What is not in it: the
 * system's copying of a frame to the screen (0.4 ms of X11).
 *
 * The last rows are of a sweep of 2500 runs of two features in one dimension: 64 of them are
 * watched and the others trained behind them, and there is nothing unwatched to hold them against.
 *
 * On a machine that others use, drawing and training take each other's turns on a processor, which
 * says nothing of either. So there is also what others cannot change much: steps for a second of
 * the training threads' processor time, as a ratio, and the processor time of a frame.
 *
 *     bench_live [folder [rounds]]      rounds for a number (5)
 *
 * Training has all processors but one. The table goes to folder/live.csv too. */
#include "render/state/state.h"
#include "render/view/view.h"
#include "sim/base/clock.h"
#include "tests/bench/measuring.h"
#include "tests/bench/table.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { WIDTH = 1280, HEIGHT = 800, MOST_ROUNDS = 100, NORMAL = 8 /* of speeds: 600 */ };

static const double SECONDS = 0.6, FRAME_SECONDS = 1.0 / 60;

static const int shapes[][2] = {{5, 2}, {80, 20}, {400, 30}};

static const char *const scenes[] = {"geometry", "gram", "dimensionality", "dynamics"};

static const int sweep_shape[] = {2, 1};
static const char *const sweep_scenes[] = {"grid", "phase"};
static const char *const sweep = "sweep:\n"
                                 "  task.importance.decay: {logspace: [0.1, 1, 50]}\n"
                                 "  data.feature_probability: {logspace: [0.01, 1, 50]}\n";

static const TableColumn columns[] = {{"scene", "scene", NULL, 16},
                                      {"n", "n_features", "%.0f", 5},
                                      {"m", "n_hidden", "%.0f", 4},
                                      {"unwatched/s", "unwatched_per_s", "%.0f", 12},
                                      {"watched", "watched", "%.2f", 8},
                                      {"by cpu", "watched_by_cpu", "%.2f", 7},
                                      {"frame ms", "frame_cpu_ms", "%.1f", 9},
                                      {"frames/s", "frames_per_s", "%.0f", 9},
                                      {"at 600/s", "frames_per_s_at_600", "%.0f", 9}};
enum { N_COLUMNS = sizeof columns / sizeof *columns };

/* A View with a page to draw on, and the same training alone, but of a sweep. */
typedef struct Bench {
    View *view;
    cairo_surface_t *page;
    Training *alone;
    Pool *pool;
    int64_t alone_step;
} Bench;

/* What one turn came to. */
typedef struct Turn {
    double steps;            /* a second */
    double steps_by_cpu;     /* a second of the training threads */
    double frames, frame_ms; /* a second; of the drawing thread */
} Turn;

static void die(const char *what) {
    fprintf(stderr, "bench_live: %s\n", what);
    exit(1);
}

static const char *write_config(const int *shape, const char *more, Arena *arena) {
    const char *path = arena_print(arena, "/tmp/bench_live-%d.yaml", (int)getpid());
    FILE *file = fopen(path, "w");
    if (!file ||
        fprintf(file,
                "data: {kind: independent, n_features: %d, feature_probability: 0.1}\n"
                "task: {kind: identity, importance: {decay: 0.98}}\n"
                "model: {kind: relu_output, n_hidden: %d}\n"
                "train: {optimizer: adamw, learning_rate: 1e-3, batch: 1024, steps: 100000000}\n"
                "%s",
                shape[0], shape[1], more) < 0 ||
        fclose(file) != 0)
        die("no config can be written to /tmp");
    return path;
}

/* What of a sweep is not watched is trained where it is kept. */
static void open_view(Bench *bench, const int *shape, const char *more, const char *scene,
                      Arena *arena) {
    Problems problems = {.arena = arena};
    ViewOptions options = {.path = write_config(shape, more, arena),
                           .only_run = -1,
                           .n_threads = pool_processors() > 1 ? pool_processors() - 1 : 1,
                           .isa = isa_best(),
                           .keeps = *more,
                           .scene = scene};
    if (!view_open(&bench->view, &options, &problems))
        die("the view does not open");
    unlink(options.path);
    bench->page = cairo_image_surface_create(CAIRO_FORMAT_RGB24, WIDTH, HEIGHT);
}

static void close_view(Bench *bench) {
    const char *path = view_keep_path(bench->view);
    cairo_surface_destroy(bench->page);
    stage_stop(bench->view->stage);
    while (!stage_has_left(bench->view->stage))
        view_tick(bench->view, clock_wall());
    if (path)
        unlink(path);
    view_close(bench->view);
}

static void open_alone(Bench *bench, Arena *arena) {
    Error error = {0};
    int n_threads = bench->view->options.n_threads;
    Run run = experiment_run(bench->view->stage->experiment, 0, arena);
    if (!pool_open(&bench->pool, n_threads, &error) ||
        !training_open(&bench->alone, run.phases, run.n_phases, 0, n_threads, isa_best(), NULL,
                       arena, &error))
        die(error.text);
    bench->alone_step = 0;
}

static void draw(Bench *bench) {
    cairo_t *cairo = cairo_create(bench->page);
    view_frame(bench->view, cairo, WIDTH, HEIGHT);
    cairo_destroy(cairo);
}

static void rest(double seconds) {
    struct timespec time = {0, (long)(1e9 * fmax(seconds, 0))};
    nanosleep(&time, NULL);
}

static int draw_until(Bench *bench, double end) {
    int n_frames = 0;
    double now = clock_wall(), next = now;
    for (; now < end; now = clock_wall()) {
        view_tick(bench->view, now);
        if (view_has_news(bench->view)) {
            draw(bench);
            n_frames++;
        }
        next = fmax(next + FRAME_SECONDS, clock_wall() - FRAME_SECONDS);
        rest(next - clock_wall());
    }
    return n_frames;
}

/* As the window's loop. */
static Turn watch(Bench *bench, int speed) {
    View *view = bench->view;
    double start = clock_wall(), cpu = clock_cpu(), own = clock_thread_cpu();
    int64_t from = stage_step(view->stage);
    view->speed = speed;
    int n_frames = draw_until(bench, start + SECONDS);
    own = clock_thread_cpu() - own;
    cpu = clock_cpu() - cpu - own;
    double steps = (double)(stage_step(view->stage) - from), seconds = clock_wall() - start;
    stage_allow(view->stage, stage_step(view->stage));
    return (Turn){steps / seconds, steps / cpu, n_frames / seconds, 1e3 * own / n_frames};
}

/* By slices, as Live, but that nobody wants to see what came of them. */
static Turn train_alone(Bench *bench) {
    Error error = {0};
    double start = clock_wall(), cpu = clock_cpu(), now = start;
    int64_t from = bench->alone_step, slice = 1;
    for (; now < start + SECONDS; now = clock_wall()) {
        bench->alone_step += slice;
        if (!training_advance(bench->alone, bench->alone_step, bench->pool, NULL, &error))
            die(error.text);
        slice = clock_wall() - now < 0.002 ? 2 * slice : slice;
    }
    double steps = (double)(bench->alone_step - from);
    return (Turn){steps / (now - start), steps / (clock_cpu() - cpu), 0, 0};
}

enum { UNWATCHED, WATCHED, BY_CPU, FRAME_MS, FRAMES, FRAMES_AT_600, N_VALUES };

static void measure(Bench *bench, int n_rounds, double *medians) {
    double values[N_VALUES][MOST_ROUNDS];
    for (int r = -1; r < n_rounds; r++) { /* the first only warms up */
        int at = r < 0 ? 0 : r;
        Turn alone = train_alone(bench), watched = watch(bench, n_speeds - 1);
        values[UNWATCHED][at] = alone.steps;
        values[WATCHED][at] = watched.steps / alone.steps;
        values[BY_CPU][at] = watched.steps_by_cpu / alone.steps_by_cpu;
        values[FRAME_MS][at] = watched.frame_ms;
        values[FRAMES][at] = watched.frames;
        values[FRAMES_AT_600][at] = watch(bench, NORMAL).frames;
    }
    for (int i = 0; i < N_VALUES; i++)
        medians[i] = measuring_median(values[i], n_rounds);
}

static void add_row(const int *shape, const char *scene, const double *values, Text *csv) {
    Cell cells[N_COLUMNS] = {{.text = scene}, {.number = shape[0]}, {.number = shape[1]}};
    for (int i = 0; i < N_VALUES; i++)
        cells[3 + i].number = values[i];
    table_row(columns, N_COLUMNS, cells);
    table_csv_row(columns, N_COLUMNS, cells, csv);
}

static void measure_scene(const int *shape, const char *scene, int n_rounds, Text *csv) {
    Bench bench;
    Arena arena = {0};
    double medians[N_VALUES];
    open_view(&bench, shape, "", scene, &arena);
    open_alone(&bench, &arena);
    measure(&bench, n_rounds, medians);
    add_row(shape, scene, medians, csv);
    pool_close(bench.pool);
    close_view(&bench);
    arena_release(&arena);
}

static void measure_sweep(const char *scene, int n_rounds, Text *csv) {
    Bench bench;
    Arena arena = {0};
    double values[3][MOST_ROUNDS];
    open_view(&bench, sweep_shape, sweep, scene, &arena);
    for (int r = -1; r < n_rounds; r++) { /* the first only warms up */
        int at = r < 0 ? 0 : r;
        Turn watched = watch(&bench, n_speeds - 1);
        values[0][at] = watched.frame_ms;
        values[1][at] = watched.frames;
        values[2][at] = watch(&bench, NORMAL).frames;
    }
    add_row(sweep_shape, arena_print(&arena, "%s, sweep", scene),
            (double[N_VALUES]){[UNWATCHED] = (double)NAN,
                               [WATCHED] = (double)NAN,
                               [BY_CPU] = (double)NAN,
                               [FRAME_MS] = measuring_median(values[0], n_rounds),
                               [FRAMES] = measuring_median(values[1], n_rounds),
                               [FRAMES_AT_600] = measuring_median(values[2], n_rounds)},
            csv);
    close_view(&bench);
    arena_release(&arena);
}

int main(int n_arguments, char **arguments) {
    const char *folder = n_arguments > 1 ? arguments[1] : NULL;
    int n_rounds = n_arguments > 2 ? atoi(arguments[2]) : 5;
    double load = 0;
    Text csv = {0};
    Arena arena = {0};
    bool good = true;
    if (n_rounds < 1 || n_rounds > MOST_ROUNDS)
        die("rounds: 1 to 100");
    FILE *file = fopen("/proc/loadavg", "r");
    if (file && fscanf(file, "%lf", &load) == 1)
        printf("the machine's load before: %.1f on %d processors\n", load, pool_processors());
    if (file)
        fclose(file);
    table_heads(columns, N_COLUMNS);
    table_csv_heads(columns, N_COLUMNS, &csv);
    for (size_t s = 0; s < sizeof shapes / sizeof *shapes; s++)
        for (size_t k = 0; k < sizeof scenes / sizeof *scenes; k++)
            measure_scene(shapes[s], scenes[k], n_rounds, &csv);
    for (size_t k = 0; k < sizeof sweep_scenes / sizeof *sweep_scenes; k++)
        measure_sweep(sweep_scenes[k], n_rounds, &csv);
    if (folder)
        good = table_csv_write(&csv, arena_print(&arena, "%s/live.csv", folder));
    text_release(&csv);
    arena_release(&arena);
    return !good;
}
