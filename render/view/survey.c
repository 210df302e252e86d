#include "render/view/survey.h"

#include "render/draw/label.h"
#include "sim/experiment/live_settings.h"
#include "sim/experiment/recorder.h"

#include <math.h>
#include <string.h>

static const char *value_text(const Yaml *value, Arena *arena) {
    double real;
    Text text = {0};
    if (yaml_is_real(value, &real))
        return label_number(arena, real, 4);
    if (value->type == YAML_SCALAR)
        return label_word(arena, value->text);
    yaml_print(value, &text);
    const char *label = label_escape(arena, text_of(&text));
    text_release(&text);
    return label;
}

static void fill_axis(const Axis *from, Arena *arena, SweepAxis *axis) {
    double *values = ARENA_NEW(arena, double, from->n_values);
    const char **labels = ARENA_NEW(arena, const char *, from->n_values);
    for (int i = 0; i < from->n_values; i++) {
        const Yaml *value = from->values[(size_t)i * (size_t)from->n_keys].value;
        labels[i] = value_text(value, arena);
        if (!yaml_is_real(value, &values[i]))
            values[i] = (double)NAN;
    }
    *axis = (SweepAxis){.key = from->keys[0],
                        .label = label_setting(arena, from->keys[0]),
                        .n = from->n_values,
                        .values = values,
                        .labels = labels};
}

bool survey_map(const Experiment *experiment, Arena *arena, SweepMap *map, Error *error) {
    *map = (SweepMap){.n_axes = experiment->n_axes,
                      .n_points = experiment->n_points,
                      .restarts = experiment->restarts};
    if (experiment->n_axes > MAX_SWEEP_AXES)
        return error_set(error, "%s sweeps %d axes, and a window shows up to %d", experiment->path,
                         experiment->n_axes, MAX_SWEEP_AXES);
    for (int i = 0; i < experiment->n_axes; i++)
        fill_axis(&experiment->axes[i], arena, &map->axes[i]);
    map->runs = ARENA_NEW(arena, SweepRun, experiment->n_runs);
    for (int64_t i = 0; i < experiment->n_runs; i++)
        map->runs[i] = (SweepRun){STATE_WAITING, (double)NAN, (double)NAN, (double)NAN};
    return true;
}

const char *survey_name(const SweepMap *map, int64_t number, Arena *arena) {
    Text text = {0};
    int64_t point = number / map->restarts;
    for (int i = 0; i < map->n_axes; i++)
        if (map->axes[i].n > 1)
            text_add(&text, "%s%s = %s", text.n ? ", " : "", map->axes[i].label,
                     map->axes[i].labels[sweep_index(map, point, i)]);
    if (map->restarts > 1)
        text_add(&text, "%srestart %lld", text.n ? ", " : "", (long long)(number % map->restarts));
    const char *name = arena_copy(arena, text_of(&text));
    text_release(&text);
    return name;
}

/* Whether the point is the first among those that differ in their seed alone. */
static bool has_first_seed(const SweepMap *map, int64_t point) {
    for (int i = 0; i < map->n_axes; i++)
        if (strcmp(map->axes[i].key, "train.seed") == 0 && sweep_index(map, point, i) > 0)
            return false;
    return true;
}

/* Of the runs 0 … n - 1 `most`, evenly. */
static int spread(int64_t n, int most, int64_t *numbers) {
    for (int k = 0; k < most; k++)
        numbers[k] = (k * n + most - 1) / most;
    return most;
}

int survey_choose(const SweepMap *map, int most, int64_t *numbers) {
    int64_t n_first = 0, seen = 0;
    int n = 0;
    if (map->n_points == 1 && map->restarts > most)
        return spread(map->restarts, most, numbers);
    for (int64_t point = 0; point < map->n_points; point++)
        n_first += has_first_seed(map, point);
    bool takes_all = map->n_points <= most || n_first == 1;
    int64_t of = takes_all ? map->n_points : n_first;
    if (!of)
        return 0;
    for (int64_t point = 0; point < map->n_points; point++) {
        if (!takes_all && !has_first_seed(map, point))
            continue;
        /* evenly spread: the k-th of `most` is the first at or after k / most of the way */
        if (of <= most || seen * most / of != (seen - 1) * most / of || seen == 0)
            numbers[n++] = point * map->restarts;
        seen++;
    }
    return n;
}

bool survey_choose_stored(const SweepMap *map, Store *store, int n, int64_t *numbers, int *first,
                          Error *error) {
    Arena scratch = {0};
    StoredRun *runs;
    int64_t n_runs;
    bool is_one_point = map->n_points < n;
    int64_t *chosen = ARENA_NEW(&scratch, int64_t, map->n_points); /* number + 1; 0: none */
    bool good = store_runs(store, &scratch, &runs, &n_runs, error);
    for (int64_t i = 0; good && i < n_runs; i++) {
        int64_t number = runs[i].number, point = number < 0 ? -1 : number / map->restarts;
        if (point >= 0 && point < map->n_points && (runs[i].is_best || !chosen[point]))
            chosen[point] = number + 1;
    }
    for (int i = n - 1; good && i >= 0; i--) {
        int64_t number = chosen[numbers[i] / map->restarts];
        *first = number ? i : *first;
        if (number && !is_one_point)
            numbers[i] = number - 1;
    }
    arena_release(&scratch);
    return good;
}

static double last_of(const Measurement *measurement) {
    return measurement ? measurement->values[measurement_count(measurement) - 1] : (double)NAN;
}

SweepRun survey_result(History *history) {
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

bool survey_world(const Experiment *experiment, int64_t step, const Settings *settings, Isa isa,
                  Arena *arena, World *world, Error *error) {
    Data *data = ARENA_NEW(arena, Data, 1);
    Task *task = ARENA_NEW(arena, Task, 1);
    if (!data_open(data, &settings->data, arena, error) ||
        !task_open(task, &settings->task, data->n_features, arena, error))
        return false;
    *world = (World){step, recorder_input(settings, NULL, data, task,
                                          experiment->record.loss_samples_over_time, isa)};
    return true;
}

/* The value of a setting among those of other settings, NaN where it is not. */
static double value_of(const LiveSetting *settings, int n, const char *key) {
    for (int i = 0; i < n; i++)
        if (strcmp(settings[i].key, key) == 0)
            return settings[i].value;
    return (double)NAN;
}

const char *survey_change(const Settings *before, const Settings *now, Arena *arena) {
    int n_before, n_now;
    const LiveSetting *old = live_settings(before, arena, &n_before);
    const LiveSetting *new = live_settings(now, arena, &n_now);
    const char *text = NULL;
    for (int i = 0; i < n_now; i++) {
        double was = value_of(old, n_before, new[i].key);
        if (was == new[i].value || isnan(was))
            continue;
        text = arena_print(arena, "%s%s%s: %s → %s", text ? text : "", text ? ", " : "",
                           label_setting(arena, new[i].key), label_number(arena, was, 4),
                           label_number(arena, new[i].value, 4));
    }
    return text ? text : "other settings";
}
