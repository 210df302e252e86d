#include "render/view/stage.h"

#include "render/view/presets.h"
#include "render/view/survey.h"
#include "sim/experiment/touch.h"

#include <math.h>

/* What all histories of a stage may take together. */
static const size_t MOST_BYTES = (size_t)384 << 20;
/* What a store may take to show something before the window opens. */
static const double FIRST_SECONDS = 0.5;

static void choose_runs(Stage *stage, int64_t only_run) {
    if (only_run >= 0) {
        stage->numbers[0] = only_run;
        stage->n = 1;
    } else {
        stage->n = survey_choose(&stage->map, LIVE_MOST_RUNS, stage->numbers);
    }
    for (int i = 0; i < stage->n; i++)
        stage->names[i] = survey_name(&stage->map, stage->numbers[i], &stage->arena);
}

static bool check_run(const Experiment *experiment, const StageOptions *options, Error *error) {
    return options->only_run < experiment->n_runs ||
           error_set(error, "--run is %lld, but it has runs 0 to %lld",
                     (long long)options->only_run, (long long)experiment->n_runs - 1);
}

static void open_jumps(Stage *stage, int i) {
    int n_features = history_world(stage->histories[i], 0)->input.data->n_features;
    int64_t window = jumps_window(stage_n_steps(stage, i));
    stage->jumps[i] = jumps_open(n_features, window, &stage->arena);
    stage->looked[i] = 0;
}

/* ---- runs that train ---- */

/* Where runs were left. A store that cannot be read is in nobody's way: they begin anew. */
static void read_kept(Stage *stage) {
    for (int i = 0; i < stage->n; i++) {
        Error error = {0};
        if (!keep_read(stage->keep_path, stage->experiment, stage->numbers[i], stage->isa,
                       &stage->arena, &stage->kept[i], &error))
            stage->kept[i] = NULL;
        stage->has_resumed |= stage->kept[i] != NULL;
    }
}

static bool open_live(Stage *stage, const StageOptions *options, Error *error) {
    choose_runs(stage, options->only_run);
    if (options->keeps)
        stage->keep_path = keep_path(stage->experiment, &stage->arena);
    if (options->keeps && options->resumes)
        read_kept(stage);
    LiveRuns runs = {.experiment = stage->experiment,
                     .numbers = stage->numbers,
                     .names = stage->names,
                     .n = stage->n,
                     .n_threads = options->n_threads,
                     .isa = options->isa,
                     .most_bytes = MOST_BYTES,
                     .kept = stage->kept};
    if (!live_open(&stage->live, &runs, error))
        return false;
    if (options->keeps)
        stage->keeper = keeper_open(stage->keep_path, stage->experiment, stage->isa, stage->live,
                                    &stage->arena);
    for (int i = 0; i < stage->n; i++)
        stage->histories[i] = live_history(stage->live, i);
    return true;
}

/* ---- runs that are stored ---- */

/* Of each point that is watched the best run of those that are stored, or any of them. */
static bool choose_stored(Stage *stage, Store *store, Error *error) {
    Arena scratch = {0};
    StoredRun *runs;
    int64_t n, restarts = stage->map.restarts;
    int64_t *chosen = ARENA_NEW(&scratch, int64_t, stage->map.n_points); /* number + 1; 0: none */
    bool good = store_runs(store, &scratch, &runs, &n, error);
    for (int64_t i = 0; good && i < n; i++) {
        int64_t number = runs[i].number, point = number < 0 ? -1 : number / restarts;
        if (point >= 0 && point < stage->map.n_points && (runs[i].is_best || !chosen[point]))
            chosen[point] = number + 1;
    }
    for (int i = stage->n - 1; good && i >= 0; i--) {
        int64_t number = chosen[stage->numbers[i] / restarts];
        if (number) {
            stage->numbers[i] = number - 1;
            stage->first = i;
        }
    }
    arena_release(&scratch);
    return good;
}

static bool watch(Stage *stage, int i, int64_t number, Error *error) {
    stage->numbers[i] = number;
    stage->names[i] = survey_name(&stage->map, number, &stage->arena);
    if (!follow_watch(stage->follow, i, number, stage->names[i], error))
        return false;
    stage->histories[i] = follow_history(stage->follow, i);
    return true;
}

/* The store is the stage's, or closed where this fails. */
static bool open_stored(Stage *stage, Store *store, const StageOptions *options, Error *error) {
    Error ignored;
    FollowOptions follow = {.store = store,
                            .experiment = stage->experiment,
                            .map = &stage->map,
                            .n_slots = STAGE_MOST_RUNS,
                            .isa = options->isa,
                            .most_bytes = MOST_BYTES};
    choose_runs(stage, options->only_run);
    if (options->only_run < 0 && !choose_stored(stage, store, error)) {
        store_close(store, &ignored);
        return false;
    }
    bool ok = follow_open(&stage->follow, &follow, error);
    for (int i = 0; ok && i < stage->n; i++)
        ok = watch(stage, i, stage->numbers[i], error);
    if (ok)
        follow_await(stage->follow, stage->first, FIRST_SECONDS);
    return ok;
}

/* ---- both ---- */

/* NULL experiment where there are problems. */
static bool open_runs(Stage *stage, const StageOptions *options, Problems *problems, Error *error) {
    Store *store = NULL;
    Arena *arena = &stage->arena;
    if (follow_is_store(options->path)) {
        if (options->n_overrides)
            return error_set(error, "a store is shown as it was trained: %s cannot be set",
                             options->overrides[0]);
        stage->experiment = follow_experiment(options->path, &store, arena, problems);
    } else {
        stage->experiment = experiment_load(options->path, options->overrides, options->n_overrides,
                                            arena, problems);
        stage->lesson = presets_lesson(options->path, arena);
    }
    if (!stage->experiment)
        return false;
    bool ok = check_run(stage->experiment, options, error) &&
              survey_map(stage->experiment, arena, &stage->map, error);
    if (!ok && store)
        store_close(store, &(Error){0});
    return ok &&
           (store ? open_stored(stage, store, options, error) : open_live(stage, options, error));
}

Stage *stage_open(const StageOptions *options, Problems *problems) {
    Arena arena = {0};
    Error error = {0};
    Stage *stage = ARENA_NEW(&arena, Stage, 1);
    stage->arena = arena;
    stage->isa = options->isa;
    stage->lesson = "";
    if (open_runs(stage, options, problems, &error)) {
        for (int i = 0; i < stage->n; i++)
            open_jumps(stage, i);
        stage->theory = phase_theory_open(stage->experiment, &stage->map, &stage->arena);
        stage->window_title = arena_print(&stage->arena, "superpose: %s", stage->experiment->title);
        return stage;
    }
    if (error.text[0])
        problem_add(problems, (Place){.file = arena_copy(problems->arena, options->path)}, "%s",
                    error.text);
    stage_close(stage);
    return NULL;
}

bool stage_keep_some(Stage *stage, double now, Error *error) {
    return !stage->keeper || keeper_tick(stage->keeper, now, error);
}

bool stage_keep(Stage *stage, Error *error) {
    return !stage->keeper || keeper_end(stage->keeper, error);
}

bool stage_is_keeping(const Stage *stage) {
    return stage->keeper && keeper_is_writing(stage->keeper);
}

void stage_close(Stage *stage) {
    if (!stage)
        return;
    keeper_close(stage->keeper);
    live_close(stage->live);
    follow_close(stage->follow);
    phase_theory_close(stage->theory);
    Arena arena = stage->arena; /* which it lies in */
    arena_release(&arena);
}

static double last_of(const Measurement *measurement) {
    return measurement ? measurement->values[measurement_count(measurement) - 1] : (double)NAN;
}

/* What a run has come to, when it has just ended: its loss on fresh samples. */
static SweepRun result_of(History *history) {
    int n;
    history_moments(history, &n);
    SweepRun result = {history_state(history), (double)NAN, (double)NAN, (double)NAN};
    if (result.state == STATE_DONE && n) {
        result.loss = last_of(history_measure(history, n - 1, "loss", NULL));
        result.last_norm = last_of(history_measure(history, n - 1, "feature_norm", NULL));
        result.interference = last_of(history_measure(history, n - 1, "interference", NULL));
    }
    return result;
}

/* Into the map, where it has changed: a run may also begin again. */
static void take_state(Stage *stage, int i) {
    SweepMap *map = &stage->map;
    SweepRun *run = &map->runs[stage->numbers[i]];
    if (run->state == history_state(stage->histories[i]))
        return;
    map->n_done -= run->state == STATE_DONE;
    map->n_failed -= run->state == STATE_FAILED;
    *run = result_of(stage->histories[i]);
    map->n_done += run->state == STATE_DONE;
    map->n_failed += run->state == STATE_FAILED;
}

/* Looks for jumps in what has come. */
static void look_for_jumps(Stage *stage, int i) {
    int n;
    const Moment *moments = history_moments(stage->histories[i], &n);
    if (!n || moments[n - 1].serial == stage->looked[i])
        return;
    stage->looked[i] = moments[n - 1].serial;
    jumps_look(stage->jumps[i], stage->histories[i]);
}

bool stage_collect(Stage *stage, bool *is_new, Error *error) {
    bool good = stage->live ? live_collect(stage->live, is_new, error)
                            : follow_collect(stage->follow, is_new, error);
    for (int i = 0; stage->live && i < stage->n; i++)
        take_state(stage, i);
    for (int i = 0; i < stage->n + stage->has_guest; i++)
        look_for_jumps(stage, i);
    *is_new |= phase_theory_collect(stage->theory);
    return good;
}

void stage_allow(Stage *stage, int64_t step) {
    if (stage->live)
        live_allow(stage->live, step);
}

bool stage_wait(Stage *stage, Error *error) {
    phase_theory_wait(stage->theory);
    if (stage->follow)
        return follow_wait(stage->follow, error);
    live_wait(stage->live);
    return true;
}

const Settings *stage_settings_first(const Stage *stage, int run) {
    return stage->live ? live_settings_first(stage->live, run)
                       : follow_run(stage->follow, run)->phases[0].settings;
}

const Settings *stage_settings_at(const Stage *stage, int run, int64_t step) {
    if (stage->live)
        return live_settings_now(stage->live, run);
    const Run *stored = follow_run(stage->follow, run);
    int i = stored->n_phases - 1;
    while (i > 0 && stored->phases[i].step > step)
        i--;
    return stored->phases[i].settings;
}

void stage_print(const Stage *stage, int run, int64_t step, Text *text) {
    if (stage->live) {
        live_print(stage->live, run, step, text);
        return;
    }
    Arena scratch = {0};
    touched_print(touched_open(stage->experiment, stage->numbers[run], &scratch), step, text);
    arena_release(&scratch);
}

int stage_find(Stage *stage, int64_t number, Error *error) {
    for (int i = 0; i < stage->n + stage->has_guest; i++)
        if (stage->numbers[i] == number)
            return i;
    error_set(error, "run %lld is not trained here", (long long)number);
    if (!stage->follow)
        return -1;
    stage->has_guest = watch(stage, stage->n, number, error);
    if (!stage->has_guest)
        return -1;
    open_jumps(stage, stage->n);
    return stage->n;
}

void stage_show(Stage *stage, int run) {
    if (stage->follow)
        follow_prefer(stage->follow, run);
}

bool stage_is_growing(const Stage *stage, int run) {
    return stage->follow ? !follow_is_read(stage->follow, run)
                         : history_state(stage->histories[run]) == STATE_TRAINING;
}

/* Steps that a run has done. */
static int64_t step_of(const Stage *stage, int run) {
    int n;
    const Moment *moments = history_moments(stage->histories[run], &n);
    return stage->live ? live_step(stage->live, run) : n ? moments[n - 1].step : 0;
}

int64_t stage_step(const Stage *stage) {
    int64_t most = 0;
    for (int i = 0; i < stage->n; i++)
        if (step_of(stage, i) > most)
            most = step_of(stage, i);
    return most;
}

int64_t stage_n_steps(const Stage *stage, int run) {
    return stage->live ? live_n_steps(stage->live, run) : follow_n_steps(stage->follow, run);
}
