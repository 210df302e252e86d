#include "render/runs/survey.h"

#include "render/draw/label.h"
#include "sim/experiment/live_settings.h"
#include "sim/experiment/recorder.h"

#include <assert.h>
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

/* ---- which runs are watched ---- */

/* Of the runs 0 … n - 1 `count`, evenly. */
static int spread(int64_t n, int count, int64_t *numbers) {
    for (int k = 0; k < count; k++)
        numbers[k] = (k * n + count - 1) / count;
    return count;
}

static int64_t product(const int *counts, int n) {
    int64_t all = 1;
    for (int i = 0; i < n; i++)
        all *= counts[i];
    return all;
}

/* How many values of each axis are watched, at most `most` points: one seed where that leaves
 * others to see, and then the fewer of the axis that has the most. */
static void count_watched(const SweepMap *map, int most, int *counts) {
    for (int i = 0; i < MAX_SWEEP_AXES; i++)
        counts[i] = i < map->n_axes ? map->axes[i].n : 1;
    for (int i = 0; i < map->n_axes && map->n_points > most; i++)
        if (strcmp(map->axes[i].key, "train.seed") == 0 && map->axes[i].n < map->n_points)
            counts[i] = 1;
    while (product(counts, map->n_axes) > most) {
        int longest = 0;
        for (int i = 1; i < map->n_axes; i++)
            if (counts[i] >= counts[longest])
                longest = i;
        counts[longest]--;
    }
}

/* The k-th of `count` values of n, evenly, both ends among them. */
static int64_t place_of(int64_t k, int count, int n) {
    return count > 1 ? (2 * k * (n - 1) + count - 1) / (2 * (count - 1)) : 0;
}

int survey_choose(const SweepMap *map, int most, int64_t *numbers) {
    int counts[MAX_SWEEP_AXES];
    if (map->n_points == 1)
        return spread(map->restarts, map->restarts < most ? (int)map->restarts : most, numbers);
    count_watched(map, most, counts);
    int n = (int)product(counts, map->n_axes);
    for (int i = 0; i < n; i++) {
        int64_t point = 0, rest = i, stride = 1;
        for (int a = map->n_axes - 1; a >= 0; a--) {
            assert(counts[a] > 0);
            point += stride * place_of(rest % counts[a], counts[a], map->axes[a].n);
            rest /= counts[a];
            stride *= map->axes[a].n;
        }
        numbers[i] = point * map->restarts;
    }
    return n;
}

bool survey_choose_stored(const SweepMap *map, Store *store, int n, int64_t *numbers, int *first,
                          Error *error) {
    Arena scratch = {0};
    StoredRun *runs;
    int64_t n_runs;
    int64_t *chosen = ARENA_NEW(&scratch, int64_t, map->n_points); /* number + 1; 0: none */
    bool good = store_runs(store, &scratch, &runs, &n_runs, error);
    for (int64_t i = 0; good && i < n_runs; i++) {
        int64_t number = runs[i].number, point = number < 0 ? -1 : number / map->restarts;
        if (point >= 0 && point < map->n_points && (runs[i].is_best || !chosen[point]))
            chosen[point] = number + 1;
    }
    for (int i = n - 1; good && i >= 0; i--) {
        int64_t number = chosen[numbers[i] / map->restarts];
        if (number && map->n_points > 1)
            numbers[i] = number - 1;
        if (number == numbers[i] + 1)
            *first = i;
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

/* No slider, so none of the live settings: what is left of the learning rate at the end. */
static const char *final_change(const TrainSettings *before, const TrainSettings *now,
                                Arena *arena) {
    const ScheduleSettings *old = before->schedule.settings, *new = now->schedule.settings;
    if (old->final == new->final)
        return NULL;
    return arena_print(arena, "learning rate at the end: %s → %s",
                       label_number(arena, old->final * before->learning_rate, 4),
                       label_number(arena, new->final * now->learning_rate, 4));
}

const char *survey_change(const Settings *before, const Settings *now, Arena *arena) {
    int n_before, n_now;
    const LiveSetting *old = live_settings(before, arena, &n_before);
    const LiveSetting *new = live_settings(now, arena, &n_now);
    const char *text = final_change(&before->train, &now->train, arena);
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
