#include "sim/store/column.h"

#include "sim/store/axis_value.h"
#include "sim/store/internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A name, taken apart. */
typedef struct Name {
    const char *text, *measurement; /* as given; without the entry */
    StoreEntry entry;
} Name;

/* Where the run of an id stands among those asked for. */
typedef struct Seat {
    int64_t id, at;
} Seat;

/* The labels last met, and all different ones: most runs have the same. */
typedef struct Labels {
    const char *json; /* NULL: none met */
    Measurement parsed;
    const char **known; /* [n]: the different labels */
    int64_t n;
} Labels;

typedef struct Reader {
    Store *store;
    const Name *name;
    Seat *seats; /* [n], by id */
    int64_t n, next, n_met, n_taken;
    int64_t shape[MAX_RANK]; /* of the largest measurement met, for messages */
    int rank;
    int64_t count;
    StoreColumn *column;
    Labels labels;
    Arena *arena;
} Reader;

bool store_entry_read(const char *text, Arena *arena, const char **measurement, StoreEntry *entry,
                      Error *error) {
    const char *from = strchr(text, '[');
    *entry = (StoreEntry){.rank = 0};
    *measurement = text;
    if (!from)
        return true;
    *measurement = arena_print(arena, "%.*s", (int)(from - text), text);
    while (entry->rank < MAX_RANK) {
        char *end;
        entry->index[entry->rank++] = strtoll(from + 1, &end, 10);
        if (end == from + 1 || (*end != ',' && *end != ']'))
            break;
        from = end;
        if (*end == ']' && !end[1])
            return true;
        if (*end == ']')
            break;
    }
    return error_set(error, "%s: an entry is NAME[i], of a matrix NAME[i,j]", text);
}

int64_t store_entry_find(const StoreEntry *entry, int rank, const int64_t *shape) {
    int64_t at = 0;
    if (entry->rank != rank)
        return -1;
    for (int i = 0; i < rank; i++) {
        int64_t index = entry->index[i] < 0 ? entry->index[i] + shape[i] : entry->index[i];
        if (index < 0 || index >= shape[i])
            return -1;
        at = at * shape[i] + index;
    }
    return at;
}

static int by_id(const void *a, const void *b) {
    const Seat *x = a, *y = b;
    return (x->id > y->id) - (x->id < y->id);
}

static void seat_runs(Reader *reader, const StoredRun *runs, int64_t n) {
    reader->n = n;
    reader->seats = ARENA_NEW(reader->arena, Seat, n);
    for (int64_t i = 0; i < n; i++)
        reader->seats[i] = (Seat){runs[i].id, i};
    if (n)
        qsort(reader->seats, (size_t)n, sizeof *reader->seats, by_id);
}

/* Rows come by id, as the seats stand; -1: nobody asked for this run. */
static int64_t seat_of(Reader *reader, int64_t id) {
    while (reader->next < reader->n && reader->seats[reader->next].id < id)
        reader->next++;
    bool is_asked = reader->next < reader->n && reader->seats[reader->next].id == id;
    return is_asked ? reader->seats[reader->next].at : -1;
}

/* The label as the column gives it, and its number. */
static bool set_label(Reader *reader, int64_t at, const char *label) {
    Labels *labels = &reader->labels;
    StoreColumn *column = reader->column;
    int64_t number = 0;
    if (!column->labels)
        column->labels = ARENA_TRY(reader->arena, const char *, reader->n);
    while (number < labels->n && strcmp(labels->known[number], label) != 0)
        number++;
    if (number == labels->n) {
        labels->known =
            store_grow(reader->arena, (void *)labels->known, labels->n, sizeof *labels->known);
        if (labels->known)
            labels->known[labels->n++] = arena_copy(reader->arena, label);
    }
    if (!column->labels || !labels->known)
        return false;
    column->labels[at] = labels->known[number];
    column->values[at] = (double)number;
    return true;
}

/* Reads the labels of a row where they differ from the last row's. */
static bool meet_labels(Reader *reader, const char *json) {
    Labels *labels = &reader->labels;
    if (labels->json && strcmp(labels->json, json) == 0)
        return true;
    labels->json = arena_copy(reader->arena, json);
    return store_parse_labels(json, &labels->parsed, reader->arena);
}

/* Whether a row of (run, shape, labels, checksum, data) is whole; its shape. */
static bool is_sound(sqlite3_stmt *row, int64_t *shape, int *rank, int64_t *count) {
    *rank = store_parse_shape((const char *)sqlite3_column_text(row, 1), shape, MAX_RANK);
    *count = 1;
    for (int i = 0; i < *rank; i++)
        if (__builtin_mul_overflow(*count, shape[i], count))
            return false;
    const void *data = sqlite3_column_blob(row, 4);
    int64_t n_bytes = sqlite3_column_bytes(row, 4);
    return *rank >= 0 && n_bytes % (int64_t)sizeof(double) == 0 &&
           *count == n_bytes / (int64_t)sizeof(double) &&
           store_checksum(data, n_bytes) == sqlite3_column_int64(row, 3);
}

/* False where the row is damaged. */
static bool take_row(Reader *reader, int64_t at, sqlite3_stmt *row) {
    int64_t shape[MAX_RANK], count;
    int rank;
    const char *labels = (const char *)sqlite3_column_text(row, 2);
    if (!is_sound(row, shape, &rank, &count) || (labels && !meet_labels(reader, labels)))
        return false;
    if (count >= reader->count) {
        reader->rank = rank;
        reader->count = count;
        memcpy(reader->shape, shape, sizeof shape);
    }
    int64_t entry = store_entry_find(&reader->name->entry, rank, shape);
    if (entry < 0)
        return true;
    double value;
    memcpy(&value, (const double *)sqlite3_column_blob(row, 4) + entry, sizeof value);
    reader->n_taken++;
    if (!labels)
        reader->column->values[at] = value;
    else if (value >= 0 && value < reader->labels.parsed.n_labels)
        return set_label(reader, at, reader->labels.parsed.labels[(int)value]);
    return true;
}

static bool take_measurements(Reader *reader, Error *error) {
    sqlite3_stmt *query = store_query(reader->store, error,
                                      "SELECT run.id, shape, labels, checksum, data FROM run CROSS "
                                      "JOIN measurement ON run_id = run.id AND step = run.steps "
                                      "AND name = ? ORDER BY run.id",
                                      "t", reader->name->measurement);
    int got = query ? 1 : -1;
    while (got > 0 && (got = store_next(reader->store, query, error)) > 0) {
        int64_t at = seat_of(reader, sqlite3_column_int64(query, 0));
        if (at < 0)
            continue;
        reader->n_met++;
        if (!take_row(reader, at, query)) {
            error_set(error, "%s: is damaged: measurement %s of run id %lld cannot be read",
                      reader->store->path, reader->name->measurement,
                      (long long)sqlite3_column_int64(query, 0));
            sqlite3_reset(query);
            return false;
        }
    }
    return got == 0;
}

/* Of a name that is there, but is no one value: how to say which. */
static bool refuse_entry(const Reader *reader, Error *error) {
    const char *name = reader->name->measurement;
    char shape[STORE_SHAPE];
    store_print_shape(shape, reader->rank, reader->shape);
    if (reader->name->entry.rank == 0)
        return error_set(error, "%s is an array of shape %s: say which entry, as %s%s", name, shape,
                         name,
                         reader->rank == 1   ? "[0] or [-1]"
                         : reader->rank == 2 ? "[0,0]"
                                             : "[0,0,0]");
    if (reader->rank == 0)
        return error_set(error, "%s is one number, it has no %s", name, reader->name->text);
    return error_set(error, "%s has the shape %s, it has no %s", name, shape, reader->name->text);
}

static const char *const run_names[] = {"loss", "seed", "restart", "point"};
enum { N_RUN_NAMES = sizeof run_names / sizeof *run_names };

static double run_value(const StoredRun *run, int name) {
    const double values[N_RUN_NAMES] = {run->loss, (double)run->seed, (double)run->restart,
                                        (double)run->point};
    return values[name];
}

/* The store's axes, freed by the caller with json_decref. */
static json_t *read_axes(Store *store, Arena *arena) {
    const char *text = store_fact(store, "axes", arena);
    return json_loads(text ? text : "[]", 0, NULL);
}

static bool refuse_name(const Reader *reader, Error *error) {
    Arena *arena = reader->arena;
    Text there = {0};
    const char **names;
    int n;
    if (!store_measurement_names(reader->store, true, false, arena, &names, &n, error))
        return false;
    for (int i = 0; i < N_RUN_NAMES; i++)
        text_add(&there, "%s%s", i ? ", " : "", run_names[i]);
    json_t *axes = read_axes(reader->store, arena), *axis;
    size_t k;
    json_array_foreach(axes, k, axis) text_add(&there, ", %s", json_string_value(axis));
    json_decref(axes);
    for (int i = 0; i < n; i++)
        if (strcmp(names[i], "loss") != 0)
            text_add(&there, ", %s", names[i]);
    error_set(error, "runs have no \"%s\"; they have %s", reader->name->measurement,
              text_of(&there));
    text_release(&there);
    return false;
}

/* Values of an axis before it is known whether all of them are numbers. */
static bool set_axis(Reader *reader, const AxisValue *values) {
    bool are_numbers = true;
    for (int64_t i = 0; i < reader->n; i++)
        are_numbers = are_numbers && values[i].type == AXIS_NUMBER;
    for (int64_t i = 0; i < reader->n; i++) {
        if (are_numbers)
            reader->column->values[i] = values[i].number;
        else if (values[i].text && *values[i].text && !set_label(reader, i, values[i].text))
            return false;
    }
    return true;
}

static bool take_axis(Reader *reader, Error *error) {
    AxisValue *values = ARENA_TRY(reader->arena, AxisValue, reader->n), last = {0};
    sqlite3_stmt *query =
        store_query(reader->store, error, "SELECT id, axes FROM run ORDER BY id", "");
    int got = query && values ? 1 : -1;
    const char *met = "";
    for (int64_t i = 0; values && i < reader->n; i++)
        values[i] = swept_value(NULL, reader->arena);
    while (got > 0 && (got = store_next(reader->store, query, error)) > 0) {
        int64_t at = seat_of(reader, sqlite3_column_int64(query, 0));
        const char *text = (const char *)sqlite3_column_text(query, 1);
        if (at < 0 || !text)
            continue;
        if (strcmp(met, text) != 0) { /* restarts stand side by side and have the same */
            json_t *axes = json_loads(text, 0, NULL);
            last = swept_value(json_object_get(axes, reader->name->text), reader->arena);
            json_decref(axes);
            met = arena_copy(reader->arena, text);
        }
        values[at] = last;
    }
    return got == 0 &&
           (set_axis(reader, values) || error_set(error, "%s: %s does not fit into memory",
                                                  reader->store->path, reader->name->text));
}

static bool is_axis(Store *store, const char *name, Arena *arena) {
    json_t *axes = read_axes(store, arena), *axis;
    bool is_found = false;
    size_t i;
    json_array_foreach(axes, i, axis) is_found =
        is_found || strcmp(json_string_value(axis) ? json_string_value(axis) : "", name) == 0;
    json_decref(axes);
    return is_found;
}

static bool read_column(Store *store, const StoredRun *runs, int64_t n_runs, const char *text,
                        Arena *arena, StoreColumn *column, Error *error) {
    Name name;
    Reader reader = {.store = store, .name = &name, .column = column, .arena = arena};
    *column = (StoreColumn){ARENA_TRY(arena, double, n_runs), NULL};
    if (!column->values)
        return error_set(error, "%s: %s does not fit into memory", store->path, text);
    for (int k = 0; k < N_RUN_NAMES; k++)
        if (strcmp(text, run_names[k]) == 0) {
            for (int64_t i = 0; i < n_runs; i++)
                column->values[i] = run_value(&runs[i], k);
            return true;
        }
    for (int64_t i = 0; i < n_runs; i++)
        column->values[i] = (double)NAN;
    seat_runs(&reader, runs, n_runs);
    name = (Name){.text = text, .measurement = text};
    if (is_axis(store, text, arena))
        return take_axis(&reader, error);
    if (!store_entry_read(text, arena, &name.measurement, &name.entry, error) ||
        !take_measurements(&reader, error))
        return false;
    if (!reader.n_met)
        return refuse_name(&reader, error);
    return reader.n_taken || refuse_entry(&reader, error);
}

const char *store_column_name(const char *name) {
    return strncmp(name, "1/", 2) == 0 ? name + 2 : name;
}

bool store_column(Store *store, const StoredRun *runs, int64_t n_runs, const char *text,
                  Arena *arena, StoreColumn *column, Error *error) {
    const char *name = store_column_name(text);
    if (!read_column(store, runs, n_runs, name, arena, column, error))
        return false;
    if (name == text)
        return true;
    for (int64_t i = 0; i < n_runs; i++)
        column->values[i] = 1 / column->values[i];
    return !column->labels ||
           error_set(error, "%s: %s is a text, which has no reciprocal", text, name);
}

bool store_column_arrays(Store *store, const StoredRun *runs, int64_t n_runs, const char *name,
                         Arena *arena, Measurement **measurements, Error *error) {
    const Name whole = {.text = name, .measurement = name};
    bool is_any = false;
    *measurements = ARENA_TRY(arena, Measurement, n_runs);
    if (!*measurements)
        return error_set(error, "%s: %s does not fit into memory", store->path, name);
    for (int64_t i = 0; i < n_runs; i++) {
        StoredMeasurement stored;
        bool found;
        if (!store_measurement(store, runs[i].id, name, runs[i].steps, arena, &stored, &found,
                               error))
            return false;
        if (found)
            (*measurements)[i] = stored.measurement;
        is_any = is_any || found;
    }
    return is_any || refuse_name(&(Reader){.store = store, .name = &whole, .arena = arena}, error);
}
