/* Measured against expected time of training (sim/experiment/cost.h), over sizes far beyond the
 * workloads': ms a step of one thread, both, and their ratio, marked where it is beyond 1.5.
 *
 *     bench_cost [folder [seconds [seed]]]      seconds for a row (0.3); seed 3
 *
 * Before the clock starts a model trains some hundred steps, or six times as long: biases settle,
 * and with them how many outputs are active. What is expected is of the steps that are measured.
 *
 * The rates of the formula were fitted to the first rows, which vary one thing each. So it is the
 * last rows that judge it: their sizes, kinds and optimizers are drawn at random, by the seed, from
 * the whole range. The two are counted apart. The table goes to folder/cost.csv too. */
#include "sim/base/clock.h"
#include "sim/base/rng.h"
#include "sim/experiment/cost.h"
#include "tests/bench/measuring.h"
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
    {10, 5, 0.1, 1024, "model.kind=relu_hidden", NULL},
    {100, 40, 0.1, 1024, "model.kind=relu_hidden", NULL},
    {5, 2, 0.1, 1024, "model.kind=two_layer", NULL},
    {20, 5, 0.1, 1024, "model.kind=two_layer", NULL},
    {100, 40, 1, 1024, "model.kind=two_layer", NULL},
    {100, 40, 0.1, 1024, "model.kind=two_layer", NULL},
    {100, 40, 0.01, 1024, "model.kind=two_layer", NULL},
    {400, 30, 0.01, 1024, "model.kind=two_layer", NULL},
    {100, 40, 0.1, 1024, "model={kind: two_layer, n_hidden: 40, hidden_activation: gelu}", NULL},
    {10, 5, 1, 1024, "model={kind: two_layer, n_hidden: 5, output_activation: gelu}", NULL},
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
    /* features in sets, and drawn one by one */
    {6, 3, 0.05, 1024, "data={kind: correlated, n_features: 6, feature_probability: 0.05}", NULL},
    {6, 2, 0.5, 1024, "data={kind: correlated, n_features: 6, feature_probability: 0.5}", NULL},
    {100, 20, 0.05, 1024,
     "data={kind: correlated, n_features: 100, feature_probability: 0.05, set_size: 10}", NULL},
    {4, 2, 0.05, 1024,
     "data={kind: correlated, n_features: 4, feature_probability: 0.05, correlation: 0}", NULL},
    {6, 3, 0.05, 1024, "data={kind: anticorrelated, n_features: 6, feature_probability: 0.05}",
     NULL},
    {100, 20, 0.05, 1024, "data={kind: anticorrelated, n_features: 100, feature_probability: 0.05}",
     NULL},
    {6, 3, 0.05, 1024, "data={kind: hierarchical, n_features: 6, feature_probability: 0.05}", NULL},
    {6, 3, 0.17, 1024, "data={kind: one_hot, n_features: 6}", NULL},
    {100, 20, 0.05, 1024, "data={kind: exactly_k, n_features: 100, n_active: 5}", NULL},
    {6, 3, 0.3, 1024, "data={kind: dataset, n_features: 6, feature_probability: 0.3}", NULL},
};

enum {
    N_SHAPES = sizeof shapes / sizeof *shapes,
    N_COLUMNS = 9,
    SETTLING_STEPS = 400,
    N_DRAWN = 50
};

static const TableColumn columns[N_COLUMNS] = {
    {"n", "n_features", "%.0f", 6},
    {"m", "n_hidden", "%.0f", 5},
    {"p", "feature_probability", "%g", 6},
    {"batch", "batch", "%.0f", 5},
    {"measured", "measured_ms", "%.4f", 9},
    {"expected", "expected_ms", "%.4f", 9},
    {"ratio", "ratio", "%.2f", 6},
    {"rows", "rows", NULL, 6},
    {"", "settings", NULL, 10},
};

/* How far a group of rows is off. */
typedef struct Tally {
    const char *name;
    int n, n_beyond;
    double worst;
} Tally;

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
    int n = !*shape->more ? 4 : !shape->rate ? 5 : 6;
    return experiment_run(measuring_experiment(base, overrides, n, arena), 0, arena);
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

/* Of a run of so many steps. */
static double expected_until(const Run *run, int64_t n_steps) {
    Settings settings = *run->phases[0].settings;
    Phase phase = {0, &settings};
    Run shorter = *run;
    settings.train.steps = n_steps;
    shorter.phases = &phase;
    return cost_seconds(&shorter);
}

static Times measure(const Shape *shape, double seconds) {
    Arena arena = {0};
    Error error;
    Training *training;
    Run run = open_run(shape, &arena);
    if (!training_open(&training, run.phases, 1, 0, 1, isa_best(), NULL, &arena, &error))
        die(error.text);
    Times times = {.measured = HUGE_VAL};
    train_for(training, 6 * seconds, SETTLING_STEPS);
    int64_t begin = training_step(training);
    for (int part = 0; part < 4; part++)
        times.measured = fmin(times.measured, train_for(training, seconds / 4, INT64_MAX));
    int64_t end = training_step(training);
    times.expected =
        (expected_until(&run, end) - expected_until(&run, begin)) / (double)(end - begin);
    arena_release(&arena);
    return times;
}

/* Between low and high, evenly in the logarithm. */
static double draw_between(Rng *rng, double low, double high) {
    return low * pow(high / low, rng_uniform(rng));
}

static Shape draw_shape(Rng *rng) {
    static const char *const kinds[][2] = {
        {"", NULL},
        {"model.kind=two_layer", NULL},
        {"model.kind=linear", NULL},
        {"train.optimizer=adam", NULL},
        {"train.optimizer=sgd", "train.learning_rate=1e-3"},
        {"train.optimizer=momentum", "train.learning_rate=1e-3"},
    };
    enum { N_KINDS = sizeof kinds / sizeof *kinds };
    int kind = (int)(2 * N_KINDS * rng_uniform(rng)); /* half of them are the first */
    kind = kind < N_KINDS ? kind : 0;
    int n = (int)draw_between(rng, 2, 1001), m = (int)draw_between(rng, 1, 201);
    double p = draw_between(rng, 0.001, 1);
    int batch = (int)draw_between(rng, 16, 8193);
    return (Shape){n, m, p, batch, kinds[kind][0], kinds[kind][1]};
}

static void add_row(const Shape *shape, double seconds, Tally *tally, Text *csv) {
    Times times = measure(shape, seconds);
    double ratio = times.measured / times.expected, beyond = fmax(ratio, 1 / ratio);
    char what[128];
    snprintf(what, sizeof what, "%s%s", shape->more, beyond > 1.5 ? " <-- beyond 1.5" : "");
    Cell cells[N_COLUMNS] = {{NULL, shape->n},
                             {NULL, shape->m},
                             {NULL, shape->p},
                             {NULL, shape->batch},
                             {NULL, 1e3 * times.measured},
                             {NULL, 1e3 * times.expected},
                             {NULL, ratio},
                             {tally->name, 0},
                             {what, 0}};
    table_row(columns, N_COLUMNS, cells);
    cells[N_COLUMNS - 1].text = shape->more;
    table_csv_row(columns, N_COLUMNS, cells, csv);
    tally->n++;
    tally->n_beyond += beyond > 1.5;
    tally->worst = fmax(tally->worst, beyond);
}

static void say(const Tally *tally) {
    printf("%s: %d of %d beyond a factor of 1.5; the worst is %.2f\n", tally->name, tally->n_beyond,
           tally->n, tally->worst);
}

int main(int n_words, char **words) {
    const char *folder = n_words > 1 ? words[1] : "build/bench";
    double seconds = n_words > 2 ? atof(words[2]) : 0.3;
    Tally fitted = {.name = "fitted"}, drawn = {.name = "drawn"};
    char path[512];
    Text csv = {0};
    Rng rng;
    rng_init(&rng, n_words > 3 ? (uint64_t)atoll(words[3]) : 3, 0, 0);
    table_heads(columns, N_COLUMNS);
    table_csv_heads(columns, N_COLUMNS, &csv);
    for (int i = 0; i < N_SHAPES; i++)
        add_row(&shapes[i], seconds, &fitted, &csv);
    for (int i = 0; i < N_DRAWN; i++) {
        Shape shape = draw_shape(&rng);
        add_row(&shape, seconds, &drawn, &csv);
    }
    say(&fitted);
    say(&drawn);
    snprintf(path, sizeof path, "%s/cost.csv", folder);
    bool is_written = table_csv_write(&csv, path);
    text_release(&csv);
    return is_written ? 0 : 1;
}
