/* The training loop: the same bits however it is run, gradients, a closed-form optimum, failures
 * that name their place. */
#include "tests/trained.h"

Test(train, has_the_same_bits_at_any_number_of_threads) {
    for (int c = 0; c < N_CONFIGS; c++) {
        Arena arena = {0};
        Training *alone = open_config(configs[c], 1, &arena);
        advance(alone, 40, NULL);
        for (int n_threads = 2; n_threads <= 4; n_threads += 2) {
            Pool *pool = NULL;
            Error error = {0};
            cr_assert(pool_open(&pool, n_threads, &error), "%s", error.text);
            Training *shared = open_config(configs[c], n_threads, &arena);
            advance(shared, 40, pool);
            cr_assert(same_state(alone, shared, &arena), "config %d, %d threads", c, n_threads);
            cr_assert_eq(training_loss(alone), training_loss(shared));
            pool_close(pool);
        }
        arena_release(&arena);
    }
}

Test(train, goes_on_to_the_same_bits_after_a_pause_or_from_a_checkpoint) {
    for (int c = 0; c < N_CONFIGS; c++) {
        Arena arena = {0};
        Training *whole = open_config(configs[c], 1, &arena);
        Training *paused = open_config(configs[c], 1, &arena);
        Training *resumed = open_config(configs[c], 1, &arena);
        advance(whole, 40, NULL);
        advance(paused, 3, NULL);
        advance(paused, 8, NULL);
        atomic_int stop = 1;
        Error error = {0};
        cr_assert(training_advance(paused, 40, NULL, &stop, &error));
        cr_assert_eq(training_step(paused), 8, "a raised stop ends it at once");
        float *state = ARENA_NEW(&arena, float, training_state_count(paused));
        get_state(paused, state);
        training_set_state(resumed, 8, state);
        cr_assert(isnan(training_loss(resumed)));
        advance(paused, 40, NULL);
        advance(resumed, 40, NULL);
        cr_assert(same_state(whole, paused, &arena), "config %d", c);
        cr_assert(same_state(whole, resumed, &arena), "config %d", c);
        arena_release(&arena);
    }
}

/* Runs of one seed, data and model, whatever their importance, optimizer and first weights; the
 * second leaves the range of floats in a few steps. */
static const char *const company[] = {
    "train: {batch: 1500, steps: 40, learning_rate: 0.02}",
    "train: {optimizer: sgd, learning_rate: 1e9, batch: 1500, steps: 40}",
    "task: {importance: {decay: 0.5}}, train: {batch: 1500, steps: 40, learning_rate: 0.02}",
    "train: {optimizer: adam, batch: 1500, steps: 40, loss_exponent: 3}",
};
enum { N_COMPANY = sizeof company / sizeof *company };

Test(train, has_the_same_bits_in_company_as_alone) {
    static const char *const models[] = {
        "data: {n_features: 6, feature_probability: 0.3}, model: {kind: relu_output, n_hidden: 2}",
        "data: {n_features: 40, feature_probability: 0.05}, model: {kind: linear, n_hidden: 9}",
    };
    for (int d = 0; d < 2; d++) {
        Arena arena = {0};
        Training *together[N_COMPANY], *alone[N_COMPANY];
        for (int i = 0; i < N_COMPANY; i++) {
            Phase phase = {.settings = read_into(
                               arena_print(&arena, "{%s, %s}", models[d], company[i]), &arena)};
            Error error = {0};
            alone[i] = open_phases(&phase, 1, 1, &arena);
            cr_assert(training_open(&together[i], &phase, 1, 0, 1, isa_best(),
                                    i ? together[0] : NULL, &arena, &error),
                      "%s", error.text);
        }
        training_advance_all(together, N_COMPANY, 7, NULL, NULL);
        training_advance_all(together, N_COMPANY, 1000, NULL, NULL);
        for (int i = 0; i < N_COMPANY; i++) {
            Error error = {0};
            bool ok = training_advance(alone[i], 1000, NULL, NULL, &error);
            const Error *failure = training_failure(together[i]);
            cr_assert_eq(ok, i != 1, "%s", error.text);
            cr_assert_eq(failure == NULL, ok);
            cr_assert_str_eq(failure ? failure->text : "", error.text);
            cr_assert_eq(training_step(alone[i]), training_step(together[i]));
            cr_assert(!ok || same_state(alone[i], together[i], &arena), "model %d, run %d", d, i);
        }
        arena_release(&arena);
    }
}

/* Without biases, b stays 0 and all else moves, in a model of several ranges too; in step with one
 * that has biases, and the first step of W is the same. */
Test(train, leaves_biases_out_where_there_are_none) {
    static const char *const sizes[] = {"data: {n_features: 5, feature_probability: 0.5}",
                                        "data: {n_features: 9000, feature_probability: 0.001}"};
    for (int size = 0; size < 2; size++) {
        Arena arena = {0};
        Training *pair[2];
        for (int k = 0; k < 2; k++)
            pair[k] = open_config(
                arena_print(&arena,
                            "{%s, model: {kind: relu_output, n_hidden: 3, bias: %s}, train: "
                            "{batch: 256, steps: 20, learning_rate: 0.01, optimizer: adamw}}",
                            sizes[size], k ? "true" : "false"),
                1, &arena);
        const Model *without = training_model(pair[0]), *with = training_model(pair[1]);
        int64_t n_weights = (int64_t)without->n_features * without->n_hidden;
        training_advance_all(pair, 2, 1, NULL, NULL);
        cr_assert_eq(memcmp(without->W, with->W, (size_t)n_weights * sizeof(float)), 0);
        cr_assert_neq(with->b[0], 0);
        training_advance_all(pair, 2, 20, NULL, NULL);
        for (int i = 0; i < without->n_features; i++)
            cr_assert_eq(without->b[i], 0, "b[%d]", i);
        cr_assert_neq(memcmp(without->W, with->W, (size_t)n_weights * sizeof(float)), 0);
        arena_release(&arena);
    }
}

/* Mean loss and gradient of the batch of the next step at one level of the kernels. */
static double level_gradient(Training *training, const Settings *settings, Isa isa, Arena *arena,
                             float *gradient) {
    const Model *model = training_model(training);
    const Task *task = training_task(training);
    Objective objective = {task->importance, settings->train.loss_exponent, 0};
    int batch_size = (int)settings->train.batch;
    Workspace *workspace = NULL;
    Batch batch = {0};
    Error error = {0};
    cr_assert(workspace_open(&workspace, model, &objective, batch_size, 1, isa, arena, &error));
    cr_assert(batch_init(&batch, model->n_features, data_block(model->n_features), arena));
    workspace_set_active(workspace, data_active_features(training_data(training)));
    workspace_prepare(workspace, model);
    for (int stage = 0; stage < workspace_n_stages(workspace); stage++)
        for (int i = 0, first, end; i < workspace_n_tasks(workspace, stage); i++) {
            if (!workspace_blocks(workspace, stage, i, &first, &end))
                workspace_run(workspace, model, stage, i, 0);
            else
                for (int block = first; block < end; block++) {
                    task_draw(task, training_data(training), 1, (uint64_t)training_step(training),
                              (uint64_t)block, batch_size, &batch);
                    workspace_add(workspace, model, &batch, block, 0);
                }
        }
    const float *whole = workspace_gradient(workspace, 0, model->n_parameters, gradient);
    memmove(gradient, whole, (size_t)model->n_parameters * sizeof *gradient);
    return workspace_loss(workspace);
}

/* Every level against the plain reference, which sums in double: 1e-5 of the norm is what float
 * sums of 1024 (n + m) products in blocks may be off by. */
static void check_levels(Training *training, const Settings *settings, Arena *arena) {
    int64_t n = training_model(training)->n_parameters;
    float *plain = ARENA_NEW(arena, float, n), *other = ARENA_NEW(arena, float, n);
    double loss = level_gradient(training, settings, ISA_PLAIN, arena, plain);
    for (Isa isa = ISA_BASELINE; isa <= isa_best(); isa++) {
        double other_loss = level_gradient(training, settings, isa, arena, other);
        double norm = 0, difference = 0;
        for (int64_t i = 0; i < n; i++) {
            norm += (double)plain[i] * (double)plain[i];
            difference += pow((double)other[i] - (double)plain[i], 2);
        }
        cr_assert_leq(sqrt(difference), 1e-5 * sqrt(norm), "%s after %lld steps: %g of %g",
                      isa_name(isa), (long long)training_step(training), sqrt(difference),
                      sqrt(norm));
        cr_assert_float_eq(other_loss, loss, 1e-5 * loss);
    }
}

/* After some training fewer outputs are active, and the paths may choose otherwise. */
Test(train, has_the_plain_gradient_at_the_start_and_later) {
    static const char *const yaml[] = {
        "{data: {n_features: 2, feature_probability: 0.3}, model: {kind: relu_output, n_hidden: 1},"
        " train: {batch: 1024, steps: 200, learning_rate: 0.01}}",
        "{data: {n_features: 5, feature_probability: 0.05}, task: {importance: {decay: 0.9}},"
        " model: {kind: relu_output, n_hidden: 2}, train: {batch: 3000, steps: 200}}",
        "{data: {n_features: 20, feature_probability: 0.5, value: signed_uniform},"
        " task: {kind: absolute_value}, model: {kind: two_layer, n_hidden: 5, hidden_bias: true},"
        " train: {batch: 1024, steps: 200, loss_exponent: 3}}",
        "{data: {n_features: 400, feature_probability: 0.01},"
        " model: {kind: relu_output, n_hidden: 30}, train: {batch: 1024, steps: 200}}",
        "{data: {n_features: 400, feature_probability: 0.001},"
        " model: {kind: relu_output, n_hidden: 30}, train: {batch: 1024, steps: 200}}",
        "{data: {n_features: 300, feature_probability: 0.5, value: signed_uniform},"
        " task: {kind: absolute_value}, model: {kind: two_layer, n_hidden: 70},"
        " train: {batch: 300, steps: 200}}",
    };
    for (size_t c = 0; c < sizeof yaml / sizeof *yaml; c++) {
        Arena arena = {0};
        const Settings *settings = read_into(yaml[c], &arena);
        Training *training = open_config(yaml[c], 1, &arena);
        check_levels(training, settings, &arena);
        advance(training, 200, NULL);
        check_levels(training, settings, &arena);
        arena_release(&arena);
    }
}

/* The loss of a dense batch by its definition. */
static double loss_of(const Model *model, const Task *task, double exponent, int n, const float *x,
                      const float *y) {
    double sum = 0;
    int n_features = model->n_features;
    float *out = malloc((size_t)n_features * sizeof *out);
    for (int r = 0; r < n; r++) {
        model_forward(model, x + (size_t)r * n_features, NULL, out);
        for (int i = 0; i < n_features; i++)
            sum += task->importance[i] *
                   pow(fabs((double)y[(size_t)r * n_features + i] - (double)out[i]), exponent);
    }
    free(out);
    return sum / n;
}

/* training_batch tells what was trained on: its loss, by the definition, is the loss of that step.
 * Float sums of at most 400 terms: 1e-5 relative is 170 roundings of 2^-24. */
Test(train, tells_the_batch_it_trains_on) {
    for (int c = 0; c < N_CONFIGS; c++) {
        Arena arena = {0};
        Phase phases[4];
        change_batches(configs[c], phases, &arena);
        const Settings *settings = phases[0].settings;
        Training *training = open_phases(phases, 4, 1, &arena);
        int n_features = training_model(training)->n_features;
        float *x = ARENA_NEW(&arena, float, 3000 * n_features);
        float *y = ARENA_NEW(&arena, float, 3000 * n_features);
        for (int step = 0; step < 11; step++) {
            int n = (int)training_settings(training)->train.batch;
            memset(x, 0xff, (size_t)n * (size_t)n_features * sizeof *x);
            training_batch(training, step, x, y);
            double expected = loss_of(training_model(training), training_task(training),
                                      settings->train.loss_exponent, n, x, y);
            advance(training, step + 1, NULL);
            cr_assert_float_eq(training_loss(training), expected, 1e-5 * expected,
                               "config %d, step %d: %.9g, by definition %.9g", c, step,
                               training_loss(training), expected);
        }
        arena_release(&arena);
    }
}

Test(train, ends_at_its_last_step) {
    Arena arena = {0};
    Training *training = open_config(configs[0], 1, &arena);
    cr_assert(isnan(training_loss(training)));
    advance(training, 1000, NULL);
    cr_assert_eq(training_step(training), 40);
    arena_release(&arena);
}

/* A linear model finds the principal component (Baldi & Hornik 1989). A feature that is uniform on
 * [0, 1] with probability p and else 0 has mean p/2 and variance p/3 - p^2/4; of two independent
 * ones the model keeps that of larger variance, W W^T = diag(1, 0), and predicts the mean of the
 * other, b = (0, p_1/2): the loss is the variance of the other. The expected loss of any W and b is
 * |(1 - G) s|^2 + |(1 - G) mean - b|^2 with G = W W^T and s the standard deviations. */
Test(train, reaches_the_closed_form_optimum_of_a_linear_model) {
    static const double p[] = {0.75, 0.1};
    double mean[2], variance[2], loss = 0;
    for (int i = 0; i < 2; i++) {
        mean[i] = p[i] / 2;
        variance[i] = p[i] / 3 - p[i] * p[i] / 4;
    }
    Arena arena = {0};
    Training *training = open_config(
        "{data: {n_features: 2, feature_probability: [0.75, 0.1]},"
        " model: {kind: linear, n_hidden: 1}, train: {optimizer: adam, learning_rate: 0.02,"
        " schedule: cosine, batch: 1024, steps: 2000}}",
        1, &arena);
    advance(training, 1, NULL);
    double first_loss = training_loss(training);
    advance(training, 2000, NULL);
    const Model *model = training_model(training);
    for (int i = 0; i < 2; i++) {
        double off = -(double)model->b[i];
        for (int j = 0; j < 2; j++) {
            double rest = (i == j) - (double)model->W[i] * (double)model->W[j];
            loss += rest * rest * variance[j];
            off += rest * mean[j];
        }
        loss += off * off;
    }
    cr_assert_geq(loss, variance[1] - 1e-9, "no linear model is better");
    cr_assert_float_eq(loss, variance[1], 1e-4 * variance[1], "expected loss %.9g, optimum %.9g",
                       loss, variance[1]);
    cr_assert_float_eq(fabs((double)model->W[0]), 1, 0.01);
    cr_assert_float_eq(model->W[1], 0, 0.01);
    cr_assert_float_eq(model->b[0], 0, 0.01);
    cr_assert_float_eq(model->b[1], mean[1], 0.01);
    cr_assert_lt(training_loss(training), first_loss);
    arena_release(&arena);
}

/* With such a rate the weights leave the range of floats in a few steps. */
Test(train, fails_with_step_tensor_and_settings_the_same_at_any_number_of_threads) {
    char first[sizeof((Error *)0)->text] = "";
    for (int n_threads = 1; n_threads <= 4; n_threads *= 2) {
        Arena arena = {0};
        Pool *pool = NULL;
        Error error = {0};
        cr_assert(pool_open(&pool, n_threads, &error), "%s", error.text);
        Training *training =
            open_config("{data: {n_features: 5, feature_probability: 0.5},"
                        " model: {kind: relu_output, n_hidden: 2},"
                        " train: {optimizer: sgd, learning_rate: 1e6, batch: 4096, steps: 1000}}",
                        n_threads, &arena);
        cr_assert_not(training_advance(training, 1000, pool, NULL, &error));
        long long step;
        int n_read = 0;
        cr_assert_eq(sscanf(error.text, "step %lld: %n", &step, &n_read), 1, "%s", error.text);
        cr_assert(step > 0 && step < 20 && step == training_step(training), "%s", error.text);
        cr_assert(strstr(error.text, "W[") || strstr(error.text, "b["), "%s", error.text);
        cr_assert(text_ends(error.text, " (learning_rate 1000000, optimizer sgd)"), "%s",
                  error.text);
        if (n_threads == 1)
            strcpy(first, error.text);
        cr_assert_str_eq(error.text, first);
        pool_close(pool);
        arena_release(&arena);
    }
}

/* ReLU can hide a NaN from the loss, not from the check of every update. */
Test(train, finds_a_parameter_that_is_not_finite) {
    Arena arena = {0};
    Error error = {0};
    Training *training = open_config(configs[0], 1, &arena);
    training_model(training)->b[3] = NAN;
    cr_assert_not(training_advance(training, 40, NULL, NULL, &error));
    cr_assert(
        strcmp(error.text, "step 0: b[3] is nan (learning_rate 0.001, optimizer adamw)") == 0 ||
            strcmp(error.text, "step 1: b[3] is nan (learning_rate 0.001, optimizer adamw)") == 0,
        "%s", error.text);
    arena_release(&arena);
}
