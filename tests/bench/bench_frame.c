/* How long scenes take to draw a frame of 1280 x 800: ms a frame of a model that rests (still) and
 * of one that trains, each frame another moment (live); medians of the processor time. A window of
 * 60 frames a second has 16 ms, one of 30 has 33.
 *
 *     bench_frame [folder [frames]]      frames for a number (30)
 *
 * Every scene of the table is drawn of every model that it does not refuse, in each of its
 * options. The table goes to folder/frame.csv too. */
#include "render/runs/survey.h"
#include "render/scene/scene.h"
#include "sim/base/clock.h"
#include "tests/bench/measuring.h"
#include "tests/bench/table.h"

#include <stdio.h>
#include <stdlib.h>

enum { WIDTH = 1280, HEIGHT = 800, MOMENTS = 40, STEPS = 25, MOST_FRAMES = 1000 };

typedef struct Shape {
    int n, m;
    const char *kind;
} Shape;

static const Shape shapes[] = {{5, 2, "relu_output"},    {20, 3, "relu_output"},
                               {100, 20, "relu_output"}, {400, 30, "relu_output"},
                               {5, 10, "two_layer"},     {100, 40, "relu_hidden"}};

static const TableColumn columns[] = {
    {"scene", "scene", NULL, 16},  {"option", "option", NULL, 10},
    {"kind", "kind", NULL, 12},    {"n", "n_features", "%.0f", 5},
    {"m", "n_hidden", "%.0f", 4},  {"still", "still_ms", "%.2f", 8},
    {"live", "live_ms", "%.2f", 8}};
enum { N_COLUMNS = sizeof columns / sizeof *columns };

/* A run that trained for a while, and all that it trained in. */
typedef struct Watched {
    Arena arena;
    History *history;
} Watched;

static void die(const char *what) {
    fprintf(stderr, "bench_frame: %s\n", what);
    exit(1);
}

static void watch(const Shape *shape, Watched *watched) {
    Error error = {0};
    *watched = (Watched){0};
    Arena *arena = &watched->arena;
    const char *config =
        arena_print(arena,
                    "data: {kind: independent, n_features: %d, feature_probability: 0.05}\n"
                    "task: {kind: identity, importance: {decay: 0.98}}\n"
                    "model: {kind: %s, n_hidden: %d}\n"
                    "train: {batch: 256, learning_rate: 1e-2, steps: %d}\n"
                    "record: {loss_samples_over_time: 1024}\n",
                    shape->n, shape->kind, shape->m, MOMENTS * STEPS);
    const Experiment *experiment = measuring_experiment(config, NULL, 0, arena);
    Run run = experiment_run(experiment, 0, arena);
    const Settings *settings = run.phases[0].settings;
    Training *training;
    World world;
    if (!survey_world(experiment, 0, settings, isa_best(), arena, &world, &error) ||
        !training_open(&training, run.phases, run.n_phases, run.restart, 1, isa_best(), NULL, arena,
                       &error) ||
        !history_open(&watched->history, "", &settings->model, shape->n, 1 << 28, &error))
        die(error.text);
    history_add_world(watched->history, &world);
    for (int64_t step = 0; step <= MOMENTS * STEPS; step += STEPS)
        if (!training_advance(training, step, NULL, NULL, &error) ||
            !history_add(watched->history, step, training_loss(training), 1e-2,
                         training_model(training)->parameters, &error))
            die(error.text);
}

/* Of one frame, in ms. */
static double draw(const SceneKind *scene, SceneInput *input, cairo_t *cairo) {
    const Style *style = style_of(THEME_LIGHT);
    Arena arena = {0};
    input->arena = &arena;
    double start = clock_thread_cpu();
    canvas_set_color(cairo, style->background);
    cairo_paint(cairo);
    scene->draw(input, cairo, (Rect){0, 0, WIDTH, HEIGHT}, style);
    double end = clock_thread_cpu();
    arena_release(&arena);
    return 1e3 * (end - start);
}

static double median(const SceneKind *scene, SceneInput *input, cairo_t *cairo, bool is_live,
                     int n_frames) {
    double times[MOST_FRAMES];
    int n_moments;
    const Moment *moments = history_moments(input->history, &n_moments);
    for (int f = -3; f < n_frames; f++) { /* the first few only warm up */
        input->moment = is_live ? (f + 3) % n_moments : n_moments - 1;
        input->step = moments[input->moment].step;
        input->time += 1.0 / 60;
        double time = draw(scene, input, cairo);
        if (f >= 0)
            times[f] = time;
    }
    return measuring_median(times, n_frames);
}

static void measure(const Shape *shape, const SceneKind *scene, SceneInput *input, cairo_t *cairo,
                    const char *word, int n_frames, Text *csv) {
    const Cell cells[N_COLUMNS] = {{.text = scene->kind.name},
                                   {.text = word},
                                   {.text = shape->kind},
                                   {.number = shape->n},
                                   {.number = shape->m},
                                   {.number = median(scene, input, cairo, false, n_frames)},
                                   {.number = median(scene, input, cairo, true, n_frames)}};
    table_row(columns, N_COLUMNS, cells);
    table_csv_row(columns, N_COLUMNS, cells, csv);
}

/* In each word of its first option. */
static void measure_all(const Shape *shape, const SceneKind *scene, SceneInput *input,
                        cairo_t *cairo, int n_frames, Text *csv) {
    int n_options = 0;
    const SceneOption *option = scene->options ? scene->options(input, &n_options) : NULL;
    if (!n_options) {
        measure(shape, scene, input, cairo, "", n_frames, csv);
        return;
    }
    for (int w = 0; option->words[w]; w++) {
        *(int *)(void *)((char *)input->state + option->offset) = w;
        measure(shape, scene, input, cairo, option->words[w], n_frames, csv);
    }
}

static void measure_shape(const Shape *shape, cairo_t *cairo, int n_frames, Text *csv) {
    Watched watched;
    Arena arena = {0};
    int n_moments;
    watch(shape, &watched);
    const Moment *moments = history_moments(watched.history, &n_moments);
    for (int s = 0; s < scene_table.n_rows; s++) {
        const SceneKind *scene = (const SceneKind *)(const void *)scene_table.rows[s];
        SceneState state = {.has_overlays = true};
        SceneInput input = {.history = watched.history,
                            .all = &watched.history,
                            .numbers = (int64_t[]){0},
                            .n_all = 1,
                            .step = moments[n_moments - 1].step,
                            .moment = n_moments - 1,
                            .selected = 1,
                            .state = &state,
                            .arena = &arena};
        if (!scene->refuses(&input))
            measure_all(shape, scene, &input, cairo, n_frames, csv);
    }
    history_close(watched.history);
    arena_release(&watched.arena);
    arena_release(&arena);
}

int main(int n_arguments, char **arguments) {
    const char *folder = n_arguments > 1 ? arguments[1] : NULL;
    int n_frames = n_arguments > 2 ? atoi(arguments[2]) : 30;
    Text csv = {0};
    Arena arena = {0};
    bool good = true;
    if (n_frames < 1 || n_frames > MOST_FRAMES)
        die("frames: 1 to 1000");
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, WIDTH, HEIGHT);
    cairo_t *cairo = cairo_create(surface);
    puts("ms a frame of 1280 x 800");
    table_heads(columns, N_COLUMNS);
    table_csv_heads(columns, N_COLUMNS, &csv);
    for (size_t s = 0; s < sizeof shapes / sizeof *shapes; s++)
        measure_shape(&shapes[s], cairo, n_frames, &csv);
    if (folder)
        good = table_csv_write(&csv, arena_print(&arena, "%s/frame.csv", folder));
    cairo_destroy(cairo);
    cairo_surface_destroy(surface);
    text_release(&csv);
    arena_release(&arena);
    return !good;
}
