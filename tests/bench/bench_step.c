/* Time of one training step's gradient (prepare, stages, gradient) for the usual shapes, at each
 * instruction-set level. Batches are drawn beforehand; the optimizer is not run. GFLOP/s counts
 * what the dense products of all samples that are run would take, so it shows what sparsity saves.
 *
 *     bench_step [seconds for each row]      the fastest of several rounds is shown */
#include "sim/base/clock.h"
#include "sim/base/rng.h"
#include "sim/model/kernel/kernel.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BATCH = 1024, MAX_MODELS = 10, MAX_BLOCKS = 8, N_ROUNDS = 5 };

typedef struct Shape {
    const char *name, *model;
    int n_features, n_hidden, n_models;
    double first_p, last_p; /* of the models, geometric */
    double decay;           /* of importance */
    bool is_absolute;       /* task absolute_value of signed values */
} Shape;

static const Shape shapes[] = {
    {"A", "relu_output", 5, 2, 10, 1, 0.05, 0.9, false},
    {"B", "relu_output", 20, 5, 8, 1, 0.05, 0.7, false},
    {"C", "relu_output", 80, 20, 8, 1, 0.05, 0.9, false},
    {"D0", "relu_output", 400, 30, 1, 1, 1, 1, false},
    {"D1", "relu_output", 400, 30, 1, 0.1, 0.1, 1, false},
    {"D2", "relu_output", 400, 30, 1, 0.01, 0.01, 1, false},
    {"D3", "relu_output", 400, 30, 1, 0.001, 0.001, 1, false},
    {"E1", "relu_output", 2, 1, 1, 0.1, 0.1, 1, false},
    {"F0", "two_layer", 100, 40, 1, 1, 1, 0.8, true},
    {"F1", "two_layer", 100, 40, 1, 0.1, 0.1, 0.8, true},
    {"F2", "two_layer", 100, 40, 1, 0.01, 0.01, 0.8, true},
};

enum { N_SHAPES = sizeof shapes / sizeof *shapes };

/* One model of a shape, ready to run. */
typedef struct Subject {
    Model model;
    Workspace *workspace;
    Batch blocks[MAX_BLOCKS];
    float *gradient;
    int64_t n_run; /* samples that are run a step */
} Subject;

static void die(const char *text) {
    fprintf(stderr, "bench_step: %s\n", text);
    exit(1);
}

static const Kind *row_of(const KindTable *table, const char *name) {
    for (int i = 0; i < table->n_rows; i++)
        if (!strcmp(table->rows[i]->name, name))
            return table->rows[i];
    die(name);
    return NULL;
}

/* Samples of independent uniform features; dense from p = 0.12 on, as the distribution does it. */
static void draw(const Shape *shape, double p, Rng *rng, int n_samples, Batch *batch) {
    int n_entries = 0;
    batch->form = p >= 0.12 ? BATCH_ROWS : BATCH_SPARSE;
    for (int sample = 0; sample < n_samples; sample++) {
        float *row = batch->x + (int64_t)batch->n_rows * shape->n_features;
        int n_active = 0;
        batch->start[batch->n_rows] = n_entries;
        for (int i = 0; i < shape->n_features; i++) {
            bool is_active = rng_uniform(rng) < p;
            float value = (float)(rng_uniform(rng) * (1 + shape->is_absolute) - shape->is_absolute);
            n_active += is_active;
            if (batch->form == BATCH_ROWS)
                row[i] = is_active ? value : 0;
            else if (is_active) {
                batch->index[n_entries] = i;
                batch->x[n_entries++] = value;
            }
        }
        batch->n_rows += n_active > 0;
        batch->n_empty += n_active == 0;
    }
    batch->start[batch->n_rows] = n_entries;
}

static void subject_open(const Shape *shape, int index, Isa isa, Arena *arena, Subject *subject) {
    Error error;
    ModelSettings settings = {.n_hidden = shape->n_hidden, .init_std = (double)NAN};
    Choice choice = {.kind = row_of(&model_table, shape->model), .settings = &settings};
    Task task = {.kind = (const TaskKind *)row_of(&task_table, shape->is_absolute ? "absolute_value"
                                                                                  : "identity")};
    double *importance = ARENA_NEW(arena, double, shape->n_features);
    for (int i = 0; i < shape->n_features; i++)
        importance[i] = pow(shape->decay, i);
    Objective objective = {importance, 2};
    if (!model_open(&subject->model, &choice, shape->n_features, arena, &error) ||
        !workspace_open(&subject->workspace, &subject->model, &objective, BATCH, 1, isa, arena,
                        &error))
        die(error.text);
    model_init(&subject->model, &choice, 1);
    subject->gradient = ARENA_NEW(arena, float, subject->model.n_parameters);
    double p = shape->first_p;
    if (shape->n_models > 1)
        p *= pow(shape->last_p / shape->first_p, (double)index / (shape->n_models - 1));
    int size = data_block(shape->n_features);
    Rng rng;
    rng_init(&rng, 7, (uint64_t)index, 0);
    for (int block = 0; block * size < BATCH; block++) {
        Batch *batch = &subject->blocks[block];
        if (!batch_init(batch, shape->n_features, size, arena))
            die("no memory");
        draw(shape, p, &rng, size, batch);
        task.kind->complete(&task, batch);
        subject->n_run += batch->n_rows + (batch->n_empty > 0);
    }
}

static void step(Subject *subject) {
    Workspace *workspace = subject->workspace;
    const Model *model = &subject->model;
    workspace_prepare(workspace, model);
    for (int stage = 0; stage < workspace_n_stages(workspace); stage++)
        for (int task = 0, first, end; task < workspace_n_tasks(workspace, stage); task++) {
            if (!workspace_blocks(workspace, stage, task, &first, &end))
                workspace_run(workspace, model, stage, task, 0);
            else
                for (int block = first; block < end; block++)
                    workspace_add(workspace, model, &subject->blocks[block], block, 0);
        }
    workspace_gradient(workspace, 0, model->n_parameters, subject->gradient);
}

/* Seconds of processor time a step of all models, the least of a few rounds. */
static double measure(Subject *subjects, int n_subjects, double seconds) {
    double best = HUGE_VAL;
    int n_steps = 1;
    for (int round = 0; round < N_ROUNDS; round++) {
        double start = clock_thread_cpu();
        for (int i = 0; i < n_steps; i++)
            for (int s = 0; s < n_subjects; s++)
                step(&subjects[s]);
        double time = (clock_thread_cpu() - start) / n_steps;
        best = time < best ? time : best;
        n_steps = 1 + (int)(seconds / N_ROUNDS / best);
    }
    return best;
}

static void bench(const Shape *shape, Isa isa, double seconds) {
    Arena arena = {0};
    static const Subject none;
    Subject *subjects = ARENA_NEW(&arena, Subject, MAX_MODELS);
    double multiply_adds = 0;
    for (int s = 0; s < shape->n_models; s++) {
        subjects[s] = none;
        subject_open(shape, s, isa, &arena, &subjects[s]);
        multiply_adds += 5.0 * (double)subjects[s].n_run * shape->n_features * shape->n_hidden;
    }
    double time = measure(subjects, shape->n_models, seconds);
    printf("  %8.4f %6.1f", time * 1e3, 2 * multiply_adds / time * 1e-9);
    fflush(stdout);
    arena_release(&arena);
}

int main(int n_words, char **words) {
    double seconds = n_words > 1 ? atof(words[1]) : 0.3;
    printf("ms a step, GFLOP/s\n%-4s", "");
    for (Isa isa = ISA_PLAIN; isa <= isa_best(); isa++)
        printf("  %15s", isa_name(isa));
    printf("\n");
    for (int s = 0; s < N_SHAPES; s++) {
        printf("%-4s", shapes[s].name);
        for (Isa isa = ISA_PLAIN; isa <= isa_best(); isa++)
            bench(&shapes[s], isa, seconds);
        printf("\n");
    }
    return 0;
}
