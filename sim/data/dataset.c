/* A finite dataset of T samples of independent features, drawn once from a seed of its own: sample
 * t has its own place in a stream, so a smaller dataset is the beginning of a larger one, and runs
 * with other seeds train on the same samples. */
#include "sim/data/sampler.h"
#include "sim/data/stored.h"

typedef struct DatasetSettings {
    DataSettings common;
    FeatureValues feature_probability;
    int64_t n_samples, dataset_seed;
    int order;
    ValueSettings values;
} DatasetSettings;

typedef struct Drawing {
    HazardSampler sampler;
    const ValueSettings *values;
    uint64_t key;
} Drawing;

static void draw_sample(void *context, int64_t t, Batch *one) {
    const Drawing *drawing = context;
    Rng rng;
    rng_init(&rng, drawing->key, (uint64_t)t, 0);
    hazard_sampler_draw(&drawing->sampler, &rng, 1, one);
    values_finish(drawing->values, one);
}

static bool fill(Data *data, double *probabilities, Arena *arena, Arena *scratch, Error *error) {
    const DatasetSettings *settings = data->settings;
    Stored *stored = data->state;
    Drawing drawing = {.values = &settings->values,
                       .key = rng_key((uint64_t)settings->dataset_seed, 0, PURPOSE_DATASET)};
    stored->is_shuffled = settings->order;
    return feature_probabilities(&settings->feature_probability, data->n_features, probabilities,
                                 error) &&
           (hazard_sampler_init(&drawing.sampler, probabilities, data->n_features,
                                values_drawn(&settings->values), scratch) ||
            error_set(error, "no memory for data of %d features", data->n_features)) &&
           stored_fill(stored, data->n_features, settings->n_samples, false, draw_sample, &drawing,
                       arena, error);
}

static bool dataset_open(Data *data, Arena *arena, Error *error) {
    Arena scratch = {0};
    double *probabilities = ARENA_TRY(&scratch, double, data->n_features);
    data->state = ARENA_NEW(arena, Stored, 1);
    bool is_open = probabilities
                       ? fill(data, probabilities, arena, &scratch, error)
                       : error_set(error, "no memory for data of %d features", data->n_features);
    arena_release(&scratch);
    return is_open;
}

static void dataset_draw(const Data *data, const DrawPlace *place, int n_samples, Batch *batch) {
    stored_draw(data->state, place, n_samples, batch);
}

static double dataset_probability(const Data *data, int i) {
    const Stored *stored = data->state;
    return stored->probabilities[i];
}

static double dataset_empty(const Data *data) {
    const Stored *stored = data->state;
    return stored->empty;
}

static DrawWork dataset_work(const Data *data) {
    return stored_work(data->state);
}

static const Field fields[] = {
    {.name = "feature_probability",
     .type = FIELD_FEATURES,
     .offset = offsetof(DatasetSettings, feature_probability),
     .maximum = 1,
     .forms = FORM_SCALAR | FORM_LIST | FORM_FIRST_REST | FORM_ZIPF,
     .help = "chance that a feature is active in a sample as the dataset is drawn: 1 - S"},
    {.name = "n_samples",
     .type = FIELD_INTEGER,
     .offset = offsetof(DatasetSettings, n_samples),
     .fallback = "100",
     .minimum = 1,
     .maximum = 1e7,
     .unit = "samples",
     .help = "how many samples there are; train.batch of as many trains on all of them each step"},
    {.name = "dataset_seed",
     .type = FIELD_INTEGER,
     .offset = offsetof(DatasetSettings, dataset_seed),
     .fallback = "0",
     .maximum = 9e15,
     .help = "which dataset it is, whatever train.seed is"},
    {.name = "order",
     .type = FIELD_WORD,
     .offset = offsetof(DatasetSettings, order),
     .fallback = "shuffled",
     .words = order_words,
     .help = "how batches go through the samples: in their order, or in a new one each epoch"},
    VALUE_FIELDS(DatasetSettings, values)};

const DataKind data_dataset = {
    .kind = {.name = "dataset",
             .summary = "a finite number of samples of independent features, again and again",
             .source = "Henighan et al. 2023, Superposition, Memorization, and Double Descent",
             .fields = fields,
             .n_fields = sizeof fields / sizeof *fields,
             .settings_size = sizeof(DatasetSettings)},
    .open = dataset_open,
    .draw = dataset_draw,
    .probability = dataset_probability,
    .empty = dataset_empty,
    .work = dataset_work};
