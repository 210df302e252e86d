#include "render/runs/stage.h"

#include "render/runs/marks.h"
#include "render/runs/presets.h"
#include "render/runs/survey.h"
#include "sim/experiment/touch.h"

#include <string.h>

/* What all histories of a stage may take together. */
static const size_t MOST_BYTES = (size_t)384 << 20;
/* What a store may take to show something before the window opens. */
static const double FIRST_SECONDS = 0.5;

static void choose_runs(Stage *stage, int64_t only_run) {
    stage->numbers[0] = only_run;
    stage->n = only_run >= 0 ? 1 : survey_choose(&stage->map, LIVE_MOST_RUNS, stage->numbers);
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

/* Where n runs from this one on were left. What of a store cannot be read is in nobody's way: such
 * runs begin anew, and why is told. */
static void read_kept(Stage *stage, int first, int n) {
    Error error = {0};
    memset(&stage->kept[first], 0, (size_t)n * sizeof *stage->kept);
    if (stage->resumes && !keep_read(stage->keep_path, stage->experiment, &stage->numbers[first], n,
                                     stage->isa, &stage->arena, &stage->kept[first], &error))
        stage->why_anew = arena_copy(&stage->arena, error.text);
}

/* Where there is a map, of which not all is watched, all of it is trained. */
static bool open_sweeper(Stage *stage, const StageOptions *options, Error *error) {
    const SweeperOptions sweeper = {.experiment = stage->experiment,
                                    .path = stage->keep_path,
                                    .map = &stage->map,
                                    .n_threads = options->n_threads,
                                    .isa = options->isa};
    bool is_of_use = stage->keep_path && options->only_run < 0 && stage->map.n_axes > 0 &&
                     stage->n < sweep_n_runs(&stage->map);
    return !is_of_use || sweeper_open(&stage->sweeper, &sweeper, error);
}

static bool open_live(Stage *stage, const StageOptions *options, Error *error) {
    choose_runs(stage, options->only_run);
    if (options->keeps)
        stage->keep_path = keep_path(stage->experiment, &stage->arena);
    stage->resumes = options->keeps && options->resumes;
    read_kept(stage, 0, stage->n);
    for (int i = 0; i < stage->n; i++)
        stage->has_resumed |= stage->kept[i] != NULL;
    LiveRuns runs = {.experiment = stage->experiment,
                     .numbers = stage->numbers,
                     .names = stage->names,
                     .n = stage->n,
                     .n_threads = options->n_threads,
                     .isa = options->isa,
                     .most_bytes = MOST_BYTES,
                     .kept = stage->kept};
    if (!live_open(&stage->live, &runs, error) || !open_sweeper(stage, options, error))
        return false;
    if (options->keeps)
        stage->keeper = keeper_open(stage->keep_path, stage->experiment, stage->isa, stage->live,
                                    &stage->arena);
    for (int i = 0; i < stage->n; i++)
        stage->histories[i] = live_history(stage->live, i);
    return true;
}

/* ---- runs that are stored ---- */

static bool watch(Stage *stage, int i, int64_t number, Error *error) {
    stage->numbers[i] = number;
    stage->names[i] = survey_name(&stage->map, number, &stage->arena);
    if (!follow_watch(stage->follow, i, number, stage->names[i], error))
        return false;
    stage->histories[i] = follow_history(stage->follow, i);
    marks_add_bookmarks(stage->histories[i], stage->bookmarks[i]);
    return true;
}

/* What a store that can be read otherwise has of them is in nobody's way. */
static void read_bookmarks(Stage *stage, int first, int n) {
    Error ignored = {0};
    memset(&stage->bookmarks[first], 0, (size_t)n * sizeof *stage->bookmarks);
    keep_read_bookmarks(stage->path, stage->experiment, &stage->numbers[first], n, &stage->arena,
                        &stage->bookmarks[first], &ignored);
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
    if (options->only_run < 0 &&
        !survey_choose_stored(&stage->map, store, stage->n, stage->numbers, &stage->first, error)) {
        store_close(store, &ignored);
        return false;
    }
    read_bookmarks(stage, 0, stage->n);
    bool ok = follow_open(&stage->follow, &follow, error);
    for (int i = 0; ok && i < stage->n; i++)
        ok = watch(stage, i, stage->numbers[i], error);
    if (ok)
        follow_await(stage->follow, stage->first, FIRST_SECONDS);
    return ok;
}

/* ---- both ---- */

/* What it fails with is in the problems where the config has them, else in the error. */
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
    stage->path = arena_copy(&stage->arena, options->path);
    stage->keeps = options->keeps;
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

void stage_close(Stage *stage) {
    if (!stage)
        return;
    keeper_close(stage->keeper);
    live_close(stage->live);
    sweeper_close(stage->sweeper);
    follow_close(stage->follow);
    phase_theory_close(stage->theory);
    Arena arena = stage->arena; /* which it lies in */
    arena_release(&arena);
}

/* Into the map, until it has an end there, whether that is this training's or a stored one's: both
 * have the same bits. What was changed is no point of the sweep. */
static void take_state(Stage *stage, int i) {
    SweepMap *map = &stage->map;
    SweepRun *run = &map->runs[stage->numbers[i]];
    bool is_touched = live_is_touched(stage->live, i);
    if (is_touched && run->state == STATE_TRAINING)
        run->state = STATE_WAITING;
    if (is_touched || run->state == STATE_DONE || run->state == STATE_FAILED ||
        run->state == history_state(stage->histories[i]))
        return;
    *run = survey_result(stage->histories[i]);
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
    bool has_results = false;
    if (good && stage->sweeper)
        good = sweeper_collect(stage->sweeper, &has_results, error);
    *is_new |= has_results;
    for (int i = 0; stage->live && i < stage->n + stage->has_guest; i++)
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

/* What its user did to it is not lost. */
static bool keep_guest(Stage *stage, Error *error) {
    bool is_touched = stage->has_guest && live_is_touched(stage->live, stage->n);
    if (!is_touched || !stage->keep_path)
        return true;
    stage->resumes = true;
    if (stage_keep(stage, error))
        return true;
    live_go_on(stage->live, &(Error){0});
    return false;
}

/* The guest's cell waits again, where it has not come to its end. */
static void leave_cell(Stage *stage) {
    SweepRun *cell = &stage->map.runs[stage->numbers[stage->n]];
    if (stage->has_guest && cell->state == STATE_TRAINING)
        cell->state = STATE_WAITING;
    stage->has_guest = false;
}

static bool train_guest(Stage *stage, int64_t number, Error *error) {
    int at = stage->n;
    if (!keep_guest(stage, error))
        return false;
    keeper_close(stage->keeper); /* the guest before it may be in its hands */
    leave_cell(stage);
    stage->numbers[at] = number;
    stage->names[at] = survey_name(&stage->map, number, &stage->arena);
    read_kept(stage, at, 1);
    stage->has_guest = live_invite(stage->live, number, stage->names[at], stage->kept[at], error);
    if (stage->has_guest)
        stage->histories[at] = live_history(stage->live, at);
    return stage->has_guest;
}

static bool show_guest(Stage *stage, int64_t number, Error *error) {
    if (!stage_keep(stage, error))
        return false;
    stage->numbers[stage->n] = number;
    read_bookmarks(stage, stage->n, 1);
    return (stage->has_guest = watch(stage, stage->n, number, error));
}

int stage_find(Stage *stage, int64_t number, Error *error) {
    for (int i = 0; i < stage->n + stage->has_guest; i++)
        if (stage->numbers[i] == number)
            return i;
    if (!(stage->live ? train_guest : show_guest)(stage, number, error))
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

const char *stage_failure(const Stage *stage, Arena *arena, bool *is_all) {
    int n = 0, first = 0;
    for (int i = stage->n - 1; i >= 0; i--)
        if (history_state(stage->histories[i]) == STATE_FAILED) {
            first = i;
            n++;
        }
    *is_all = n == stage->n;
    if (!n)
        return NULL;
    return arena_print(arena, "run %lld failed: %s%s", (long long)stage->numbers[first],
                       history_why(stage->histories[first]),
                       n > 1 ? arena_print(arena, ", and %d other%s", n - 1, n > 2 ? "s" : "")
                             : "");
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
