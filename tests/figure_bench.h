/* A folder with a store for a test of figures: made when the test begins, gone when it ends. */
#ifndef SUPERPOSE_TESTS_FIGURE_BENCH_H
#define SUPERPOSE_TESTS_FIGURE_BENCH_H

#include "render/figure/figure.h"
#include "tests/render_stores.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <unistd.h>

typedef struct Bench {
    char folder[32], path[64];
    Store *store;
    Arena arena;
} Bench;

/* With a constructed store; NULL: with an empty one. */
static inline void bench_open(Bench *bench, const StoreShape *shape, StoreMode mode) {
    Error error = {0};
    *bench = (Bench){.folder = "/tmp/superpose-figure-XXXXXX"};
    cr_assert_not_null(mkdtemp(bench->folder));
    snprintf(bench->path, sizeof bench->path, "%s/x.db", bench->folder);
    cr_assert(!shape || make_store(bench->path, shape, &error), "%s", error.text);
    cr_assert(store_open(&bench->store, bench->path, mode, &error), "%s", error.text);
}

/* Fails where the test left anything beside the store. */
static inline void bench_close(Bench *bench) {
    Error error = {0};
    cr_assert(store_close(bench->store, &error), "%s", error.text);
    arena_release(&bench->arena);
    unlink(bench->path);
    cr_assert_eq(rmdir(bench->folder), 0, "something is left in %s", bench->folder);
}

/* Words as YAML; NULL for NULL. */
static inline const Yaml *bench_tree(Bench *bench, const char *words) {
    Problems problems = {.arena = &bench->arena};
    return words ? yaml_parse("t", words, strlen(words), &bench->arena, &problems) : NULL;
}

/* A row of `figures` as a config has it. */
static inline Choice bench_row(Bench *bench, const char *words) {
    Problems problems = {.arena = &bench->arena};
    Choice row = {0};
    const Yaml *node = bench_tree(bench, words);
    cr_assert(node &&
                  choice_read(&figure_table, node, node->place, NULL, 0, &row, &bench->arena,
                              &problems) &&
                  !problems.n,
              "%s", words);
    return row;
}

/* What a figure with these settings reads. */
static inline FigureInput bench_input(Bench *bench, const void *settings) {
    return (FigureInput){.store = bench->store,
                         .path = "x.db",
                         .name = "x",
                         .settings = settings,
                         .style = style_of(THEME_LIGHT),
                         .arena = &bench->arena};
}

/* A file's bytes [n] and a 0 behind them; freed by the caller. */
static inline char *bench_read(const char *path, size_t *n) {
    FILE *file = fopen(path, "rb");
    cr_assert_not_null(file, "%s", path);
    fseek(file, 0, SEEK_END);
    *n = (size_t)ftell(file);
    rewind(file);
    char *bytes = calloc(*n + 1, 1);
    cr_assert_eq(fread(bytes, 1, *n, file), *n);
    fclose(file);
    return bytes;
}

/* Of the angle between the directions of two features. */
static inline double cosine(const Model *model, int i, int j) {
    double dot = 0, ii = 0, jj = 0;
    for (int k = 0; k < model->n_hidden; k++) {
        double a = (double)model->W[i * model->n_hidden + k],
               b = (double)model->W[j * model->n_hidden + k];
        dot += a * b;
        ii += a * a;
        jj += b * b;
    }
    return dot / sqrt(ii * jj);
}

#endif
