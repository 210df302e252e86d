/* Parameters and checkpoints: floats in pieces, each with a checksum that is verified when read. */
#include "sim/store/internal.h"

#include <stdio.h>
#include <string.h>

static int64_t smaller(int64_t a, int64_t b) {
    return a < b ? a : b;
}

static int64_t tensor_bytes(const Tensor *tensor) {
    return (int64_t)tensor->n_rows * tensor->n_columns * (int64_t)sizeof(float);
}

bool store_add_tensor(Store *store, int64_t run_id, const StoredTensor *tensor, Error *error) {
    char shape[STORE_SHAPE];
    int64_t sizes[2] = {tensor->tensor.n_rows, tensor->tensor.n_columns};
    int64_t n_bytes = tensor_bytes(&tensor->tensor), start = 0;
    store_print_shape(shape, tensor->tensor.is_vector ? 1 : 2, sizes);
    for (int64_t piece = 0; start < n_bytes || piece == 0; piece++) {
        const char *data = (const char *)tensor->values + start;
        int64_t n = smaller(n_bytes - start, store->piece_bytes);
        if (!store_execute(store, error,
                           "INSERT INTO tensor (run_id, step, name, shape, piece, checksum, data) "
                           "VALUES (?, ?, ?, ?, ?, ?, ?)",
                           "iittiib", run_id, tensor->step, tensor->tensor.name, shape, piece,
                           store_checksum(data, n), data, n))
            return false;
        start += n;
    }
    return true;
}

bool store_steps(Store *store, int64_t run_id, Arena *arena, int64_t **steps, int *n,
                 Error *error) {
    sqlite3_stmt *query =
        store_query(store, error, "SELECT DISTINCT step FROM tensor WHERE run_id = ? ORDER BY step",
                    "i", run_id);
    int got = query ? 1 : -1;
    *steps = NULL;
    *n = 0;
    while (got > 0 && (got = store_next(store, query, error)) > 0) {
        *steps = store_grow(arena, *steps, *n, sizeof **steps);
        if (!*steps) {
            sqlite3_reset(query);
            return error_set(error, "%s: out of memory", store->path);
        }
        (*steps)[(*n)++] = sqlite3_column_int64(query, 0);
    }
    return got == 0;
}

static bool read_tensor_head(const Store *store, sqlite3_stmt *row, Tensor *tensor, Arena *arena,
                             Error *error) {
    int64_t shape[2] = {0, 1};
    int rank = store_parse_shape((const char *)sqlite3_column_text(row, 1), shape, 2);
    tensor->name = store_text(row, 0, arena);
    if (!tensor->name || rank < 1 || shape[0] > INT32_MAX || shape[1] > INT32_MAX)
        return error_set(error, "%s: is damaged: a tensor has no shape", store->path);
    tensor->n_rows = (int)shape[0];
    tensor->n_columns = (int)shape[1];
    tensor->is_vector = rank == 1;
    return true;
}

bool store_tensor_list(Store *store, int64_t run_id, int64_t step, Arena *arena, Tensor **tensors,
                       int *n, Error *error) {
    sqlite3_stmt *query = store_query(store, error,
                                      "SELECT name, shape FROM tensor WHERE run_id = ? AND step = "
                                      "? AND piece = 0 ORDER BY rowid",
                                      "ii", run_id, step);
    int got = query ? 1 : -1;
    int64_t offset = 0;
    *tensors = NULL;
    *n = 0;
    while (got > 0 && (got = store_next(store, query, error)) > 0) {
        *tensors = store_grow(arena, *tensors, *n, sizeof **tensors);
        if (!*tensors)
            error_set(error, "%s: out of memory", store->path);
        if (!*tensors || !read_tensor_head(store, query, &(*tensors)[*n], arena, error)) {
            sqlite3_reset(query);
            return false;
        }
        (*tensors)[*n].offset = offset;
        offset += tensor_bytes(&(*tensors)[(*n)++]) / (int64_t)sizeof(float);
    }
    return got == 0;
}

/* Reads rows of (piece, checksum, data) in order; n_bytes is what they must come to. */
static bool read_pieces(Store *store, sqlite3_stmt *query, const char *what, int64_t n_bytes,
                        PieceSink *sink, void *context, Error *error) {
    int64_t start = 0;
    int got = query ? 1 : -1;
    for (int64_t piece = 0; got > 0 && (got = store_next(store, query, error)) > 0; piece++) {
        const void *data = sqlite3_column_blob(query, 2);
        int64_t n = sqlite3_column_bytes(query, 2);
        bool good = sqlite3_column_int64(query, 0) == piece && n <= n_bytes - start &&
                    store_checksum(data, n) == sqlite3_column_int64(query, 1);
        if (!good)
            error_set(error, "%s: is damaged: %s: the checksum of piece %lld is wrong", store->path,
                      what, (long long)piece);
        if (!good || !sink(context, data, n, error)) {
            sqlite3_reset(query);
            return false;
        }
        start += n;
    }
    if (got == 0 && start != n_bytes)
        return error_set(error, "%s: is damaged: %s misses %lld bytes", store->path, what,
                         (long long)(n_bytes - start));
    return got == 0;
}

bool store_tensor_pieces(Store *store, int64_t run_id, int64_t step, const Tensor *tensor,
                         PieceSink *sink, void *context, Error *error) {
    char what[160];
    snprintf(what, sizeof what, "tensor %s of run %lld at step %lld", tensor->name,
             (long long)run_id, (long long)step);
    sqlite3_stmt *query = store_query(store, error,
                                      "SELECT piece, checksum, data FROM tensor WHERE run_id = ? "
                                      "AND step = ? AND name = ? ORDER BY piece",
                                      "iit", run_id, step, tensor->name);
    return read_pieces(store, query, what, tensor_bytes(tensor), sink, context, error);
}

static bool copy_piece(void *context, const void *bytes, int64_t n_bytes, Error *error) {
    char **to = context;
    (void)error;
    memcpy(*to, bytes, (size_t)n_bytes);
    *to += n_bytes;
    return true;
}

bool store_tensors(Store *store, int64_t run_id, int64_t step, Arena *arena, StoredTensor **tensors,
                   int *n, Error *error) {
    Tensor *list;
    if (!store_tensor_list(store, run_id, step, arena, &list, n, error))
        return false;
    if (*n == 0)
        return error_set(error, "%s: run %lld has no parameters at step %lld", store->path,
                         (long long)run_id, (long long)step);
    *tensors = ARENA_NEW(arena, StoredTensor, *n);
    for (int i = 0; i < *n; i++) {
        char *values = arena_try(arena, (size_t)tensor_bytes(&list[i]), 1), *end = values;
        if (!values)
            return error_set(error, "%s: tensor %s does not fit into memory", store->path,
                             list[i].name);
        (*tensors)[i] = (StoredTensor){step, list[i], (const float *)(const void *)values};
        if (!store_tensor_pieces(store, run_id, step, &list[i], copy_piece, &end, error))
            return false;
    }
    return true;
}

bool store_look_for_checkpoints(Store *store, Error *error) {
    sqlite3_stmt *query = store_query(store, error, "SELECT 1 FROM checkpoint LIMIT 1", "");
    int got = query ? store_next(store, query, error) : -1;
    store->is_free_of_checkpoints = got == 0;
    if (got > 0)
        sqlite3_reset(query);
    return got >= 0;
}

bool store_drop_checkpoint(Store *store, const char *identity, Error *error) {
    return store->is_free_of_checkpoints ||
           store_execute(store, error, "DELETE FROM checkpoint WHERE identity = ?", "t", identity);
}

/* Pieces of one part; *piece: of all. */
static bool insert_part(Store *store, const char *identity, int64_t step, const char *isa,
                        const StatePart *part, int64_t *piece, Error *error) {
    const char *data = (const char *)part->values;
    int64_t n_bytes = part->n * (int64_t)sizeof *part->values;
    for (int64_t start = 0; start < n_bytes; (*piece)++) {
        int64_t n = smaller(n_bytes - start, store->piece_bytes);
        if (!store_execute(store, error,
                           "INSERT INTO checkpoint (identity, piece, step, isa, checksum, data) "
                           "VALUES (?, ?, ?, ?, ?, ?)",
                           "tiitib", identity, *piece, step, isa, store_checksum(data + start, n),
                           data + start, n))
            return false;
        start += n;
    }
    return true;
}

/* One more than the last piece there is; -1 on failure. */
static int64_t next_piece(Store *store, const char *identity, Error *error) {
    sqlite3_stmt *query = store_query(
        store, error, "SELECT coalesce(max(piece) + 1, 0) FROM checkpoint WHERE identity = ?", "t",
        identity);
    int64_t next =
        query && store_next(store, query, error) > 0 ? sqlite3_column_int64(query, 0) : -1;
    if (query)
        sqlite3_reset(query);
    return next;
}

/* The new pieces come behind the old ones, which go last: of pages that are freed and written again
 * within a transaction SQLite would keep a copy, and in memory. */
bool store_put_checkpoint(Store *store, const char *identity, int64_t step, const char *isa,
                          const StatePart *parts, int n_parts, Error *error) {
    if (!store_enter(store, error))
        return false;
    int64_t first = next_piece(store, identity, error), piece = first;
    bool good = first >= 0;
    for (int i = 0; good && i < n_parts; i++)
        good = insert_part(store, identity, step, isa, &parts[i], &piece, error);
    good = good &&
           store_execute(store, error, "DELETE FROM checkpoint WHERE identity = ? AND piece < ?",
                         "ti", identity, first);
    store->is_free_of_checkpoints = false;
    return store_leave(store, good, error);
}

bool store_checkpoint(Store *store, const char *identity, const char *isa, Arena *arena,
                      int64_t *step, float **state, int64_t *n, bool *found, Error *error) {
    *found = false;
    if (store->is_free_of_checkpoints)
        return true;
    sqlite3_stmt *query = store_query(store, error,
                                      "SELECT step, sum(length(data)) FROM checkpoint WHERE "
                                      "identity = ? AND isa = ? GROUP BY step",
                                      "tt", identity, isa);
    int got = query ? store_next(store, query, error) : -1;
    if (got <= 0)
        return got == 0;
    int64_t n_bytes = sqlite3_column_int64(query, 1);
    *step = sqlite3_column_int64(query, 0);
    sqlite3_reset(query);
    *n = n_bytes / (int64_t)sizeof **state;
    *state = ARENA_TRY(arena, float, *n);
    if (!*state)
        return error_set(error, "%s: a checkpoint does not fit into memory", store->path);
    void *end = *state;
    query = store_query(store, error,
                        "SELECT piece - (SELECT min(piece) FROM checkpoint WHERE identity = ?1), "
                        "checksum, data FROM checkpoint WHERE identity = ?1 ORDER BY piece",
                        "t", identity);
    *found = read_pieces(store, query, "checkpoint", n_bytes, copy_piece, &end, error);
    return *found;
}
