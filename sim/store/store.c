/* The small tables: facts and claims; and transactions. */
#include "sim/store/store.h"
#include "sim/store/internal.h"

bool store_begin(Store *store, Error *error) {
    return store_execute(store, error, "BEGIN", "");
}

bool store_commit(Store *store, Error *error) {
    return store_execute(store, error, "COMMIT", "");
}

void store_roll_back(Store *store) {
    Error error; /* a full disk makes SQLite roll all back by itself, and there is nothing left */
    if (!sqlite3_get_autocommit(store->db))
        store_execute(store, &error, "ROLLBACK", "");
}

bool store_set_fact(Store *store, const char *key, const char *value, Error *error) {
    return store_execute(store, error,
                         "INSERT INTO fact (key, value) VALUES (?, ?) "
                         "ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                         "tt", key, value);
}

const char *store_fact(Store *store, const char *key, Arena *arena) {
    Error error;
    sqlite3_stmt *query =
        store_query(store, &error, "SELECT value FROM fact WHERE key = ?", "t", key);
    if (!query || store_next(store, query, &error) <= 0)
        return NULL;
    const char *value = store_text(query, 0, arena);
    sqlite3_reset(query);
    return value;
}

bool store_set_claims(Store *store, const StoredClaim *claims, int n, Error *error) {
    bool good = store_enter(store, error) && store_execute(store, error, "DELETE FROM claim", "");
    for (int i = 0; i < n && good; i++)
        good = store_execute(store, error,
                             "INSERT INTO claim (position, text, found, state, source, known, "
                             "figure) VALUES (?, ?, ?, ?, ?, ?, ?)",
                             "itttttt", (int64_t)i, claims[i].text, claims[i].found,
                             claims[i].state, claims[i].source, claims[i].known, claims[i].figure);
    return store_leave(store, good, error);
}

bool store_claims(Store *store, Arena *arena, StoredClaim **claims, int *n, Error *error) {
    sqlite3_stmt *query =
        store->schema < 2
            ? store_query(store, error,
                          "SELECT text, found, state, source, known, NULL FROM claim "
                          "ORDER BY position",
                          "")
            : store_query(store, error,
                          "SELECT text, found, state, source, known, figure FROM claim "
                          "ORDER BY position",
                          "");
    int got = query ? 1 : -1;
    *claims = NULL;
    *n = 0;
    while (got > 0 && (got = store_next(store, query, error)) > 0) {
        *claims = store_grow(arena, *claims, *n, sizeof **claims);
        if (!*claims) {
            sqlite3_reset(query);
            return error_set(error, "%s: out of memory", store->path);
        }
        (*claims)[(*n)++] = (StoredClaim){.text = store_text(query, 0, arena),
                                          .found = store_text(query, 1, arena),
                                          .state = store_text(query, 2, arena),
                                          .source = store_text(query, 3, arena),
                                          .known = store_text(query, 4, arena),
                                          .figure = store_text(query, 5, arena)};
    }
    return got == 0;
}
