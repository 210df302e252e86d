/* The training loop where settings change on the way, where it goes on beyond its end. */
#include "tests/trained.h"

/* From its step on, a phase does what a training of those settings does from that state. */
Test(train_changes, changes_settings_while_it_runs) {
    static const char *const yaml[] = {
        "{data: {n_features: 6, feature_probability: 0.05}, model: {kind: relu_output, n_hidden: "
        "2},"
        " train: {batch: 1500, steps: 30, schedule: linear}}",
        "{data: {n_features: 6, feature_probability: 0.8},"
        " model: {kind: relu_output, n_hidden: 2, hidden_penalty: 0.1},"
        " task: {importance: {decay: 0.5}}, train: {batch: 1500, steps: 30, schedule: linear,"
        " learning_rate: 0.02, weight_decay: -0.5, loss_exponent: 4}}",
    };
    Arena arena = {0};
    const Phase phases[] = {{0, read_into(yaml[0], &arena)}, {11, read_into(yaml[1], &arena)}};
    Training *changing = open_phases(phases, 2, 1, &arena);
    Training *before = open_config(yaml[0], 1, &arena), *after = open_config(yaml[1], 1, &arena);
    advance(changing, 11, NULL);
    advance(before, 11, NULL);
    cr_assert(same_state(changing, before, &arena));
    float *state = ARENA_NEW(&arena, float, training_state_count(before));
    get_state(before, state);
    training_set_state(after, 11, state);
    advance(changing, 30, NULL);
    advance(after, 30, NULL);
    cr_assert(same_state(changing, after, &arena));
    advance(before, 30, NULL);
    cr_assert_not(same_state(changing, before, &arena));
    cr_assert_float_eq(training_learning_rate(changing, 10), 1e-3 * 20 / 30, 1e-15);
    cr_assert_float_eq(training_learning_rate(changing, 11), 0.02 * 19 / 30, 1e-15);
    arena_release(&arena);
}

Test(train_changes, changes_its_batch_with_the_same_bits_at_any_number_of_threads_and_resumed) {
    for (int c = 0; c < N_CONFIGS; c++) {
        Arena arena = {0};
        Phase phases[4];
        change_batches(configs[c], phases, &arena);
        Training *alone = open_phases(phases, 4, 1, &arena);
        float *state = ARENA_NEW(&arena, float, training_state_count(alone));
        advance(alone, 7, NULL);
        get_state(alone, state);
        advance(alone, 40, NULL);
        for (int n_threads = 2; n_threads <= 4; n_threads += 2) {
            Pool *pool = NULL;
            Error error = {0};
            cr_assert(pool_open(&pool, n_threads, &error), "%s", error.text);
            Training *shared = open_phases(phases, 4, n_threads, &arena);
            Training *resumed = open_phases(phases, 4, n_threads, &arena);
            advance(shared, 40, pool);
            training_set_state(resumed, 7, state);
            advance(resumed, 40, pool);
            cr_assert(same_state(alone, shared, &arena), "config %d, %d threads", c, n_threads);
            cr_assert(same_state(alone, resumed, &arena), "config %d, %d threads", c, n_threads);
            pool_close(pool);
        }
        arena_release(&arena);
    }
}

/* Step by step, a change of batch does what a training of that batch does from the same state. */
Test(train_changes, changes_its_batch_to_what_another_training_has) {
    for (int c = 0; c < N_CONFIGS; c++) {
        Arena arena = {0};
        Phase phases[4];
        change_batches(configs[c], phases, &arena);
        Training *changing = open_phases(phases, 4, 1, &arena), *others[4];
        float *state = ARENA_NEW(&arena, float, training_state_count(changing));
        for (int i = 0; i < 4; i++) {
            const Phase whole = {0, phases[i].settings};
            others[i] = open_phases(&whole, 1, 1, &arena);
        }
        int64_t n_steps = phases[0].settings->train.steps;
        for (int step = 0, i = 0; step < n_steps; step++) {
            i += i < 3 && phases[i + 1].step == step;
            get_state(changing, state);
            training_set_state(others[i], step, state);
            advance(changing, step + 1, NULL);
            advance(others[i], step + 1, NULL);
            cr_assert(same_state(changing, others[i], &arena), "config %d, step %d", c, step);
            cr_assert_eq(training_loss(changing), training_loss(others[i]));
        }
        arena_release(&arena);
    }
}

/* With a schedule of a length of its own, how long the run is has no say in what it does: one that
 * ends early and one that goes on have the bits of one between, and the rates of the formulas. */
Test(train_changes, has_the_same_bits_whatever_its_length_where_the_schedule_has_its_own) {
    static const char *const lengths[] = {"steps: 12, schedule: {kind: cosine, steps: 20}",
                                          "steps: 20, schedule: cosine",
                                          "steps: 30, schedule: {kind: cosine, steps: 20}"};
    Arena arena = {0};
    Training *trainings[3];
    for (int i = 0; i < 3; i++) {
        trainings[i] = open_config(
            arena_print(&arena,
                        "{data: {n_features: 6, feature_probability: 0.2}, model: {kind: "
                        "relu_output, n_hidden: 2}, train: {batch: 100, learning_rate: 0.02, %s}}",
                        lengths[i]),
            1, &arena);
        for (int step = 0; step < 20; step++)
            cr_assert_float_eq(training_learning_rate(trainings[i], step),
                               0.01 * (1 + cos(acos(-1) * step / 20)), 1e-16);
        advance(trainings[i], 12, NULL);
        cr_assert(same_state(trainings[0], trainings[i], &arena), "%s", lengths[i]);
    }
    advance(trainings[1], 20, NULL);
    advance(trainings[2], 20, NULL);
    cr_assert(same_state(trainings[1], trainings[2], &arena));
    cr_assert_eq(training_learning_rate(trainings[2], 20), 0);
    cr_assert_eq(training_learning_rate(trainings[2], 29), 0);
    advance(trainings[2], 30, NULL);
    cr_assert_eq(training_step(trainings[2]), 30);
    arena_release(&arena);
}

/* 5 * 3000 + 4 * 130 + 11 * 2600 + 20 * 3000 by hand, and parts of it. */
Test(train_changes, counts_the_samples_of_every_batch) {
    Arena arena = {0};
    Phase phases[4];
    change_batches(configs[0], phases, &arena);
    Training *training = open_phases(phases, 4, 1, &arena);
    cr_assert_eq(training_samples(training, 0, 40), 104120);
    cr_assert_eq(training_samples(training, 4, 6), 3130);
    cr_assert_eq(training_samples(training, 6, 7), 130);
    cr_assert_eq(training_samples(training, 30, 30), 0);
    cr_assert_eq(training_samples(training, 19, 22), 2600 + 6000);
    arena_release(&arena);
}

/* What a slider moves: a training that has it from the start and one that gets it on the way, in an
 * arena of its own each time, end with the same bits. */
Test(train_changes, gets_changes_on_the_way_with_the_bits_of_changes_from_the_start) {
    static const struct {
        const char *correlation, *probability, *decay, *penalty, *train;
    } rows[] = {
        {"1", "0.2", "0.9", "0", "batch: 1500"},
        {"1", "0.6", "0.9", "0", "batch: 1500"},
        {"1", "0.6", "0.5", "0", "batch: 1500"},
        {"1", "0.6", "0.5", "0", "batch: 1500, learning_rate: 0.02"},
        {"1", "0.6", "0.5", "0", "batch: 1500, learning_rate: 0.02, weight_decay: 0.3"},
        {"0.5", "0.6", "0.5", "0", "batch: 1500, learning_rate: 0.02, weight_decay: 0.3"},
        {"0.5", "0.6", "0.5", "0", "batch: 90, learning_rate: 0.02, weight_decay: 0.3"},
        {"0.5", "0.6", "0.5", "0.2", "batch: 90, learning_rate: 0.02, weight_decay: 0.3"},
        {"0.5", "0.6", "0.5", "0.2", "batch: 1500, learning_rate: 0.02"},
        {"0.5", "0.6", "0.5", "0.2", "batch: 400, learning_rate: 0.02"},
    };
    enum { N = sizeof rows / sizeof *rows };
    Arena arena = {0}, last = {0};
    Phase phases[N];
    for (int i = 0; i < N; i++)
        phases[i] = (Phase){
            4 * i, read_into(arena_print(&arena,
                                         "{data: {kind: correlated, n_features: 6, set_size: 2, "
                                         "feature_probability: %s, correlation: %s}, task: "
                                         "{importance: {decay: %s}}, model: {kind: relu_output, "
                                         "n_hidden: 2, hidden_penalty: %s}, train: {steps: 45, "
                                         "schedule: cosine, %s}}",
                                         rows[i].probability, rows[i].correlation, rows[i].decay,
                                         rows[i].penalty, rows[i].train),
                             &arena)};
    Training *known = open_phases(phases, N, 1, &arena);
    Training *touched = open_phases(phases, 1, 1, &arena);
    for (int i = 0; i < N; i++) {
        Arena next = {0};
        Error error = {0};
        advance(known, 4 * i, NULL);
        advance(touched, 4 * i, NULL);
        cr_assert(same_state(known, touched, &arena), "change %d", i);
        cr_assert(training_set_phases(touched, phases, i + 1, &next, &error), "%s", error.text);
        cr_assert_eq(training_settings(touched), phases[i].settings);
        arena_release(&last);
        last = next;
    }
    advance(known, 45, NULL);
    advance(touched, 45, NULL);
    cr_assert(same_state(known, touched, &arena));
    cr_assert_eq(training_loss(known), training_loss(touched));
    arena_release(&last);
    arena_release(&arena);
}

/* Phases that are still to come are followed, too, and so is a new number of steps. */
Test(train_changes, goes_on_beyond_its_end_with_the_bits_of_a_longer_training) {
    static const char *const lengths[] = {"20", "50"};
    Arena arena = {0};
    Phase phases[2][2];
    for (int k = 0; k < 2; k++)
        for (int i = 0; i < 2; i++)
            phases[k][i] = (Phase){
                i * 30,
                read_into(arena_print(&arena,
                                      "{data: {n_features: 6, feature_probability: %s}, model: "
                                      "{kind: relu_output, n_hidden: 2}, train: {batch: 300, "
                                      "steps: %s, schedule: {kind: linear, final: 0.5, steps: "
                                      "20}}}",
                                      i ? "0.5" : "0.1", lengths[k]),
                          &arena)};
    Training *whole = open_phases(phases[1], 2, 1, &arena);
    Training *longer = open_phases(phases[0], 1, 1, &arena);
    advance(longer, 50, NULL);
    cr_assert_eq(training_step(longer), 20);
    Error error = {0};
    cr_assert(training_set_phases(longer, phases[1], 2, &arena, &error), "%s", error.text);
    advance(longer, 50, NULL);
    advance(whole, 50, NULL);
    cr_assert_eq(training_step(longer), 50);
    cr_assert(same_state(whole, longer, &arena));
    arena_release(&arena);
}

/* A list for other features cannot be opened; the training does not know that it was asked. */
Test(train_changes, stays_as_it_is_where_phases_cannot_be_opened) {
    static const char form[] = "{data: {n_features: 6, feature_probability: %s}, model: {kind: "
                               "relu_output, n_hidden: 2}, train: {batch: 300, steps: %d}}";
    Arena arena = {0};
    const Settings *good = read_into(arena_print(&arena, form, "0.1", 30), &arena);
    const Settings *bad = read_into(arena_print(&arena, form, "[0.1, 0.2]", 60), &arena);
    const Phase before = {0, good}, phases[] = {{0, good}, {9, bad}};
    Training *training = open_phases(&before, 1, 1, &arena);
    Training *other = open_phases(&before, 1, 1, &arena);
    advance(training, 7, NULL);
    Error error = {0};
    cr_assert_not(training_set_phases(training, phases, 2, &arena, &error));
    cr_assert_str_eq(error.text, "from step 9: data.feature_probability: a list of 2 numbers for 6 "
                                 "features");
    advance(training, 60, NULL);
    advance(other, 60, NULL);
    cr_assert_eq(training_step(training), 30);
    cr_assert(same_state(training, other, &arena));
    arena_release(&arena);
}
