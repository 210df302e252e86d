/* Only sets with an active feature are visited ("events"):
 *
 *     sample 0: . . E . . .   sample 1: . E . . . .   …      . a set without active features
 *               └gap┘ └─────gap──────────┘                   E an event, of chance `event`
 *
 * An event is an active set or, where features can be active without it, one that is not; then its
 * features are drawn on the condition that there is one. The first of k features that are active
 * with probability a each, if any is, is j with (1 - a)^j a / (1 - (1 - a)^k). */
#include "sim/data/sets.h"
#include "sim/data/sampler.h"

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

/* From this probability on, a coin for each of some features costs less than a gap for each active
 * one. */
static const double COINS_FROM = 0.125;

/* Those of `first` … end - 1 that are active, with probability p each; returns how many. */
static int add_members(Rng *rng, int first, int end, double p, int *index) {
    int n = 0;
    if (p >= COINS_FROM) {
        for (int i = first; i < end; i++)
            if (p >= 1 || rng_uniform(rng) < p)
                index[n++] = i;
    } else if (p > 0) {
        double per_log = 1 / log1p(-p), at = draw_gap(rng, per_log);
        while (at < end - first) {
            index[n++] = first + (int)at;
            at += 1 + draw_gap(rng, per_log);
        }
    }
    return n;
}

/* The same on the condition that there is one. */
static int add_some_members(Rng *rng, int first, int end, double p, int *index) {
    double at = 0;
    if (p < 1) {
        double u = 1 - rng_uniform(rng) * chance_of_any(p, end - first);
        at = fmin(fmax(floor(log(u) / log1p(-p)), 0), end - first - 1);
    }
    index[0] = first + (int)at;
    return 1 + add_members(rng, index[0] + 1, end, p, index + 1);
}

/* The active features of an event in this set; returns how many, at least 1. */
static int add_event(const SetSampler *sampler, Rng *rng, int set, int *index) {
    const SetLaw *law = &sampler->law;
    int first = set * law->size, end = first + law->size;
    bool is_active = sampler->active_share >= 1 || rng_uniform(rng) < sampler->active_share;
    if (!is_active)
        return add_some_members(rng, first + law->has_parent, end, law->without, index);
    if (law->is_exclusive) {
        index[0] = first + (int)(rng_uniform(rng) * law->size);
        return 1;
    }
    if (!law->has_parent)
        return add_some_members(rng, first, end, law->with, index);
    index[0] = first;
    return 1 + add_members(rng, first + 1, end, law->with, index + 1);
}

/* Likely events, by a coin for each set: a sparse batch, of which x is not drawn. */
static void draw_likely_events(double p, Rng *rng, int n_samples, Batch *events) {
    int n_rows = 0, n = 0;
    for (int sample = 0; sample < n_samples; sample++) {
        events->start[n_rows] = n;
        for (int set = 0; set < events->n_features; set++) {
            events->index[n] = set;
            n += rng_uniform(rng) < p;
        }
        n_rows += n > events->start[n_rows];
    }
    events->start[n_rows] = n;
    events->n_rows = n_rows;
}

/* The same of probabilities too small for the gap sampler. */
static void draw_rare_events(double p, Rng *rng, int n_samples, Batch *events) {
    int n_sets = events->n_features, n_rows = 0, n = 0, last = -1;
    const double end = (double)n_samples * n_sets, per_log = 1 / log1p(-p);
    double at = p > 0 ? draw_gap(rng, per_log) : end;
    while (at < end) {
        int sample = (int)(at / n_sets);
        if (sample != last)
            events->start[n_rows++] = n;
        last = sample;
        events->index[n++] = (int)(at - (double)sample * n_sets);
        at += 1 + draw_gap(rng, per_log);
    }
    events->start[n_rows] = n;
    events->n_rows = n_rows;
}

void sets_draw(const Data *data, const DrawPlace *place, int n_samples, Batch *batch) {
    const SetSampler *sampler = data->state;
    double p = sampler->event;
    RngLanes lanes[3];
    Rng rng;
    for (uint64_t i = 0; i < 3; i++)
        rng_lanes_init(&lanes[i], place->key, place->step, 4 * place->block + i);
    rng_init(&rng, place->key, place->step, 4 * place->block + 3);
    /* Events are drawn as a batch whose features are sets, into room that is for targets later.
     * Each has at least one feature, so rows' starts and values may lie where they do at last. */
    Batch events = *batch;
    events.n_features = sampler->n_sets;
    events.index = (int *)(void *)batch->y_own;
    if (p >= GAP_LEAST_PROBABILITY && p <= 0.5)
        gap_sampler_draw(p, VALUE_UNIFORM, lanes, n_samples, &events);
    else if (p > 0.5)
        draw_likely_events(p, &rng, n_samples, &events);
    else
        draw_rare_events(p, &rng, n_samples, &events);
    int n = 0;
    for (int row = 0, e = 0; row < events.n_rows; row++) {
        int end = events.start[row + 1];
        batch->start[row] = n;
        for (; e < end; e++)
            n += add_event(sampler, &rng, events.index[e], batch->index + n);
    }
    batch->start[events.n_rows] = n;
    values_sampler_draw(sampler->values, &lanes[2], n, batch->x);
    batch->form = BATCH_SPARSE;
    batch->n_rows = events.n_rows;
    batch->n_empty = n_samples - events.n_rows;
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

/* What add_members takes, `times` times a sample, among n features; few of them for gaps. */
static void add_work_of_members(DrawWork *work, double times, double n, double p) {
    if (p >= COINS_FROM && p < 1) {
        work->numbers += times * n;
        work->choices += times * n;
    } else if (p > 0 && p < 1) {
        work->numbers += times * (1 + n * p);
        work->choices += times * (1 + n * p);
        work->logs += times * (2 + n * p);
    }
}

/* The same of add_some_members, whose first feature has a law of its own. */
static void add_work_of_some(DrawWork *work, double times, int n, double p) {
    if (p <= 0 || p >= 1)
        return;
    double left = n - 1 - fmin((1 - p) / p, 0.5 * (n - 1)); /* features after the first */
    work->numbers += times;
    work->logs += 4 * times;
    add_work_of_members(work, times, left, p);
}

DrawWork sets_work(const Data *data) {
    const SetSampler *sampler = data->state;
    const SetLaw *law = &sampler->law;
    double events = sampler->n_sets * sampler->event, active = events * sampler->active_share;
    bool is_likely = sampler->event > 0.5; /* draw_likely_events: a coin for each set */
    bool is_mixed = sampler->active_share > 0 && sampler->active_share < 1;
    DrawWork work = {.numbers = (is_likely ? sampler->n_sets : 0) + (is_mixed ? events : 0),
                     .choices = is_likely ? sampler->n_sets : events,
                     .is_listed = true};
    if (law->is_exclusive)
        work.numbers += active;
    else if (law->has_parent)
        add_work_of_members(&work, active, law->size - 1, law->with);
    else
        add_work_of_some(&work, active, law->size, law->with);
    add_work_of_some(&work, events - active, law->size - law->has_parent, law->without);
    return work;
}
