/* csv: one tidy row a run, or with --long one a run and feature. Quoted as RFC 4180 says, lines end
 * in LF; numbers are the shortest that read back the same, NaN is an empty cell, codes are written
 * as their labels. */
#include "sim/store/exporting.h"

#include <string.h>

static void put_text(FILE *file, const char *text) {
    if (!text[strcspn(text, ",\"\r\n")]) {
        fputs(text, file);
        return;
    }
    putc('"', file);
    for (; *text; text++) {
        if (*text == '"')
            putc('"', file);
        putc(*text, file);
    }
    putc('"', file);
}

static void put_number(FILE *file, double value) {
    char buffer[32];
    if (!isnan(value))
        fputs(text_number(buffer, value), file);
}

static void put_value(FILE *file, const Measurement *measurement, int64_t i) {
    putc(',', file);
    if (measurement->labels)
        put_text(file, measurement_label(measurement, i));
    else
        put_number(file, measurement->values[i]);
}

/* What every row begins with. */
static void put_head(FILE *file, const Export *export) {
    for (int k = 0; k < export->n_axes; k++) {
        put_text(file, export->axes[k].key);
        putc(',', file);
    }
    fputs("seed,restart,best", file);
}

static void put_start(FILE *file, const Export *export, int64_t i) {
    const StoredRun *run = &export->runs[i];
    for (int k = 0; k < export->n_axes; k++) {
        put_text(file, export->axes[k].values[i].text);
        putc(',', file);
    }
    fprintf(file, "%lld,%lld,%s", (long long)run->seed, (long long)run->restart,
            run->is_best ? "true" : "false");
}

static bool is_loss(const char *name) {
    return strcmp(name, "loss") == 0 || strcmp(name, "loss_se") == 0;
}

/* A single number, or an empty cell where the run has none of that name. */
static bool put_scalar(FILE *file, Export *export, const StoredRun *run, const char *name,
                       Error *error) {
    Measurement measurement;
    bool found;
    if (!export_measurement(export, run, name, run->steps, &measurement, &found, error))
        return false;
    if (found && measurement.rank == 0)
        put_value(file, &measurement, 0);
    else
        putc(',', file);
    return true;
}

static bool put_runs(FILE *file, Export *export, const Columns *columns, Error *error) {
    put_head(file, export);
    fputs(",loss,loss_se", file);
    for (int c = 0; c < columns->n; c++)
        if (columns->items[c].has_scalar && !is_loss(columns->items[c].name)) {
            putc(',', file);
            put_text(file, columns->items[c].name);
        }
    putc('\n', file);
    for (int64_t i = 0; i < export->n_runs; i++) {
        const StoredRun *run = &export->runs[i];
        put_start(file, export, i);
        putc(',', file);
        put_number(file, run->loss);
        if (!put_scalar(file, export, run, "loss_se", error))
            return false;
        for (int c = 0; c < columns->n; c++)
            if (columns->items[c].has_scalar && !is_loss(columns->items[c].name) &&
                !put_scalar(file, export, run, columns->items[c].name, error))
                return false;
        putc('\n', file);
        export_tidy(export);
    }
    return true;
}

static bool put_features(FILE *file, Export *export, const Columns *columns, int64_t i,
                         Error *error) {
    const StoredRun *run = &export->runs[i];
    Measurement *parts = ARENA_NEW(&export->scratch, Measurement, columns->n + 1);
    int64_t n_features;
    if (!export_n_features(export, run, &n_features, error))
        return false;
    for (int c = 0; c < columns->n; c++) {
        bool found;
        if (columns->items[c].has_features &&
            !export_measurement(export, run, columns->items[c].name, run->steps, &parts[c], &found,
                                error))
            return false;
    }
    for (int64_t feature = 0; feature < n_features; feature++) {
        put_start(file, export, i);
        fprintf(file, ",%lld", (long long)feature);
        for (int c = 0; c < columns->n; c++) {
            if (!columns->items[c].has_features)
                continue;
            if (parts[c].rank == 1 && parts[c].shape[0] == n_features)
                put_value(file, &parts[c], feature);
            else
                putc(',', file);
        }
        putc('\n', file);
    }
    return true;
}

static bool put_long(FILE *file, Export *export, const Columns *columns, Error *error) {
    put_head(file, export);
    fputs(",feature", file);
    for (int c = 0; c < columns->n; c++)
        if (columns->items[c].has_features) {
            putc(',', file);
            put_text(file, columns->items[c].name);
        }
    putc('\n', file);
    for (int64_t i = 0; i < export->n_runs; i++) {
        if (!put_features(file, export, columns, i, error))
            return false;
        export_tidy(export);
    }
    return true;
}

bool export_csv(Export *export, Error *error) {
    Columns columns;
    OutFile out;
    if (!export_columns(export, NULL, export->n_runs, false, &columns, error) ||
        !export_open_file(&out, export->path, error))
        return false;
    bool good = export->options->long_rows ? put_long(out.file, export, &columns, error)
                                           : put_runs(out.file, export, &columns, error);
    if (!export_close_file(&out, good, error))
        return false;
    text_add(export->report, "%s: %lld run%s\n", export->path, (long long)export->n_runs,
             export->n_runs == 1 ? "" : "s");
    return true;
}
