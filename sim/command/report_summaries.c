/* Summaries of the whole experiment: numbers as they are, arrays by their size and range. */
#include "sim/command/report.h"
#include "sim/store/nested.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { MOST_SHOWN = 6 }; /* values of an array that are written out */

/* All of them, in the order in which they were made: [n]. */
static bool read_all(Store *store, Arena *arena, Measurement **measurements, int *n, Error *error) {
    const char **names;
    if (!store_measurement_names(store, false, false, arena, &names, n, error))
        return false;
    *measurements = ARENA_NEW(arena, Measurement, *n);
    for (int i = 0; i < *n; i++) {
        StoredMeasurement stored;
        bool found;
        if (!store_measurement(store, 0, names[i], 0, arena, &stored, &found, error))
            return false;
        (*measurements)[i] = found ? stored.measurement : (Measurement){.name = names[i]};
    }
    return true;
}

static void add_value(const Measurement *measurement, int64_t i, Text *text) {
    if (measurement->labels)
        text_append(text, *measurement_label(measurement, i) ? measurement_label(measurement, i)
                                                             : "none");
    else
        text_add(text, "%.5g", measurement->values[i]);
}

/* "5 x 2 values from 0.1 to 3" */
static void add_range(const Measurement *measurement, Text *text) {
    double low = HUGE_VAL, high = -HUGE_VAL;
    for (int64_t i = 0; i < measurement_count(measurement); i++) {
        low = fmin(low, measurement->values[i]);
        high = fmax(high, measurement->values[i]);
    }
    for (int d = 0; d < measurement->rank; d++)
        text_add(text, "%s%lld", d ? " x " : "", (long long)measurement->shape[d]);
    text_append(text, measurement->labels ? " names" : " values");
    if (!measurement->labels && low <= high)
        text_add(text, " from %.5g to %.5g", low, high);
}

static void print_one(const Measurement *measurement, int width) {
    Text text = {0};
    int64_t n = measurement_count(measurement);
    for (int64_t i = 0; measurement->rank <= 1 && n <= MOST_SHOWN && i < n; i++) {
        text_append(&text, i ? ", " : "");
        add_value(measurement, i, &text);
    }
    if (!text.n)
        add_range(measurement, &text);
    printf("  %-*s  %s\n", width, measurement->name, text_of(&text));
    text_release(&text);
}

bool report_summaries(Store *store, Error *error) {
    Arena arena = {0};
    Measurement *measurements;
    int n, width = 0;
    bool ok = read_all(store, &arena, &measurements, &n, error);
    for (int i = 0; ok && i < n; i++)
        width =
            (int)strlen(measurements[i].name) > width ? (int)strlen(measurements[i].name) : width;
    if (ok && n)
        puts("summaries:");
    for (int i = 0; ok && i < n; i++)
        if (measurements[i].values)
            print_one(&measurements[i], width);
    arena_release(&arena);
    return ok;
}

bool report_summaries_json(Store *store, FILE *file, Error *error) {
    Arena arena = {0};
    Measurement *measurements;
    int n;
    bool ok = read_all(store, &arena, &measurements, &n, error);
    json_t *object = json_object();
    for (int i = 0; ok && i < n; i++)
        if (measurements[i].values)
            json_object_set_new(object, measurements[i].name,
                                nested_values(&measurements[i], &arena));
    if (ok)
        json_dumpf(object, file, JSON_COMPACT | JSON_REAL_PRECISION(17));
    json_decref(object);
    arena_release(&arena);
    return ok;
}
