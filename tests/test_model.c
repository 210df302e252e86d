/* model and task: the block of parameters, first weights, refusals; targets and importance. */
#include "sim/base/memory.h"
#include "sim/base/rng.h"
#include "sim/model/model.h"
#include "sim/model/task.h"
#include "tests/choose.h"

#include <float.h>
#include <math.h>

static Model open_model(const char *yaml, int n_features, Arena *arena) {
    Choice choice = choose(&model_table, yaml, arena);
    Model model;
    Error error = {0};
    cr_assert(model_open(&model, &choice, n_features, arena, &error), "%s", error.text);
    cr_assert_eq(model.n_parameters, model_count(&choice, n_features));
    return model;
}

/* n = 7 features, m = 3: the tensors in order, each right after the one before it. */
Test(model, tensors_follow_each_other) {
    static const struct {
        const char *yaml, *names;
        int64_t n;
    } rows[] = {
        {"{kind: linear, n_hidden: 3}", "W b", 7 * 3 + 7},
        {"{kind: relu_output, n_hidden: 3}", "W b", 7 * 3 + 7},
        {"{kind: relu_output, n_hidden: 3, hidden_bias: true}", "W b_hidden b", 7 * 3 + 3 + 7},
        {"{kind: relu_hidden, n_hidden: 3, hidden_bias: true}", "W b_hidden b", 7 * 3 + 3 + 7},
        {"{kind: two_layer, n_hidden: 3}", "W W2 b", 2 * 7 * 3 + 7},
        {"{kind: residual, n_hidden: 3}", "W W2 b", 2 * 7 * 3 + 7},
        {"{kind: two_layer, n_hidden: 3, hidden_bias: true}", "W W2 b_hidden b", 2 * 7 * 3 + 3 + 7},
    };
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
        Arena arena = {0};
        Model model = open_model(rows[r].yaml, 7, &arena);
        char names[64] = "";
        int64_t offset = 0;
        for (int t = 0; t < model.n_tensors; t++) {
            const Tensor *tensor = &model.tensors[t];
            strcat(strcat(names, t ? " " : ""), tensor->name);
            cr_assert_eq(tensor->offset, offset);
            cr_assert_eq(model_tensor(&model, tensor->name), tensor);
            cr_assert_eq(model_tensor_at(&model, offset), tensor);
            cr_assert_eq(tensor->is_vector, tensor->name[0] == 'b');
            cr_assert_eq(tensor->n_columns, tensor->is_vector ? 1 : 3);
            cr_assert_eq(tensor->n_rows, strcmp(tensor->name, "b_hidden") ? 7 : 3);
            offset += (int64_t)tensor->n_rows * tensor->n_columns;
            cr_assert_eq(model_tensor_at(&model, offset - 1), tensor);
        }
        cr_assert_str_eq(names, rows[r].names);
        cr_assert(offset == rows[r].n && model.n_parameters == offset);
        cr_assert_eq(model.W, model.parameters);
        cr_assert_eq(model.W2 == model.W, model.kind->is_tied);
        cr_assert_eq(!model.b_hidden, !strstr(names, "b_hidden"));
        cr_assert_eq(model.b, model.parameters + offset - 7);
        cr_assert_null(model_tensor(&model, "W3"));
        for (int64_t i = 0; i < model.n_parameters; i++)
            cr_assert_eq(model.parameters[i], 0);
        arena_release(&arena);
    }
}

/* N normals of mean 0 and deviation s: mean within 5 s / sqrt(N), mean square within 5 s^2
 * sqrt(2 / N). */
static void check_normals(const float *values, int n, double std) {
    double sum = 0, squares = 0;
    for (int i = 0; i < n; i++) {
        sum += (double)values[i];
        squares += (double)values[i] * (double)values[i];
    }
    cr_assert_leq(fabs(sum / n), 5 * std / sqrt(n));
    cr_assert_leq(fabs(squares / n - std * std), 5 * std * std * sqrt(2.0 / n));
}

Test(model, first_weights_are_normal_and_biases_0) {
    static const struct {
        const char *yaml;
        double std;
    } rows[] = {{"{kind: relu_output, n_hidden: 50}", 0.08944271909999159}, /* sqrt(2 / 250) */
                {"{kind: two_layer, n_hidden: 50, hidden_bias: true}", 0.08944271909999159},
                {"{kind: two_layer, n_hidden: 50, init_std: 0.3}", 0.3},
                {"{kind: linear, n_hidden: 50, init_std: 0}", 0}};
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
        Arena arena = {0};
        Model model = open_model(rows[r].yaml, 200, &arena);
        Choice choice = choose(&model_table, rows[r].yaml, &arena);
        memset(model.parameters, 0xff, (size_t)model.n_parameters * sizeof(float));
        model_init(&model, &choice, rng_key(3, 0, PURPOSE_INIT));
        check_normals(model.W, 200 * 50, rows[r].std);
        check_normals(model.W2, 200 * 50, rows[r].std);
        for (int i = 0; i < 200; i++)
            cr_assert_eq(model.b[i], 0);
        for (int k = 0; model.b_hidden && k < 50; k++)
            cr_assert_eq(model.b_hidden[k], 0);
        cr_assert_eq(model_find_nonfinite(&model), -1);
        arena_release(&arena);
    }
}

Test(model, first_weights_belong_to_the_stream) {
    Arena arena = {0};
    const char *yaml = "{kind: two_layer, n_hidden: 4, init_std: 1}";
    Choice choice = choose(&model_table, yaml, &arena);
    Model one = open_model(yaml, 6, &arena), same = open_model(yaml, 6, &arena);
    Model other = open_model(yaml, 6, &arena),
          tied = open_model("{kind: linear, n_hidden: 4}", 6, &arena);
    model_init(&one, &choice, rng_key(0, 0, PURPOSE_INIT));
    model_init(&same, &choice, rng_key(0, 0, PURPOSE_INIT));
    model_init(&other, &choice, rng_key(0, 1, PURPOSE_INIT));
    model_init(&tied, &choice, rng_key(0, 0, PURPOSE_INIT));
    cr_assert_arr_eq(one.parameters, same.parameters, (size_t)one.n_parameters * sizeof(float));
    cr_assert_arr_eq(one.W, tied.W, 24 * sizeof(float));
    cr_assert_arr_neq(one.W, other.W, 24 * sizeof(float));
    cr_assert_arr_neq(one.W, one.W2, 24 * sizeof(float));
    arena_release(&arena);
}

/* Twice 10^10 floats and 10^5 more are 74.5 GiB. */
Test(model, sizes_beyond_memory_are_refused) {
    Arena arena = {0};
    Choice choice = choose(&model_table, "{kind: two_layer, n_hidden: 100000}", &arena);
    cr_assert_eq(model_count(&choice, 100000), 20000100000);
    Model model;
    Error error = {0};
    bool fits = memory_available() > 4 * INT64_C(20000100000);
    cr_assert_eq(model_open(&model, &choice, 100000, &arena, &error), fits);
    if (!fits)
        cr_assert(strstr(error.text, "a model of 100000 features and 100000 hidden dimensions "
                                     "needs 74.5 GiB for its parameters; ") == error.text,
                  "%s", error.text);
    Model wide = open_model("{kind: relu_output, n_hidden: 5}", 100000, &arena);
    cr_assert_eq(wide.n_parameters, 600000);
    arena_release(&arena);
}

Test(model, the_first_nonfinite_parameter_is_found) {
    static const int64_t places[] = {0, 1, 1023, 1024, 2500, 3099};
    Arena arena = {0};
    Model model = open_model("{kind: linear, n_hidden: 30}", 100, &arena);
    for (int64_t i = 0; i < model.n_parameters; i++)
        model.parameters[i] = i % 2 ? FLT_MAX : -FLT_MIN / 2;
    cr_assert_eq(model_find_nonfinite(&model), -1);
    const float bad[] = {(float)NAN, (float)INFINITY, (float)-INFINITY};
    for (int p = (int)(sizeof places / sizeof *places) - 1; p >= 0; p--) {
        model.parameters[places[p]] = bad[p % 3];
        cr_assert_eq(model_find_nonfinite(&model), places[p]);
    }
    arena_release(&arena);
}

static Task open_task(const char *yaml, int n_features, Arena *arena) {
    Choice choice = choose(&task_table, yaml, arena);
    Task task;
    Error error = {0};
    cr_assert(task_open(&task, &choice, n_features, arena, &error), "%s", error.text);
    cr_assert_eq(task.n_outputs, n_features);
    return task;
}

Test(task, importance_is_one_number_an_output) {
    static const struct {
        const char *yaml;
        double expected[4];
    } rows[] = {{"identity", {1, 1, 1, 1}},
                {"{kind: identity, importance: 0.5}", {0.5, 0.5, 0.5, 0.5}},
                {"{kind: absolute_value, importance: {decay: 0.5}}", {1, 0.5, 0.25, 0.125}},
                {"{kind: identity, importance: {last: 3}}", {1, 1, 1, 3}},
                {"{kind: identity, importance: [4, 0, 2, 1]}", {4, 0, 2, 1}}};
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
        Arena arena = {0};
        Task task = open_task(rows[r].yaml, 4, &arena);
        for (int i = 0; i < 4; i++)
            cr_assert_float_eq(task.importance[i], rows[r].expected[i], 1e-15);
        arena_release(&arena);
    }
    Arena arena = {0};
    Choice choice = choose(&task_table, "{kind: identity, importance: [1, 2]}", &arena);
    Task task;
    Error error = {0};
    cr_assert(!task_open(&task, &choice, 4, &arena, &error));
    cr_assert(strstr(error.text, "importance"), "%s", error.text);
    arena_release(&arena);
}

static float itself(float x) {
    return x;
}

static float squared(float x) {
    return x * x;
}

static float positive(float x) {
    return fmaxf(x, 0);
}

static float with_positive(float x) {
    return x + fmaxf(x, 0);
}

/* Targets of every listed row, dense and sparse. */
Test(task, targets_are_a_function_of_the_features) {
    static const struct {
        const char *task;
        float (*target)(float);
    } rows[] = {{"identity", itself},
                {"absolute_value", fabsf},
                {"square", squared},
                {"relu", positive},
                {"residual_relu", with_positive}};
    static const char *const probabilities[] = {"0.9", "0.3", "0.05", "{first: 0.01, rest: 0.1}"};
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++)
        for (size_t p = 0; p < sizeof probabilities / sizeof *probabilities; p++) {
            Arena arena = {0};
            enum { N = 9, BATCH = 1000 };
            char *yaml = arena_print(&arena,
                                     "{kind: independent, n_features: %d, value: signed_uniform, "
                                     "feature_probability: %s}",
                                     N, probabilities[p]);
            Choice choice = choose(&data_table, yaml, &arena);
            Data data;
            Batch batch;
            Error error = {0};
            Task task = open_task(rows[r].task, N, &arena);
            cr_assert(data_open(&data, &choice, &arena, &error), "%s", error.text);
            cr_assert(batch_init(&batch, N, BATCH, &arena));
            task_draw(&task, &data, 1, 0, 0, BATCH, &batch);
            cr_assert_gt(batch.n_rows, 0);
            for (int row = 0; row < batch.n_rows; row++) {
                float x[N], y[N];
                batch_row(&batch, batch.x, row, x);
                batch_row(&batch, batch.y, row, y);
                for (int i = 0; i < N; i++)
                    cr_assert_eq(y[i], rows[r].target(x[i]));
            }
            arena_release(&arena);
        }
}

static float smaller_if_positive(float a, float b) {
    return fmaxf(0, fminf(a, b));
}

/* Both outputs of a pair, in every form of batch; the features stay what they were drawn. */
Test(task, pairs_have_two_outputs_that_agree) {
    static const struct {
        const char *task;
        float (*target)(float, float);
    } rows[] = {{"max", fmaxf}, {"and", smaller_if_positive}};
    static const struct {
        int n;
        const char *data;
    } data_rows[] = {{8, "independent, feature_probability: 0.3"},  /* lanes */
                     {40, "independent, feature_probability: 0.5"}, /* rows */
                     {40, "independent, feature_probability: 0.05"},
                     {12, "correlated, feature_probability: 0.2, set_size: 3"},
                     {6, "one_hot"},
                     {2, "exactly_k, n_active: 2"}};
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++)
        for (size_t d = 0; d < sizeof data_rows / sizeof *data_rows; d++) {
            Arena arena = {0};
            int n = data_rows[d].n;
            enum { BATCH = 128 };
            Choice choice =
                choose(&data_table,
                       arena_print(&arena, "{kind: %s, n_features: %d, value: signed_uniform}",
                                   data_rows[d].data, n),
                       &arena);
            Data data;
            Batch batch, plain;
            Error error = {0};
            Task task = open_task(rows[r].task, n, &arena);
            cr_assert(data_open(&data, &choice, &arena, &error), "%s", error.text);
            cr_assert(batch_init(&batch, n, BATCH, &arena) && batch_init(&plain, n, BATCH, &arena));
            task_draw(&task, &data, 1, 0, 0, BATCH, &batch);
            data_draw(&data, 1, 0, 0, BATCH, &plain);
            cr_assert(batch.n_rows > 0 && batch.n_rows == plain.n_rows);
            for (int row = 0; row < batch.n_rows; row++) {
                float x[40], y[40], drawn[40];
                batch_row(&batch, batch.x, row, x);
                batch_row(&batch, batch.y, row, y);
                batch_row(&plain, plain.x, row, drawn);
                for (int i = 0; i < n; i++) {
                    cr_assert_eq(x[i], drawn[i]);
                    cr_assert_eq(y[i], rows[r].target(x[i], x[i ^ 1]));
                }
            }
            arena_release(&arena);
        }
    Arena arena = {0};
    Choice choice = choose(&task_table, "and", &arena);
    Task task;
    Error error = {0};
    cr_assert(!task_open(&task, &choice, 5, &arena, &error));
    cr_assert_str_eq(error.text,
                     "task.kind: and takes pairs of features, and data.n_features is 5, odd");
    arena_release(&arena);
}
