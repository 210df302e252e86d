/* Columns of all runs → sorted by cell and loss → cells that point into the sorted models. */
#include "sim/summary/phase_grid.h"

#include "sim/store/column.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A run with its place. */
typedef struct Placed {
    double density, importance;
    int64_t point;
    PhaseModel model;
} Placed;

static int compare(double a, double b) {
    return (a > b) - (a < b);
}

static int by_cell(const void *a, const void *b) {
    const Placed *x = a, *y = b;
    int order = compare(y->density, x->density);
    order = order ? order : compare(x->importance, y->importance);
    order = order ? order : (x->point > y->point) - (x->point < y->point);
    return order ? order : compare(x->model.loss, y->model.loss);
}

static int by_value(const void *a, const void *b) {
    return compare(*(const double *)a, *(const double *)b);
}

static long long size_of(const Yaml *settings, const char *path) {
    const Yaml *node = yaml_find(settings, path);
    long long size;
    return node && yaml_is_integer(node, &size) ? size : 0;
}

/* The problem that theory knows. All runs have the first one's sizes: a sweep over others would put
 * several points into a cell. */
static bool read_sizes(const SummaryInput *input, PhaseGrid *grid, Error *error) {
    Problems problems = {.arena = input->arena};
    if (!input->n_runs)
        return error_set(error, "no run is done");
    StoredRun run = input->runs[0];
    if (!store_run_texts(input->store, &run, input->arena, error))
        return false;
    const Yaml *settings =
        yaml_parse("settings", run.settings, strlen(run.settings), input->arena, &problems);
    const Yaml *kind = settings ? yaml_find(settings, "model.kind") : NULL;
    long long n = settings ? size_of(settings, "data.n_features") : 0;
    long long m = settings ? size_of(settings, "model.n_hidden") : 0;
    grid->n_features = (int)n;
    return (kind && kind->text && strcmp(kind->text, "relu_output") == 0 && (n == 2 || n == 3) &&
            m == n - 1) ||
           error_set(error,
                     "theory knows relu_output with 2 features in 1 dimension, or 3 in 2, not %s "
                     "with %lld in %lld",
                     kind && kind->text ? kind->text : "this model", n, m);
}

static bool read_columns(const SummaryInput *input, const char *density, const char *importance,
                         Placed *placed, Error *error) {
    const char *const names[] = {density, importance, "feature_norm[-1]", "interference[-1]",
                                 "expected_loss_total"};
    StoreColumn columns[5];
    for (int k = 0; k < 5; k++)
        if (!store_column(input->store, input->runs, input->n_runs, names[k], input->arena,
                          &columns[k], error))
            return false;
    for (int64_t i = 0; i < input->n_runs; i++) {
        placed[i] = (Placed){
            columns[0].values[i],
            columns[1].values[i],
            input->runs[i].point,
            {columns[2].values[i], columns[3].values[i], columns[4].values[i]},
        };
        if (!(placed[i].density > 0 && placed[i].density <= 1 && placed[i].importance > 0))
            return error_set(error,
                             "run %lld has density %g and importance %g, which must be in (0, 1] "
                             "and above 0",
                             (long long)input->runs[i].number, placed[i].density,
                             placed[i].importance);
        if (isnan(placed[i].model.loss))
            return error_set(error,
                             "run %lld has no exact expected loss: see the metric expected_loss",
                             (long long)input->runs[i].number);
    }
    return true;
}

/* The different ones among values [n], sorted in place; their number. */
static int keep_different(double *values, int64_t n) {
    int n_kept = 0;
    qsort(values, (size_t)n, sizeof *values, by_value);
    for (int64_t i = 0; i < n; i++)
        if (!n_kept || values[i] > values[n_kept - 1])
            values[n_kept++] = values[i];
    return n_kept;
}

static void fill_axes(PhaseGrid *grid, const Placed *placed, int64_t n, Arena *arena) {
    double *densities = ARENA_NEW(arena, double, n), *importances = ARENA_NEW(arena, double, n);
    for (int64_t i = 0; i < n; i++) {
        densities[i] = -placed[i].density; /* so that the largest comes first */
        importances[i] = placed[i].importance;
    }
    grid->n_densities = keep_different(densities, n);
    grid->n_importances = keep_different(importances, n);
    for (int i = 0; i < grid->n_densities; i++)
        densities[i] = -densities[i];
    grid->densities = densities;
    grid->importances = importances;
}

/* Walks the sorted runs and the cells, which are in the same order, side by side. */
static bool fill_cells(PhaseGrid *grid, const Placed *placed, int64_t n, Arena *arena,
                       Error *error) {
    PhaseModel *models = ARENA_NEW(arena, PhaseModel, n);
    int n_cells = grid->n_densities * grid->n_importances;
    int64_t next = 0;
    grid->cells = ARENA_NEW(arena, PhaseCell, n_cells);
    for (int i = 0; i < n_cells; i++) {
        double density = grid->densities[i / grid->n_importances];
        double importance = grid->importances[i % grid->n_importances];
        int64_t first = next;
        for (; next < n && placed[next].density == density && placed[next].importance == importance;
             next++) {
            models[next] = placed[next].model;
            if (placed[next].point != placed[first].point)
                return error_set(error,
                                 "points %lld and %lld have density %g and importance %g: other "
                                 "axes want one value each, with at:",
                                 (long long)placed[first].point, (long long)placed[next].point,
                                 density, importance);
        }
        grid->cells[i] = (PhaseCell){models + first, (int)(next - first)};
    }
    return true;
}

bool phase_grid_read(const SummaryInput *input, const char *density, const char *importance,
                     PhaseGrid *grid, Error *error) {
    int64_t n = input->n_runs;
    Placed *placed = ARENA_NEW(input->arena, Placed, n);
    if (!read_sizes(input, grid, error) || !read_columns(input, density, importance, placed, error))
        return false;
    qsort(placed, (size_t)n, sizeof *placed, by_cell);
    fill_axes(grid, placed, n, input->arena);
    return fill_cells(grid, placed, n, input->arena, error);
}

PhaseModel phase_grid_mean(const PhaseCell *cell, int64_t discard) {
    int n = (int)summary_kept(cell->n, discard);
    PhaseModel mean = {0};
    for (int i = 0; i < n; i++) {
        mean.norm += cell->models[i].norm / n;
        mean.interference += cell->models[i].interference / n;
        mean.loss += cell->models[i].loss / n;
    }
    return n ? mean : (PhaseModel){(double)NAN, (double)NAN, (double)NAN};
}
