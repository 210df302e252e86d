/* Claims for tests of them, and an experiment whose stored numbers are written here, so that every
 * verdict follows by hand. */
#ifndef SUPERPOSE_TESTS_CLAIMED_H
#define SUPERPOSE_TESTS_CLAIMED_H

#include "sim/experiment/claims.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define NONE ((double)NAN)

/* Two points (p = 1 and 0.05), three restarts each, of 4 features. */
enum { N_RUNS = 6, N_FEATURES = 4 };

typedef struct Numbers {
    RunStatus status;
    double loss;
    const char *geometry;
    double norm[N_FEATURES], D[N_FEATURES], angle[N_FEATURES];
} Numbers;

static const Numbers numbers[N_RUNS] = {
    {RUN_DONE, 0.4, "2 dedicated", {1, 1, 0.1, 0}, {1, 1, 0, 0}, {90, 270, NONE, NONE}},
    {RUN_DONE, 0.2, "2 dedicated", {1, 1, 0, 0.2}, {1, 0.99, 0, 0}, {90, 270, NONE, NONE}},
    {RUN_FAILED, NONE, NULL, {0}, {0}, {0}},
    {RUN_DONE, 0.01, "2 digons", {1, 1, 1, 1}, {0.5, 0.5, 0.5, 0.51}, {90, 91, 89, 90}},
    {RUN_DONE, 0.0195, "digon", {1, 1, 0.3, 0}, {0.5, 0.49, 0, 0}, {180, 180, NONE, NONE}},
    {RUN_DONE, 0.011, "2 digons", {1, 1, 1, 1}, {0.5, 0.5, 0.5, 0.48}, {90, 90, 90, 90}},
};

static inline StoredMeasurement number(const char *name, int rank, const double *values) {
    return (StoredMeasurement){.step = 100,
                               .maker = name,
                               .settings = "",
                               .measurement = {.name = name,
                                               .rank = rank,
                                               .shape = {N_FEATURES},
                                               .values = (double *)(uintptr_t)values}};
}

static inline void add_run(Store *store, int i) {
    const Numbers *row = &numbers[i];
    char identity[33];
    float zero[1] = {0};
    double first = 0;
    Error error = {0};
    snprintf(identity, sizeof identity, "%032d", i);
    StoredRun run = {.number = i,
                     .point = i / 3,
                     .restart = i % 3,
                     .identity = identity,
                     .settings = "{}",
                     .axes = i < 3 ? "{\"data.feature_probability\": 1}"
                                   : "{\"data.feature_probability\": 0.05}",
                     .status = row->status,
                     .steps = 100,
                     .loss = row->loss,
                     .error = row->status == RUN_FAILED ? "step 7: W is not finite" : NULL};
    StoredTensor tensor = {100, {.name = "W", .n_rows = 1, .n_columns = 1}, zero};
    StoredMeasurement made[] = {number("loss", 0, &row->loss), number("feature_norm", 1, row->norm),
                                number("feature_dimensionality", 1, row->D),
                                number("adjacent_angle", 1, row->angle),
                                number("geometry_name", 0, &first)};
    made[4].measurement.labels = &row->geometry;
    made[4].measurement.n_labels = 1;
    bool is_done = row->status == RUN_DONE;
    cr_assert(store_add_run(store, &run, &tensor, is_done, made, is_done ? 5 : 0, &error), "%s",
              error.text);
}

/* One axis of two values. */
static inline Experiment experiment_of(Arena *arena) {
    Axis *axis = ARENA_NEW(arena, Axis, 1);
    YamlPair *values = ARENA_NEW(arena, YamlPair, 2);
    const char **keys = ARENA_NEW(arena, const char *, 1);
    keys[0] = "data.feature_probability";
    Place place = {0};
    values[0] = (YamlPair){keys[0], place, yaml_scalar("1", place, arena)};
    values[1] = (YamlPair){keys[0], place, yaml_scalar("0.05", place, arena)};
    *axis = (Axis){.n_keys = 1, .n_values = 2, .keys = keys, .values = values};
    return (Experiment){.axes = axis, .n_axes = 1, .n_points = 2, .n_runs = N_RUNS, .restarts = 3};
}

static inline const Yaml *yaml_of(const char *text, Arena *arena) {
    Problems problems = {.arena = arena};
    const Yaml *yaml = text ? yaml_parse("test", text, strlen(text), arena, &problems) : NULL;
    cr_assert_eq(problems.n, 0);
    return yaml;
}

/* An experiment with the first runs of it stored, and what its claims came to. */
typedef struct Claimed {
    char path[64];
    Arena arena;
    Store *store;
    Experiment experiment;
    StoredClaim *checked;
    int n, n_failed;
} Claimed;

static inline void claimed_open(Claimed *claimed, int n_runs) {
    Error error = {0};
    *claimed = (Claimed){0};
    sprintf(claimed->path, "/tmp/test_claims-%d.db", (int)getpid());
    unlink(claimed->path);
    cr_assert(store_open(&claimed->store, claimed->path, STORE_WRITE, &error), "%s", error.text);
    for (int i = 0; i < n_runs; i++)
        add_run(claimed->store, i);
    claimed->experiment = experiment_of(&claimed->arena);
}

static inline void claimed_close(Claimed *claimed) {
    Error error = {0};
    cr_assert(store_close(claimed->store, &error), "%s", error.text);
    unlink(claimed->path);
    arena_release(&claimed->arena);
}

static inline void claimed_check(Claimed *claimed, const Claim *claims, int n, bool is_forced) {
    Error error = {0};
    claimed->experiment.claims = claims;
    claimed->experiment.n_claims = n;
    cr_assert(claims_check(&claimed->experiment, claimed->store, is_forced, &claimed->arena,
                           &claimed->checked, &claimed->n, &claimed->n_failed, &error),
              "%s", error.text);
    cr_assert_eq(claimed->n, n);
}

#define SPARSE "{data.feature_probability: 5e-2}"
#define WHOLE(called)                                                                              \
    .feature = -1, .maker = "summary", .is_whole = true, .name = called, .measurement = called
#define EVERY .feature = -1, .maker = "metric"
#define REPRESENTED .feature = -2, .maker = "metric"
#define BETWEEN(a, b) .test = CLAIM_BETWEEN, .low = (a), .high = (b)
#define EQUALS(a) .test = CLAIM_EQUALS, .low = (a), .high = (a)

#endif
