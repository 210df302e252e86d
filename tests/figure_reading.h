/* The models that a row of `figures` shows of a constructed store, as its figure reads them. */
#ifndef SUPERPOSE_TESTS_FIGURE_READING_H
#define SUPERPOSE_TESTS_FIGURE_READING_H

#include "render/figure/shown.h"
#include "tests/figure_bench.h"

/* What the row of a figure reads from the store of a bench. */
typedef struct Reading {
    Bench bench;
    FigureInput input;
    ShownModel *shown;
    ShownLayout layout;
    int n;
} Reading;

static inline void open_row(Reading *reading, const StoreShape *shape, const char *row) {
    bench_open(&reading->bench, shape, STORE_READ);
    reading->input = bench_input(&reading->bench, bench_row(&reading->bench, row).settings);
}

static inline bool read_models(Reading *reading, Error *error) {
    return shown_read(&reading->input, &reading->shown, &reading->n, &reading->layout, error);
}

static inline void read_row(Reading *reading, const StoreShape *shape, const char *row) {
    Error error = {0};
    open_row(reading, shape, row);
    cr_assert(read_models(reading, &error), "%s", error.text);
}

#endif
