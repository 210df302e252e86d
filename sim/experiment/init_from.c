/* First weights come tensor by tensor, by name, from an .npz file or from a run of a store; both
 * are held to the shapes of the model that wants them. */
#include "sim/experiment/init_from.h"

#include "sim/base/npz.h"
#include "sim/base/text.h"
#include "sim/model/embedding.h"
#include "sim/store/store.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

enum { MAX_SHAPE_TEXT = 128 };

/* "[400][30]" */
static void print_shape(int rank, const int64_t *shape, char text[MAX_SHAPE_TEXT]) {
    int n = 0;
    snprintf(text, MAX_SHAPE_TEXT, "one number");
    for (int i = 0; i < rank; i++)
        n += snprintf(text + n, (size_t)(MAX_SHAPE_TEXT - n), "[%lld]", (long long)shape[i]);
}

/* Copies values of some shape into the model's tensor; leading dimensions of 1 do not count. */
static bool take_tensor(Model *model, const Tensor *tensor, int rank, const int64_t *shape,
                        const float *values, Error *error) {
    const int64_t wanted[] = {tensor->n_rows, tensor->n_columns};
    int wanted_rank = tensor->is_vector ? 1 : 2, skip = 0;
    while (rank - skip > wanted_rank && shape[skip] == 1)
        skip++;
    if (rank - skip != wanted_rank ||
        memcmp(shape + skip, wanted, (size_t)wanted_rank * sizeof *wanted) != 0) {
        char found_text[MAX_SHAPE_TEXT], wanted_text[MAX_SHAPE_TEXT];
        print_shape(rank, shape, found_text);
        print_shape(wanted_rank, wanted, wanted_text);
        return error_set(error, "%s is %s there, but this model's is %s", tensor->name, found_text,
                         wanted_text);
    }
    size_t n = (size_t)tensor->n_rows * (size_t)(tensor->is_vector ? 1 : tensor->n_columns);
    memcpy(model->parameters + tensor->offset, values, n * sizeof *values);
    return true;
}

static bool load_npz(const char *path, Model *model, Arena *arena, Error *error) {
    for (int i = 0; i < model->n_tensors; i++) {
        const Tensor *tensor = &model->tensors[i];
        NpzArray array;
        bool found;
        if (tensor->is_derived)
            continue;
        if (!npz_read(path, tensor->name, arena, &array, &found, error))
            return false;
        if (!found)
            return error_set(error, "there is no array %s", tensor->name);
        if (!take_tensor(model, tensor, array.rank, array.shape, array.values, error))
            return false;
    }
    return true;
}

static bool find_run(Store *store, int64_t number, Arena *arena, const StoredRun **run,
                     Error *error) {
    StoredRun *runs;
    int64_t n;
    if (!store_runs(store, arena, &runs, &n, error))
        return false;
    for (int64_t i = 0; i < n; i++)
        if (runs[i].number == number) {
            *run = &runs[i];
            return runs[i].status == RUN_DONE ||
                   error_set(error, "run %lld has not finished", (long long)number);
        }
    return error_set(error, "there is no run %lld", (long long)number);
}

static bool take_stored(Model *model, const Tensor *tensor, const StoredTensor *stored, int n,
                        Error *error) {
    for (int i = 0; i < n; i++)
        if (strcmp(stored[i].tensor.name, tensor->name) == 0) {
            const Tensor *from = &stored[i].tensor;
            const int64_t shape[] = {from->n_rows, from->n_columns};
            return take_tensor(model, tensor, from->is_vector ? 1 : 2, shape, stored[i].values,
                               error);
        }
    return error_set(error, "that run has no tensor %s", tensor->name);
}

static bool load_run(Store *store, int64_t number, Model *model, Arena *arena, Error *error) {
    const StoredRun *run = NULL;
    StoredTensor *stored;
    int n;
    if (!find_run(store, number, arena, &run, error) ||
        !store_tensors(store, run->id, run->steps, arena, &stored, &n, error))
        return false;
    for (int i = 0; i < model->n_tensors; i++)
        if (!model->tensors[i].is_derived &&
            !take_stored(model, &model->tensors[i], stored, n, error))
            return false;
    return true;
}

static bool load_store(const char *path, int64_t number, Model *model, Arena *arena, Error *error) {
    Store *store;
    if (!store_open(&store, path, STORE_READ, error))
        return false;
    bool ok = load_run(store, number, model, arena, error);
    Error ignored; /* nothing was written, so closing loses nothing */
    store_close(store, &ignored);
    return ok;
}

/* Splits "STORE.db#12"; false where it has not that form. */
static bool split_run(const char *text, Arena *arena, const char **path, int64_t *number) {
    const char *hash = strrchr(text, '#');
    if (!hash || hash == text || hash[1] < '0' || hash[1] > '9')
        return false;
    char *end, *copy = arena_copy(arena, text);
    errno = 0;
    *number = strtoll(hash + 1, &end, 10);
    copy[hash - text] = '\0';
    *path = copy;
    return *end == '\0' && errno == 0;
}

static bool check_finite(const Model *model, Error *error) {
    int64_t i = model_find_nonfinite(model);
    return i < 0 || error_set(error, "%s has values that are NaN or infinite",
                              model_tensor_at(model, i)->name);
}

static bool check_form(const char *text, Error *error) {
    Arena scratch = {0};
    const char *path;
    int64_t number;
    bool good = strcmp(text, "none") == 0 || text_ends(text, ".npz") ||
                split_run(text, &scratch, &path, &number);
    arena_release(&scratch);
    return good ||
           error_set(error, "model.init_from takes none, FILE.npz or STORE.db#run, not %s", text);
}

bool init_from_load(const char *text, const char *config_path, Model *model, Arena *arena,
                    Error *error) {
    const char *path;
    int64_t number;
    bool ok;
    if (!check_form(text, error))
        return false;
    if (strcmp(text, "none") == 0)
        return true;
    if (text_ends(text, ".npz"))
        ok = load_npz(text_path(text, config_path, arena), model, arena, error);
    else
        ok = split_run(text, arena, &path, &number) &&
             load_store(text_path(path, config_path, arena), number, model, arena, error);
    if (!ok || !check_finite(model, error))
        return error_prefix(error, "model.init_from %s: ", text);
    if (model->n_embedding > 0)
        embedding_derive(model);
    return true;
}

const char *init_from_content(const Choice *choice, int n_features, const char *config_path,
                              Arena *arena) {
    const ModelSettings *settings = choice->settings;
    Arena scratch = {0};
    Error error = {0};
    Model model = {0};
    const char *content = "unreadable";
    if (model_open(&model, choice, n_features, &scratch, &error) &&
        init_from_load(settings->init_from, config_path, &model, &scratch, &error)) {
        size_t n_bytes = (size_t)model.n_parameters * sizeof *model.parameters;
        unsigned long long hash = XXH3_64bits(model.parameters, n_bytes);
        content = arena_print(arena, "%016llx", hash);
    }
    arena_release(&scratch);
    return content;
}
