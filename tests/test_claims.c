/* claims: `expect` rows on a store whose numbers are written here, so every verdict follows by
 * hand. */
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

static StoredMeasurement number(const char *name, int rank, const double *values) {
    return (StoredMeasurement){.step = 100,
                               .maker = name,
                               .settings = "",
                               .measurement = {.name = name,
                                               .rank = rank,
                                               .shape = {N_FEATURES},
                                               .values = (double *)(uintptr_t)values}};
}

static void add_run(Store *store, int i) {
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
static Experiment experiment_of(Arena *arena, const Claim *claims, int n_claims) {
    Axis *axis = ARENA_NEW(arena, Axis, 1);
    YamlPair *values = ARENA_NEW(arena, YamlPair, 2);
    const char **keys = ARENA_NEW(arena, const char *, 1);
    keys[0] = "data.feature_probability";
    Place place = {0};
    values[0] = (YamlPair){keys[0], place, yaml_scalar("1", place, arena)};
    values[1] = (YamlPair){keys[0], place, yaml_scalar("0.05", place, arena)};
    *axis = (Axis){.n_keys = 1, .n_values = 2, .keys = keys, .values = values};
    return (Experiment){.axes = axis,
                        .n_axes = 1,
                        .n_points = 2,
                        .n_runs = N_RUNS,
                        .restarts = 3,
                        .claims = claims,
                        .n_claims = n_claims};
}

/* Of each run, and of the whole experiment: 0.2 | (0.01 + 0.011) / 2. */
static Choices summaries_of(Arena *arena) {
    static const char *const rows[] = {"{kind: loss_ratio, name: loss_ratio}",
                                       "{kind: mean_of_kept, name: mean}"};
    Problems problems = {.arena = arena};
    Choices choices = {ARENA_NEW(arena, Choice, 2), 2};
    for (int i = 0; i < 2; i++) {
        const Yaml *row = yaml_parse("test", rows[i], strlen(rows[i]), arena, &problems);
        choice_read(&summary_table, row, row->place, NULL, 0, &choices.items[i], arena, &problems);
    }
    cr_assert_eq(problems.n, 0);
    return choices;
}

static const Yaml *yaml_of(const char *text, Arena *arena) {
    Problems problems = {.arena = arena};
    const Yaml *yaml = text ? yaml_parse("test", text, strlen(text), arena, &problems) : NULL;
    cr_assert_eq(problems.n, 0);
    return yaml;
}

static Store *open_store(char *path, int n_runs) {
    Store *store;
    Error error = {0};
    sprintf(path, "/tmp/test_claims-%d.db", (int)getpid());
    unlink(path);
    cr_assert(store_open(&store, path, STORE_WRITE, &error), "%s", error.text);
    for (int i = 0; i < n_runs; i++)
        add_run(store, i);
    return store;
}

static void close_store(Store *store, const char *path) {
    Error error = {0};
    cr_assert(store_close(store, &error), "%s", error.text);
    unlink(path);
}

typedef struct Row {
    const char *at, *where;
    Claim claim;
    const char *state, *found;
} Row;

#define SPARSE "{data.feature_probability: 5e-2}"
#define WHOLE(called)                                                                              \
    .feature = -1, .maker = "summary", .is_whole = true, .name = called, .measurement = called
#define EVERY .feature = -1, .maker = "metric"
#define REPRESENTED .feature = -2, .maker = "metric"
#define BETWEEN(a, b) .test = CLAIM_BETWEEN, .low = (a), .high = (b)
#define EQUALS(a) .test = CLAIM_EQUALS, .low = (a), .high = (a)
static const char *const digons[] = {"2 digons", "digon"};

static const Row rows[] = {
    /* One number a run. */
    {SPARSE, NULL, {EVERY, .name = "loss", .is_best = true, BETWEEN(0.009, 0.011)}, "held", "0.01"},
    {NULL,
     NULL,
     {EVERY, .name = "loss", .is_best = true, BETWEEN(0, 0.1)},
     "not held",
     "0.01 … 0.2 (run 1: 0.2)"},
    {SPARSE,
     NULL,
     {EVERY, .name = "loss", .reduce = REDUCE_MEAN, BETWEEN(0.0134, 0.0136)},
     "held",
     "0.0135"},
    {SPARSE,
     NULL,
     {EVERY, .name = "loss", .reduce = REDUCE_MEDIAN, EQUALS(0.011)},
     "held",
     "0.011"},
    {SPARSE,
     NULL,
     {EVERY, .name = "loss", .reduce = REDUCE_COUNT, .above = 0.0105, EQUALS(2)},
     "held",
     "2"},
    {SPARSE,
     NULL,
     {EVERY, .name = "loss", .reduce = REDUCE_SUM, BETWEEN(0.0404, 0.0406)},
     "held",
     "0.0405"},
    {SPARSE,
     NULL,
     {EVERY, .name = "loss", .reduce = REDUCE_COUNT, .is_within = true, .within = {0.01, 0.011},
      EQUALS(2)},
     "held",
     "2"},
    /* One for each feature: reduced run by run. */
    {SPARSE,
     NULL,
     {EVERY, .name = "feature_dimensionality", .is_best = true, BETWEEN(0.495, 0.515)},
     "held",
     "0.5 … 0.51"},
    {SPARSE,
     NULL,
     {EVERY, .name = "feature_dimensionality", BETWEEN(0.48, 0.51)},
     "not held",
     "0 … 0.51 (run 4: 0)"},
    {SPARSE,
     NULL,
     {REPRESENTED, .name = "feature_dimensionality", BETWEEN(0.48, 0.51)},
     "held",
     "0.48 … 0.51"},
    {SPARSE,
     NULL,
     {EVERY, .name = "feature_dimensionality", .reduce = REDUCE_MAX, BETWEEN(0.5, 0.51)},
     "held",
     "0.5 … 0.51"},
    /* 3 of 4, 1 of 2, 3 of 4 represented features. */
    {SPARSE,
     NULL,
     {REPRESENTED, .name = "feature_dimensionality", .reduce = REDUCE_SHARE, .is_within = true,
      .within = {0.495, 0.505}, BETWEEN(0.6, 1)},
     "not held",
     "0.5 … 0.75 (run 4: 0.5)"},
    {SPARSE,
     NULL,
     {EVERY, .name = "feature_dimensionality", .reduce = REDUCE_SUM, BETWEEN(0.9, 2.1)},
     "held",
     "0.99 … 2.01"},
    {SPARSE,
     NULL,
     {EVERY, .name = "feature_dimensionality", .reduce = REDUCE_MIN, BETWEEN(0.4, 1)},
     "not held",
     "0 … 0.5 (run 4: 0)"},
    {SPARSE,
     NULL,
     {EVERY, .name = "feature_norm", .reduce = REDUCE_COUNT, .above = 0.5, BETWEEN(2, 4)},
     "held",
     "2 … 4"},
    {SPARSE,
     NULL,
     {.maker = "metric",
      .feature = 3,
      .name = "feature_norm",
      .reduce = REDUCE_MEAN,
      BETWEEN(0.66, 0.67)},
     "held",
     "0.6667"},
    {SPARSE,
     NULL,
     {.maker = "metric", .feature = 4, .name = "feature_norm", EQUALS(1)},
     "not held",
     "feature_norm has no feature 4"},
    {SPARSE,
     NULL,
     {.maker = "metric", .feature = 0, .name = "loss", EQUALS(1)},
     "not held",
     "loss is one number, not one for each feature"},
    /* NaN: only where the feature counts. */
    {SPARSE,
     NULL,
     {EVERY, .name = "adjacent_angle", BETWEEN(0, 360)},
     "not held",
     "adjacent_angle is not defined (NaN) (run 4)"},
    {SPARSE, NULL, {REPRESENTED, .name = "adjacent_angle", BETWEEN(0, 360)}, "held", "89 … 180"},
    /* Names. */
    {SPARSE,
     NULL,
     {EVERY, .name = "geometry_name", .test = CLAIM_IS, .names = digons, .n_names = 2},
     "held",
     "2 digons (2), digon"},
    {SPARSE,
     NULL,
     {EVERY, .name = "geometry_name", .test = CLAIM_IS, .names = digons, .n_names = 1},
     "not held",
     "2 digons (2), digon"},
    {SPARSE,
     NULL,
     {EVERY, .name = "geometry_name", EQUALS(0)},
     "not held",
     "geometry_name holds names: test it with `is`"},
    {SPARSE,
     NULL,
     {EVERY, .name = "loss", .test = CLAIM_IS, .names = digons, .n_names = 1},
     "not held",
     "loss holds no name (run 3)"},
    /* Summaries, and runs by what they are. */
    {SPARSE,
     "{geometry_name: digon}",
     {.maker = "summary", .feature = -1, .name = "loss_ratio", BETWEEN(1.9, 2.05)},
     "held",
     "1.95"},
    {SPARSE,
     "{geometry_name: [digon, 2 digons]}",
     {.maker = "summary", .feature = -1, .name = "loss_ratio", BETWEEN(0.9, 1.2)},
     "not held",
     "1 … 1.95 (run 4: 1.95)"},
    {SPARSE,
     "{geometry_name: pentagon}",
     {.maker = "summary", .feature = -1, .name = "loss_ratio", BETWEEN(1.9, 2.05)},
     "skipped",
     "no run is like that"},
    {SPARSE, "{loss: 0.011}", {EVERY, .name = "feature_norm", EQUALS(1)}, "held", "1"},
    {SPARSE,
     "{nothing: 1}",
     {EVERY, .name = "feature_norm", EQUALS(1)},
     "not held",
     "nothing is not recorded (run 3)"},
    {SPARSE,
     "{feature_norm: 1}",
     {EVERY, .name = "feature_norm", EQUALS(1)},
     "not held",
     "feature_norm is not one value for each run"},
    /* Of the whole experiment. */
    {NULL, NULL, {WHOLE("mean"), BETWEEN(0.01, 0.2)}, "held", "0.0105 … 0.2"},
    {NULL, NULL, {WHOLE("mean"), BETWEEN(0.01, 0.1)}, "not held", "0.0105 … 0.2"},
    {NULL, NULL, {WHOLE("mean"), .reduce = REDUCE_MAX, EQUALS(0.2)}, "held", "0.2"},
    {NULL, NULL, {WHOLE("mean"), .entry = {1, {-1}}, BETWEEN(0.0104, 0.0106)}, "held", "0.0105"},
    {NULL,
     NULL,
     {.maker = "summary",
      .is_whole = true,
      .name = "mean[2]",
      .measurement = "mean",
      .entry = {1, {2}},
      EQUALS(1)},
     "not held",
     "there is no mean[2]"},
    {NULL, NULL, {WHOLE("slope"), EQUALS(1)}, "not held", "slope was not made"},
    {NULL,
     NULL,
     {WHOLE("mean"), .test = CLAIM_IS, .names = digons, .n_names = 1},
     "not held",
     "mean holds no name"},
    /* What is missing. */
    {NULL,
     NULL,
     {EVERY, .name = "loss", BETWEEN(0, 1)},
     "not held",
     "run 2 failed: step 7: W is not finite"},
    {SPARSE,
     NULL,
     {EVERY, .name = "gram", BETWEEN(0, 1)},
     "not held",
     "gram is not recorded (run 3)"},
    {"{data.feature_probability: 0.5}",
     NULL,
     {EVERY, .name = "loss", BETWEEN(0, 1)},
     "not held",
     "no run of the experiment is there"},
    /* Known not to hold; and known, but it does. */
    {SPARSE,
     NULL,
     {EVERY, .name = "loss", EQUALS(1), .known = "too short"},
     "known",
     "0.01 … 0.0195 (run 3: 0.01)"},
    {SPARSE,
     NULL,
     {EVERY, .name = "loss", BETWEEN(0, 1), .known = "too short"},
     "held",
     "0.01 … 0.0195"},
};

enum { N_ROWS = sizeof rows / sizeof *rows };

Test(claims, verdicts) {
    char path[64];
    Arena arena = {0};
    Store *store = open_store(path, N_RUNS);
    Claim claims[N_ROWS];
    int n_not_held = 0, n, n_failed;
    for (int r = 0; r < N_ROWS; r++) {
        claims[r] = rows[r].claim;
        claims[r].at = yaml_of(rows[r].at, &arena);
        claims[r].where = yaml_of(rows[r].where, &arena);
        n_not_held += strcmp(rows[r].state, "not held") == 0;
    }
    Experiment experiment = experiment_of(&arena, claims, N_ROWS);
    experiment.summaries = summaries_of(&arena);
    StoredClaim *checked;
    Error error = {0};
    cr_assert(claims_check(&experiment, store, false, &arena, &checked, &n, &n_failed, &error),
              "%s", error.text);
    cr_assert_eq(n, N_ROWS);
    for (int r = 0; r < N_ROWS; r++) {
        cr_expect_str_eq(checked[r].state, rows[r].state, "%s: %s", checked[r].text,
                         checked[r].found);
        cr_expect_str_eq(checked[r].found, rows[r].found, "%s: %s", checked[r].text,
                         checked[r].found);
    }
    cr_assert_eq(n_failed, n_not_held);
    close_store(store, path);
    arena_release(&arena);
}

/* Four digits, or as many more as keep it on its side of a bound; whole numbers in full. */
Test(claims, numbers_read_as_they_are_judged) {
    static const struct {
        double low, high, value;
        const char *text;
    } found[] = {
        {0.39, 0.41, 0.39350412, "0.3935"},
        {0.39, 0.41, 0.41000004, "0.41000004"},
        {0.39, 0.41, 0.38999998, "0.38999998"},
        {0.39, 0.41, 0.40999996, "0.41"},
        {0.99, 1.01, 0.999998, "1"},
        {0.999999, 1.01, 0.999998, "0.999998"},
        {-95, -85, -90.0004, "-90"},
        {2.3e-3, 2.7e-3, 2.4567891e-3, "0.002457"},
        {0.3, 0.3, 0.1 + 0.2, "0.30000000000000004"},
        {0, 1e6, 25000, "25000"},
        {0, 1e6, 123456.7, "1.235e+05"},
        {0, 1e6, INFINITY, "inf"},
    };
    Arena arena = {0};
    for (size_t i = 0; i < sizeof found / sizeof *found; i++) {
        Claim claim = {EVERY, .name = "loss", BETWEEN(found[i].low, found[i].high)};
        cr_expect_str_eq(claim_number(&claim, found[i].value, &arena), found[i].text);
    }
    arena_release(&arena);
}

Test(claims, missing_runs_do_not_hold) {
    char path[64];
    Arena arena = {0};
    Store *store = open_store(path, 5);
    Claim claims[] = {{EVERY, .name = "loss", BETWEEN(0, 1), .at = yaml_of(SPARSE, &arena)},
                      {EVERY, .name = "loss", .is_best = true, BETWEEN(0, 1)}};
    Experiment experiment = experiment_of(&arena, claims, 2);
    StoredClaim *checked;
    int n, n_failed;
    Error error = {0};
    cr_assert(claims_check(&experiment, store, false, &arena, &checked, &n, &n_failed, &error));
    for (int c = 0; c < 2; c++) {
        cr_assert_str_eq(checked[c].state, "not held");
        cr_assert_str_eq(checked[c].found, "run 5 is not stored");
    }
    close_store(store, path);
    arena_release(&arena);
}

Test(claims, overrides_skip_them_unless_forced) {
    char path[64];
    Arena arena = {0};
    Store *store = open_store(path, N_RUNS);
    Claim claim = {EVERY, .name = "loss", .is_best = true, EQUALS(7)};
    Experiment experiment = experiment_of(&arena, &claim, 1);
    experiment.changes_runs = true;
    StoredClaim *checked;
    int n, n_failed;
    Error error = {0};
    cr_assert(claims_check(&experiment, store, false, &arena, &checked, &n, &n_failed, &error));
    cr_assert_str_eq(checked[0].state, "skipped");
    cr_assert_eq(n_failed, 0);
    cr_assert(claims_check(&experiment, store, true, &arena, &checked, &n, &n_failed, &error));
    cr_assert_str_eq(checked[0].state, "not held");
    cr_assert_eq(n_failed, 1);
    close_store(store, path);
    arena_release(&arena);
}

Test(claims, say_what_the_config_says) {
    char path[64];
    Arena arena = {0};
    Store *store = open_store(path, N_RUNS);
    Claim claims[] = {{EVERY, .name = "loss", .is_best = true, BETWEEN(0, 1),
                       .says = "Every loss is small", .figure = "gram"},
                      {EVERY, .name = "loss", .is_best = true, BETWEEN(0, 1)}};
    Experiment experiment = experiment_of(&arena, claims, 2);
    StoredClaim *checked;
    int n, n_failed;
    Error error = {0};
    cr_assert(claims_check(&experiment, store, false, &arena, &checked, &n, &n_failed, &error));
    cr_assert_str_eq(checked[0].text, "Every loss is small");
    cr_assert_str_eq(checked[0].figure, "gram");
    cr_assert_str_eq(checked[1].text, "loss, best, each in [0, 1]");
    cr_assert_null(checked[1].figure);
    close_store(store, path);
    arena_release(&arena);
}

Test(claims, are_said_in_words) {
    Arena arena = {0};
    static const char *const names[] = {"pentagon", "2 digons"};
    const struct {
        Claim claim;
        const char *text;
    } said[] = {
        {{EVERY, .name = "feature_dimensionality", .is_best = true, BETWEEN(0.39, 0.41),
          .at = yaml_of("{data.feature_probability: 0.05}", &arena)},
         "feature_dimensionality at data.feature_probability 0.05, best, each in [0.39, 0.41]"},
        {{EVERY, .name = "geometry_name", .test = CLAIM_IS, .names = names, .n_names = 2},
         "geometry_name, all runs, each is pentagon or 2 digons"},
        {{.feature = 3,
          .name = "feature_norm",
          .reduce = REDUCE_COUNT,
          .above = 0.5,
          EQUALS(2),
          .where = yaml_of("{geometry_name: 2 digons}", &arena)},
         "feature_norm of feature 3 where geometry_name 2 digons, all runs, count above 0.5 = 2"},
        {{REPRESENTED, .name = "bias", .reduce = REDUCE_SHARE, .is_within = true,
          .within = {-1, 0.5}, BETWEEN(0.9, 1)},
         "bias of represented features, all runs, share within [-1, 0.5] in [0.9, 1]"},
        {{REPRESENTED, .name = "bias", .reduce = REDUCE_MEDIAN, BETWEEN(-1, 1e-5),
          .at = yaml_of("{a: 1, b: x}", &arena)},
         "bias of represented features at a 1, b x, all runs, median in [-1, 1e-05]"},
    };
    cr_assert_str_eq(claim_text(&(Claim){WHOLE("mean[1]"), EQUALS(2)}, &arena), "mean[1] = 2");
    for (size_t i = 0; i < sizeof said / sizeof *said; i++)
        cr_assert_str_eq(claim_text(&said[i].claim, &arena), said[i].text);
    arena_release(&arena);
}
