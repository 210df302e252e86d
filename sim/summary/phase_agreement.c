/* The phase change of the paper: a grid of densities and importances of the last feature, some
 * trained models at each point, and at how many points they do what theory says. Two theories are
 * held against them: the paper's idealised models, and the exact optimum of the same problem.
 *
 * Models are judged by their exact expected loss, not by samples, which are few where features are
 * rare. */
#include "sim/summary/phase_grid.h"
#include "sim/theory/phase_optimum.h"

#include <math.h>

typedef struct Settings {
    SummarySettings summary;
    const char *density, *importance;
    int64_t discard;
    double least_density;
} Settings;

static const Field fields[] = {
    {.name = "density",
     .type = FIELD_TEXT,
     .offset = offsetof(Settings, density),
     .fallback = "data.feature_probability",
     .help = "the axis of 1 - S"},
    {.name = "importance",
     .type = FIELD_TEXT,
     .offset = offsetof(Settings, importance),
     .fallback = "task.importance.last",
     .help = "the axis of the last feature's importance, the others having 1"},
    SUMMARY_DISCARD_FIELD(Settings),
    {.name = "least_density",
     .type = FIELD_REAL,
     .offset = offsetof(Settings, least_density),
     .fallback = "0",
     .minimum = 0,
     .maximum = 1,
     .help = "NAME_ratio has the rows from the densest down to this"},
};

static const SummaryUse uses[] = {{"density", SUMMARY_AXIS}, {"importance", SUMMARY_AXIS}};

static const char *const needs[] = {"feature_norm", "interference", "expected_loss_total", NULL};

/* Arrays are [densities][importances], densest first, least important first. */
static const SummaryPart parts[] = {
    {NULL, "percent of points where the mean of the kept models is of the idealised class", false},
    {"optimum", "the same with the exact optimum's class", false},
    {"best", "percent of points where the best model is of the idealised class", false},
    {"best_optimum", "the same with the exact optimum's class", false},
    {"ratio", "best model's exact loss over the best idealised one's, down to least_density",
     false},
    {"ratio_optimum", "best model's exact loss over the exact optimum's", false},
    {"n_features", "2 or 3", false},
    {"density", "densities 1 - S, largest first", false},
    {"importance", "importances of the last feature, smallest first", false},
    {"norm", "mean norm of the last feature over the kept models", false},
    {"interference", "mean interference of the last feature over the kept models", false},
    {"class", "class by the two", true},
    {"best_norm", "norm of the last feature in the best model", false},
    {"best_interference", "interference of the last feature in the best model", false},
    {"best_class", "class by the two", true},
    {"best_loss", "exact loss of the best model", false},
    {"ideal_class", "class in the best idealised model", true},
    {"ideal_loss", "loss of the best idealised model", false},
    {"optimum_norm", "norm of the last feature in the exact optimum", false},
    {"optimum_interference", "interference of the last feature in the exact optimum", false},
    {"optimum_class", "class by the two", true},
    {"optimum_loss", "loss of the exact optimum", false},
};

/* What the adding of parts shares. */
typedef struct Maker {
    const SummaryInput *input;
    const PhaseGrid *grid;
    Measurements *measurements;
    int64_t shape[2];
} Maker;

static double *add_map(const Maker *maker, const char *ending) {
    return summary_add(maker->input, maker->measurements, ending, 2, maker->shape);
}

/* Classes as codes with the paper's words; NaN where a norm is. */
static const double *add_classes(const Maker *maker, const char *ending, const double *norm,
                                 const double *interference) {
    const char **labels = ARENA_NEW(maker->measurements->arena, const char *, N_PHASE_CLASSES);
    double *codes = add_map(maker, ending);
    Measurement *made = &maker->measurements->items[maker->measurements->n - 1];
    for (int class = 0; class < N_PHASE_CLASSES; class ++)
        labels[class] = phase_class_name((PhaseClass) class);
    made->labels = labels;
    made->n_labels = N_PHASE_CLASSES;
    for (int64_t i = 0; i < maker->shape[0] * maker->shape[1]; i++)
        codes[i] = isnan(norm[i]) ? (double)NAN : (double)phase_class_of(norm[i], interference[i]);
    return codes;
}

/* Percent of the points with models where the two classes are the same. */
static void add_agreement(const Maker *maker, const char *ending, const double *found,
                          const double *theory) {
    int64_t n_same = 0, n = 0;
    for (int64_t i = 0; i < maker->shape[0] * maker->shape[1]; i++) {
        n += !isnan(found[i]);
        n_same += found[i] == theory[i];
    }
    summary_add_scalar(maker->input, maker->measurements, ending,
                       n ? 100. * (double)n_same / (double)n : (double)NAN);
}

static void add_ratio(const Maker *maker, const char *ending, int64_t n_rows, const double *loss,
                      const double *theory) {
    int64_t shape[] = {n_rows, maker->shape[1]};
    double *values = summary_add(maker->input, maker->measurements, ending, 2, shape);
    for (int64_t i = 0; i < shape[0] * shape[1]; i++)
        values[i] = loss[i] / theory[i];
}

static void add_axis(const Maker *maker, const char *ending, int64_t n, const double *from) {
    double *values = summary_add(maker->input, maker->measurements, ending, 1, &n);
    for (int64_t i = 0; i < n; i++)
        values[i] = from[i];
}

/* Idealised weights are 0 or ±1, so norms and interferences are 0 or 1. */
static const double *add_ideals(const Maker *maker, const double **losses) {
    const PhaseGrid *grid = maker->grid;
    int n = grid->n_densities * grid->n_importances;
    double *norm = ARENA_NEW(maker->input->arena, double, n);
    double *interference = ARENA_NEW(maker->input->arena, double, n);
    double *loss = add_map(maker, "ideal_loss");
    for (int i = 0; i < n; i++) {
        PhaseIdeal ideal = phase_ideal(grid->n_features, grid->densities[i / grid->n_importances],
                                       grid->importances[i % grid->n_importances]);
        norm[i] = ideal.class != PHASE_NOT_REPRESENTED;
        interference[i] = ideal.class == PHASE_SUPERPOSITION;
        loss[i] = ideal.loss;
    }
    *losses = loss;
    return add_classes(maker, "ideal_class", norm, interference);
}

static const double *add_optima(const Maker *maker, const double **losses) {
    const PhaseGrid *grid = maker->grid;
    int n = grid->n_densities * grid->n_importances;
    PhaseOptimum *optima = ARENA_NEW(maker->input->arena, PhaseOptimum, n);
    double *norm = add_map(maker, "optimum_norm");
    double *interference = add_map(maker, "optimum_interference");
    double *loss = add_map(maker, "optimum_loss");
    phase_optimum_grid(grid->n_features, grid->densities, grid->n_densities, grid->importances,
                       grid->n_importances, NULL, optima);
    for (int i = 0; i < n; i++) {
        norm[i] = optima[i].norm;
        interference[i] = optima[i].interference;
        loss[i] = optima[i].loss;
    }
    *losses = loss;
    return add_classes(maker, "optimum_class", norm, interference);
}

static const double *add_means(const Maker *maker, int64_t discard) {
    double *norm = add_map(maker, "norm"), *interference = add_map(maker, "interference");
    for (int i = 0; i < maker->grid->n_densities * maker->grid->n_importances; i++) {
        PhaseModel mean = phase_grid_mean(&maker->grid->cells[i], discard);
        norm[i] = mean.norm;
        interference[i] = mean.interference;
    }
    return add_classes(maker, "class", norm, interference);
}

static const double *add_best(const Maker *maker, const double **losses) {
    double *norm = add_map(maker, "best_norm"), *interference = add_map(maker, "best_interference");
    double *loss = add_map(maker, "best_loss");
    for (int i = 0; i < maker->grid->n_densities * maker->grid->n_importances; i++) {
        const PhaseCell *cell = &maker->grid->cells[i];
        PhaseModel best = cell->n ? cell->models[0] : phase_grid_mean(cell, 0);
        norm[i] = best.norm;
        interference[i] = best.interference;
        loss[i] = best.loss;
    }
    *losses = loss;
    return add_classes(maker, "best_class", norm, interference);
}

static int64_t count_dense(const PhaseGrid *grid, double least) {
    int n = 0;
    while (n < grid->n_densities && grid->densities[n] >= least * (1 - 1e-9))
        n++;
    return n;
}

static bool summarize(const SummaryInput *input, Measurements *measurements, Error *error) {
    const Settings *settings = input->settings;
    PhaseGrid grid;
    if (!phase_grid_read(input, settings->density, settings->importance, &grid, error))
        return false;
    Maker maker = {input, &grid, measurements, {grid.n_densities, grid.n_importances}};
    const double *best_loss, *ideal_loss, *optimum_loss;
    const double *mean = add_means(&maker, settings->discard);
    const double *best = add_best(&maker, &best_loss);
    const double *ideal = add_ideals(&maker, &ideal_loss);
    const double *optimum = add_optima(&maker, &optimum_loss);
    add_agreement(&maker, NULL, mean, ideal);
    add_agreement(&maker, "optimum", mean, optimum);
    add_agreement(&maker, "best", best, ideal);
    add_agreement(&maker, "best_optimum", best, optimum);
    add_ratio(&maker, "ratio", count_dense(&grid, settings->least_density), best_loss, ideal_loss);
    add_ratio(&maker, "ratio_optimum", grid.n_densities, best_loss, optimum_loss);
    summary_add_scalar(input, measurements, "n_features", grid.n_features);
    add_axis(&maker, "density", grid.n_densities, grid.densities);
    add_axis(&maker, "importance", grid.n_importances, grid.importances);
    return true;
}

const SummaryKind summary_phase_agreement = {
    .kind = {.name = "phase_agreement",
             .summary = "what the last feature gets in trained 2->1 or 3->2 models over densities "
                        "and importances, beside idealised theory and exact optimum",
             .source = "Elhage et al. 2022, Superposition as a phase change",
             .fields = fields,
             .n_fields = sizeof fields / sizeof *fields,
             .settings_size = sizeof(Settings)},
    .parts = parts,
    .n_parts = sizeof parts / sizeof *parts,
    .uses = uses,
    .n_uses = sizeof uses / sizeof *uses,
    .needs = needs,
    .summarize = summarize,
};
