/* The table of distributions, and what all of them share. */
#include "sim/data/data.h"

#include <assert.h>

extern const DataKind data_independent, data_correlated, data_anticorrelated, data_hierarchical,
    data_one_hot, data_exactly_k, data_dataset, data_file;

static const Kind *const rows[] = {&data_independent.kind,    &data_correlated.kind,
                                   &data_anticorrelated.kind, &data_hierarchical.kind,
                                   &data_one_hot.kind,        &data_exactly_k.kind,
                                   &data_dataset.kind,        &data_file.kind};

static const Field fields[] = {{.name = "n_features",
                                .type = FIELD_INTEGER,
                                .offset = offsetof(DataSettings, n_features),
                                .minimum = 1,
                                .maximum = MAX_FEATURES,
                                .unit = "features",
                                .help = "how many features a sample has"}};

const KindTable data_table = {.name = "data",
                              .noun = "data kind",
                              .summary = "distributions of feature vectors",
                              .rows = rows,
                              .n_rows = sizeof rows / sizeof *rows,
                              .fields = fields,
                              .n_fields = sizeof fields / sizeof *fields,
                              .settings_size = sizeof(DataSettings),
                              .fallback = "independent"};

void data_describe(Data *data, const Choice *choice) {
    const DataSettings *settings = choice->settings;
    const DataKind *kind = (const DataKind *)choice->kind;
    *data = (Data){.kind = kind,
                   .settings = settings,
                   .n_features = (int)settings->n_features,
                   .set_size = kind->set_size ? kind->set_size(settings) : 1};
}

bool data_open(Data *data, const Choice *choice, Arena *arena, Error *error) {
    data_describe(data, choice);
    return data->kind->open(data, arena, error);
}

int data_block(int n_features) {
    return n_features <= 32 ? 1024 : 128;
}

void data_draw(const Data *data, uint64_t key, uint64_t step, uint64_t block, int batch_size,
               Batch *batch) {
    int size = data_block(data->n_features), left = batch_size - (int)block * size;
    int n_samples = left < size ? left : size;
    assert(n_samples > 0 && n_samples <= batch->capacity);
    batch->n_rows = batch->n_empty = 0;
    batch->y = batch->x;
    DrawPlace place = {key, step, block, batch_size};
    data->kind->draw(data, &place, n_samples, batch);
    if (data->values)
        values_finish(data->values, batch);
    assert(batch->n_rows + batch->n_empty == n_samples);
}

double data_active_features(const Data *data) {
    double sum = 0;
    for (int i = 0; i < data->n_features; i++)
        sum += data->kind->probability(data, i);
    return sum;
}

double data_empty(const Data *data) {
    return data->kind->empty ? data->kind->empty(data) : 0;
}
