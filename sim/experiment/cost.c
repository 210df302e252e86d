#include "sim/experiment/cost.h"

#include "sim/experiment/cohort.h"
#include "sim/experiment/recorder.h"

#include <math.h>

const CostRates cost_rates = {.uniform = 0.16,
                              .gap = 1.6,
                              .block = 180,
                              .number = 2,
                              .choice = 5,
                              .log = 12,
                              .multiply_add = 0.018,
                              .gathered = 0.075,
                              .output = 0.22,
                              .power = 8.4,
                              .placed = 2,
                              .sum = 0.22,
                              .sample = 33,
                              .parameter = 1.4,
                              .embed = 0.21,
                              .step = 130};

/* Adam moves a bias by about a learning rate a step, and a rectifier's is settled after about this
 * way down from 0. Without a second moment a step is the gradient's size, some twentieth of that.
 */
static const double SETTLING = 0.1, SMALLER_STEPS = 20;

/* Draws and update: as measured on a core of 100 GFLOP/s, with loops of nothing else. */
CostRates cost_limit_rates(double peak_gflops) {
    double slower = 100 / peak_gflops;
    return (CostRates){.uniform = 0.16 * slower,
                       .gap = 1.56 * slower,
                       .multiply_add = 2 / peak_gflops,
                       .gathered = 2 / peak_gflops,
                       .parameter = slower,
                       .embed = 2 / peak_gflops};
}

static double gradient_ns(const Work *work, const CostRates *rates) {
    return rates->multiply_add * work->multiply_adds + rates->gathered * work->gathered +
           rates->output * work->outputs + rates->power * work->powers +
           rates->placed * work->placed + rates->sum * work->sums + rates->sample * work->samples;
}

static double one_by_one_ns(DrawWork work, const CostRates *rates) {
    return rates->number * work.numbers + rates->choice * work.choices + rates->log * work.logs;
}

/* From this mean probability on, samplers draw dense samples (sim/data/independent.c). */
static const double DENSE_FROM = 0.12;

/* Features of less than this part of the largest importance are not represented. */
static const double LEAST_IMPORTANCE = 1e-3;

static double ignored_part(const double *importance, int n) {
    double most = 0;
    int n_ignored = 0;
    for (int i = 0; i < n; i++)
        most = fmax(most, importance[i]);
    for (int i = 0; i < n; i++)
        n_ignored += importance[i] < LEAST_IMPORTANCE * most;
    return (double)n_ignored / n;
}

/* Operations of an embedding in a step. */
static double embedding_work(const Model *model, double batch, double n_active) {
    double n = model->n_features;
    return model->n_embedding == 0
               ? 0
               : 4 * n * model->n_hidden * model->n_embedding + n * (4 + n_active) * batch;
}

/* Nanoseconds that a step of one phase takes. */
typedef struct StepCost {
    double draws, gradient, update;
} StepCost;

static StepCost step_ns(const Settings *settings, bool has_settled, const CostRates *rates) {
    Arena arena = {0};
    Error error = {0};
    Data data = {0};
    Task task = {0};
    StepCost cost = {0};
    if (data_open(&data, &settings->data, &arena, &error) &&
        task_open(&task, &settings->task, data.n_features, &arena, &error)) {
        Model model;
        model_sizes(&model, &settings->model, data.n_features);
        double hidden_penalty = ((const ModelSettings *)settings->model.settings)->hidden_penalty;
        double batch = (double)settings->train.batch, active = data_active_features(&data);
        DrawWork draw = data.kind->work ? data.kind->work(&data) : (DrawWork){0};
        WorkOf of = {.batch_size = (int)batch,
                     .n_active = active,
                     .filled = 1 - data_empty(&data),
                     .is_dense = model.n_embedding > 0 ||
                                 (!draw.is_listed && active >= DENSE_FROM * data.n_features),
                     .is_listed = draw.is_listed,
                     .has_settled = has_settled,
                     .ignored = ignored_part(task.importance, data.n_features),
                     .exponent = settings->train.loss_exponent,
                     .is_penalized = hidden_penalty > 0};
        Work work = workspace_work(&model, &of, isa_best());
        cost.draws = batch * (fmin(rates->uniform * data.n_features, rates->gap * active) +
                              one_by_one_ns(draw, rates)) +
                     rates->block * ceil(batch / data_block(data.n_features));
        cost.gradient =
            gradient_ns(&work, rates) + rates->embed * embedding_work(&model, batch, active);
        cost.update = rates->step + rates->parameter * (double)model_count_moving(&model);
    }
    arena_release(&arena);
    return cost;
}

static void add_steps(const Phase *phase, double n_steps, bool has_settled, const CostRates *rates,
                      Cost *cost) {
    StepCost step = n_steps > 0 ? step_ns(phase->settings, has_settled, rates) : (StepCost){0};
    cost->draws += 1e-9 * n_steps * step.draws;
    cost->rest += 1e-9 * n_steps * (step.gradient + step.update);
}

Cost cost_of(const Run *run, const CostRates *rates) {
    const TrainSettings *train = &run->phases[0].settings->train;
    const OptimizerKind *optimizer = (const OptimizerKind *)train->optimizer.kind;
    double way = SETTLING * (optimizer->n_states < 2 ? SMALLER_STEPS : 1);
    double settled = ceil(way / fmax(train->learning_rate, 1e-9));
    Cost cost = {0, 0};
    for (int i = 0; i < run->n_phases; i++) {
        double begin = (double)run->phases[i].step;
        double end = (double)(i + 1 < run->n_phases ? run->phases[i + 1].step : train->steps);
        double middle = fmin(fmax(settled, begin), end);
        add_steps(&run->phases[i], middle - begin, false, rates, &cost);
        add_steps(&run->phases[i], end - middle, true, rates, &cost);
    }
    return cost;
}

double cost_seconds(const Run *run) {
    Cost cost = cost_of(run, &cost_rates);
    return cost.draws + cost.rest;
}

/* How many runs draw what the run that stands for them draws: [n_runs], at its number. */
static int64_t *count_twins(const Experiment *experiment, Arena *arena) {
    int64_t *counts = ARENA_NEW(arena, int64_t, experiment->n_runs);
    for (int64_t number = 0; number < experiment->n_runs; number++)
        counts[experiment_twin(experiment, number)]++;
    return counts;
}

double cost_experiment(const Experiment *experiment, const CostRates *rates) {
    int64_t stride = experiment->n_runs / 10000 + 1, n_seen = 0;
    double seconds = 0;
    Arena arena = {0};
    const int64_t *twins = count_twins(experiment, &arena);
    for (int64_t number = 0; number < experiment->n_runs; number += stride, n_seen++) {
        Arena scratch = {0};
        Run run = experiment_run(experiment, number, &scratch);
        Cost cost = cost_of(&run, rates);
        double most = cohort_most(cost_bytes(&run));
        seconds +=
            cost.rest + cost.draws / fmin(most, (double)twins[experiment_twin(experiment, number)]);
        arena_release(&scratch);
    }
    arena_release(&arena);
    return seconds * (double)experiment->n_runs / (double)n_seen;
}

static int count_sampling(MetricList metrics) {
    int n = 0;
    for (int i = 0; i < metrics.n; i++)
        n += !metrics.items[i]->needs_model_only;
    return n;
}

/* Fresh samples that metrics draw for a run, and judge. */
static double count_samples(const Experiment *experiment, const Run *run, Arena *arena) {
    const RecordSettings *record = &experiment->record;
    int n_snapshots;
    cadence_steps(record->snapshots, run->phases[0].settings->train.steps, arena, &n_snapshots);
    double last = count_sampling(recorder_final_metrics(experiment, arena)),
           early = count_sampling(recorder_snapshot_metrics(experiment, arena));
    return last * (double)record->loss_samples +
           early * n_snapshots * (double)record->loss_samples_over_time;
}

/* Judging a sample is about half of its gradient. */
static double measuring_seconds(const Experiment *experiment, const Run *run,
                                const CostRates *rates, Arena *arena) {
    const Settings *settings = run->phases[run->n_phases - 1].settings;
    StepCost step = step_ns(settings, true, rates);
    double samples = count_samples(experiment, run, arena);
    return 1e-9 * samples / (double)settings->train.batch * (step.draws + step.gradient / 2);
}

double cost_measuring(const Experiment *experiment, const CostRates *rates) {
    int64_t stride = experiment->n_runs / 10000 + 1, n_seen = 0;
    double seconds = 0;
    for (int64_t number = 0; number < experiment->n_runs; number += stride, n_seen++) {
        Arena scratch = {0};
        Run run = experiment_run(experiment, number, &scratch);
        seconds += measuring_seconds(experiment, &run, rates, &scratch);
        arena_release(&scratch);
    }
    return seconds * (double)experiment->n_runs / (double)n_seen;
}

double cost_bytes(const Run *run) {
    const Settings *settings = run->phases[0].settings;
    const DataSettings *data = settings->data.settings;
    const OptimizerKind *optimizer = (const OptimizerKind *)settings->train.optimizer.kind;
    double n_parameters = (double)model_count(&settings->model, (int)data->n_features);
    double n_arrays = 4 + optimizer->n_states, most_chunks = 8 * n_parameters * sizeof(float);
    return n_arrays * n_parameters * sizeof(float) + fmin(most_chunks, 64e6);
}
