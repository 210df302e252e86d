#include "sim/experiment/cost.h"

#include <math.h>

static const CostRates own_rates = {
    .uniform = 0.16, .gap = 1.56, .multiply_add = 1 / 50.0, .parameter = 1};

/* One phase: nanoseconds a step. */
static double step_ns(const Settings *settings, const CostRates *rates) {
    Arena arena = {0};
    Error error = {0};
    Data data = {0};
    double ns = 0;
    if (data_open(&data, &settings->data, &arena, &error)) {
        double n = data.n_features,
               m = (double)((const ModelSettings *)settings->model.settings)->n_hidden;
        double batch = (double)settings->train.batch, active = data_active_features(&data);
        double draws = fmin(rates->uniform * batch * n, rates->gap * batch * active);
        double non_empty = -expm1(n * log1p(-fmin(active / n, 1 - 1e-12))); /* 1 - (1-p)^n */
        double rows = batch * non_empty, per_row = non_empty > 0 ? active / non_empty : 0;
        double products = rows * (2 * per_row * m + 3 * n * m) * rates->multiply_add;
        ns = draws + products +
             rates->parameter * (double)model_count(&settings->model, data.n_features);
    }
    arena_release(&arena);
    return ns;
}

CostRates cost_limit_rates(double peak_gflops) {
    double slower = 100 / peak_gflops; /* than the core that the other rates are of */
    return (CostRates){.uniform = 0.16 * slower,
                       .gap = 1.56 * slower,
                       .multiply_add = 2 / peak_gflops,
                       .parameter = slower};
}

double cost_seconds_at(const Run *run, const CostRates *rates) {
    double ns = 0;
    for (int i = 0; i < run->n_phases; i++) {
        int64_t end =
            i + 1 < run->n_phases ? run->phases[i + 1].step : run->phases[0].settings->train.steps;
        ns += (double)(end - run->phases[i].step) * step_ns(run->phases[i].settings, rates);
    }
    return 1e-9 * ns;
}

double cost_seconds(const Run *run) {
    return cost_seconds_at(run, &own_rates);
}

double cost_bytes(const Run *run) {
    const Settings *settings = run->phases[0].settings;
    const DataSettings *data = settings->data.settings;
    const OptimizerKind *optimizer = (const OptimizerKind *)settings->train.optimizer.kind;
    double n_parameters = (double)model_count(&settings->model, (int)data->n_features);
    double n_arrays = 4 + optimizer->n_states, most_chunks = 8 * n_parameters * sizeof(float);
    return n_arrays * n_parameters * sizeof(float) + fmin(most_chunks, 64e6);
}
