/* claims: `expect` rows and what is found of them in a store. */
#include "tests/claimed.h"

typedef struct Row {
    const char *at, *where;
    Claim claim;
    const char *state, *found;
} Row;

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
    Claimed claimed;
    Claim claims[N_ROWS];
    int n_not_held = 0;
    claimed_open(&claimed, N_RUNS);
    for (int r = 0; r < N_ROWS; r++) {
        claims[r] = rows[r].claim;
        claims[r].at = yaml_of(rows[r].at, &claimed.arena);
        claims[r].where = yaml_of(rows[r].where, &claimed.arena);
        n_not_held += strcmp(rows[r].state, "not held") == 0;
    }
    claimed.experiment.summaries = summaries_of(&claimed.arena);
    claimed_check(&claimed, claims, N_ROWS, false);
    for (int r = 0; r < N_ROWS; r++) {
        const StoredClaim *checked = &claimed.checked[r];
        cr_expect_str_eq(checked->state, rows[r].state, "%s: %s", checked->text, checked->found);
        cr_expect_str_eq(checked->found, rows[r].found, "%s: %s", checked->text, checked->found);
    }
    cr_assert_eq(claimed.n_failed, n_not_held);
    claimed_close(&claimed);
}

Test(claims, missing_runs_do_not_hold) {
    Claimed claimed;
    claimed_open(&claimed, 5);
    Claim claims[] = {{EVERY, .name = "loss", BETWEEN(0, 1), .at = yaml_of(SPARSE, &claimed.arena)},
                      {EVERY, .name = "loss", .is_best = true, BETWEEN(0, 1)}};
    claimed_check(&claimed, claims, 2, false);
    for (int c = 0; c < 2; c++) {
        cr_assert_str_eq(claimed.checked[c].state, "not held");
        cr_assert_str_eq(claimed.checked[c].found, "run 5 is not stored");
    }
    claimed_close(&claimed);
}

Test(claims, overrides_skip_them_unless_forced) {
    Claimed claimed;
    Claim claim = {EVERY, .name = "loss", .is_best = true, EQUALS(7)};
    claimed_open(&claimed, N_RUNS);
    claimed.experiment.changes_runs = true;
    claimed_check(&claimed, &claim, 1, false);
    cr_assert_str_eq(claimed.checked[0].state, "skipped");
    cr_assert_eq(claimed.n_failed, 0);
    claimed_check(&claimed, &claim, 1, true);
    cr_assert_str_eq(claimed.checked[0].state, "not held");
    cr_assert_eq(claimed.n_failed, 1);
    claimed_close(&claimed);
}
