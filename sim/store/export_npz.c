/* npz: runs of equal tensors (and, with --snapshots, equal steps) make one file, whose arrays have
 * the run as first dimension. Tensors go from the store to the file piece by piece. A metric whose
 * arrays differ in length is filled up with NaN (a text with ""), and so is one that a run lacks.
 * What is of the whole experiment stands in each file under its name, with its own shape. */
#include "sim/base/npz.h"
#include "sim/store/exporting.h"

#include <string.h>

/* What one file is written from. */
typedef struct Sheet {
    Export *export;
    const Group *group;
    NpzWriter *writer;
} Sheet;

/* A metric on its way into an array. */
typedef struct NpzMetric {
    const char *name;
    const Extent *extent;
    int64_t n; /* numbers of the extent */
    int n_steps;
    const int64_t *steps; /* [n_steps]; NULL: the end of each run */
} NpzMetric;

static bool append_piece(void *context, const void *bytes, int64_t n_bytes, Error *error) {
    return npz_append(context, bytes, n_bytes / (int64_t)sizeof(float), error);
}

/* W [runs][rows][columns], or W_t [runs][snapshots][rows][columns]. */
static bool add_tensor(const Sheet *sheet, const Tensor *tensor, bool over_time, Error *error) {
    const Group *group = sheet->group;
    Export *export = sheet->export;
    NpzArray array = {.name = tensor->name, .type = NPZ_FLOAT32, .rank = 1};
    array.shape[0] = group->n_rows;
    if (over_time) {
        array.name = arena_print(&export->arena, "%s_t", tensor->name);
        array.shape[array.rank++] = group->n_steps;
    }
    array.shape[array.rank++] = tensor->n_rows;
    if (!tensor->is_vector)
        array.shape[array.rank++] = tensor->n_columns;
    bool good = npz_begin(sheet->writer, &array, error);
    for (int64_t i = 0; i < group->n_rows && good; i++) {
        const StoredRun *run = &export->runs[group->rows[i]];
        for (int k = 0; k < (over_time ? group->n_steps : 1) && good; k++)
            good = store_tensor_pieces(export->store, run->id,
                                       over_time ? group->steps[k] : run->steps, tensor,
                                       append_piece, sheet->writer, error);
    }
    return good;
}

static bool add_tensors(const Sheet *sheet, Error *error) {
    for (int i = 0; i < sheet->group->n_tensors; i++)
        if (!add_tensor(sheet, &sheet->group->tensors[i], false, error))
            return false;
    if (!sheet->export->options->snapshots)
        return true;
    NpzArray step = {"step", NPZ_INT64, 1, {sheet->group->n_steps}, sheet->group->steps};
    if (!npz_add(sheet->writer, &step, error))
        return false;
    for (int i = 0; i < sheet->group->n_tensors; i++)
        if (!add_tensor(sheet, &sheet->group->tensors[i], true, error))
            return false;
    return true;
}

static bool add_axis(const Sheet *sheet, const ExportAxis *axis, Error *error) {
    static const NpzType types[] = {
        [AXIS_NUMBER] = NPZ_FLOAT64, [AXIS_BOOL] = NPZ_BOOL, [AXIS_TEXT] = NPZ_TEXT};
    int64_t n = sheet->group->n_rows;
    Arena arena = {0};
    const char **texts = ARENA_NEW(&arena, const char *, n);
    double *numbers = ARENA_NEW(&arena, double, n);
    unsigned char *bools = ARENA_NEW(&arena, unsigned char, n);
    for (int64_t i = 0; i < n; i++) {
        const AxisValue *value = &axis->values[sheet->group->rows[i]];
        texts[i] = value->text;
        numbers[i] = value->number;
        bools[i] = value->number > 0;
    }
    NpzArray array = {axis->key, types[axis->type], 1, {n}, numbers};
    if (axis->type == AXIS_TEXT)
        array.values = texts;
    else if (axis->type == AXIS_BOOL)
        array.values = bools;
    bool good = npz_add(sheet->writer, &array, error);
    arena_release(&arena);
    return good;
}

/* seed, restart, best, loss: a number each for every run. */
static bool add_run_columns(const Sheet *sheet, Error *error) {
    int64_t n = sheet->group->n_rows;
    Arena arena = {0};
    int64_t *seeds = ARENA_NEW(&arena, int64_t, n), *restarts = ARENA_NEW(&arena, int64_t, n);
    unsigned char *best = ARENA_NEW(&arena, unsigned char, n);
    double *losses = ARENA_NEW(&arena, double, n);
    for (int64_t i = 0; i < n; i++) {
        const StoredRun *run = &sheet->export->runs[sheet->group->rows[i]];
        seeds[i] = run->seed;
        restarts[i] = run->restart;
        best[i] = run->is_best;
        losses[i] = run->loss;
    }
    const NpzArray arrays[] = {{"seed", NPZ_INT64, 1, {n}, seeds},
                               {"restart", NPZ_INT64, 1, {n}, restarts},
                               {"best", NPZ_BOOL, 1, {n}, best},
                               {"loss", NPZ_FLOAT64, 1, {n}, losses}};
    bool good = true;
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays && good; i++)
        good = npz_add(sheet->writer, &arrays[i], error);
    arena_release(&arena);
    return good;
}

/* Where the measurement has the value at place `at` of the extent; -1 where it ends before. */
static int64_t place(const Extent *extent, const Measurement *measurement, int64_t at) {
    int64_t from = 0, stride = 1;
    for (int i = extent->rank - 1; i >= 0; i--) {
        int64_t index = at % extent->shape[i];
        if (index >= measurement->shape[i])
            return -1;
        from += index * stride;
        stride *= measurement->shape[i];
        at /= extent->shape[i];
    }
    return from;
}

static int64_t extent_count(const Extent *extent) {
    int64_t n = 1;
    for (int i = 0; i < extent->rank; i++)
        n *= extent->shape[i];
    return n;
}

/* One metric of one run at a step, filled up to the extent: its labels into texts, or (NULL) its
 * numbers into values; [extent_count]. */
static bool fill(Export *export, const NpzMetric *metric, const StoredRun *run, int64_t step,
                 double *values, const char **texts, Error *error) {
    Measurement measurement;
    bool found;
    if (!export_measurement(export, run, metric->name, step, &measurement, &found, error))
        return false;
    for (int64_t i = 0; i < metric->n; i++) {
        int64_t from = found ? place(metric->extent, &measurement, i) : -1;
        if (texts)
            texts[i] = from < 0 ? "" : measurement_label(&measurement, from);
        else
            values[i] = from < 0 ? (double)NAN : measurement.values[from];
    }
    return true;
}

/* The labels of all runs are gathered first: their width must be known before the array starts. */
static bool add_texts(const Sheet *sheet, const NpzMetric *metric, NpzArray *array, Error *error) {
    Export *export = sheet->export;
    int64_t n_all = sheet->group->n_rows * metric->n_steps;
    const char **texts = NULL;
    arena_release(&export->scratch);
    if (!__builtin_mul_overflow(n_all, metric->n, &n_all))
        texts = ARENA_TRY(&export->scratch, const char *, n_all);
    if (!texts)
        return error_set(error, "%s: %s does not fit into memory", export->path, metric->name);
    const char **to = texts;
    for (int64_t i = 0; i < sheet->group->n_rows; i++) {
        const StoredRun *run = &export->runs[sheet->group->rows[i]];
        for (int k = 0; k < metric->n_steps; k++, to += metric->n)
            if (!fill(export, metric, run, metric->steps ? metric->steps[k] : run->steps, NULL, to,
                      error))
                return false;
    }
    array->type = NPZ_TEXT;
    array->values = texts;
    return npz_add(sheet->writer, array, error);
}

static bool add_numbers(const Sheet *sheet, const NpzMetric *metric, const NpzArray *array,
                        Error *error) {
    Export *export = sheet->export;
    Arena arena = {0};
    double *values = ARENA_TRY(&arena, double, metric->n);
    bool good =
        values ? npz_begin(sheet->writer, array, error)
               : error_set(error, "%s: %s does not fit into memory", export->path, metric->name);
    for (int64_t i = 0; i < sheet->group->n_rows && good; i++) {
        const StoredRun *run = &export->runs[sheet->group->rows[i]];
        for (int k = 0; k < metric->n_steps && good; k++)
            good = fill(export, metric, run, metric->steps ? metric->steps[k] : run->steps, values,
                        NULL, error) &&
                   npz_append(sheet->writer, values, metric->n, error);
        export_tidy(export);
    }
    arena_release(&arena);
    return good;
}

/* <name> [runs][…], or <name>_t [runs][snapshots][…]. */
static bool add_metric(const Sheet *sheet, const Column *column, bool over_time, Error *error) {
    const Group *group = sheet->group;
    const Extent *extent = over_time ? &column->all : &column->last;
    if (extent->rank < 0) {
        if (extent->rank == -2)
            text_add(sheet->export->report,
                     "%s: %s is left out: in some runs it has more dimensions than in others\n",
                     group->path, column->name);
        return true;
    }
    NpzMetric metric = {column->name, extent, extent_count(extent), 1, NULL};
    NpzArray array = {.name = column->name, .type = NPZ_FLOAT64, .rank = 1};
    array.shape[0] = group->n_rows;
    if (over_time) {
        metric.steps = group->steps;
        metric.n_steps = group->n_steps;
        array.name = arena_print(&sheet->export->arena, "%s_t", column->name);
        array.shape[array.rank++] = group->n_steps;
    }
    for (int i = 0; i < extent->rank; i++)
        array.shape[array.rank++] = extent->shape[i];
    return column->is_text ? add_texts(sheet, &metric, &array, error)
                           : add_numbers(sheet, &metric, &array, error);
}

static bool add_metrics(const Sheet *sheet, Error *error) {
    static const Column no_loss_se = {.name = "loss_se"}; /* an array of NaN */
    bool over_time = sheet->export->options->snapshots, good = true;
    Columns columns;
    if (!export_columns(sheet->export, sheet->group->rows, sheet->group->n_rows, over_time,
                        &columns, error))
        return false;
    const Column *loss_se = export_column(&columns, "loss_se");
    good = add_metric(sheet, loss_se ? loss_se : &no_loss_se, false, error);
    for (int i = 0; i < columns.n && good; i++) {
        const Column *column = &columns.items[i];
        if (strcmp(column->name, "loss") != 0 && column != loss_se)
            good = add_metric(sheet, column, false, error);
        if (good && over_time && column->has_early)
            good = add_metric(sheet, column, true, error);
    }
    return good;
}

/* The same in the file of every group. */
static bool add_whole(const Sheet *sheet, Error *error) {
    Measurement *whole;
    int n;
    if (!export_whole(sheet->export, &whole, &n, error))
        return false;
    for (int i = 0; i < n; i++) {
        NpzArray array = {whole[i].name, NPZ_FLOAT64, whole[i].rank, {0}, whole[i].values};
        int64_t count = measurement_count(&whole[i]);
        const char **texts = ARENA_NEW(&sheet->export->arena, const char *, count);
        for (int d = 0; d < whole[i].rank; d++)
            array.shape[d] = whole[i].shape[d];
        for (int64_t k = 0; whole[i].labels && k < count; k++)
            texts[k] = measurement_label(&whole[i], k);
        if (whole[i].labels) {
            array.type = NPZ_TEXT;
            array.values = texts;
        }
        if (!npz_add(sheet->writer, &array, error))
            return false;
    }
    return true;
}

static bool add_all(const Sheet *sheet, Error *error) {
    bool good = add_tensors(sheet, error);
    for (int i = 0; i < sheet->export->n_axes && good; i++)
        good = add_axis(sheet, &sheet->export->axes[i], error);
    return good && add_run_columns(sheet, error) && add_metrics(sheet, error) &&
           add_whole(sheet, error);
}

static bool write_group(Export *export, const Group *group, Error *error) {
    Sheet sheet = {export, group, NULL};
    if (!npz_create(&sheet.writer, group->path, error))
        return false;
    if (!add_all(&sheet, error)) {
        npz_cancel(sheet.writer);
        return false;
    }
    if (!npz_close(sheet.writer, error))
        return false;
    text_add(export->report, "%s: %lld run%s of %d x %d\n", group->path, (long long)group->n_rows,
             group->n_rows == 1 ? "" : "s", group->tensors[0].n_rows, group->tensors[0].n_columns);
    return true;
}

bool export_npz(Export *export, Error *error) {
    Groups groups;
    if (!export_groups(export, &groups, error))
        return false;
    for (int i = 0; i < groups.n; i++)
        if (!write_group(export, &groups.items[i], error))
            return false;
    return true;
}
