/* Opening and closing. One writer at a time holds a lock on an empty file beside the store
 * (x.db-lock), which the system drops however the writer ends; readers are never in the way. What
 * is opened is looked at first through a connection that cannot write, so a refused file stays as
 * it is. A new store is made whole under another name and renamed, so its head always tells whose
 * it is. */
#define _DEFAULT_SOURCE /* flock */
#include "sim/store/internal.h"

#include "sim/base/clock.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__,
               "arrays are stored as they lie in memory");

enum {
    BUSY_MS = 10000,         /* patience with a reader who is just looking */
    CACHE_KIB = 16384,       /* pages of the file kept in memory */
    CHECKPOINT_PAGES = 8192, /* of the WAL (32 MiB): the disk is waited for less often */
    CHECKED_BYTES = 1 << 30  /* larger files are not read through when opened */
};

/* A path made of the store's and an ending; freed by the caller. */
static char *beside(const char *path, const char *ending) {
    size_t n = strlen(path) + strlen(ending) + 1;
    char *made = malloc(n);
    if (made)
        snprintf(made, n, "%s%s", path, ending);
    return made;
}

static bool connect_to(Store *store, const char *path, int flags, Error *error) {
    if (sqlite3_open_v2(path, &store->db, flags | SQLITE_OPEN_NOMUTEX, NULL) == SQLITE_OK) {
        sqlite3_busy_timeout(store->db, BUSY_MS);
        return true;
    }
    store_fail(store, error);
    sqlite3_close(store->db);
    store->db = NULL;
    return false;
}

static bool disconnect(Store *store, Error *error) {
    for (int i = 0; i < store->n_statements; i++)
        sqlite3_finalize(store->statements[i].handle);
    store->n_statements = 0;
    bool good = !store->db || sqlite3_close(store->db) == SQLITE_OK || store_fail(store, error);
    store->db = NULL;
    return good;
}

static bool take_lock(Store *store, Error *error) {
    char *real = realpath(store->path, NULL); /* one lock for all links to a store */
    store->lock_path = beside(real ? real : store->path, "-lock");
    free(real);
    for (;;) {
        struct stat held, named;
        store->lock = open(store->lock_path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
        if (store->lock < 0)
            return error_set(error, "%s: cannot be written: %s", store->path, strerror(errno));
        if (flock(store->lock, LOCK_EX | LOCK_NB)) {
            int why = errno;
            close(store->lock);
            store->lock = -1;
            if (why != EWOULDBLOCK || clock_wall() >= store->free_by)
                return error_set(error, "%s: %s", store->path,
                                 why == EWOULDBLOCK ? "another process is writing this store"
                                                    : strerror(why));
            nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
            continue;
        }
        /* The last holder may have removed the file between our open and our lock: begin again. */
        if (!fstat(store->lock, &held) && !stat(store->lock_path, &named) &&
            held.st_ino == named.st_ino && held.st_dev == named.st_dev)
            return true;
        close(store->lock);
    }
}

static void drop_lock(Store *store) {
    if (store->lock < 0)
        return;
    unlink(store->lock_path);
    close(store->lock);
}

static uint32_t big_endian(const unsigned char *bytes) {
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

/* Whose file it is, from its first bytes. They are read through SQLite's own handle, because
 * closing another one would drop the locks that this process holds on the file. */
static bool check_head(Store *store, Error *error) {
    unsigned char head[100];
    sqlite3_file *file = NULL;
    sqlite3_file_control(store->db, NULL, SQLITE_FCNTL_FILE_POINTER, &file);
    if (!file || !file->pMethods || file->pMethods->xRead(file, head, sizeof head, 0) ||
        memcmp(head, "SQLite format 3", 16))
        return error_set(error, "%s: is not a superpose store", store->path);
    if (big_endian(head + 68) != STORE_APPLICATION)
        return error_set(error, "%s: is another program's database, not a superpose store",
                         store->path);
    uint32_t schema = big_endian(head + 60);
    if (schema > STORE_SCHEMA)
        return error_set(error,
                         "%s: comes from a newer superpose (schema %u; this one knows up to %d)",
                         store->path, schema, STORE_SCHEMA);
    return schema > 0 ||
           error_set(error, "%s: is damaged: no superpose wrote schema 0", store->path);
}

static bool check_body(Store *store, int64_t n_bytes, Error *error) {
    sqlite3_stmt *query =
        store_query(store, error,
                    "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name IN "
                    "('fact', 'run', 'tensor', 'measurement', 'checkpoint', 'claim')",
                    "");
    if (!query || store_next(store, query, error) < 0)
        return false;
    int n_tables = sqlite3_column_int(query, 0);
    sqlite3_reset(query);
    if (n_tables != 6)
        return error_set(error, "%s: is damaged: tables are missing", store->path);
    query = store_query(store, error, "PRAGMA user_version", ""); /* the head may lie in the WAL */
    if (!query || store_next(store, query, error) < 0)
        return false;
    store->schema = sqlite3_column_int(query, 0);
    sqlite3_reset(query);
    if (n_bytes > CHECKED_BYTES)
        return true;
    query = store_query(store, error, "PRAGMA quick_check(1)", "");
    if (!query || store_next(store, query, error) < 0)
        return false;
    const char *found = (const char *)sqlite3_column_text(query, 0);
    bool good = found && strcmp(found, "ok") == 0;
    if (!good) {
        const char *line = found ? found : "unreadable";
        const char *last = strrchr(line, '\n'); /* the lines before it are SQLite's headline */
        error_set(error, "%s: is damaged: %s", store->path, last ? last + 1 : line);
    }
    sqlite3_reset(query);
    return good;
}

static bool run_sql(Store *store, const char *sql, Error *error) {
    return sqlite3_exec(store->db, sql, NULL, NULL, NULL) == SQLITE_OK || store_fail(store, error);
}

/* Undoes what a writer that was killed while it opened or closed the store had begun. */
static bool roll_back(Store *store, Error *error) {
    return disconnect(store, error) &&
           connect_to(store, store->path, SQLITE_OPEN_READWRITE, error) &&
           run_sql(store, "SELECT count(*) FROM sqlite_schema", error) && disconnect(store, error);
}

/* Looks at the file through a connection that cannot write, and leaves it open. */
static bool inspect(Store *store, int64_t n_bytes, Error *error) {
    if (!connect_to(store, store->path, SQLITE_OPEN_READONLY, error) || !check_head(store, error))
        return false;
    if (check_body(store, n_bytes, error))
        return true;
    return sqlite3_extended_errcode(store->db) == SQLITE_READONLY_ROLLBACK &&
           roll_back(store, error) && connect_to(store, store->path, SQLITE_OPEN_READONLY, error) &&
           check_body(store, n_bytes, error);
}

/* Makes an empty store under another name and renames it. */
static bool create(Store *store, Error *error) {
    static const char *const endings[] = {"-wal", "-shm", "-journal"};
    char pragmas[160], *path = beside(store->path, "-new");
    snprintf(pragmas, sizeof pragmas,
             "PRAGMA journal_mode = OFF; PRAGMA auto_vacuum = INCREMENTAL; "
             "PRAGMA application_id = %d; PRAGMA user_version = %d",
             STORE_APPLICATION, STORE_SCHEMA);
    unlink(path);
    bool good = connect_to(store, path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, error) &&
                run_sql(store, pragmas, error) && run_sql(store, "BEGIN", error) &&
                run_sql(store, store_tables(), error) && run_sql(store, "COMMIT", error);
    good = disconnect(store, error) && good;
    for (int i = 0; i < 3 && good; i++) { /* left by a store that was deleted */
        char *orphan = beside(store->path, endings[i]);
        unlink(orphan);
        free(orphan);
    }
    if (good && rename(path, store->path))
        good = error_set(error, "%s: %s", store->path, strerror(errno));
    if (!good)
        unlink(path);
    free(path);
    return good;
}

/* What the system says of the file and its WAL; a missing WAL counts as an empty one. */
static FileStamp stamp_of(const Store *store) {
    struct stat file;
    FileStamp stamp = {0};
    if (!stat(store->path, &file))
        stamp = (FileStamp){.device = file.st_dev,
                            .inode = file.st_ino,
                            .bytes = {file.st_size},
                            .written = {file.st_mtim}};
    char *wal = beside(store->path, "-wal");
    if (wal && !stat(wal, &file)) {
        stamp.bytes[1] = file.st_size;
        stamp.written[1] = file.st_mtim;
    }
    free(wal);
    return stamp;
}

static bool is_same_stamp(const FileStamp *a, const FileStamp *b) {
    for (int i = 0; i < 2; i++)
        if (a->bytes[i] != b->bytes[i] || a->written[i].tv_sec != b->written[i].tv_sec ||
            a->written[i].tv_nsec != b->written[i].tv_nsec)
            return false;
    return true;
}

static bool open_for_reading(Store *store, Error *error) {
    struct stat file;
    store->stamp = stamp_of(store); /* before anything is read: what is written later is new */
    if (stat(store->path, &file))
        return error_set(error, "%s: %s", store->path, strerror(errno));
    if (!S_ISREG(file.st_mode))
        return error_set(error, "%s: is not a file", store->path);
    if (file.st_size == 0)
        return error_set(error, "%s: is an empty file, not a superpose store", store->path);
    return inspect(store, file.st_size, error);
}

static bool open_for_writing(Store *store, Error *error) {
    struct stat file;
    char settings[280];
    snprintf(
        settings, sizeof settings,
        "PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; "
        "PRAGMA secure_delete = OFF; " /* else what is deleted is written, and kept in memory */
        "PRAGMA cache_size = -%d; "
        "PRAGMA wal_autocheckpoint = %d",
        CACHE_KIB, CHECKPOINT_PAGES);
    if (!stat(store->path, &file) && !S_ISREG(file.st_mode))
        return error_set(error, "%s: is not a file", store->path);
    if (!take_lock(store, error))
        return false;
    bool is_there = !stat(store->path, &file) && file.st_size > 0;
    store->schema = STORE_SCHEMA;
    bool good = is_there ? inspect(store, file.st_size, error) : create(store, error);
    if (!good || !disconnect(store, error))
        return false;
    return connect_to(store, store->path, SQLITE_OPEN_READWRITE, error) &&
           run_sql(store, settings, error) && store_look_for_checkpoints(store, error);
}

/* Renames x.db-wal, …, to x.db.bak-wal, …, and what has no ending last. */
static bool rename_all(const char *path, const char *to, Error *error) {
    static const char *const endings[] = {"-wal", "-shm", "-journal", ""};
    bool good = true;
    for (int i = 0; i < 4 && good; i++) {
        char *from = beside(path, endings[i]), *kept = beside(to, endings[i]);
        if (!from || !kept)
            good = error_set(error, "%s: out of memory", path);
        else if (unlink(kept) && errno != ENOENT)
            good = error_set(error, "cannot remove %s: %s", kept, strerror(errno));
        else if (rename(from, kept) && errno != ENOENT)
            good = error_set(error, "cannot rename %s: %s", from, strerror(errno));
        free(from);
        free(kept);
    }
    return good;
}

/* Whose file it is, without the tables: a damaged store may be set aside. What a killed writer left
 * in the WAL is folded in where that works. */
static bool fold(Store *store, Error *error) {
    Error ignored;
    bool is_ours = connect_to(store, store->path, SQLITE_OPEN_READONLY, error) &&
                   check_head(store, error) && disconnect(store, error);
    if (!is_ours)
        return false;
    if (connect_to(store, store->path, SQLITE_OPEN_READWRITE, &ignored))
        sqlite3_exec(store->db, "PRAGMA journal_mode = DELETE", NULL, NULL, NULL);
    disconnect(store, &ignored);
    return true;
}

static void release(Store *store) {
    drop_lock(store);
    free(store->lock_path);
    free(store->path);
    free(store);
}

static Store *make_handle(const char *path, StoreMode mode, Error *error) {
    Store *made = calloc(1, sizeof *made);
    if (!made || !(made->path = strdup(path))) {
        free(made);
        error_set(error, "%s: out of memory", path);
        return NULL;
    }
    made->mode = mode;
    made->lock = -1;
    made->piece_bytes = STORE_PIECE;
    return made;
}

static bool open_by(Store **store, const char *path, StoreMode mode, double free_by, Error *error) {
    Error second;
    Store *made = make_handle(path, mode, error);
    *store = made;
    if (!made)
        return false;
    made->free_by = free_by;
    if (mode == STORE_READ ? open_for_reading(made, error) : open_for_writing(made, error))
        return true;
    disconnect(made, &second);
    release(made);
    *store = NULL;
    return false;
}

bool store_open(Store **store, const char *path, StoreMode mode, Error *error) {
    return open_by(store, path, mode, 0, error);
}

bool store_open_when_free(Store **store, const char *path, double seconds, Error *error) {
    return open_by(store, path, STORE_WRITE, clock_wall() + seconds, error);
}

bool store_pause(Store *store, Error *error) {
    assert(store->mode == STORE_READ);
    return disconnect(store, error);
}

bool store_resume(Store *store, bool *is_new, Error *error) {
    FileStamp stamp = stamp_of(store);
    *is_new = !is_same_stamp(&stamp, &store->stamp);
    if (stamp.device != store->stamp.device || stamp.inode != store->stamp.inode)
        return error_set(error, "%s: has gone, or another file has taken its place", store->path);
    Error second;
    bool good = store->db || (connect_to(store, store->path, SQLITE_OPEN_READONLY, error) &&
                              (check_head(store, error) || (disconnect(store, &second), false)));
    if (good) /* else it was not seen: the next time it is still new */
        store->stamp = stamp;
    return good;
}

bool store_close(Store *store, Error *error) {
    bool good = true;
    if (!store)
        return true;
    if (store->is_writing) {
        if (!sqlite3_get_autocommit(store->db))
            good = store_commit(store, error);
        for (int i = 0; i < store->n_statements; i++)
            sqlite3_reset(store->statements[i].handle);
        /* Pages of dropped checkpoints go back to the system. */
        if (good)
            good = run_sql(store, "PRAGMA incremental_vacuum", error);
        /* A reader in the middle of something may keep the WAL alive: nothing is lost, and the next
         * writer folds it in. */
        int code = sqlite3_exec(store->db, "PRAGMA journal_mode = DELETE", NULL, NULL, NULL);
        if (good && code != SQLITE_OK && code != SQLITE_BUSY && code != SQLITE_LOCKED)
            good = store_fail(store, error);
    }
    Error second;
    if (!disconnect(store, good ? error : &second))
        good = false;
    release(store);
    return good;
}

bool store_set_aside(const char *path, const char *to, Error *error) {
    struct stat file;
    if (stat(path, &file))
        return errno == ENOENT || error_set(error, "%s: %s", path, strerror(errno));
    if (!S_ISREG(file.st_mode))
        return error_set(error, "%s: is not a file", path);
    Store *store = make_handle(path, STORE_WRITE, error);
    if (!store)
        return false;
    bool good = take_lock(store, error) && (file.st_size == 0 || fold(store, error)) &&
                rename_all(path, to, error);
    Error second;
    disconnect(store, &second);
    release(store);
    return good;
}
