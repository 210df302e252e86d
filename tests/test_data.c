/* data: what is drawn depends on its place in the streams and nothing else; sizes of blocks. */
#include "sim/base/rng.h"
#include "tests/independent.h"

static bool is_same(const Batch *a, const Batch *b, int n_rows) {
    if (a->form != b->form)
        return false;
    for (int row = 0; row < n_rows && a->form != BATCH_SPARSE; row++)
        for (int i = 0; i < a->n_features; i++)
            if (a->x[batch_place(a, row, i)] != b->x[batch_place(b, row, i)])
                return false;
    if (a->form != BATCH_SPARSE)
        return true;
    size_t n = (size_t)a->start[n_rows];
    return !memcmp(a->start, b->start, ((size_t)n_rows + 1) * sizeof(int)) &&
           !memcmp(a->index, b->index, n * sizeof(int)) && !memcmp(a->x, b->x, n * sizeof(float));
}

Test(draws, are_a_pure_function_of_key_step_and_block) {
    for (int r = 0; r < N_ROWS; r++) {
        Arena arena = {0};
        int n = rows[r].n_features, block = data_block(n);
        Data data = open_data(n, rows[r].probability, "uniform", &arena);
        Batch batch[3], again;
        cr_assert(batch_init(&again, n, block, &arena));
        for (int b = 0; b < 3; b++) {
            cr_assert(batch_init(&batch[b], n, block, &arena));
            data_draw(&data, 7, 3, (uint64_t)b, 3 * block, &batch[b]);
        }
        for (int b = 2; b >= 0; b--) {
            data_draw(&data, 7, 3, (uint64_t)b, 3 * block, &again);
            cr_assert(batch[b].n_rows == again.n_rows && batch[b].n_empty == again.n_empty);
            cr_assert(is_same(&batch[b], &again, again.n_rows), "drawn twice, n = %d, p = %s", n,
                      rows[r].probability);
        }
        arena_release(&arena);
    }
}

Test(draws, of_a_shorter_block_begin_the_longer_one) {
    for (int r = 0; r < N_ROWS; r++) {
        Arena arena = {0};
        int n = rows[r].n_features, block = data_block(n);
        Data data = open_data(n, rows[r].probability, "signed_uniform", &arena);
        Batch whole, part;
        cr_assert(batch_init(&whole, n, block, &arena) && batch_init(&part, n, block, &arena));
        data_draw(&data, 7, 3, 0, block, &whole);
        for (int size = 1; size < block; size = size * 2 + 1) {
            data_draw(&data, 7, 3, 0, size, &part);
            cr_assert_eq(batch_size(&part), size);
            cr_assert(is_same(&part, &whole, part.n_rows), "%d samples, n = %d, p = %s", size, n,
                      rows[r].probability);
        }
        arena_release(&arena);
    }
}

/* Six places in the streams: another seed, restart, purpose, step, block. */
Test(draws, differ_between_seeds_restarts_purposes_steps_and_blocks) {
    static const char *const probabilities[] = {"0.5", "0.05", "{first: 0.01, rest: 0.1}"};
    for (size_t p = 0; p < sizeof probabilities / sizeof *probabilities; p++) {
        Arena arena = {0};
        Data data = open_data(10, probabilities[p], "uniform", &arena);
        const struct {
            uint64_t key, step, block;
        } places[] = {{rng_key(0, 0, PURPOSE_TRAIN), 0, 0}, {rng_key(1, 0, PURPOSE_TRAIN), 0, 0},
                      {rng_key(0, 1, PURPOSE_TRAIN), 0, 0}, {rng_key(0, 0, PURPOSE_EVALUATE), 0, 0},
                      {rng_key(0, 0, PURPOSE_TRAIN), 1, 0}, {rng_key(0, 0, PURPOSE_TRAIN), 0, 1}};
        enum { N_PLACES = sizeof places / sizeof *places };
        Batch batch[N_PLACES];
        for (int i = 0; i < N_PLACES; i++) {
            cr_assert(batch_init(&batch[i], 10, 1024, &arena));
            data_draw(&data, places[i].key, places[i].step, places[i].block, 2048, &batch[i]);
            for (int j = 0; j < i; j++)
                cr_assert(!is_same(&batch[i], &batch[j], 5), "places %d and %d", i, j);
        }
        arena_release(&arena);
    }
}

Test(data, blocks_and_refusals) {
    cr_assert(data_block(1) == 1024 && data_block(32) == 1024 && data_block(33) == 128 &&
              data_block(MAX_FEATURES) == 128);
    Arena arena = {0};
    Choice choice = choose(
        &data_table, "{kind: independent, n_features: 3, feature_probability: [0.1, 0.2]}", &arena);
    Data data;
    Error error = {0};
    cr_assert(!data_open(&data, &choice, &arena, &error));
    cr_assert(strstr(error.text, "feature_probability") && strstr(error.text, "3"), "%s",
              error.text);
    arena_release(&arena);
}
