/* A model, data and a task from lines of YAML, and what metrics say of them. */
#ifndef SUPERPOSE_TESTS_MEASURED_H
#define SUPERPOSE_TESTS_MEASURED_H

#include "sim/base/rng.h"
#include "sim/metric/attack.h"
#include "sim/metric/samples.h"
#include "tests/choose.h"

#include <math.h>
#include <stdio.h>

enum { MAX_N = 8 };

typedef struct Setting {
    Arena arena;
    Data data;
    Task task;
    Model model;
    MetricInput input;
} Setting;

static inline void setting_open(Setting *s, int n, const char *data, const char *task,
                                const char *model) {
    Error error = {0};
    Arena *arena = &s->arena;
    *s = (Setting){.arena = {0}};
    Choice chosen_data = choose(&data_table, data, arena);
    Choice chosen_task = choose(&task_table, task, arena);
    Choice chosen_model = choose(&model_table, model, arena);
    cr_assert(data_open(&s->data, &chosen_data, arena, &error), "%s", error.text);
    cr_assert(task_open(&s->task, &chosen_task, n, arena, &error), "%s", error.text);
    cr_assert(model_open(&s->model, &chosen_model, n, arena, &error), "%s", error.text);
    s->input = (MetricInput){.model = &s->model,
                             .data = &s->data,
                             .task = &s->task,
                             .loss_exponent = 2,
                             .loss_samples = 65536,
                             .key = rng_key(7, 0, PURPOSE_EVALUATE),
                             .isa = isa_best()};
}

/* With independent features of one probability. */
static inline void setting_init(Setting *s, int n, double p, const char *task, const char *model) {
    char data[80];
    snprintf(data, sizeof data, "{n_features: %d, feature_probability: %.17g}", n, p);
    setting_open(s, n, data, task, model);
}

static inline double value(Setting *s, const char *metric, const char *name, int i) {
    const MetricKind *kind = (const MetricKind *)kind_find(&metric_table, metric);
    Measurements out = {.arena = &s->arena};
    Error error = {0};
    cr_assert(kind->measure(&s->input, &out, &error), "%s", error.text);
    cr_assert_str_eq(out.items[0].name, metric);
    return measurement_find(&out, name)->values[i];
}

#endif
