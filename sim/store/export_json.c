/* json: a list of runs, one a line, each with all its final measurements as nested lists. Where the
 * experiment has summaries of the whole: an object, {"runs": that list, "summaries": {name: nested
 * lists}}. Numbers have 17 digits; NaN and infinity, which JSON has no form for, are null; codes
 * are their labels. */
#include "sim/store/exporting.h"
#include "sim/store/nested.h"

#include <string.h>

static bool add_metrics(Export *export, const StoredRun *run, const Columns *columns,
                        json_t *metrics, Error *error) {
    for (int c = 0; c < columns->n; c++) {
        const char *name = columns->items[c].name;
        Measurement measurement;
        bool found;
        if (!export_measurement(export, run, name, run->steps, &measurement, &found, error))
            return false;
        if (found)
            json_object_set_new(metrics, name, nested_values(&measurement, &export->scratch));
    }
    return true;
}

static bool put_run(FILE *file, Export *export, StoredRun *run, const Columns *columns,
                    Error *error) {
    if (!store_run_texts(export->store, run, &export->scratch, error))
        return false;
    json_t *object = json_object(), *metrics = json_object();
    json_object_set_new(object, "number", json_integer(run->number));
    json_object_set_new(object, "point", json_integer(run->point));
    json_object_set_new(object, "axes", json_loads(run->axes, 0, NULL));
    json_object_set_new(object, "seed", json_integer(run->seed));
    json_object_set_new(object, "restart", json_integer(run->restart));
    json_object_set_new(object, "best", json_boolean(run->is_best));
    json_object_set_new(object, "steps", json_integer(run->steps));
    json_object_set_new(object, "loss", nested_number(run->loss));
    json_object_set_new(object, "metrics", metrics);
    bool good = add_metrics(export, run, columns, metrics, error);
    if (good && json_dumpf(object, file, JSON_COMPACT | JSON_REAL_PRECISION(17)))
        good = error_set(error, "%s: cannot be written", export->path);
    json_decref(object);
    return good;
}

static bool put_runs(FILE *file, Export *export, Error *error) {
    Columns columns;
    bool good = export_columns(export, NULL, export->n_runs, false, &columns, error);
    for (int64_t i = 0; i < export->n_runs && good; i++) {
        fputs(i ? ",\n" : "[\n", file);
        good = put_run(file, export, &export->runs[i], &columns, error);
        export_tidy(export);
    }
    fputs("\n]", file);
    return good;
}

static bool put_whole(FILE *file, Export *export, const Measurement *whole, int n, Error *error) {
    json_t *object = json_object();
    for (int i = 0; i < n; i++)
        json_object_set_new(object, whole[i].name, nested_values(&whole[i], &export->scratch));
    bool good = !json_dumpf(object, file, JSON_COMPACT | JSON_REAL_PRECISION(17)) ||
                error_set(error, "%s: cannot be written", export->path);
    json_decref(object);
    return good;
}

bool export_json(Export *export, Error *error) {
    Measurement *whole;
    OutFile out;
    int n;
    if (!export_whole(export, &whole, &n, error) || !export_open_file(&out, export->path, error))
        return false;
    fputs(n ? "{\"runs\": " : "", out.file);
    bool good = put_runs(out.file, export, error);
    fputs(n ? ",\n\"summaries\": " : "", out.file);
    good = good && (!n || put_whole(out.file, export, whole, n, error));
    fputs(n ? "}\n" : "\n", out.file);
    if (!export_close_file(&out, good, error))
        return false;
    text_add(export->report, "%s: %lld run%s\n", export->path, (long long)export->n_runs,
             export->n_runs == 1 ? "" : "s");
    return true;
}
