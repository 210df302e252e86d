/* What the files of store/ share and nobody else includes: the open store, statements, pieces. */
#ifndef SUPERPOSE_STORE_INTERNAL_H
#define SUPERPOSE_STORE_INTERNAL_H

#include "sim/store/store.h"

#include <sqlite3.h>
#include <sys/types.h>
#include <time.h>

enum {
    STORE_SCHEMA = 2,               /* user_version of the file; see store_upgrade */
    STORE_APPLICATION = 0x53506f73, /* application_id of the file: "SPos" */
    STORE_STATEMENTS = 48,          /* room for prepared ones */
    STORE_PIECE = 1 << 20,          /* bytes of a piece: SQLite holds a few copies of one */
};

/* A statement prepared once; `sql` is known by its address. */
typedef struct Statement {
    const char *sql;
    sqlite3_stmt *handle;
} Statement;

/* What tells whether a file was written: it and its WAL. */
typedef struct FileStamp {
    dev_t device;
    ino_t inode;
    off_t bytes[2];
    struct timespec written[2];
} FileStamp;

struct Store {
    sqlite3 *db;
    StoreMode mode;
    int schema; /* of the file */
    char *path;
    char *lock_path;
    int lock;                    /* descriptor that holds the writer's lock; -1: a reader */
    double free_by;              /* so long another writer is waited for (clock_wall) */
    int64_t piece_bytes;         /* STORE_PIECE; tests take less */
    bool is_writing;             /* something was changed: the file is in WAL mode */
    bool is_free_of_checkpoints; /* known to a writer: most runs end without one */
    FileStamp stamp;             /* of a reader: when it was opened, or resumed */
    int n_statements;
    Statement statements[STORE_STATEMENTS];
};

/** "PATH: what SQLite says"; returns false. */
bool store_fail(const Store *store, Error *error);

/** The statement, prepared on its first use, with its parameters bound in order. types: one letter
 * a parameter: i int64_t, d double (NaN is stored as NULL), t text or NULL, b blob (pointer, then
 * int64_t length). What is bound must live until the statement is reset. `sql` must be a constant:
 * its address is its name. NULL where it fails. */
sqlite3_stmt *store_query(Store *store, Error *error, const char *sql, const char *types, ...);

/** Goes to the next row: 1; 0: there is none, and the statement is reset; -1: failed. */
int store_next(const Store *store, sqlite3_stmt *statement, Error *error);

/** Runs a statement to its end; parameters as in store_query. */
bool store_execute(Store *store, Error *error, const char *sql, const char *types, ...);

/** Makes what follows happen whole or not at all, also within a transaction: `return
 * store_leave(store, store_enter(store, error) && …, error)`. */
bool store_enter(Store *store, Error *error);
bool store_leave(Store *store, bool is_good, Error *error);

/** Brings a file of an older schema to this one: a writer's first change does so. What older ones
 * lack: 1 has no claim.figure. */
bool store_upgrade(Store *store, Error *error);

/** A column as text in the arena; NULL for NULL. */
const char *store_text(sqlite3_stmt *statement, int column, Arena *arena);

/** Room for item n of a growing array in an arena (items is NULL at first); NULL where memory is
 * short. */
void *store_grow(Arena *arena, void *items, int64_t n, size_t size);

/** XXH3-64, as SQLite holds it. */
int64_t store_checksum(const void *data, int64_t n_bytes);

/** A shape as JSON ("[5, 2]"); buffer [STORE_SHAPE]. */
enum { STORE_SHAPE = 96 };
const char *store_print_shape(char *buffer, int rank, const int64_t *shape);

/** Reads it back; the rank, or -1 where it is none of at most `most` numbers >= 0. */
int store_parse_shape(const char *text, int64_t *shape, int most);

/** Takes the bytes of the next piece; not aligned. */
typedef bool PieceSink(void *context, const void *bytes, int64_t n_bytes, Error *error);

/** Names and shapes of a run's tensors at a step, in the model's order. */
bool store_tensor_list(Store *store, int64_t run_id, int64_t step, Arena *arena, Tensor **tensors,
                       int *n, Error *error);

/** Gives a tensor's pieces to the sink in order, each verified; fails where bytes are missing. */
bool store_tensor_pieces(Store *store, int64_t run_id, int64_t step, const Tensor *tensor,
                         PieceSink *sink, void *context, Error *error);

/** Adds the tensor, replacing none. */
bool store_add_tensor(Store *store, int64_t run_id, const StoredTensor *tensor, Error *error);

/** Adds the measurement, replacing none; run_id 0: of the experiment. */
bool store_add_measurement(Store *store, int64_t run_id, const StoredMeasurement *measurement,
                           Error *error);

/** The labels of a measurement from their JSON; false where that is none. */
bool store_parse_labels(const char *text, Measurement *measurement, Arena *arena);

/** For a writer that has just opened the store: whether it has any checkpoint is asked once, not
 * for each run. */
bool store_look_for_checkpoints(Store *store, Error *error);

/** The SQL that makes the tables: the first part of store_schema(). */
const char *store_tables(void);

#endif
