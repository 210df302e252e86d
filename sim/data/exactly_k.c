/* Samples with exactly k active features, every choice of k of the n as likely: one number active
 * where others are not makes features slightly anticorrelated, but the loss of k active features at
 * once is measured alone. */
#include "sim/data/data.h"

#include <string.h>

typedef struct ExactlyKSettings {
    DataSettings common;
    int64_t n_active;
    ValueSettings values;
} ExactlyKSettings;

static bool exactly_k_open(Data *data, Arena *arena, Error *error) {
    const ExactlyKSettings *settings = data->settings;
    (void)arena;
    data->values = &settings->values;
    if (settings->n_active > data->n_features)
        return error_set(error, "data.n_active: %lld of %d features cannot be active",
                         (long long)settings->n_active, data->n_features);
    return true;
}

/* Floyd's algorithm (Bentley & Floyd 1987): for j = n - k … n - 1 a number of 0 … j, or j where the
 * set has it already. Kept in order by insertion: about k^2 / 4 moves. */
static void choose_few(Rng *rng, int n, int k, int *chosen) {
    for (int count = 0; count < k; count++) {
        int j = n - k + count, t = (int)(rng_uniform(rng) * (j + 1)), at = count;
        while (at > 0 && chosen[at - 1] > t)
            at--;
        if (at > 0 && chosen[at - 1] == t) {
            chosen[count] = j;
            continue;
        }
        memmove(chosen + at + 1, chosen + at, (size_t)(count - at) * sizeof *chosen);
        chosen[at] = t;
    }
}

/* Selection sampling (Knuth, The Art of Computer Programming 2, 3.4.2, algorithm S): feature i is
 * taken with the chance of those still wanted among those left. */
static void choose_many(Rng *rng, int n, int k, int *chosen) {
    for (int i = 0, count = 0; count < k; i++)
        if (rng_uniform(rng) * (n - i) < k - count)
            chosen[count++] = i;
}

static bool are_few(int n, int k) {
    return (int64_t)k * k < 8 * (int64_t)n;
}

static void exactly_k_draw(const Data *data, const DrawPlace *place, int n_samples, Batch *batch) {
    const ExactlyKSettings *settings = data->settings;
    int n = data->n_features, k = (int)settings->n_active;
    ValueLaw law = values_drawn(&settings->values);
    Rng rng;
    rng_init(&rng, place->key, place->step, place->block);
    for (int row = 0; row < n_samples; row++) {
        int first = batch->start[row] = row * k;
        (are_few(n, k) ? choose_few : choose_many)(&rng, n, k, batch->index + first);
        for (int e = first; e < first + k; e++)
            batch->x[e] = value_draw(law, &rng);
    }
    batch->start[n_samples] = n_samples * k;
    batch->form = BATCH_SPARSE;
    batch->n_rows = n_samples;
}

static double exactly_k_probability(const Data *data, int i) {
    const ExactlyKSettings *settings = data->settings;
    (void)i;
    return (double)settings->n_active / data->n_features;
}

/* A place and a value each, and k^2 / 4 moves, nearly choices; or coins up to the last feature. */
static DrawWork exactly_k_work(const Data *data) {
    const ExactlyKSettings *settings = data->settings;
    double n = data->n_features, k = (double)settings->n_active;
    double n_coins = k * (n + 1) / (k + 1);
    DrawWork few = {.numbers = 2 * k, .choices = k > 1 ? k + k * k / 5 : 0, .is_listed = true};
    DrawWork many = {.numbers = n_coins + k, .choices = n_coins, .is_listed = true};
    return are_few(data->n_features, (int)settings->n_active) ? few : many;
}

static const Field fields[] = {{.name = "n_active",
                                .type = FIELD_INTEGER,
                                .offset = offsetof(ExactlyKSettings, n_active),
                                .fallback = "1",
                                .minimum = 1,
                                .maximum = MAX_FEATURES,
                                .is_live = true,
                                .unit = "features",
                                .help = "how many features of a sample are active"},
                               VALUE_FIELDS(ExactlyKSettings, values)};

const DataKind data_exactly_k = {
    .kind = {.name = "exactly_k",
             .summary = "every sample has exactly n_active active features",
             .source = "Elhage et al. 2022, Mathematical Understanding (the loss by number of "
                       "active features)",
             .fields = fields,
             .n_fields = sizeof fields / sizeof *fields,
             .settings_size = sizeof(ExactlyKSettings)},
    .open = exactly_k_open,
    .draw = exactly_k_draw,
    .probability = exactly_k_probability,
    .work = exactly_k_work};
