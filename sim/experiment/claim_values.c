#include "sim/experiment/claim_values.h"
#include "sim/metric/overlap.h"

#include <string.h>

/* A measurement of the whole experiment, or one entry of it. */
static bool take_whole(const ClaimRuns *runs, const Claim *claim, Arena *arena, Evidence *evidence,
                       Error *error) {
    StoredMeasurement stored;
    bool found;
    if (!store_measurement(runs->store, 0, claim->measurement, 0, arena, &stored, &found, error))
        return false;
    if (!found) {
        evidence->why = arena_print(arena, "%s was not made", claim->measurement);
        return true;
    }
    const Measurement *measurement = &stored.measurement;
    int64_t at = claim->entry.rank
                     ? store_entry_find(&claim->entry, measurement->rank, measurement->shape)
                     : 0;
    if (at < 0)
        evidence->why = arena_print(arena, "there is no %s", claim->name);
    else
        evidence->series[evidence->n++] =
            (Series){.n = claim->entry.rank ? 1 : measurement_count(measurement),
                     .values = measurement->values + at,
                     .measurement = *measurement};
    return true;
}

/* Keeps the part that belongs to feature `from`, where the first index is the feature. */
static void keep_feature(Series *series, int64_t from, int64_t per_feature, const double *all) {
    for (int64_t j = 0; j < per_feature; j++)
        series->values[series->n++] = all[from * per_feature + j];
}

/* Keeps the represented features: those whose feature_norm is above 0.5. */
static bool keep_represented(const ClaimRuns *runs, Series *series, int64_t n_features,
                             int64_t per_feature, const double *all, const char **why,
                             Error *error) {
    Arena scratch = {0};
    Measurement norm;
    bool found;
    bool good =
        claim_measurement(runs, series->run, "feature_norm", &scratch, &norm, &found, error);
    bool is_told = good && found && measurement_count(&norm) == n_features;
    if (good && !is_told)
        *why = "which features are represented is told by the metric feature_norm, which is not "
               "recorded";
    for (int64_t i = 0; is_told && i < n_features; i++)
        if (norm.values[i] > REPRESENTED_NORM)
            keep_feature(series, i, per_feature, all);
    arena_release(&scratch);
    return good;
}

static bool take_features(const ClaimRuns *runs, const Claim *claim, Series *series, Arena *arena,
                          const char **why, Error *error) {
    const Measurement *measurement = &series->measurement;
    int64_t count = measurement_count(measurement);
    series->is_single = measurement->rank == 0;
    series->values = measurement->values;
    series->n = count;
    if (claim->feature == FEATURES_ALL)
        return true;
    if (measurement->rank == 0) {
        *why = arena_print(arena, "%s is one number, not one for each feature", claim->name);
        return true;
    }
    int64_t n_features = measurement->shape[0], per_feature = count / (n_features ? n_features : 1);
    series->values = ARENA_NEW(arena, double, count);
    series->n = 0;
    if (claim->feature == FEATURES_REPRESENTED)
        return keep_represented(runs, series, n_features, per_feature, measurement->values, why,
                                error);
    series->is_single = per_feature == 1;
    if (claim->feature < n_features)
        keep_feature(series, claim->feature, per_feature, measurement->values);
    else
        *why = arena_print(arena, "%s has no feature %lld", claim->name, (long long)claim->feature);
    return true;
}

/* The run's measurement. Of what the store gives of it only the numbers are kept, unless they are
 * codes: there may be a million runs. */
static bool take_measurement(const ClaimRuns *runs, const Claim *claim, Series *series,
                             Arena *arena, bool *found, Error *error) {
    Arena scratch = {0};
    Measurement *measurement = &series->measurement;
    bool good =
        claim_measurement(runs, series->run, claim->name, &scratch, measurement, found, error);
    if (good && *found && measurement->labels) {
        good = claim_measurement(runs, series->run, claim->name, arena, measurement, found, error);
    } else if (good && *found) {
        size_t n = (size_t)measurement_count(measurement);
        double *values = ARENA_NEW(arena, double, n);
        measurement->values = n ? memcpy(values, measurement->values, n * sizeof *values) : values;
        measurement->name = claim->name;
    }
    arena_release(&scratch);
    return good;
}

static bool take_measurements(const ClaimRuns *runs, const Claim *claim, const Selection *selection,
                              Arena *arena, Evidence *evidence, Error *error) {
    for (int64_t r = 0; r < selection->n && !evidence->why; r++) {
        Series *series = &evidence->series[evidence->n++];
        bool found;
        series->run = selection->runs[r];
        if (!take_measurement(runs, claim, series, arena, &found, error))
            return false;
        if (!found)
            evidence->why = arena_print(arena, "%s is not recorded (run %lld)", claim->name,
                                        (long long)series->run->number);
        else if (!take_features(runs, claim, series, arena, &evidence->why, error))
            return false;
    }
    return true;
}

bool claim_values_take(const ClaimRuns *runs, const Claim *claim, const Selection *selection,
                       Arena *arena, Evidence *evidence, Error *error) {
    *evidence = (Evidence){.series = ARENA_NEW(arena, Series, selection->n + 1)};
    if (claim->is_whole)
        return take_whole(runs, claim, arena, evidence, error);
    return take_measurements(runs, claim, selection, arena, evidence, error);
}
