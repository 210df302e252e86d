#include "sim/experiment/cost.h"

#include <math.h>

/* One phase: seconds a step. */
static double step_seconds(const Settings *settings) {
    Arena arena = {0};
    Error error = {0};
    Data data = {0};
    double seconds = 0;
    if (data_open(&data, &settings->data, &arena, &error)) {
        double n = data.n_features,
               m = (double)((const ModelSettings *)settings->model.settings)->n_hidden;
        double batch = (double)settings->train.batch, active = data_active_features(&data);
        double draws = fmin(0.16 * batch * n, 1.56 * batch * active) * 1e-9;
        double non_empty = -expm1(n * log1p(-fmin(active / n, 1 - 1e-12))); /* 1 - (1-p)^n */
        double rows = batch * non_empty, per_row = non_empty > 0 ? active / non_empty : 0;
        double products = rows * (2 * per_row * m + 3 * n * m) / 50e9;
        seconds = draws + products + 1e-9 * (double)model_count(&settings->model, data.n_features);
    }
    arena_release(&arena);
    return seconds;
}

double cost_seconds(const Run *run) {
    double seconds = 0;
    for (int i = 0; i < run->n_phases; i++) {
        int64_t end =
            i + 1 < run->n_phases ? run->phases[i + 1].step : run->phases[0].settings->train.steps;
        seconds += (double)(end - run->phases[i].step) * step_seconds(run->phases[i].settings);
    }
    return seconds;
}

double cost_bytes(const Run *run) {
    const Settings *settings = run->phases[0].settings;
    const DataSettings *data = settings->data.settings;
    const OptimizerKind *optimizer = (const OptimizerKind *)settings->train.optimizer.kind;
    double n_parameters = (double)model_count(&settings->model, (int)data->n_features);
    double n_arrays = 4 + optimizer->n_states, most_chunks = 8 * n_parameters * sizeof(float);
    return n_arrays * n_parameters * sizeof(float) + fmin(most_chunks, 64e6);
}
