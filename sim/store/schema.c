/* The tables of a store, as `superpose help store` prints them. The same text makes them, so SQLite
 * keeps the comments too: `sqlite3 x.db .schema` shows them. */
#include "sim/store/internal.h"

/* ISO C promises only 4095 characters a text; gcc and clang have no such limit. */
#pragma GCC diagnostic ignored "-Woverlength-strings"

#define TABLES                                                                                     \
    "-- A store: one experiment in one SQLite 3 file (application_id 0x53506f73).\n"               \
    "-- Arrays are little-endian; shapes are JSON, as [5, 2].\n"                                   \
    "\n"                                                                                           \
    "CREATE TABLE fact (              -- about the whole file\n"                                   \
    "    key         TEXT PRIMARY KEY, -- name, title, config (resolved YAML), axes (JSON "        \
    "list),\n"                                                                                     \
    "                                 -- restarts, program, isa, created, folder (the config's)\n" \
    "    value       TEXT NOT NULL\n"                                                              \
    ");\n"                                                                                         \
    "\n"                                                                                           \
    "CREATE TABLE run (               -- one training of one model\n"                              \
    "    id          INTEGER PRIMARY KEY, -- what the other tables call run_id\n"                  \
    "    number      INTEGER,         -- point * restarts + restart; NULL: not in the config "     \
    "now\n"                                                                                        \
    "    point       INTEGER,         -- of the grid\n"                                            \
    "    restart     INTEGER NOT NULL,\n"                                                          \
    "    seed        INTEGER NOT NULL,\n"                                                          \
    "    status      TEXT NOT NULL,   -- done, failed, interrupted\n"                              \
    "    steps       INTEGER NOT NULL, -- done; final tensors and measurements are at this step\n" \
    "    loss        REAL,            -- final; NULL: failed, or not measured\n"                   \
    "    wall_s      REAL NOT NULL,   -- of the training loop\n"                                   \
    "    cpu_s       REAL NOT NULL,\n"                                                             \
    "    axes        TEXT NOT NULL,   -- JSON object: sweep key, value\n"                          \
    "    settings    TEXT NOT NULL,   -- all that defines the run: YAML in flow form\n"            \
    "    identity    TEXT NOT NULL UNIQUE, -- hash of its kinds, what is not at its default,\n"    \
    "                                 -- changes and restart: 32 hex digits. A later version's\n"  \
    "                                 -- new settings leave it as it is\n"                         \
    "    error       TEXT             -- why it failed\n"                                          \
    ");\n"                                                                                         \
    "\n"                                                                                           \
    "CREATE TABLE tensor (            -- parameters, in pieces of at most 1 MiB\n"                 \
    "    run_id      INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,\n"                         \
    "    step        INTEGER NOT NULL,\n"                                                          \
    "    name        TEXT NOT NULL,   -- W, W2, b_hidden, b\n"                                     \
    "    shape       TEXT NOT NULL,   -- W: [n_features, n_hidden]\n"                              \
    "    piece       INTEGER NOT NULL, -- 0, 1, ... to be joined in this order\n"                  \
    "    checksum    INTEGER NOT NULL, -- XXH3-64 of data\n"                                       \
    "    data        BLOB NOT NULL,   -- float32\n"                                                \
    "    UNIQUE (run_id, step, name, piece)\n"                                                     \
    ");\n"                                                                                         \
    "\n"                                                                                           \
    "CREATE TABLE measurement (\n"                                                                 \
    "    run_id      INTEGER REFERENCES run ON DELETE CASCADE, -- NULL: of the whole experiment\n" \
    "    step        INTEGER NOT NULL,\n"                                                          \
    "    name        TEXT NOT NULL,\n"                                                             \
    "    maker       TEXT NOT NULL,   -- metric, instrument or summary\n"                          \
    "    settings    TEXT NOT NULL,   -- what else it depends on\n"                                \
    "    shape       TEXT NOT NULL,   -- []: one number\n"                                         \
    "    labels      TEXT,            -- JSON list that the numbers are indices into, or NULL\n"   \
    "    value       REAL,            -- the one number; NULL: NaN, or an array\n"                 \
    "    checksum    INTEGER NOT NULL, -- XXH3-64 of data\n"                                       \
    "    data        BLOB NOT NULL    -- float64\n"                                                \
    ");\n"                                                                                         \
    "CREATE UNIQUE INDEX measurement_key ON measurement (run_id, step, name);\n"                   \
    "\n"                                                                                           \
    "CREATE TABLE checkpoint (        -- state of an unfinished run, in pieces\n"                  \
    "    identity    TEXT NOT NULL,   -- of the run\n"                                             \
    "    piece       INTEGER NOT NULL,\n"                                                          \
    "    step        INTEGER NOT NULL,\n"                                                          \
    "    isa         TEXT NOT NULL,   -- instruction set it belongs to\n"                          \
    "    checksum    INTEGER NOT NULL,\n"                                                          \
    "    data        BLOB NOT NULL,   -- float32: parameters, then the optimizer's states\n"       \
    "    PRIMARY KEY (identity, piece)\n"                                                          \
    ");\n"                                                                                         \
    "\n"                                                                                           \
    "CREATE TABLE claim (             -- what the experiment must show, as last checked\n"         \
    "    position    INTEGER PRIMARY KEY,\n"                                                       \
    "    text        TEXT NOT NULL,\n"                                                             \
    "    found       TEXT NOT NULL,\n"                                                             \
    "    state       TEXT NOT NULL,   -- held, not held, known, skipped\n"                         \
    "    source      TEXT,\n"                                                                      \
    "    known       TEXT,            -- why it does not hold\n"                                   \
    "    figure      TEXT             -- the figure that it stands under; NULL: all\n"             \
    ");\n"                                                                                         \
    "\n"                                                                                           \
    "CREATE VIEW result AS            -- done runs; best: lowest loss of its point\n"              \
    "    SELECT number, point, restart, seed,\n"                                                   \
    "        number = first_value(number) OVER\n"                                                  \
    "            (PARTITION BY point ORDER BY loss IS NULL, loss, number) AS best,\n"              \
    "        steps, loss, axes\n"                                                                  \
    "    FROM run WHERE status = 'done' AND number IS NOT NULL ORDER BY number;\n"                 \
    "\n"                                                                                           \
    "CREATE VIEW curve AS             -- single numbers of runs at each step\n"                    \
    "    SELECT run.number, measurement.step, name, value,\n"                                      \
    "        json_extract(labels, '$[' || CAST(value AS INTEGER) || ']') AS label\n"               \
    "    FROM measurement JOIN run ON run.id = run_id\n"                                           \
    "    WHERE shape = '[]' AND run.number IS NOT NULL ORDER BY run.number, measurement.step;\n"   \
    "\n"                                                                                           \
    "CREATE VIEW scalar AS            -- single numbers of runs at their end\n"                    \
    "    SELECT run.number, name, value,\n"                                                        \
    "        json_extract(labels, '$[' || CAST(value AS INTEGER) || ']') AS label\n"               \
    "    FROM measurement JOIN run ON run.id = run_id AND measurement.step = run.steps\n"          \
    "    WHERE shape = '[]' AND run.number IS NOT NULL ORDER BY run.number;\n"

#define SNIPPET                                                                                    \
    "\n"                                                                                           \
    "-- In Python (data frames need pandas, arrays only NumPy):\n"                                 \
    "\n"                                                                                           \
    "import json, sqlite3\n"                                                                       \
    "import numpy as np, pandas as pd\n"                                                           \
    "\n"                                                                                           \
    "db = sqlite3.connect('file:results/intro.db?mode=ro', uri=True)\n"                            \
    "runs = pd.read_sql('SELECT * FROM result', db, index_col='number')\n"                         \
    "axes = pd.DataFrame([json.loads(text) for text in runs['axes']], index=runs.index)\n"         \
    "scalars = pd.read_sql('SELECT * FROM scalar', db)\n"                                          \
    "scalars = scalars.pivot(index='number', columns='name', values='value')\n"                    \
    "table = runs.drop(columns=['axes', 'loss']).join(axes).join(scalars)\n"                       \
    "\n"                                                                                           \
    "def tensor(number, name):\n"                                                                  \
    "    rows = db.execute('SELECT shape, data FROM tensor JOIN run ON run.id = run_id'\n"         \
    "                      ' WHERE number = ? AND step = steps AND name = ? ORDER BY piece',\n"    \
    "                      (number, name)).fetchall()\n"                                           \
    "    return np.frombuffer(b''.join(row[1] for row in rows),\n"                                 \
    "                         '<f4').reshape(json.loads(rows[0][0]))\n"                            \
    "\n"                                                                                           \
    "def measurement(number, name):\n"                                                             \
    "    shape, data = db.execute('SELECT shape, data FROM measurement JOIN run ON run.id = '\n"   \
    "                             'run_id WHERE number = ? AND step = steps AND name = ?',\n"      \
    "                             (number, name)).fetchone()\n"                                    \
    "    return np.frombuffer(data, '<f8').reshape(json.loads(shape))\n"                           \
    "\n"                                                                                           \
    "W = tensor(0, 'W')                 # [n_features, n_hidden]\n"                                \
    "norms = measurement(0, 'feature_norm')\n"

const char *store_tables(void) {
    return TABLES;
}

const char *store_schema(void) {
    return TABLES SNIPPET;
}

bool store_upgrade(Store *store, Error *error) {
    static const char *const sql =
        "BEGIN; ALTER TABLE claim ADD COLUMN figure TEXT; PRAGMA user_version = 2; COMMIT";
    if (store->schema < STORE_SCHEMA &&
        sqlite3_exec(store->db, sql, NULL, NULL, NULL) != SQLITE_OK) {
        store_fail(store, error);
        sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
        return false;
    }
    store->schema = STORE_SCHEMA;
    return true;
}
