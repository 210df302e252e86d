/* claims in words: what each says, where its config says nothing, and its numbers. */
#include "tests/claimed.h"

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

Test(claims, say_what_the_config_says) {
    Claimed claimed;
    Claim claims[] = {{EVERY, .name = "loss", .is_best = true, BETWEEN(0, 1),
                       .says = "Every loss is small", .figure = "gram"},
                      {EVERY, .name = "loss", .is_best = true, BETWEEN(0, 1)}};
    claimed_open(&claimed, N_RUNS);
    claimed_check(&claimed, claims, 2, false);
    cr_assert_str_eq(claimed.checked[0].text, "Every loss is small");
    cr_assert_str_eq(claimed.checked[0].figure, "gram");
    cr_assert_str_eq(claimed.checked[1].text, "loss, best, each in [0, 1]");
    cr_assert_null(claimed.checked[1].figure);
    claimed_close(&claimed);
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
