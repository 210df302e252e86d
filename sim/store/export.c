/* Export: reads the done runs and their axes once, then hands over to the writer of the format. All
 * is ordered by run number and by name, so the bytes depend on the results alone: not on times,
 * threads, or which run was done first. */
#include "sim/store/export.h"
#include "sim/store/exporting.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool export_open_file(OutFile *out, const char *path, Error *error) {
    size_t n = strlen(path) + 32;
    *out = (OutFile){.path = path, .temporary = malloc(n)};
    if (!out->temporary)
        return error_set(error, "%s: out of memory", path);
    snprintf(out->temporary, n, "%s.%ld.tmp", path, (long)getpid());
    out->file = fopen(out->temporary, "wb");
    if (out->file)
        return true;
    free(out->temporary);
    return error_set(error, "%s: %s", path, strerror(errno));
}

bool export_close_file(OutFile *out, bool is_good, Error *error) {
    if (is_good && (fflush(out->file) || ferror(out->file)))
        is_good = error_set(error, "%s: %s", out->path, strerror(errno));
    fclose(out->file);
    if (is_good && rename(out->temporary, out->path))
        is_good = error_set(error, "%s: %s", out->path, strerror(errno));
    if (!is_good)
        remove(out->temporary);
    free(out->temporary);
    return is_good;
}

void export_tidy(Export *export) {
    if (export->scratch.n_bytes > 1 << 20)
        arena_release(&export->scratch);
}

/* The keys in the order of the config. */
static bool read_keys(Export *export, Error *error) {
    const char *text = store_fact(export->store, "axes", &export->arena);
    json_t *keys = json_loads(text ? text : "[]", 0, NULL);
    if (!json_is_array(keys)) {
        json_decref(keys);
        return error_set(error, "the store's list of axes is damaged");
    }
    size_t n = json_array_size(keys);
    export->axes = ARENA_NEW(&export->arena, ExportAxis, n);
    for (size_t i = 0; i < n; i++) {
        const char *key = json_string_value(json_array_get(keys, i));
        AxisValue *values = ARENA_TRY(&export->arena, AxisValue, export->n_runs);
        if (key && values)
            export->axes[export->n_axes++] =
                (ExportAxis){arena_copy(&export->arena, key), AXIS_NUMBER, values};
    }
    json_decref(keys);
    return export->n_axes == (int)n || error_set(error, "the store's list of axes is damaged");
}

static bool read_axes(Export *export, Error *error) {
    if (!read_keys(export, error))
        return false;
    for (int64_t i = 0; i < export->n_runs; i++) {
        StoredRun run = export->runs[i];
        if (!store_run_texts(export->store, &run, &export->scratch, error))
            return false;
        json_t *values = json_loads(run.axes, JSON_DECODE_ANY, NULL);
        if (!values)
            return error_set(error, "the axes of run %lld are damaged",
                             (long long)export->runs[i].number);
        for (int k = 0; k < export->n_axes; k++) {
            ExportAxis *axis = &export->axes[k];
            axis->values[i] = swept_value(json_object_get(values, axis->key), &export->arena);
            if (i == 0)
                axis->type = axis->values[i].type;
            if (axis->type != axis->values[i].type)
                axis->type = AXIS_TEXT;
        }
        json_decref(values);
        export_tidy(export);
    }
    return true;
}

static bool read_runs(Export *export, Error *error) {
    StoredRun *runs;
    int64_t n;
    if (!store_runs(export->store, &export->arena, &runs, &n, error))
        return false;
    export->runs = runs;
    for (int64_t i = 0; i < n; i++)
        if (runs[i].status == RUN_DONE && runs[i].number >= 0)
            runs[export->n_runs++] = runs[i];
    return export->n_runs > 0 || error_set(error, "there is no finished run to export");
}

bool export_n_features(Export *export, const StoredRun *run, int64_t *n_features, Error *error) {
    Tensor *tensors;
    int n;
    if (!store_tensor_list(export->store, run->id, run->steps, &export->scratch, &tensors, &n,
                           error))
        return false;
    *n_features = n ? tensors[0].n_rows : 0;
    return true;
}

bool export_measurement(Export *export, const StoredRun *run, const char *name, int64_t step,
                        Measurement *measurement, bool *found, Error *error) {
    StoredMeasurement stored = {0};
    bool good = store_measurement(export->store, run->id, name, step, &export->scratch, &stored,
                                  found, error);
    *measurement = stored.measurement;
    return good;
}

static int by_name(const void *a, const void *b) {
    return strcmp(((const Measurement *)a)->name, ((const Measurement *)b)->name);
}

bool export_whole(Export *export, Measurement **measurements, int *n, Error *error) {
    const char **names;
    if (!store_measurement_names(export->store, false, false, &export->arena, &names, n, error))
        return false;
    *measurements = ARENA_NEW(&export->arena, Measurement, *n);
    for (int i = 0; i < *n; i++) {
        StoredMeasurement stored;
        bool found;
        if (!store_measurement(export->store, 0, names[i], 0, &export->arena, &stored, &found,
                               error))
            return false;
        if (found)
            (*measurements)[i] = stored.measurement;
        else
            return error_set(error, "%s is of no run, but not at step 0", names[i]);
    }
    if (*n)
        qsort(*measurements, (size_t)*n, sizeof **measurements, by_name);
    return true;
}

typedef bool Writer(Export *export, Error *error);

static Writer *find_writer(const char *path, const ExportOptions *options, Error *error) {
    static const struct {
        const char *ending;
        Writer *write;
        bool snapshots, long_rows;
    } rows[] = {{".npz", export_npz, true, false},
                {".csv", export_csv, false, true},
                {".json", export_json, false, false}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (!text_ends(path, rows[i].ending))
            continue;
        if (options->snapshots && !rows[i].snapshots)
            error_set(error, "%s: --snapshots goes with .npz only", path);
        else if (options->long_rows && !rows[i].long_rows)
            error_set(error, "%s: --long goes with .csv only", path);
        else
            return rows[i].write;
        return NULL;
    }
    error_set(error, "%s: the ending says the format; it must be .npz, .csv or .json", path);
    return NULL;
}

bool export_check(const char *path, const ExportOptions *options, Error *error) {
    return find_writer(path, options, error) != NULL;
}

bool export_store(Store *store, const char *path, const ExportOptions *options, Text *report,
                  Error *error) {
    Export export = {.store = store, .path = path, .options = options, .report = report};
    Writer *write = find_writer(path, options, error);
    if (!write)
        return false;
    bool is_alone =
        sqlite3_get_autocommit(store->db); /* one view of the store, from first to last */
    if (is_alone && !store_begin(store, error))
        return false;
    bool good = read_runs(&export, error) && read_axes(&export, error) && write(&export, error);
    Error second;
    if (is_alone && !store_commit(store, good ? error : &second))
        good = false;
    arena_release(&export.arena);
    arena_release(&export.scratch);
    return good;
}
