/* base: arena, text, rng, pool. */
#include "sim/base/arena.h"
#include "sim/base/pool.h"
#include "sim/base/rng.h"
#include "sim/base/text.h"

#include <criterion/criterion.h>
#include <stdint.h>
#include <string.h>

Test(arena, gives_zeroed_aligned_memory_of_any_size) {
    Arena arena = {0};
    for (size_t n = 1; n < 1000000; n = n * 3 + 1) {
        unsigned char *memory = arena_alloc(&arena, n, 1);
        cr_assert_eq((uintptr_t)memory % (n >= 64 ? 64 : 16), 0);
        for (size_t i = 0; i < n; i++)
            cr_assert_eq(memory[i], 0);
        memset(memory, 0xff, n);
    }
    cr_assert_null(arena_try(&arena, SIZE_MAX / 2, 4), "an overflow is refused");
    arena_release(&arena);
    cr_assert_eq(arena.n_bytes, 0);
}

Test(text, nearest_names_by_edits) {
    static const char *const names[] = {"feature_probability", "value", "n_features"};
    cr_assert_str_eq(text_nearest("feature_probabilty", names, 3), "feature_probability");
    cr_assert_str_eq(text_nearest("vlaue", names, 3), "value");
    cr_assert_null(text_nearest("batch", names, 3));
}

Test(text, numbers_are_the_shortest_that_read_back) {
    static const struct {
        double value;
        const char *text;
    } rows[] = {{0.05, "0.05"},    {1, "1"},
                {1e-5, "1e-05"},   {1.0 / 3, "0.3333333333333333"},
                {-0.0, "-0"},      {10, "10"},
                {20000, "20000"},  {5e-324, "5e-324"},
                {-7, "-7"},        {999999999999999, "999999999999999"},
                {0, "0"},          {1e15, "1e+15"},
                {1e22, "1e+22"},   {0x1p53, "9007199254740992"},
                {1e300, "1e+300"}, {0.1 + 0.2, "0.30000000000000004"}};
    char buffer[32];
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        cr_assert_str_eq(text_number(buffer, rows[i].value), rows[i].text);
}

/* xoshiro256++ from state (1, 2, 3, 4): the first outputs that follow from its definition by hand
 * (Blackman & Vigna's reference code gives the same: rotl(1 + 4, 23) + 1 = 41943041, and so on). */
Test(rng, is_xoshiro256_plus_plus) {
    Rng rng = {{1, 2, 3, 4}};
    static const uint64_t expected[] = {41943041u, 58720359u, 3588806011781223u, 3591011842654386u};
    for (int i = 0; i < 4; i++)
        cr_assert_eq(rng_next(&rng), expected[i]);
}

Test(rng, streams_of_different_keys_steps_and_blocks_differ) {
    uint64_t seen[81];
    int n = 0;
    for (uint64_t seed = 0; seed < 3; seed++)
        for (uint64_t restart = 0; restart < 3; restart++)
            for (uint64_t step = 0; step < 3; step++)
                for (uint64_t block = 0; block < 3; block++) {
                    Rng rng;
                    rng_init(&rng, rng_key(seed, restart, PURPOSE_TRAIN), step, block);
                    seen[n++] = rng_next(&rng);
                }
    for (int i = 0; i < n; i++)
        for (int j = 0; j < i; j++)
            cr_assert_neq(seen[i], seen[j]);
}

/* Mean 0 and variance 1 of 10^6 standard normals: within 5 standard errors, 1/1000 and
 * sqrt(2)/1000. */
Test(rng, normals_have_mean_0_and_variance_1) {
    Rng rng;
    rng_init(&rng, rng_key(1, 0, PURPOSE_INIT), 0, 0);
    double sum = 0, squares = 0;
    for (int i = 0; i < 1000000; i++) {
        double x = rng_normal(&rng);
        sum += x;
        squares += x * x;
    }
    cr_assert_float_eq(sum / 1e6, 0, 5e-3);
    cr_assert_float_eq(squares / 1e6, 1, 7.1e-3);
}

static void square(void *context, int task, int worker) {
    (void)worker;
    ((int *)context)[task] += task * task;
}

Test(pool, does_every_task_once_in_every_round) {
    for (int n_threads = 1; n_threads <= 4; n_threads++) {
        Pool *pool;
        Error error = {0};
        cr_assert(pool_open(&pool, n_threads, &error));
        int done[100] = {0};
        for (int round = 1; round <= 200; round++) {
            pool_run(pool, 100, square, done);
            for (int i = 0; i < 100; i++)
                cr_assert_eq(done[i], round * i * i);
        }
        pool_close(pool);
    }
}

Test(text, matches_patterns_with_numbers) {
    static const struct {
        const char *text, *pattern;
        bool matches;
    } rows[] = {{"simplex of 12", "simplex of #", true},
                {"simplex of ", "simplex of #", false},
                {"2 x 3 in 2", "# x # in #", true},
                {"2 x 3 in", "# x # in #", false},
                {"12-gon", "#-gon", true},
                {"12-gons", "#-gon", false},
                {"-gon", "#-gon", false},
                {"", "", true},
                {"a", "", false},
                {"", "#", false}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        cr_assert_eq(text_matches(rows[i].text, strlen(rows[i].text), rows[i].pattern),
                     rows[i].matches, "%s: %s", rows[i].text, rows[i].pattern);
    cr_assert(text_matches("12-gon + digon", 6, "#-gon"), "only the first 6");
}
