/* Independent features of many probabilities, for tests of their law and of how they are drawn. */
#ifndef SUPERPOSE_TESTS_INDEPENDENT_H
#define SUPERPOSE_TESTS_INDEPENDENT_H

#include "sim/data/data.h"
#include "tests/choose.h"

/* feature_probability as written, and what it means: first, then rest; or a list. */
typedef struct Row {
    int n_features;
    const char *probability;
    double first, rest;
    const double *list;
} Row;

static const double mixed[] = {0, 1, 0.5, 0.01, 0.3},
                    rare[] = {0, 1, 0.001, 0.02, 0, 0.05, 0.1, 0, 0, 0.01, 0, 0};

static const Row rows[] = {
    {5, "1", 1, 1, NULL},
    {5, "0", 0, 0, NULL},
    {1, "0.5", 0.5, 0.5, NULL},
    {2, "0.2", 0.2, 0.2, NULL},
    {7, "0.12", 0.12, 0.12, NULL},
    {7, "0.119", 0.119, 0.119, NULL},
    {33, "0.119", 0.119, 0.119, NULL},
    {40, "0.3", 0.3, 0.3, NULL},
    {1, "0.05", 0.05, 0.05, NULL},
    {5, "0.05", 0.05, 0.05, NULL},
    {400, "0.05", 0.05, 0.05, NULL},
    {20, "0.001", 0.001, 0.001, NULL},
    {400, "0.001", 0.001, 0.001, NULL},
    {400, "0.0009", 0.0009, 0.0009, NULL},
    {100000, "1e-6", 1e-6, 1e-6, NULL},
    {5, "[0, 1, 0.5, 0.01, 0.3]", 0, 0, mixed},
    {12, "[0, 1, 0.001, 0.02, 0, 0.05, 0.1, 0, 0, 0.01, 0, 0]", 0, 0, rare},
    {5, "{first: 0.9, rest: 0.2}", 0.9, 0.2, NULL},
    {5, "{first: 0.01, rest: 0.1}", 0.01, 0.1, NULL},
    {12, "{first: 1, rest: 0}", 1, 0, NULL},
};
enum { N_ROWS = sizeof rows / sizeof *rows };

static const char *const values[] = {"uniform", "signed_uniform"};

static inline Data open_data(int n_features, const char *probability, const char *value,
                             Arena *arena) {
    char *yaml = arena_print(arena,
                             "{kind: independent, n_features: %d, feature_probability: %s, "
                             "value: %s}",
                             n_features, probability, value);
    Choice choice = choose(&data_table, yaml, arena);
    Data data;
    Error error = {0};
    cr_assert(data_open(&data, &choice, arena, &error), "%s: %s", yaml, error.text);
    return data;
}

static inline double probability_of(const Row *row, int i) {
    return row->list ? row->list[i] : i == 0 ? row->first : row->rest;
}

#endif
