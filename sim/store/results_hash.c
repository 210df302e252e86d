/* One hash of all final results: equal hashes, and what was made from them need not be made again.
 * Measurements come with their checksums, so their data are not read. */
#include "sim/store/internal.h"

#include <xxhash.h>

/* Every column of every row, types and lengths included. */
static bool hash_rows(Store *store, sqlite3_stmt *query, XXH3_state_t *state, Error *error) {
    int got = query ? 1 : -1;
    while (got > 0 && (got = store_next(store, query, error)) > 0)
        for (int i = 0; i < sqlite3_column_count(query); i++) {
            const unsigned char *text = sqlite3_column_text(query, i);
            int n = sqlite3_column_bytes(query, i);
            XXH3_64bits_update(state, &n, sizeof n);
            if (text)
                XXH3_64bits_update(state, text, (size_t)n);
        }
    return got == 0;
}

bool store_results_hash(Store *store, const char *but_by, uint64_t *hash, Error *error) {
    static const char runs[] = "SELECT id, number, point, restart, seed, status, steps, "
                               "printf('%!.17g', loss), axes FROM run WHERE number IS NOT NULL "
                               "ORDER BY id";
    static const char measurements[] =
        "SELECT run.id, name, measurement.checksum FROM run CROSS JOIN measurement ON run_id = "
        "run.id AND step = run.steps WHERE run.number IS NOT NULL AND "
        "instr(', ' || ? || ',', ', ' || maker || ',') = 0 ORDER BY run.id, name";
    XXH3_state_t *state = XXH3_createState();
    if (!state)
        return error_set(error, "%s: out of memory", store->path);
    XXH3_64bits_reset(state);
    bool good =
        hash_rows(store, store_query(store, error, runs, ""), state, error) &&
        hash_rows(store, store_query(store, error, measurements, "t", but_by), state, error);
    *hash = XXH3_64bits_digest(state);
    XXH3_freeState(state);
    return good;
}
