#include "render/view/keep.h"

#include "sim/base/version.h"
#include "sim/experiment/plan.h"
#include "sim/experiment/recorder.h"

#include <math.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Of all runs together: more would make a window slow to close. */
enum { MOST_KEPT = 2048, LEAST_KEPT = 8 };

/* Also of all runs together. */
static const double MOST_BYTES = 256e6;

const char *keep_path(const Experiment *experiment, Arena *arena) {
    char *path = arena_copy(arena, experiment_store_path(experiment, arena));
    path[strlen(path) - strlen(".db")] = 0;
    return arena_print(arena, "%s.view.db", path);
}

/* What that fact says of a run that nobody touched; of others it is their config. */
static const char *const untouched = "untouched";

/* The fact under which the config of a left run is found by the identity it began with. */
static const char *fact_of(const Experiment *experiment, int64_t number, Arena *arena) {
    return arena_print(arena, "left %s", experiment_run(experiment, number, arena).identity);
}

/* ---- writing ---- */

/* How many of its moments are kept, evenly. */
static int count_kept(const LeftRun *left, int n_runs) {
    int n;
    history_moments(left->history, &n);
    double fit = MOST_BYTES / n_runs / ((double)left->n_parameters * sizeof(float));
    int share = MOST_KEPT / n_runs;
    double most = fmin(fmax(fit, 1), share > LEAST_KEPT ? share : LEAST_KEPT);
    return n < most ? n : (int)most;
}

/* The k-th of n_kept among n moments: the last one is always there. */
static const Moment *kept_moment(const LeftRun *left, int k, int n_kept) {
    int n;
    const Moment *moments = history_moments(left->history, &n);
    return &moments[n_kept > 1 ? (int)((int64_t)k * (n - 1) / (n_kept - 1)) : n - 1];
}

static StoredMeasurement scalar(int64_t step, const char *name, double value, Arena *arena) {
    Measurements made = {.arena = arena};
    measurement_add_scalar(&made, name, value);
    return (StoredMeasurement){
        .step = step, .maker = "view", .settings = "", .measurement = made.items[0]};
}

/* What is known of a run, as the store takes it. */
typedef struct Parcel {
    StoredRun run;
    StoredTensor *tensors;
    StoredMeasurement *measurements;
    int n_tensors, n_measurements;
} Parcel;

static void pack_moments(const LeftRun *left, int n_runs, Parcel *parcel, Arena *arena) {
    int n = count_kept(left, n_runs);
    const Model *model = history_model(left->history, 0);
    parcel->tensors = ARENA_NEW(arena, StoredTensor, n * model->n_tensors);
    parcel->measurements = ARENA_NEW(arena, StoredMeasurement, 2 * n);
    for (int k = 0; k < n; k++) {
        const Moment *moment = kept_moment(left, k, n);
        for (int t = 0; t < model->n_tensors; t++)
            parcel->tensors[parcel->n_tensors++] = (StoredTensor){
                moment->step, model->tensors[t], moment->parameters + model->tensors[t].offset};
        parcel->measurements[parcel->n_measurements++] =
            scalar(moment->step, "batch_loss", moment->loss, arena);
        parcel->measurements[parcel->n_measurements++] =
            scalar(moment->step, "learning_rate", moment->learning_rate, arena);
    }
}

/* The measurements of a run's end, as a run without a window has them. */
static bool pack_end(const Experiment *experiment, const LeftRun *left, const Settings *settings,
                     Isa isa, Parcel *parcel, Arena *arena, Error *error) {
    Recording recording = {.arena = arena};
    int n;
    history_moments(left->history, &n);
    MetricInput world = history_world(left->history, left->step)->input;
    MetricInput input = recorder_input(settings, history_model(left->history, n - 1), world.data,
                                       world.task, experiment->record.loss_samples, isa);
    if (!recorder_measure(&recording, recorder_final_metrics(experiment, arena), &input, left->step,
                          error))
        return false;
    int n_all = parcel->n_measurements + recording.n_measurements;
    StoredMeasurement *all = ARENA_NEW(arena, StoredMeasurement, n_all);
    memcpy(all, parcel->measurements, (size_t)parcel->n_measurements * sizeof *all);
    memcpy(all + parcel->n_measurements, recording.measurements,
           (size_t)recording.n_measurements * sizeof *all);
    parcel->run.loss = recorder_scalar(&recording, "loss", left->step);
    parcel->measurements = all;
    parcel->n_measurements = n_all;
    return true;
}

static bool put_state(Store *store, const LeftRun *left, const char *identity, Isa isa,
                      Error *error) {
    const StatePart parts[] = {{left->parameters, left->n_parameters},
                               {left->states, left->n_states}};
    return store_put_checkpoint(store, identity, left->step, isa_name(isa), parts,
                                left->n_states ? 2 : 1, error);
}

static StoredRun stored_run(const Run *run, const LeftRun *left, int64_t number) {
    RunState state = history_state(left->history);
    const Settings *settings = run->phases[run->n_phases - 1].settings;
    return (StoredRun){.number = number,
                       .point = number < 0 ? -1 : run->point,
                       .restart = run->restart,
                       .seed = settings->train.seed,
                       .identity = run->identity,
                       .settings = run->settings_text,
                       .axes = run->axes_json,
                       .status = state == STATE_DONE     ? RUN_DONE
                                 : state == STATE_FAILED ? RUN_FAILED
                                                         : RUN_INTERRUPTED,
                       .steps = left->step,
                       .loss = (double)NAN,
                       .error = state == STATE_FAILED ? history_why(left->history) : NULL};
}

/* A run of the experiment, `alone` its config where it was touched; then it has no number among
 * other runs. */
static bool write_run(Store *store, const Experiment *experiment, const Experiment *alone,
                      const LeftRun *left, int n_runs, Isa isa, Arena *arena, Error *error) {
    Run run = left->config ? experiment_run(alone, 0, arena)
                           : experiment_run(experiment, left->number, arena);
    const Settings *last = run.phases[run.n_phases - 1].settings;
    int64_t number = !left->config ? run.number : n_runs > 1 ? -1 : 0;
    Parcel parcel = {.run = stored_run(&run, left, number)};
    if (parcel.run.status != RUN_FAILED)
        pack_moments(left, n_runs, &parcel, arena);
    bool is_left = parcel.run.status == RUN_INTERRUPTED;
    return (parcel.run.status != RUN_DONE ||
            pack_end(experiment, left, last, isa, &parcel, arena, error)) &&
           store_add_run(store, &parcel.run, parcel.tensors, parcel.n_tensors, parcel.measurements,
                         parcel.n_measurements, error) &&
           (!is_left || put_state(store, left, run.identity, isa, error));
}

static const Experiment *read_config(const char *name, const char *config, Arena *arena,
                                     Error *error) {
    Problems problems = {.arena = arena};
    Text why = {0};
    const Experiment *experiment =
        experiment_parse(name, config, strlen(config), NULL, 0, arena, &problems);
    if (!experiment) {
        problems_print(&problems, &why);
        error_set(error, "%.*s", (int)strcspn(text_of(&why), "\n"), text_of(&why));
        text_release(&why);
    }
    return experiment;
}

static bool write_facts(Store *store, const Experiment *experiment, const Experiment *of, Isa isa,
                        Arena *arena, Error *error) {
    Plan plan;
    const RunChoice choice = {.n_shards = 1, .only_run = -1, .keeps_others = true};
    return plan_make(of, store, isa_name(isa), &choice, arena, &plan, error) &&
           store_set_fact(store, "name", experiment->name, error) &&
           store_set_fact(store, "title", experiment->title, error) &&
           store_set_fact(store, "program", "superpose " SUPERPOSE_VERSION, error);
}

/* A single run that was touched is the store's experiment as it was touched; of others the
 * experiment is as it was. */
static bool write_runs(Store *store, const Experiment *experiment, Isa isa, const LeftRun *runs,
                       int n, Arena *arena, Error *error) {
    for (int i = 0; i < n; i++) {
        const LeftRun *left = &runs[i];
        const Experiment *alone = experiment;
        if (left->config && !(alone = read_config(experiment->path, left->config, arena, error)))
            return false;
        bool is_left = history_state(left->history) == STATE_TRAINING;
        const char *says = !is_left ? "" : left->config ? left->config : untouched;
        const Experiment *of = n > 1 ? experiment : alone;
        if ((i == 0 && !write_facts(store, experiment, of, isa, arena, error)) ||
            !write_run(store, of, alone, left, n, isa, arena, error) ||
            !store_set_fact(store, fact_of(experiment, left->number, arena), says, error))
            return false;
    }
    return true;
}

bool keep_write(const char *path, const Experiment *experiment, Isa isa, const LeftRun *runs, int n,
                Error *error) {
    Arena arena = {0};
    Store *store;
    Error closing = {0};
    mkdir("results", 0777); /* where it fails, so does the file in it, and says why */
    bool ok = store_open(&store, path, STORE_WRITE, error);
    if (ok) {
        ok = write_runs(store, experiment, isa, runs, n, &arena, error);
        if (!store_close(store, &closing) && ok) {
            *error = closing;
            ok = false;
        }
    }
    arena_release(&arena);
    return ok;
}

/* ---- reading ---- */

static double read_scalar(Store *store, int64_t id, const char *name, int64_t step, Arena *arena) {
    StoredMeasurement stored;
    bool found;
    Error error = {0};
    bool ok = store_measurement(store, id, name, step, arena, &stored, &found, &error);
    return ok && found ? stored.measurement.values[0] : (double)NAN;
}

/* One snapshot: its tensors lie in the model's order, as parameters do. */
static bool read_moment(Store *store, int64_t id, int64_t step, Arena *arena, Moment *moment,
                        Error *error) {
    StoredTensor *tensors;
    int n;
    int64_t n_parameters = 0;
    if (!store_tensors(store, id, step, arena, &tensors, &n, error))
        return false;
    for (int i = 0; i < n; i++)
        n_parameters += (int64_t)tensors[i].tensor.n_rows * tensors[i].tensor.n_columns;
    float *parameters = ARENA_NEW(arena, float, n_parameters), *next = parameters;
    for (int i = 0; i < n; i++) {
        size_t count = (size_t)tensors[i].tensor.n_rows * (size_t)tensors[i].tensor.n_columns;
        memcpy(next, tensors[i].values, count * sizeof *next);
        next += count;
    }
    *moment = (Moment){.step = step,
                       .loss = read_scalar(store, id, "batch_loss", step, arena),
                       .learning_rate = read_scalar(store, id, "learning_rate", step, arena),
                       .parameters = parameters};
    return true;
}

static bool read_moments(Store *store, int64_t id, Arena *arena, KeptRun *kept, Error *error) {
    int64_t *steps;
    if (!store_steps(store, id, arena, &steps, &kept->n_moments, error))
        return false;
    kept->moments = ARENA_NEW(arena, Moment, kept->n_moments);
    for (int i = 0; i < kept->n_moments; i++)
        if (!read_moment(store, id, steps[i], arena, &kept->moments[i], error))
            return false;
    return true;
}

static bool read_left(Store *store, const char *config, Isa isa, const Experiment *base,
                      int64_t number, Arena *arena, KeptRun **out, Error *error) {
    int64_t id, n;
    RunStatus status;
    float *state;
    bool found = false;
    KeptRun *kept = ARENA_NEW(arena, KeptRun, 1);
    bool is_touched = strcmp(config, untouched) != 0;
    kept->number = is_touched ? 0 : number;
    kept->experiment = is_touched ? read_config(base->path, config, arena, error) : base;
    if (!kept->experiment)
        return false;
    Run run = experiment_run(kept->experiment, kept->number, arena);
    if (!store_find_run(store, run.identity, &id, &status, error))
        return false;
    if (!id || status != RUN_INTERRUPTED)
        return true;
    if (!store_checkpoint(store, run.identity, isa_name(isa), arena, &kept->step, &state, &n,
                          &found, error) ||
        (found && !read_moments(store, id, arena, kept, error)))
        return false;
    kept->state = state;
    *out = found ? kept : NULL;
    return true;
}

bool keep_read(const char *path, const Experiment *experiment, int64_t number, Isa isa,
               Arena *arena, KeptRun **kept, Error *error) {
    Store *store;
    *kept = NULL;
    if (access(path, F_OK) != 0)
        return true;
    if (!store_open(&store, path, STORE_READ, error))
        return false;
    const char *config = store_fact(store, fact_of(experiment, number, arena), arena);
    bool ok = !config || !*config ||
              read_left(store, config, isa, experiment, number, arena, kept, error);
    Error closing = {0};
    return store_close(store, &closing) && ok;
}
