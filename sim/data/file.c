/* Samples of the user's own: the array X [samples][n_features] of an .npz file, and with it, where
 * the file has it, Y of the same shape, the targets of task given. */
#include "sim/base/npz.h"
#include "sim/data/stored.h"

#include <math.h>
#include <string.h>

typedef struct FileSettings {
    DataSettings common;
    const char *path;
    int order;
} FileSettings;

/* The arrays as they lie in the file. */
typedef struct Arrays {
    int64_t n_features;
    const float *x, *y; /* [n_samples][n_features]; y may be NULL */
} Arrays;

static bool check_form(const char *path, Error *error) {
    return text_ends(path, ".npz") || error_set(error, "it takes FILE.npz, not %s", path);
}

static bool check_shape(const char *path, const NpzArray *array, Error *error) {
    if (array->rank != 2)
        return error_set(error, "%s: %s has %s; it takes two, [samples][features]", path,
                         array->name,
                         array->rank == 0   ? "no dimensions"
                         : array->rank == 1 ? "one dimension"
                                            : "more than two dimensions");
    return (array->shape[0] > 0 && array->shape[1] > 0) ||
           error_set(error, "%s: %s is [%lld][%lld]: there are no samples", path, array->name,
                     (long long)array->shape[0], (long long)array->shape[1]);
}

/* The samples' shape. */
static bool peek(const char *path, NpzArray *array, Error *error) {
    bool found;
    uint32_t checksum;
    return check_form(path, error) && npz_peek(path, "X", array, &checksum, &found, error) &&
           (found || error_set(error, "%s: there is no array X", path)) &&
           check_shape(path, array, error);
}

static bool count_features(const Yaml *settings, const char *config_path, int64_t *n_features,
                           Place *place, Error *error) {
    const Yaml *path = yaml_get(settings, "path");
    Arena scratch = {0};
    NpzArray array;
    *n_features = 0;
    if (!path || path->type != YAML_SCALAR)
        return true; /* read as a setting, it will be refused */
    *place = path->place;
    bool good = peek(text_path(path->text, config_path, &scratch), &array, error) ||
                error_prefix(error, "path: ");
    *n_features = good ? array.shape[1] : 0;
    arena_release(&scratch);
    return good;
}

static bool check_finite(const char *path, const NpzArray *array, Error *error) {
    const float *values = array->values;
    for (int64_t i = 0; i < array->shape[0] * array->shape[1]; i++)
        if (!isfinite(values[i]))
            return error_set(error, "%s: %s[%lld][%lld] is %s", path, array->name,
                             (long long)(i / array->shape[1]), (long long)(i % array->shape[1]),
                             isnan(values[i]) ? "nan" : "infinite");
    return true;
}

/* One of the two arrays; NULL values where there is no Y. */
static bool read_array(const char *path, const char *name, Arena *scratch, NpzArray *array,
                       Error *error) {
    bool found;
    return npz_read(path, name, scratch, array, &found, error) &&
           (found ? check_shape(path, array, error) && check_finite(path, array, error)
                  : strcmp(name, "Y") == 0 ||
                        error_set(error, "%s: there is no array %s", path, name));
}

static bool check_sizes(const char *path, const NpzArray *x, const NpzArray *y, int n_features,
                        Error *error) {
    if (x->shape[1] != n_features)
        return error_set(error, "%s: X is [%lld][%lld], but data.n_features is %d", path,
                         (long long)x->shape[0], (long long)x->shape[1], n_features);
    return !y->values || (y->shape[0] == x->shape[0] && y->shape[1] == x->shape[1]) ||
           error_set(error, "%s: X is [%lld][%lld], but Y is [%lld][%lld]", path,
                     (long long)x->shape[0], (long long)x->shape[1], (long long)y->shape[0],
                     (long long)y->shape[1]);
}

static void take_sample(void *context, int64_t t, Batch *one) {
    const Arrays *arrays = context;
    int64_t first = t * arrays->n_features;
    int n = 0;
    for (int i = 0; i < arrays->n_features; i++) {
        float x = arrays->x[first + i], y = arrays->y ? arrays->y[first + i] : 0;
        one->index[n] = i;
        one->x[n] = x;
        one->y_own[n] = y;
        n += x != 0 || y != 0;
    }
    one->n_rows = 1;
    one->start[0] = 0;
    one->start[1] = n;
}

static bool fill(Data *data, Arena *arena, Arena *scratch, Error *error) {
    const FileSettings *settings = data->settings;
    const char *path = text_path(settings->path, settings->common.config_path, scratch);
    Stored *stored = data->state = ARENA_NEW(arena, Stored, 1);
    NpzArray x, y;
    if (!check_form(path, error) || !read_array(path, "X", scratch, &x, error) ||
        !read_array(path, "Y", scratch, &y, error) ||
        !check_sizes(path, &x, &y, data->n_features, error))
        return false;
    Arrays arrays = {data->n_features, x.values, y.values};
    data->has_targets = y.values != NULL;
    stored->is_shuffled = settings->order;
    return stored_fill(stored, data->n_features, x.shape[0], data->has_targets, take_sample,
                       &arrays, arena, error);
}

static bool file_open(Data *data, Arena *arena, Error *error) {
    Arena scratch = {0};
    bool good = fill(data, arena, &scratch, error) || error_prefix(error, "data.path: ");
    arena_release(&scratch);
    return good;
}

static void file_draw(const Data *data, const DrawPlace *place, int n_samples, Batch *batch) {
    stored_draw(data->state, place, n_samples, batch);
}

static double file_probability(const Data *data, int i) {
    const Stored *stored = data->state;
    return stored->probabilities[i];
}

static double file_empty(const Data *data) {
    const Stored *stored = data->state;
    return stored->empty;
}

static DrawWork file_work(const Data *data) {
    return stored_work(data->state);
}

/* Checksums of X and Y: another file of the same content is the same data. */
static const char *content(const DataSettings *common, Arena *arena) {
    const FileSettings *settings = (const FileSettings *)common;
    const char *path = text_path(settings->path, common->config_path, arena);
    static const char *const names[] = {"X", "Y"};
    uint32_t checksums[2] = {0, 0};
    NpzArray array;
    Error error;
    bool found;
    for (int i = 0; i < 2; i++)
        if (!npz_peek(path, names[i], &array, &checksums[i], &found, &error))
            return "unreadable";
    return arena_print(arena, "%08x %08x", checksums[0], checksums[1]);
}

static const Field fields[] = {
    {.name = "path",
     .type = FIELD_TEXT,
     .offset = offsetof(FileSettings, path),
     .help = "an .npz file with X [samples][n_features], and Y likewise for task given; from the "
             "config's folder. n_features may be left out: it is that of X"},
    {.name = "order",
     .type = FIELD_WORD,
     .offset = offsetof(FileSettings, order),
     .fallback = "shuffled",
     .words = order_words,
     .help = "how batches go through the samples: in their order, or in a new one each epoch"}};

const DataKind data_file = {.kind = {.name = "file",
                                     .summary = "samples of your own, from an .npz file, again and "
                                                "again",
                                     .fields = fields,
                                     .n_fields = sizeof fields / sizeof *fields,
                                     .settings_size = sizeof(FileSettings)},
                            .open = file_open,
                            .draw = file_draw,
                            .probability = file_probability,
                            .empty = file_empty,
                            .work = file_work,
                            .count_features = count_features,
                            .content = content};
