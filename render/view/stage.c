#include "render/view/stage.h"

#include "render/view/presets.h"
#include "render/view/survey.h"

#include <math.h>

/* What all histories of a stage may take together. */
static const size_t MOST_BYTES = (size_t)384 << 20;

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

/* Where runs were left. A store that cannot be read is in nobody's way: they begin anew. */
static void read_kept(Stage *stage) {
    for (int i = 0; i < stage->n; i++) {
        Error error;
        if (!keep_read(stage->keep_path, stage->experiment, stage->numbers[i], stage->isa,
                       &stage->arena, &stage->kept[i], &error))
            stage->kept[i] = NULL;
        stage->has_resumed |= stage->kept[i] != NULL;
    }
}

static bool open_runs(Stage *stage, const StageOptions *options, Error *error) {
    const Experiment *experiment = stage->experiment;
    if (options->only_run >= experiment->n_runs)
        return error_set(error, "--run is %lld, but %s has runs 0 to %lld",
                         (long long)options->only_run, options->path,
                         (long long)experiment->n_runs - 1);
    if (!survey_map(experiment, &stage->arena, &stage->map, error))
        return false;
    choose_runs(stage, options->only_run);
    if (options->keeps)
        stage->keep_path = keep_path(experiment, &stage->arena);
    if (options->keeps && options->resumes)
        read_kept(stage);
    LiveRuns runs = {.experiment = experiment,
                     .numbers = stage->numbers,
                     .names = stage->names,
                     .n = stage->n,
                     .n_threads = options->n_threads,
                     .isa = options->isa,
                     .most_bytes = MOST_BYTES,
                     .kept = stage->kept};
    if (!live_open(&stage->live, &runs, error))
        return false;
    for (int i = 0; i < stage->n; i++)
        stage->histories[i] = live_history(stage->live, i);
    return true;
}

Stage *stage_open(const StageOptions *options, Problems *problems) {
    Arena arena = {0};
    Error error = {0};
    Stage *stage = ARENA_NEW(&arena, Stage, 1);
    stage->arena = arena;
    stage->isa = options->isa;
    stage->experiment = experiment_load(options->path, options->overrides, options->n_overrides,
                                        &stage->arena, problems);
    if (stage->experiment && open_runs(stage, options, &error)) {
        stage->lesson = presets_lesson(options->path, &stage->arena);
        return stage;
    }
    if (stage->experiment)
        problem_add(problems, (Place){.file = arena_copy(problems->arena, options->path)}, "%s",
                    error.text);
    stage_close(stage);
    return NULL;
}

bool stage_keep(Stage *stage, Error *error) {
    LeftRun left[LIVE_MOST_RUNS];
    Arena scratch = {0};
    int n = 0;
    if (!stage->keep_path)
        return true;
    live_stop(stage->live);
    for (int i = 0; i < stage->n; i++) {
        left[n] = live_left(stage->live, i, &scratch);
        n += left[n].step > 0;
    }
    bool ok = n == 0 || keep_write(stage->keep_path, stage->experiment, stage->isa, left, n, error);
    arena_release(&scratch);
    return ok;
}

void stage_close(Stage *stage) {
    if (!stage)
        return;
    live_close(stage->live);
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

bool stage_collect(Stage *stage, bool *is_new, Error *error) {
    if (!live_collect(stage->live, is_new, error))
        return false;
    for (int i = 0; i < stage->n; i++)
        take_state(stage, i);
    return true;
}

int64_t stage_step(const Stage *stage) {
    int64_t most = 0;
    for (int i = 0; i < stage->n; i++)
        if (live_step(stage->live, i) > most)
            most = live_step(stage->live, i);
    return most;
}

int64_t stage_n_steps(const Stage *stage, int run) {
    return live_n_steps(stage->live, run);
}
