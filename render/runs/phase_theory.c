/* One run of each value of the two axes says what the values are: settings are read, not keys. */
#include "render/runs/phase_theory.h"

#include "sim/data/values.h"
#include "sim/theory/phase_optimum.h"

#include <math.h>
#include <pthread.h>
#include <string.h>

struct PhaseTheory {
    SweepTheory known; /* that of the map; its optima follow */
    PhaseOptimum *optima;
    int n_densities, n_importances;
    pthread_t thread;
    bool has_thread, is_collected;
    atomic_bool is_found, stop;
};

static bool begins(const char *key, const char *with) {
    return strncmp(key, with, strlen(with)) == 0;
}

/* What is about the training alone, and not about what is minimised. */
static bool is_of_training(const char *key) {
    return begins(key, "train.") && strcmp(key, "train.loss_exponent") != 0;
}

/* The axis of that setting; -1: there is none. Others may be about the training alone: what else
 * changes would have a theory of its own. */
static bool find_axes(const Experiment *experiment, int axes[2]) {
    static const char *const keys[2] = {"task.importance", "data.feature_probability"};
    axes[0] = axes[1] = -1;
    for (int a = 0; a < experiment->n_axes; a++) {
        const Axis *axis = &experiment->axes[a];
        int which = begins(axis->keys[0], keys[0]) ? 0 : begins(axis->keys[0], keys[1]) ? 1 : -1;
        if (which >= 0 && axis->n_keys == 1 && axes[which] < 0)
            axes[which] = a;
        else if (!is_of_training(axis->keys[0]) || axis->n_keys != 1)
            return false;
    }
    return axes[0] >= 0 && axes[1] >= 0;
}

/* ---- what a run's settings say ---- */

typedef struct Point {
    int n_features;
    double density, importance; /* of the last feature, relative to the others' */
} Point;

static bool is_named(const Kind *kind, const char *name) {
    return strcmp(kind->name, name) == 0;
}

/* All numbers but the last `n_free` are the same, and > 0. */
static bool are_alike(const double *values, int n, int n_free) {
    for (int i = 1; i < n - n_free; i++)
        if (!(fabs(values[i] - values[0]) <= 1e-12 * fabs(values[0])))
            return false;
    return values[0] > 0 && values[n - 1] > 0;
}

static bool has_such_data(const Settings *settings, Point *point, Arena *arena) {
    Data data;
    Error error = {0};
    double probability[PHASE_MAX_FEATURES];
    if (!is_named(settings->data.kind, "independent") ||
        !data_open(&data, &settings->data, arena, &error) || data.n_features < 2 ||
        data.n_features > PHASE_MAX_FEATURES)
        return false;
    point->n_features = data.n_features;
    for (int i = 0; i < data.n_features; i++)
        probability[i] = data.kind->probability(&data, i);
    point->density = probability[0];
    const ValueSettings *values = data.values;
    return are_alike(probability, data.n_features, 0) && values && values->value == VALUE_UNIFORM &&
           values->value_scale == 1 && !values->unit_norm;
}

static bool has_such_task(const Settings *settings, Point *point, Arena *arena) {
    Task task;
    Error error = {0};
    int n = point->n_features;
    if (!is_named(settings->task.kind, "identity") ||
        !task_open(&task, &settings->task, n, arena, &error))
        return false;
    point->importance = task.importance[n - 1] / task.importance[0];
    return are_alike(task.importance, n, 1);
}

static bool has_such_model(const Settings *settings, const Point *point) {
    const ModelSettings *model = settings->model.settings;
    return is_named(settings->model.kind, "relu_output") &&
           model->n_hidden == point->n_features - 1 && model->bias && !model->hidden_bias &&
           model->hidden_penalty == 0 && settings->train.loss_exponent == 2;
}

/* The point of run 0 but for its place on one axis. */
static bool read_point(const Experiment *experiment, const SweepMap *map, int axis, int place,
                       Point *point) {
    Arena scratch = {0};
    int64_t stride = map->restarts;
    for (int a = map->n_axes - 1; a > axis; a--)
        stride *= map->axes[a].n;
    Run run = experiment_run(experiment, stride * place, &scratch);
    const Settings *settings = run.phases[0].settings;
    bool is_such = run.n_phases == 1 && has_such_data(settings, point, &scratch) &&
                   has_such_task(settings, point, &scratch) && has_such_model(settings, point);
    arena_release(&scratch);
    return is_such;
}

/* ---- the theory ---- */

/* Values of an axis into values [n]; false: some run is of another problem, or the axis' own
 * numbers are others (an importance of all features). */
static bool read_axis(const Experiment *experiment, const SweepMap *map, int axis, bool is_density,
                      double *values, int *n_features) {
    for (int i = 0; i < map->axes[axis].n; i++) {
        Point point;
        if (!read_point(experiment, map, axis, i, &point))
            return false;
        *n_features = point.n_features;
        values[i] = is_density ? point.density : point.importance;
        double number = map->axes[axis].values[i];
        if (!isnan(number) && !(fabs(number - values[i]) <= 1e-6 * values[i]))
            return false;
    }
    return true;
}

/* pthread_create */
static void *find_optima(void *context) {
    PhaseTheory *theory = context;
    bool is_good = phase_optimum_grid(theory->known.n_features, theory->known.density,
                                      theory->n_densities, theory->known.importance,
                                      theory->n_importances, &theory->stop, theory->optima);
    atomic_store(&theory->is_found, is_good);
    return NULL;
}

PhaseTheory *phase_theory_open(const Experiment *experiment, SweepMap *map, Arena *arena) {
    int axes[2], n_features;
    if (!find_axes(experiment, axes))
        return NULL;
    SweepAxis *columns = &map->axes[axes[0]], *rows = &map->axes[axes[1]];
    double *importance = ARENA_NEW(arena, double, columns->n);
    double *density = ARENA_NEW(arena, double, rows->n);
    if (!read_axis(experiment, map, axes[0], false, importance, &n_features) ||
        !read_axis(experiment, map, axes[1], true, density, &n_features))
        return NULL;
    for (int i = 0; i < columns->n; i++)
        if (isnan(columns->values[i])) {
            columns->values = importance;
            columns->label = "importance of the last";
        }
    PhaseTheory *theory = ARENA_NEW(arena, PhaseTheory, 1);
    theory->known = (SweepTheory){n_features, {axes[0], axes[1]}, importance, density, NULL};
    theory->n_importances = columns->n;
    theory->n_densities = rows->n;
    theory->optima = ARENA_NEW(arena, PhaseOptimum, (size_t)columns->n * rows->n);
    map->theory = &theory->known;
    theory->has_thread = pthread_create(&theory->thread, NULL, find_optima, theory) == 0;
    return theory;
}

bool phase_theory_collect(PhaseTheory *theory) {
    if (!theory || theory->is_collected || !atomic_load(&theory->is_found))
        return false;
    theory->known.optima = theory->optima;
    return theory->is_collected = true;
}

void phase_theory_wait(PhaseTheory *theory) {
    if (!theory || !theory->has_thread)
        return;
    pthread_join(theory->thread, NULL);
    theory->has_thread = false;
}

void phase_theory_close(PhaseTheory *theory) {
    if (!theory)
        return;
    atomic_store(&theory->stop, true);
    phase_theory_wait(theory);
}
