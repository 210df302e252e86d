/* Measured against expected time of training (sim/experiment/cost.h), over sizes far beyond the
 * workloads': ms a step of one thread, both, and their ratio, marked where it is beyond 1.5.
 *
 *     bench_cost [folder [seconds]]      seconds for a row (0.4), half of them before the clock
 * starts: biases settle, and with them how many outputs are active
 *
 * The table goes to folder/cost.csv too. Rows vary one thing each, from models the size of a
 * workload; the last rows vary the optimizer, kind, importance and exponent. */
#include "sim/base/clock.h"
#include "sim/experiment/cost.h"
#include "tests/bench/table.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct Shape {
    int n, m;
    double p;
    int batch;
    const char *more, *rate; /* settings; NULL: none */
} Shape;

static const Shape shapes[] = {
    /* features */
    {2, 1, 1, 1024, "", NULL},
    {2, 1, 0.01, 1024, "", NULL},
    {5, 2, 1, 1024, "", NULL},
    {5, 2, 0.05, 1024, "", NULL},
    {10, 3, 1, 1024, "", NULL},
    {10, 3, 0.05, 1024, "", NULL},
    {20, 5, 1, 1024, "", NULL},
    {20, 5, 0.2, 1024, "", NULL},
    {20, 5, 0.05, 1024, "", NULL},
    {32, 8, 0.3, 1024, "", NULL},
    {50, 10, 1, 1024, "", NULL},
    {50, 10, 0.1, 1024, "", NULL},
    {50, 10, 0.02, 1024, "", NULL},
    {80, 20, 1, 1024, "", NULL},
    {80, 20, 0.05, 1024, "", NULL},
    {80, 20, 0.01, 1024, "", NULL},
    {200, 20, 1, 1024, "", NULL},
    {200, 20, 0.1, 1024, "", NULL},
    {200, 20, 0.01, 1024, "", NULL},
    {200, 20, 0.001, 1024, "", NULL},
    {400, 30, 1, 1024, "", NULL},
    {400, 30, 0.3, 1024, "", NULL},
    {400, 30, 0.1, 1024, "", NULL},
    {400, 30, 0.03, 1024, "", NULL},
    {400, 30, 0.01, 1024, "", NULL},
    {400, 30, 0.003, 1024, "", NULL},
    {400, 30, 0.001, 1024, "", NULL},
    {1000, 50, 1, 1024, "", NULL},
    {1000, 50, 0.1, 1024, "", NULL},
    {1000, 50, 0.01, 1024, "", NULL},
    {1000, 50, 0.001, 1024, "", NULL},
    /* hidden dimensions */
    {2, 2, 0.1, 1024, "", NULL},
    {20, 1, 0.1, 1024, "", NULL},
    {20, 20, 0.1, 1024, "", NULL},
    {100, 1, 0.1, 1024, "", NULL},
    {100, 100, 0.1, 1024, "", NULL},
    {400, 1, 0.01, 1024, "", NULL},
    {400, 5, 0.01, 1024, "", NULL},
    {400, 100, 0.01, 1024, "", NULL},
    {400, 200, 0.01, 1024, "", NULL},
    {400, 200, 0.1, 1024, "", NULL},
    {1000, 200, 1, 1024, "", NULL},
    {1000, 200, 0.01, 1024, "", NULL},
    {1000, 200, 0.001, 1024, "", NULL},
    /* batches */
    {5, 2, 0.2, 16, "", NULL},
    {5, 2, 0.2, 128, "", NULL},
    {5, 2, 0.2, 8192, "", NULL},
    {80, 20, 0.1, 16, "", NULL},
    {80, 20, 0.1, 128, "", NULL},
    {80, 20, 0.1, 8192, "", NULL},
    {400, 30, 0.01, 16, "", NULL},
    {400, 30, 0.01, 128, "", NULL},
    {400, 30, 0.01, 8192, "", NULL},
    {400, 30, 1, 64, "", NULL},
    {400, 30, 1, 8192, "", NULL},
    {1000, 100, 0.01, 16, "", NULL},
    {1000, 100, 0.1, 256, "", NULL},
    /* kinds, optimizers, objectives */
    {5, 2, 0.1, 1024, "model.kind=linear", NULL},
    {5, 2, 0.1, 1024, "model.kind=two_layer", NULL},
    {20, 5, 0.1, 1024, "model.kind=two_layer", NULL},
    {100, 40, 1, 1024, "model.kind=two_layer", NULL},
    {100, 40, 0.1, 1024, "model.kind=two_layer", NULL},
    {100, 40, 0.01, 1024, "model.kind=two_layer", NULL},
    {400, 30, 0.01, 1024, "model.kind=two_layer", NULL},
    {400, 30, 0.01, 1024, "model.kind=linear", NULL},
    {5, 2, 0.1, 1024, "train.optimizer=sgd", "train.learning_rate=0.1"},
    {400, 30, 0.01, 1024, "train.optimizer=sgd", "train.learning_rate=0.1"},
    {400, 30, 0.01, 1024, "train.optimizer=momentum", "train.learning_rate=0.1"},
    {1000, 200, 0.001, 64, "train.optimizer=sgd", "train.learning_rate=0.1"},
    {1000, 200, 0.001, 64, "train.optimizer=momentum", "train.learning_rate=0.1"},
    {1000, 200, 0.001, 64, "train.optimizer=adam", NULL},
    {5, 2, 0.1, 1024, "train.loss_exponent=4", NULL},
    {5, 2, 0.1, 1024, "train.loss_exponent=2.5", NULL},
    {80, 20, 0.1, 1024, "train.loss_exponent=4", NULL},
    {5, 2, 0.1, 1024, "data.value=signed_uniform", NULL},
    {80, 20, 1, 1024, "task.importance={decay: 0.9}", NULL},
    {80, 20, 0.05, 1024, "task.importance={decay: 0.9}", NULL},
    {400, 30, 0.05, 1024, "data.feature_probability={first: 0.2, rest: 0.01}", NULL},
};

enum { N_SHAPES = sizeof shapes / sizeof *shapes, N_COLUMNS = 8, SETTLING_STEPS = 400 };

static const Column columns[N_COLUMNS] = {
    {"n", "n_features", "%.0f", 6},         {"m", "n_hidden", "%.0f", 5},
    {"p", "feature_probability", "%g", 6},  {"batch", "batch", "%.0f", 5},
    {"measured", "measured_ms", "%.4f", 9}, {"expected", "expected_ms", "%.4f", 9},
    {"ratio", "ratio", "%.2f", 6},          {"", "settings", NULL, 10},
};

/* Measured and expected seconds a step. */
typedef struct Times {
    double measured, expected;
} Times;

static void die(const char *what) {
    fprintf(stderr, "bench_cost: %s\n", what);
    exit(1);
}

static Run open_run(const Shape *shape, Arena *arena) {
    static const char base[] = "data: {n_features: 5, feature_probability: 0.5}\n"
                               "model: {kind: relu_output, n_hidden: 2}\n"
                               "train: {steps: 1000000000, learning_rate: 5e-3}\n";
    const char *overrides[] = {arena_print(arena, "data.n_features=%d", shape->n),
                               arena_print(arena, "model.n_hidden=%d", shape->m),
                               arena_print(arena, "data.feature_probability=%g", shape->p),
                               arena_print(arena, "train.batch=%d", shape->batch),
                               shape->more,
                               shape->rate};
    Problems problems = {.arena = arena};
    Text text = {0};
    Experiment *experiment = experiment_parse("bench", base, sizeof base - 1, overrides,
                                              !*shape->more  ? 4
                                              : !shape->rate ? 5
                                                             : 6,
                                              arena, &problems);
    if (!experiment) {
        problems_print(&problems, &text);
        die(text_of(&text));
    }
    return experiment_run(experiment, 0, arena);
}

/* Trains for so long, and at most so many steps; returns seconds a step. */
static double train_for(Training *training, double seconds, int64_t most) {
    Error error;
    int64_t first = training_step(training), many = 1; /* steps between looks at the clock */
    double start = clock_thread_cpu(), now = start;
    while (now - start < seconds && training_step(training) - first < most) {
        if (!training_advance(training, training_step(training) + many, NULL, NULL, &error))
            die(error.text);
        now = clock_thread_cpu();
        many = now - start < seconds / 20 ? 2 * many : many;
    }
    return (now - start) / (double)(training_step(training) - first);
}

static Times measure(const Shape *shape, double seconds) {
    Arena arena = {0};
    Error error;
    Training *training;
    Run run = open_run(shape, &arena);
    if (!training_open(&training, run.phases, 1, 0, 1, isa_best(), NULL, &arena, &error))
        die(error.text);
    Times times = {.measured = HUGE_VAL};
    train_for(training, 5 * seconds, SETTLING_STEPS);
    for (int part = 0; part < 4; part++)
        times.measured = fmin(times.measured, train_for(training, seconds / 4, INT64_MAX));
    times.expected = cost_seconds(&run) / (double)run.phases[0].settings->train.steps;
    arena_release(&arena);
    return times;
}

int main(int n_words, char **words) {
    const char *folder = n_words > 1 ? words[1] : "build/bench";
    double seconds = n_words > 2 ? atof(words[2]) : 0.3, worst = 1;
    int n_beyond = 0;
    char path[512];
    Text csv = {0};
    table_heads(columns, N_COLUMNS);
    table_csv_heads(columns, N_COLUMNS, &csv);
    for (int i = 0; i < N_SHAPES; i++) {
        const Shape *shape = &shapes[i];
        Times times = measure(shape, seconds);
        double ratio = times.measured / times.expected, beyond = fmax(ratio, 1 / ratio);
        const char *mark = beyond > 1.5 ? " <-- beyond 1.5" : "";
        char what[128];
        snprintf(what, sizeof what, "%s%s", shape->more, mark);
        Cell cells[N_COLUMNS] = {{NULL, shape->n},
                                 {NULL, shape->m},
                                 {NULL, shape->p},
                                 {NULL, shape->batch},
                                 {NULL, 1e3 * times.measured},
                                 {NULL, 1e3 * times.expected},
                                 {NULL, ratio},
                                 {what, 0}};
        table_row(columns, N_COLUMNS, cells);
        cells[N_COLUMNS - 1].text = shape->more;
        table_csv_row(columns, N_COLUMNS, cells, &csv);
        worst = fmax(worst, beyond);
        n_beyond += beyond > 1.5;
    }
    printf("%d of %d beyond a factor of 1.5; the worst is %.2f\n", n_beyond, (int)N_SHAPES, worst);
    snprintf(path, sizeof path, "%s/cost.csv", folder);
    bool is_written = table_csv_write(&csv, path);
    text_release(&csv);
    return is_written ? 0 : 1;
}
