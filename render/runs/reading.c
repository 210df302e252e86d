#include "render/runs/reading.h"

#include "sim/experiment/recorder.h"
#include "sim/store/course.h"

#include <math.h>
#include <string.h>

RunState reading_state(const StoredRun *run) {
    static const RunState states[] = {[RUN_DONE] = STATE_DONE,
                                      [RUN_FAILED] = STATE_FAILED,
                                      [RUN_INTERRUPTED] = STATE_INTERRUPTED};
    return run->id ? states[run->status] : STATE_WAITING;
}

/* A model such as the run's, without its parameters. */
static bool open_model(const Run *run, Arena *arena, Model *model, Error *error) {
    Data data;
    const Settings *settings = run->phases[0].settings;
    data_describe(&data, &settings->data);
    return model_open(model, &settings->model, data.n_features, arena, error);
}

/* ---- what it came to ---- */

static bool measure_last(Store *store, const Experiment *experiment, const StoredRun *run,
                         const char *name, Measurements *made, Error *error) {
    Model model;
    Run settled = experiment_run(experiment, run->number, made->arena);
    MetricInput input = {.model = &model};
    return open_model(&settled, made->arena, &model, error) &&
           recorder_load(store, run, run->steps, &model, error) &&
           metric_making(name)->measure(&input, made, error);
}

/* The value of the last feature. */
static bool read_last(Store *store, const Experiment *experiment, const StoredRun *run,
                      const char *name, double *value, Error *error) {
    Arena scratch = {0};
    StoredMeasurement stored;
    Measurements made = {.arena = &scratch};
    bool is_found, good = store_measurement(store, run->id, name, run->steps, &scratch, &stored,
                                            &is_found, error);
    const Measurement *measurement = &stored.measurement;
    if (good && !is_found) {
        good = measure_last(store, experiment, run, name, &made, error);
        measurement = good ? measurement_find(&made, name) : NULL;
    }
    if (good)
        *value = measurement->values[measurement_count(measurement) - 1];
    arena_release(&scratch);
    return good;
}

bool reading_result(Store *store, const Experiment *experiment, const StoredRun *run,
                    Result *result, Error *error) {
    *result = (Result){run->number, {reading_state(run), run->loss, (double)NAN, (double)NAN}};
    return read_last(store, experiment, run, "feature_norm", &result->run.last_norm, error) &&
           read_last(store, experiment, run, "interference", &result->run.interference, error);
}

/* ---- its snapshots ---- */

/* What is the same for all of them. */
typedef struct Shots {
    Reading *reading;
    Run settled;
    Model model;
    StoreCourse loss, batch_loss; /* as measured; as it was trained, which a window stores */
    int64_t *steps;               /* [n] */
    int n;
} Shots;

static double value_at(const StoreCourse *course, int64_t step) {
    for (int64_t k = 0; k < course->n; k++)
        if (course->steps[k] == step)
            return course->values[k * course->n_each];
    return (double)NAN;
}

/* At the run's end it is the one that was measured best; before it, what was measured then. */
static double loss_at(const Shots *shots, int64_t step) {
    const StoredRun *run = &shots->reading->run;
    double loss = step == run->steps ? run->loss : value_at(&shots->loss, step);
    return isnan(loss) ? value_at(&shots->batch_loss, step) : loss;
}

static double rate_at(const Run *run, int64_t step) {
    int64_t last = step > 0 ? step - 1 : 0; /* the update that led there */
    int k = run->n_phases - 1;
    while (k > 0 && run->phases[k].step > last)
        k--;
    const TrainSettings *train = &run->phases[k].settings->train;
    return train->learning_rate *
           schedule_factor(&train->schedule, last, run->phases[0].settings->train.steps);
}

static bool tell_shot(Shots *shots, int64_t step, Error *error) {
    Reading *reading = shots->reading;
    News news = reading->head;
    if (!recorder_load(reading->store, &reading->run, step, &shots->model, error))
        return false;
    news.kind = NEWS_MOMENT;
    news.step = step;
    news.loss = loss_at(shots, step);
    news.learning_rate = rate_at(&shots->settled, step);
    news_post(reading->news, &news, shots->model.parameters,
              (size_t)shots->model.n_parameters * sizeof(float));
    reading->told = step;
    return true;
}

/* Of n the first, the last, and in all about `most`. */
static bool is_chosen(int64_t i, int64_t n, int64_t most) {
    return n <= most || i == 0 || i + 1 == n || i * (most - 2) / n != (i - 1) * (most - 2) / n;
}

static bool tell_shots(Shots *shots, Error *error) {
    Reading *reading = shots->reading;
    for (int i = 0; i < shots->n && reading->is_wanted(reading->context, reading); i++)
        if (is_chosen(i, shots->n, reading->most) && shots->steps[i] > reading->told &&
            !tell_shot(shots, shots->steps[i], error))
            return false;
    return true;
}

static bool read_shots(Reading *reading, Error *error) {
    Arena arena = {0};
    const StoredRun *run = &reading->run;
    Shots shots = {.reading = reading,
                   .settled = experiment_run(reading->experiment, run->number, &arena)};
    bool good = open_model(&shots.settled, &arena, &shots.model, error) &&
                store_steps(reading->store, run->id, &arena, &shots.steps, &shots.n, error) &&
                store_course(reading->store, run, "loss", &arena, &shots.loss, error) &&
                store_course(reading->store, run, "batch_loss", &arena, &shots.batch_loss, error) &&
                tell_shots(&shots, error);
    arena_release(&arena);
    return good;
}

static bool tell_state(const Reading *reading, Error *error) {
    Arena scratch = {0};
    StoredRun run = reading->run;
    bool has_failed = run.id && run.status == RUN_FAILED;
    bool good = !has_failed || store_run_texts(reading->store, &run, &scratch, error);
    const char *why = good && has_failed && run.error ? run.error : "";
    News news = reading->head;
    news.kind = NEWS_STATE;
    news.state = reading_state(&run);
    news.step = run.id ? run.steps : 0;
    news_post(reading->news, &news, why, strlen(why) + 1);
    arena_release(&scratch);
    return good;
}

bool reading_tell(Reading *reading, Error *error) {
    News news = reading->head;
    bool good = tell_state(reading, error) && (!reading->run.id || read_shots(reading, error));
    news.kind = NEWS_READ;
    news_post(reading->news, &news, NULL, 0);
    return good;
}
