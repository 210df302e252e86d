/* SQLite in few words: statements prepared once and known by their address, parameters bound by a
 * format, savepoints for what must happen whole. */
#include "sim/store/internal.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

bool store_fail(const Store *store, Error *error) {
    int code = sqlite3_errcode(store->db);
    bool is_damaged = code == SQLITE_CORRUPT || code == SQLITE_NOTADB;
    return error_set(error, "%s: %s%s", store->path, is_damaged ? "is damaged: " : "",
                     sqlite3_errmsg(store->db));
}

static sqlite3_stmt *prepare(Store *store, const char *sql, Error *error) {
    for (int i = 0; i < store->n_statements; i++)
        if (store->statements[i].sql == sql)
            return store->statements[i].handle;
    assert(store->n_statements < STORE_STATEMENTS);
    sqlite3_stmt *made;
    if (sqlite3_prepare_v3(store->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &made, NULL)) {
        store_fail(store, error);
        return NULL;
    }
    store->statements[store->n_statements++] = (Statement){sql, made};
    return made;
}

static int bind(sqlite3_stmt *statement, const char *types, va_list arguments) {
    int code = SQLITE_OK;
    for (int i = 1; types[i - 1] && code == SQLITE_OK; i++) {
        if (types[i - 1] == 'i') {
            code = sqlite3_bind_int64(statement, i, va_arg(arguments, int64_t));
        } else if (types[i - 1] == 'd') {
            code = sqlite3_bind_double(statement, i, va_arg(arguments, double));
        } else if (types[i - 1] == 't') {
            code = sqlite3_bind_text(statement, i, va_arg(arguments, const char *), -1, NULL);
        } else {
            const void *data = va_arg(arguments, const void *);
            int64_t n = va_arg(arguments, int64_t);
            code = n ? sqlite3_bind_blob64(statement, i, data, (sqlite3_uint64)n, NULL)
                     : sqlite3_bind_zeroblob(statement, i, 0);
        }
    }
    return code;
}

static sqlite3_stmt *query(Store *store, Error *error, const char *sql, const char *types,
                           va_list arguments) {
    sqlite3_stmt *statement = prepare(store, sql, error);
    if (!statement)
        return NULL;
    sqlite3_reset(statement);
    if (bind(statement, types, arguments) == SQLITE_OK)
        return statement;
    store_fail(store, error);
    return NULL;
}

sqlite3_stmt *store_query(Store *store, Error *error, const char *sql, const char *types, ...) {
    va_list arguments;
    va_start(arguments, types);
    sqlite3_stmt *statement = query(store, error, sql, types, arguments);
    va_end(arguments);
    return statement;
}

int store_next(const Store *store, sqlite3_stmt *statement, Error *error) {
    int code = sqlite3_step(statement);
    if (code == SQLITE_ROW)
        return 1;
    if (code != SQLITE_DONE)
        store_fail(store, error);
    sqlite3_reset(statement);
    return code == SQLITE_DONE ? 0 : -1;
}

/* A store that is only looked at, or refused for what it holds, keeps its bytes: not even the mark
 * of a WAL is written before the first change. */
static bool start_writing(Store *store, Error *error) {
    if (store->mode == STORE_READ || store->is_writing)
        return true;
    store->is_writing = true;
    return (sqlite3_exec(store->db, "PRAGMA journal_mode = WAL", NULL, NULL, NULL) == SQLITE_OK ||
            store_fail(store, error)) &&
           store_upgrade(store, error);
}

bool store_execute(Store *store, Error *error, const char *sql, const char *types, ...) {
    if (!start_writing(store, error))
        return false;
    va_list arguments;
    va_start(arguments, types);
    sqlite3_stmt *statement = query(store, error, sql, types, arguments);
    va_end(arguments);
    int got = statement ? 1 : -1;
    while (got > 0)
        got = store_next(store, statement, error);
    return got == 0;
}

bool store_enter(Store *store, Error *error) {
    return store_execute(store, error, "SAVEPOINT whole", "");
}

bool store_leave(Store *store, bool is_good, Error *error) {
    Error second;
    if (is_good)
        is_good = store_execute(store, error, "RELEASE whole", "");
    if (!is_good) { /* either may fail too: a full disk makes SQLite roll all back by itself */
        store_execute(store, &second, "ROLLBACK TO whole", "");
        store_execute(store, &second, "RELEASE whole", "");
    }
    return is_good;
}

const char *store_text(sqlite3_stmt *statement, int column, Arena *arena) {
    const unsigned char *text = sqlite3_column_text(statement, column);
    return text ? arena_copy(arena, (const char *)text) : NULL;
}

void *store_grow(Arena *arena, void *items, int64_t n, size_t size) {
    if (n == 0)
        return arena_try(arena, 8, size);
    if (n < 8 || (n & (n - 1)))
        return items;
    void *more = arena_try(arena, 2 * (size_t)n, size);
    return more ? memcpy(more, items, (size_t)n * size) : NULL;
}

int64_t store_checksum(const void *data, int64_t n_bytes) {
    return (int64_t)XXH3_64bits(data, (size_t)n_bytes);
}

const char *store_print_shape(char *buffer, int rank, const int64_t *shape) {
    int n = snprintf(buffer, STORE_SHAPE, "[");
    for (int i = 0; i < rank; i++)
        n += snprintf(buffer + n, STORE_SHAPE - (size_t)n, i ? ", %lld" : "%lld",
                      (long long)shape[i]);
    snprintf(buffer + n, STORE_SHAPE - (size_t)n, "]");
    return buffer;
}

int store_parse_shape(const char *text, int64_t *shape, int most) {
    int rank = 0;
    if (!text || *text++ != '[')
        return -1;
    while (*text != ']') {
        char *end;
        if (rank == most || *text < '0' || *text > '9')
            return -1;
        shape[rank++] = strtoll(text, &end, 10);
        text = *end == ',' ? end + 1 + (end[1] == ' ') : end;
    }
    return rank;
}
