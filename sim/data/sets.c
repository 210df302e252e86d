/* Only sets with an active feature are visited ("events"):
 *
 *     sample 0: . . E . . .   sample 1: . E . . . .   …      . a set without active features
 *               └gap┘ └─────gap──────────┘                   E an event, of chance `event`
 *
 * An event is an active set or, where features can be active without it, one that is not; then its
 * features are drawn on the condition that there is one. The first of k features that are active
 * with probability a each, if any is, is j with (1 - a)^j a / (1 - (1 - a)^k). */
#include "sim/data/sets.h"

#include <math.h>

/* Chance that one of n features of probability p each is active. */
static double chance_of_any(double p, int n) {
    return n > 0 ? -expm1(n * log1p(-p)) : 0;
}

/* Features that can be active without their set. */
static int n_free(const SetLaw *law) {
    return law->is_exclusive ? 0 : law->size - law->has_parent;
}

static double chance_when_active(const SetLaw *law) {
    return law->is_exclusive || law->has_parent ? 1 : chance_of_any(law->with, law->size);
}

bool sets_open(Data *data, const SetLaw *law, const ValueSettings *values, Arena *arena,
               Error *error) {
    SetSampler *sampler = ARENA_NEW(arena, SetSampler, 1);
    if (data->n_features % law->size)
        return error_set(error, "data.set_size: sets of %d do not divide %d features", law->size,
                         data->n_features);
    double active = law->probability * chance_when_active(law);
    double other = (1 - law->probability) * chance_of_any(law->without, n_free(law));
    *sampler = (SetSampler){.law = *law,
                            .values = values_drawn(values),
                            .n_sets = data->n_features / law->size,
                            .event = fmin(active + other, 1),
                            .active_share = active > 0 ? active / (active + other) : 0};
    data->values = values;
    data->state = sampler;
    return true;
}

/* The number of failures before the first success of probability p > 0: floor(log(u) / log(1 - p))
 * of u in (0, 1]. 0 for p = 1, where the quotient is -0 or 0. */
static double draw_gap(Rng *rng, double per_log) {
    return floor(log(1 - rng_uniform(rng)) * per_log);
}

typedef struct Row {
    Rng *rng;
    ValueLaw law;
    Batch *batch;
    int n; /* entries so far */
} Row;

static void add_entry(Row *row, int feature) {
    row->batch->index[row->n] = feature;
    row->batch->x[row->n++] = value_draw(row->law, row->rng);
}

/* Features first … first + n - 1, each active with probability p; where `is_some`, at least one. */
static void add_members(Row *row, int first, int n, double p, bool is_some) {
    if (!(p > 0))
        return;
    double per_log = 1 / log1p(-p), at;
    if (is_some) {
        double u = 1 - rng_uniform(row->rng) * chance_of_any(p, n);
        at = fmin(fmax(floor(log(u) * per_log), 0), n - 1);
    } else {
        at = draw_gap(row->rng, per_log);
    }
    while (at < n) {
        add_entry(row, first + (int)at);
        at += 1 + draw_gap(row->rng, per_log);
    }
}

static void add_event(const SetSampler *sampler, Row *row, int set) {
    const SetLaw *law = &sampler->law;
    int first = set * law->size, n = law->size - law->has_parent;
    bool is_active = rng_uniform(row->rng) < sampler->active_share;
    if (is_active && law->is_exclusive) {
        add_entry(row, first + (int)(rng_uniform(row->rng) * law->size));
        return;
    }
    if (is_active && law->has_parent)
        add_entry(row, first);
    add_members(row, first + law->has_parent, n, is_active ? law->with : law->without,
                !is_active || !law->has_parent);
}

void sets_draw(const Data *data, const DrawPlace *place, int n_samples, Batch *batch) {
    const SetSampler *sampler = data->state;
    Rng rng;
    rng_init(&rng, place->key, place->step, place->block);
    Row row = {.rng = &rng, .law = sampler->values, .batch = batch};
    const double end = (double)n_samples * sampler->n_sets, per_log = 1 / log1p(-sampler->event);
    double at = sampler->event > 0 ? draw_gap(&rng, per_log) : end;
    int n_rows = 0, last = -1;
    while (at < end) {
        int sample = (int)(at / sampler->n_sets);
        if (sample != last)
            batch->start[n_rows++] = row.n;
        last = sample;
        add_event(sampler, &row, (int)(at - (double)sample * sampler->n_sets));
        at += 1 + draw_gap(&rng, per_log);
    }
    batch->start[n_rows] = row.n;
    batch->form = BATCH_SPARSE;
    batch->n_rows = n_rows;
    batch->n_empty = n_samples - n_rows;
}

double sets_probability(const Data *data, int i) {
    const SetSampler *sampler = data->state;
    const SetLaw *law = &sampler->law;
    if (law->is_exclusive)
        return law->probability / law->size;
    if (law->has_parent && i % law->size == 0)
        return law->probability;
    return law->probability * law->with + (1 - law->probability) * law->without;
}

double sets_empty(const Data *data) {
    const SetSampler *sampler = data->state;
    return exp(sampler->n_sets * log1p(-sampler->event));
}
