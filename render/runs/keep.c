/* What is left of runs is written: in one transaction, beside what is there. */
#include "render/runs/keep_internal.h"

#include "render/runs/survey.h"
#include "sim/base/version.h"
#include "sim/experiment/plan.h"
#include "sim/experiment/recorder.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* Of all runs together, but of each some: more would make a window slow to close. */
enum { MOST_KEPT = 2048, LEAST_KEPT = 8 };

/* What another writer may take: a second window on the same runs does not take long. */
static const double FREE_SECONDS = 5;

const char *keep_path(const Experiment *experiment, Arena *arena) {
    char *path = arena_copy(arena, experiment_store_path(experiment, arena));
    path[strlen(path) - strlen(".db")] = 0;
    return arena_print(arena, "%s.view.db", path);
}

const Moment *keep_choose(const History *history, const LeftRun *left, KeepLimit limit,
                          Arena *arena, int *n) {
    int n_before;
    const Moment *all = history_moments(history, &n_before);
    while (n_before > 0 && all[n_before - 1].step >= left->now.step)
        n_before--;
    double bytes = (double)left->now.n_parameters * sizeof(float);
    double fit = limit.most_bytes / limit.n_runs / bytes;
    int share = MOST_KEPT / limit.n_runs;
    double most = fmin(fit, share > LEAST_KEPT ? share : LEAST_KEPT) - 1; /* and the newest */
    *n = n_before <= most ? n_before : most > 1 ? (int)most : 1;
    Moment *chosen = ARENA_NEW(arena, Moment, *n);
    for (int k = 0; k < *n; k++)
        chosen[k] = all[k > 0 ? (int)((int64_t)k * (n_before - 1) / (*n - 1)) : 0];
    return chosen;
}

/* Of what a window stores of a run's way, and which of it every moment has. */
static const char *const MAKER = "view", *const SIGN = "learning_rate";

static StoredMeasurement scalar(int64_t step, const char *name, double value, Arena *arena) {
    Measurements made = {.arena = arena};
    measurement_add_scalar(&made, name, value);
    return (StoredMeasurement){
        .step = step, .maker = MAKER, .settings = "", .measurement = made.items[0]};
}

/* What is known of a run, as the store takes it. */
typedef struct Parcel {
    StoredRun run;
    StoredTensor *tensors;
    StoredMeasurement *measurements;
    int n_tensors, n_measurements;
} Parcel;

static Parcel open_parcel(const LeftRun *left, const Run *run, int64_t number) {
    return (Parcel){.run = {.number = number,
                            .point = number < 0 ? -1 : run->point,
                            .restart = run->restart,
                            .seed = run->phases[0].settings->train.seed,
                            .identity = run->identity,
                            .settings = run->settings_text,
                            .axes = run->axes_json,
                            .status = left->state == STATE_DONE     ? RUN_DONE
                                      : left->state == STATE_FAILED ? RUN_FAILED
                                                                    : RUN_INTERRUPTED,
                            .steps = left->now.step,
                            .loss = (double)NAN,
                            .error = left->state == STATE_FAILED ? left->why : NULL}};
}

static void pack_moment(Parcel *parcel, const Model *sizes, const Snapshot *moment, Arena *arena) {
    for (int t = 0; t < sizes->n_tensors; t++)
        parcel->tensors[parcel->n_tensors++] = (StoredTensor){
            moment->step, sizes->tensors[t], moment->parameters + sizes->tensors[t].offset};
    parcel->measurements[parcel->n_measurements++] =
        scalar(moment->step, "batch_loss", moment->loss, arena);
    parcel->measurements[parcel->n_measurements++] =
        scalar(moment->step, SIGN, moment->learning_rate, arena);
}

static void pack_moments(const LeftRun *left, const Model *sizes, Parcel *parcel, Arena *arena) {
    int n = left->n_moments + 1;
    parcel->tensors = ARENA_NEW(arena, StoredTensor, n * sizes->n_tensors);
    parcel->measurements = ARENA_NEW(arena, StoredMeasurement, 2 * n);
    for (int k = 0; k < left->n_moments; k++) {
        const Moment *moment = &left->moments[k];
        pack_moment(parcel, sizes,
                    &(Snapshot){moment->step, moment->loss, moment->learning_rate,
                                left->now.n_parameters, (float *)(uintptr_t)moment->parameters},
                    arena);
    }
    pack_moment(parcel, sizes, &left->now, arena);
}

/* The settings that hold at the run's newest step. */
static const Settings *settings_at(const Run *run, int64_t step) {
    int i = run->n_phases - 1;
    while (i > 0 && run->phases[i].step > step)
        i--;
    return run->phases[i].settings;
}

/* The measurements of a run's end, as a run without a window has them: of data, a task and a model
 * that belong to nobody else, since others go on meanwhile. */
static bool measure_end(const Experiment *experiment, const LeftRun *left, const Settings *settings,
                        Isa isa, Recording *recording, Error *error) {
    World world;
    Model model;
    Arena *arena = recording->arena;
    int64_t step = left->now.step;
    if (!survey_world(experiment, step, settings, isa, arena, &world, error) ||
        !model_open(&model, &settings->model, world.input.data->n_features, arena, error))
        return false;
    memcpy(model.parameters, left->now.parameters,
           (size_t)left->now.n_parameters * sizeof *model.parameters);
    MetricInput input = recorder_input(settings, &model, world.input.data, world.input.task,
                                       experiment->record.loss_samples, isa);
    return recorder_measure(recording, recorder_final_metrics(experiment, arena), &input, step,
                            error);
}

static void add_measurements(Parcel *parcel, const Recording *recording, Arena *arena) {
    int n_all = parcel->n_measurements + recording->n_measurements;
    StoredMeasurement *all = ARENA_NEW(arena, StoredMeasurement, n_all);
    memcpy(all, parcel->measurements, (size_t)parcel->n_measurements * sizeof *all);
    memcpy(all + parcel->n_measurements, recording->measurements,
           (size_t)recording->n_measurements * sizeof *all);
    parcel->run.loss = recorder_scalar(recording, "loss", parcel->run.steps);
    parcel->measurements = all;
    parcel->n_measurements = n_all;
}

/* Of a failed run nothing but why; one that is stored to its end has been measured. */
static bool pack(const Experiment *experiment, const LeftRun *left, const Run *run, Isa isa,
                 bool has_end, Parcel *parcel, Arena *arena, Error *error) {
    Model sizes;
    Data data;
    Recording end = {.arena = arena};
    const Settings *settings = settings_at(run, left->now.step);
    if (parcel->run.status == RUN_FAILED)
        return true;
    data_describe(&data, &settings->data);
    model_sizes(&sizes, &settings->model, data.n_features);
    pack_moments(left, &sizes, parcel, arena);
    if (parcel->run.status == RUN_DONE && !has_end) {
        if (!measure_end(experiment, left, settings, isa, &end, error))
            return false;
        add_measurements(parcel, &end, arena);
    }
    return true;
}

static bool put_state(Store *store, const LeftRun *left, const char *identity, Isa isa,
                      Arena *arena, Error *error) {
    const StatePart parts[] = {{left->now.parameters, left->now.n_parameters},
                               {left->states, left->n_states}};
    return store_put_checkpoint(store, keep_state_key(identity, arena), left->now.step,
                                isa_name(isa), parts, left->n_states ? 2 : 1, error);
}

/* Where the store has the run to its end: what is left on the way there does not take its place,
 * and where it has come there, it has the same bits. 0: it does not. */
static bool find_end(Store *store, const StoredRun *run, int64_t *id, RunStatus *status,
                     Error *error) {
    bool ok = store_find_run(store, run->identity, id, status, error);
    bool has_end =
        ok && (*status == RUN_DONE || (*status == RUN_FAILED && run->status != RUN_DONE));
    if (!has_end)
        *id = 0;
    return ok;
}

/* The way there is the window's to know. */
static bool add_past(Store *store, int64_t id, const Parcel *parcel, Error *error) {
    return store_put_past(store, id,
                          &(StoredPast){.maker = MAKER,
                                        .sign = SIGN,
                                        .until = parcel->run.steps,
                                        .tensors = parcel->tensors,
                                        .n_tensors = parcel->n_tensors,
                                        .measurements = parcel->measurements,
                                        .n_measurements = parcel->n_measurements},
                          error);
}

/* One on its way comes beside the state that another training of it has left. */
static bool add_run(Store *store, Parcel *parcel, Isa isa, Arena *arena, Error *error) {
    const char *identity = parcel->run.identity, *set = isa_name(isa);
    int64_t step, n;
    float *state;
    bool found = false;
    bool is_left = parcel->run.status == RUN_INTERRUPTED;
    if ((is_left &&
         !store_checkpoint(store, identity, set, arena, &step, &state, &n, &found, error)) ||
        !store_add_run(store, &parcel->run, parcel->tensors, parcel->n_tensors,
                       parcel->measurements, parcel->n_measurements, error))
        return false;
    return !found ||
           store_put_checkpoint(store, identity, step, set, &(StatePart){state, n}, 1, error);
}

/* A touched run is another one after each touch: what was kept of this training before is the
 * beginning of what is kept now. */
static bool drop_before(Store *store, const LeftRun *left, const char *identity, Arena *arena,
                        Error *error) {
    bool is_there =
        left->config && left->kept_as && *left->kept_as && strcmp(left->kept_as, identity) != 0;
    return !is_there || (store_drop_interrupted(store, left->kept_as, error) &&
                         store_drop_checkpoint(store, keep_state_key(left->kept_as, arena), error));
}

/* A run of the experiment, `alone` its config where it was touched; then it has no number among
 * other runs. */
static bool write_run(Store *store, const Experiment *experiment, const Experiment *alone,
                      const LeftRun *left, Isa isa, const char **identity, Arena *arena,
                      Error *error) {
    Run run = left->config ? experiment_run(alone, 0, arena)
                           : experiment_run(experiment, left->number, arena);
    Parcel parcel = open_parcel(left, &run,
                                !left->config            ? run.number
                                : experiment->n_runs > 1 ? -1
                                                         : 0);
    int64_t end;
    RunStatus status = RUN_INTERRUPTED;
    *identity = arena_copy(arena, run.identity);
    if (!drop_before(store, left, run.identity, arena, error) ||
        !find_end(store, &parcel.run, &end, &status, error) ||
        !pack(experiment, left, &run, isa, end != 0, &parcel, arena, error))
        return false;
    if (parcel.run.status == RUN_FAILED)
        return store_drop_checkpoint(store, keep_state_key(run.identity, arena), error) &&
               (end || add_run(store, &parcel, isa, arena, error));
    bool ok = !end ? add_run(store, &parcel, isa, arena, error)
                   : status != RUN_DONE || add_past(store, end, &parcel, error);
    return ok && put_state(store, left, run.identity, isa, arena, error);
}

static bool write_facts(Store *store, const Experiment *experiment, const Experiment *of, Isa isa,
                        Arena *arena, Error *error) {
    Plan plan;
    Text config = {0};
    experiment_print(of, &config);
    const char *stored = store_fact(store, "config", arena);
    bool is_known = stored && strcmp(stored, text_of(&config)) == 0;
    text_release(&config);
    if (is_known) /* its runs have their numbers: looking at each takes a while */
        return true;
    const RunChoice choice = {.n_shards = 1, .only_run = -1, .keeps_others = true};
    return plan_make(of, store, isa_name(isa), &choice, arena, &plan, error) &&
           store_set_fact(store, "name", experiment->name, error) &&
           store_set_fact(store, "title", experiment->title, error) &&
           store_set_fact(store, "program", "superpose " SUPERPOSE_VERSION, error);
}

static bool write_steps(Store *store, const char *fact, const char *steps, Arena *arena,
                        Error *error) {
    bool is_needed = *steps || store_fact(store, fact, arena);
    return !is_needed || store_set_fact(store, fact, steps, error);
}

/* A replay finds bookmarks by what the store's experiment, `of`, says. */
static bool write_marks(Store *store, const Experiment *experiment, const Experiment *of,
                        const LeftRun *left, Arena *arena, Error *error) {
    return (of == experiment || write_steps(store, keep_fact("bookmarks", of, 0, arena),
                                            left->bookmarks, arena, error)) &&
           write_steps(store, keep_fact("bookmarks", experiment, left->number, arena),
                       left->bookmarks, arena, error) &&
           write_steps(store, keep_fact("changes", experiment, left->number, arena), left->changes,
                       arena, error);
}

/* A single run that was touched is the store's experiment as it was touched; of others the
 * experiment is as it was. All that follows is one transaction, not ended yet: where it is cut off,
 * each run is left as it was before, since a run without its state could not go on. */
static bool write_runs(Store *store, const Experiment *experiment, Isa isa, const LeftRun *runs,
                       int n, const char **identities, Arena *arena, Error *error) {
    for (int i = 0; i < n; i++) {
        const LeftRun *left = &runs[i];
        const Experiment *alone = experiment;
        if (left->config &&
            !(alone = keep_read_config(experiment->path, left->config, arena, error)))
            return false;
        bool has_failed = left->state == STATE_FAILED;
        const char *says = has_failed ? "" : left->config ? left->config : KEEP_UNTOUCHED;
        const Experiment *of = experiment->n_runs > 1 ? experiment : alone;
        if ((i == 0 && !(write_facts(store, experiment, of, isa, arena, error) &&
                         store_begin(store, error))) ||
            !write_run(store, of, alone, left, isa, &identities[i], arena, error) ||
            !store_set_fact(store, keep_fact("left", experiment, left->number, arena), says,
                            error) ||
            !write_marks(store, experiment, of, left, arena, error))
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
    bool ok = store_open_when_free(&store, path, FREE_SECONDS, error);
    if (ok) {
        const char **identities = ARENA_NEW(&arena, const char *, n);
        ok = write_runs(store, experiment, isa, runs, n, identities, &arena, error) &&
             store_commit(store, error);
        if (!ok)
            store_roll_back(store);
        for (int i = 0; ok && i < n; i++)
            if (runs[i].kept_as)
                snprintf(runs[i].kept_as, KEEP_NAME, "%s", runs[i].config ? identities[i] : "");
        if (!store_close(store, &closing) && ok) {
            *error = closing;
            ok = false;
        }
    }
    arena_release(&arena);
    return ok;
}
