/* Which measurements runs have, and the shapes these take: one pass over names and shapes, no data.
 */
#include "sim/store/exporting.h"

#include <stdlib.h>
#include <string.h>

static void extend(Extent *extent, int rank, const int64_t *shape) {
    if (extent->rank == -1) {
        extent->rank = rank;
        memcpy(extent->shape, shape, sizeof extent->shape);
    } else if (extent->rank != rank) {
        extent->rank = -2;
    }
    for (int i = 0; i < extent->rank; i++)
        if (shape[i] > extent->shape[i])
            extent->shape[i] = shape[i];
}

static Column *find_or_add(Export *export, Columns *columns, const char *name) {
    for (int i = 0; i < columns->n; i++)
        if (strcmp(columns->items[i].name, name) == 0)
            return &columns->items[i];
    columns->items = store_grow(&export->arena, columns->items, columns->n, sizeof *columns->items);
    if (!columns->items)
        return NULL;
    Column *added = &columns->items[columns->n++];
    *added = (Column){.name = arena_copy(&export->arena, name), .last.rank = -1, .all.rank = -1};
    return added;
}

/* One row of (name, shape, step, has labels). */
static bool add_row(Export *export, const StoredRun *run, int64_t n_features, sqlite3_stmt *row,
                    Columns *columns, Error *error) {
    int64_t shape[MAX_RANK] = {0}, step = sqlite3_column_int64(row, 2);
    const char *name = (const char *)sqlite3_column_text(row, 0);
    int rank = store_parse_shape((const char *)sqlite3_column_text(row, 1), shape, MAX_RANK);
    Column *column = rank >= 0 && name ? find_or_add(export, columns, name) : NULL;
    if (!column)
        return error_set(error, "a measurement of run %lld is damaged", (long long)run->number);
    column->is_text = column->is_text || sqlite3_column_int(row, 3);
    extend(&column->all, rank, shape);
    if (step < run->steps)
        column->has_early = true;
    if (step != run->steps)
        return true;
    extend(&column->last, rank, shape);
    column->has_scalar = column->has_scalar || rank == 0;
    column->has_features = column->has_features || (rank == 1 && shape[0] == n_features);
    return true;
}

static bool add_run(Export *export, const StoredRun *run, bool over_time, Columns *columns,
                    Error *error) {
    int64_t n_features;
    if (!export_n_features(export, run, &n_features, error))
        return false;
    sqlite3_stmt *query =
        over_time ? store_query(export->store, error,
                                "SELECT name, shape, step, labels IS NOT NULL FROM measurement "
                                "WHERE run_id = ?",
                                "i", run->id)
                  : store_query(export->store, error,
                                "SELECT name, shape, step, labels IS NOT NULL FROM measurement "
                                "WHERE run_id = ? AND step = ?",
                                "ii", run->id, run->steps);
    int got = query ? 1 : -1;
    while (got > 0 && (got = store_next(export->store, query, error)) > 0)
        if (!add_row(export, run, n_features, query, columns, error)) {
            sqlite3_reset(query);
            return false;
        }
    export_tidy(export);
    return got == 0;
}

static int by_name(const void *a, const void *b) {
    return strcmp(((const Column *)a)->name, ((const Column *)b)->name);
}

bool export_columns(Export *export, const int64_t *rows, int64_t n, bool over_time,
                    Columns *columns, Error *error) {
    *columns = (Columns){0};
    for (int64_t i = 0; i < n; i++)
        if (!add_run(export, &export->runs[rows ? rows[i] : i], over_time, columns, error))
            return false;
    if (columns->n)
        qsort(columns->items, (size_t)columns->n, sizeof *columns->items, by_name);
    return true;
}

const Column *export_column(const Columns *columns, const char *name) {
    for (int i = 0; i < columns->n; i++)
        if (strcmp(columns->items[i].name, name) == 0)
            return &columns->items[i];
    return NULL;
}
