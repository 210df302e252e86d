/* The table of models, and the block of parameters all of them have. */
#include "sim/model/model.h"

#include "sim/base/memory.h"
#include "sim/base/rng.h"
#include "sim/model/embedding.h"

#include <assert.h>
#include <math.h>
#include <stddef.h>
#include <string.h>

static const ModelKind linear = {
    .kind = {.name = "linear",
             .summary = "y' = x W W^T + b: no activation, so it stores what PCA would",
             .source = "Elhage et al. 2022, Demonstrating Superposition, Experiment Setup"},
    .is_tied = true,
    .hidden = ACTIVATION_LINEAR,
    .output = ACTIVATION_LINEAR};

static const ModelKind relu_output = {
    .kind = {.name = "relu_output",
             .summary = "y' = ReLU(x W W^T + b): the model that shows superposition",
             .source = "Elhage et al. 2022, Demonstrating Superposition, Experiment Setup"},
    .is_tied = true,
    .hidden = ACTIVATION_LINEAR,
    .output = ACTIVATION_RELU};

static const ModelKind relu_hidden = {
    .kind = {.name = "relu_hidden",
             .summary = "y' = ReLU(h W^T + b), h = ReLU(x W): hidden units are a privileged basis",
             .source = "Elhage et al. 2022, Superposition in a Privileged Basis"},
    .is_tied = true,
    .hidden = ACTIVATION_RELU,
    .output = ACTIVATION_RELU};

const char *const activation_words[] = {"linear", "relu", "gelu", NULL};

/* Of all kinds that choose. */
#define CHOSEN_FIELDS                                                                              \
    {.name = "hidden_activation",                                                                  \
     .type = FIELD_WORD,                                                                           \
     .offset = offsetof(ChosenSettings, hidden_activation),                                        \
     .fallback = "relu",                                                                           \
     .words = activation_words,                                                                    \
     .help = "bend of the hidden code h; gelu: z Phi(z), the exact one (erf)"},                    \
    {                                                                                              \
        .name = "output_activation", .type = FIELD_WORD,                                           \
        .offset = offsetof(ChosenSettings, output_activation), .fallback = "relu",                 \
        .words = activation_words, .help = "bend of h W2^T + b"                                    \
    }

static const Field chosen_fields[] = {CHOSEN_FIELDS};

static const Field residual_fields[] = {
    CHOSEN_FIELDS,
    {.name = "embedding",
     .type = FIELD_INTEGER,
     .offset = offsetof(ResidualSettings, embedding),
     .fallback = "0",
     .maximum = 100000,
     .unit = "dimensions",
     .help = "dimensions of a residual stream r = x W_E that the layer reads and adds to, y' = r' "
             "W_E^T; W_E is random, its rows of norm 1, and not trained; wants output_activation: "
             "linear; 0: none, the features are the stream's coordinates"}};

static const ModelKind two_layer = {
    .kind = {.name = "two_layer",
             .summary = "y' = act(h W2^T + b), h = act(x W): untied, computes on what it stores",
             .source = "Elhage et al. 2022, Computing in Superposition, Experiment Setup; "
                       "activations: Hendrycks & Gimpel 2016",
             .fields = chosen_fields,
             .n_fields = sizeof chosen_fields / sizeof *chosen_fields,
             .settings_size = sizeof(ChosenSettings)},
    .chooses = true};

static const ModelKind residual = {
    .kind = {.name = "residual",
             .summary = "y' = act(h W2^T + b) + x, h = act(x W): a layer beside what passes it by",
             .source = "Braun et al. 2025, Interpretability in Parameter Space, section 3.2; "
                       "the embedding's mixing of features: Bhagat et al. 2026; "
                       "activations: Hendrycks & Gimpel 2016",
             .fields = residual_fields,
             .n_fields = sizeof residual_fields / sizeof *residual_fields,
             .settings_size = sizeof(ResidualSettings)},
    .adds_input = true,
    .chooses = true,
    .embeds = true};

static const Kind *const rows[] = {&linear.kind, &relu_output.kind, &relu_hidden.kind,
                                   &two_layer.kind, &residual.kind};

static const char *const xavier[] = {"xavier", NULL};

static const Field fields[] = {
    {.name = "n_hidden",
     .type = FIELD_INTEGER,
     .offset = offsetof(ModelSettings, n_hidden),
     .minimum = 1,
     .maximum = 100000,
     .unit = "dimensions",
     .help = "hidden dimensions m of the bottleneck"},
    {.name = "init_std",
     .type = FIELD_REAL,
     .offset = offsetof(ModelSettings, init_std),
     .fallback = "xavier",
     .maximum = HUGE_VAL,
     .words = xavier,
     .help = "standard deviation of the first weights; xavier: sqrt(2 / (n_features + n_hidden)), "
             "with an embedding sqrt(2 / (embedding + n_hidden))"},
    {.name = "init_from",
     .type = FIELD_TEXT,
     .offset = offsetof(ModelSettings, init_from),
     .fallback = "none",
     .help = "start from the weights of FILE.npz or of run I of a store, STORE.db#I"},
    {.name = "bias",
     .type = FIELD_BOOL,
     .offset = offsetof(ModelSettings, bias),
     .fallback = "true",
     .help = "whether outputs have a bias b that is trained; false: it stays 0, or that of "
             "init_from"},
    {.name = "hidden_bias",
     .type = FIELD_BOOL,
     .offset = offsetof(ModelSettings, hidden_bias),
     .fallback = "false",
     .help = "whether hidden dimensions have a bias, b_hidden"},
    {.name = "hidden_penalty",
     .type = FIELD_REAL,
     .offset = offsetof(ModelSettings, hidden_penalty),
     .fallback = "0",
     .maximum = HUGE_VAL,
     .is_live = true,
     .help = "lambda: every sample's loss has lambda sum_k |h_k| more, a price on using hidden "
             "dimensions; task_loss is the loss without it"}};

const KindTable model_table = {.name = "models",
                               .noun = "model kind",
                               .summary = "two-layer networks",
                               .rows = rows,
                               .n_rows = sizeof rows / sizeof *rows,
                               .fields = fields,
                               .n_fields = sizeof fields / sizeof *fields,
                               .settings_size = sizeof(ModelSettings)};

static Tensor *add_tensor(Model *model, const char *name, int n_rows, int n_columns) {
    assert(model->n_tensors < MAX_TENSORS);
    Tensor *tensor = &model->tensors[model->n_tensors++];
    *tensor = (Tensor){.name = name,
                       .n_rows = n_rows,
                       .n_columns = n_columns ? n_columns : 1,
                       .is_vector = !n_columns,
                       .offset = model->n_parameters};
    model->n_parameters += (int64_t)n_rows * tensor->n_columns;
    return tensor;
}

static void choose_activations(Model *model, const Choice *choice) {
    model->hidden = model->kind->hidden;
    model->output = model->kind->output;
    if (model->kind->chooses) {
        const ChosenSettings *settings = choice->settings;
        model->hidden = (Activation)settings->hidden_activation;
        model->output = (Activation)settings->output_activation;
    }
}

static int64_t embedding_of(const Choice *choice) {
    const ResidualSettings *settings = choice->settings;
    return ((const ModelKind *)choice->kind)->embeds ? settings->embedding : 0;
}

bool model_check(const Choice *choice, Error *error) {
    const ChosenSettings *settings = choice->settings;
    return embedding_of(choice) == 0 || settings->output_activation == ACTIVATION_LINEAR ||
           error_set(error,
                     "model.embedding wants model.output_activation linear, not %s: what the layer "
                     "gives is added to the residual stream, which no activation follows",
                     activation_words[settings->output_activation]);
}

/* What is trained; with an embedding W, W2 and b, which follow from it, come before and what stays
 * comes after. */
static void add_trained(Model *model, bool hidden_bias) {
    bool embeds = model->n_embedding > 0;
    int n_rows = embeds ? model->n_embedding : model->n_features;
    model->trained_at = model->n_parameters;
    add_tensor(model, embeds ? "W_in" : "W", n_rows, model->n_hidden);
    if (!model->kind->is_tied)
        add_tensor(model, embeds ? "W_out" : "W2", n_rows, model->n_hidden);
    if (hidden_bias)
        add_tensor(model, "b_hidden", model->n_hidden, 0);
    add_tensor(model, embeds ? "b_out" : "b", n_rows, 0);
}

static void add_derived(Model *model) {
    add_tensor(model, "W", model->n_features, model->n_hidden)->is_derived = true;
    add_tensor(model, "W2", model->n_features, model->n_hidden)->is_derived = true;
    add_tensor(model, "b", model->n_features, 0)->is_derived = true;
}

static void add_fixed(Model *model) {
    Tensor *M = add_tensor(model, "M", model->n_features, model->n_features);
    M->is_derived = M->is_fixed = true;
    add_tensor(model, "W_E", model->n_features, model->n_embedding)->is_fixed = true;
}

void model_sizes(Model *model, const Choice *choice, int n_features) {
    const ModelSettings *settings = choice->settings;
    *model = (Model){.kind = (const ModelKind *)choice->kind,
                     .n_features = n_features,
                     .n_hidden = (int)settings->n_hidden,
                     .n_embedding = (int)embedding_of(choice)};
    choose_activations(model, choice);
    if (model->n_embedding > 0)
        add_derived(model);
    add_trained(model, settings->hidden_bias);
    if (model->n_embedding > 0)
        add_fixed(model);
}

static float *tensor_place(const Model *model, const char *name) {
    const Tensor *tensor = model_tensor(model, name);
    return tensor ? model->parameters + tensor->offset : NULL;
}

static bool take_memory(Model *model, Arena *arena) {
    model->parameters = ARENA_TRY(arena, float, model->n_parameters);
    if (!model->parameters)
        return false;
    model->W = tensor_place(model, "W");
    model->W2 = model->kind->is_tied ? model->W : tensor_place(model, "W2");
    model->b_hidden = tensor_place(model, "b_hidden");
    model->b = tensor_place(model, "b");
    model->M = tensor_place(model, "M");
    model->W_in = tensor_place(model, "W_in");
    model->W_out = tensor_place(model, "W_out");
    model->b_out = tensor_place(model, "b_out");
    model->W_E = tensor_place(model, "W_E");
    return true;
}

bool model_open(Model *model, const Choice *choice, int n_features, Arena *arena, Error *error) {
    if (!model_check(choice, error))
        return false;
    model_sizes(model, choice, n_features);
    double need = (double)model->n_parameters * sizeof(float);
    if (memory_suffices(need) && take_memory(model, arena))
        return true;
    return error_set(error,
                     "a model of %d features and %d hidden dimensions needs %.3g GiB for its "
                     "parameters; %.3g GiB are available",
                     n_features, model->n_hidden, need * 0x1p-30,
                     (double)memory_available() * 0x1p-30);
}

int64_t model_count(const Choice *choice, int n_features) {
    Model model;
    model_sizes(&model, choice, n_features);
    return model.n_parameters;
}

int64_t model_count_trained(const Model *model, const Choice *choice) {
    const ModelSettings *settings = choice->settings;
    const Tensor *bias = model_tensor(model, model->n_embedding > 0 ? "b_out" : "b");
    return bias->offset + (settings->bias ? bias->n_rows : 0) - model->trained_at;
}

int64_t model_count_effective(const Model *model) {
    int64_t n = model->n_features, m = model->n_hidden;
    if (model->n_embedding == 0)
        return model->n_parameters;
    return 2 * n * m + (model_tensor(model, "b_hidden") ? m : 0) + n;
}

int64_t model_count_moving(const Model *model) {
    int i = 0;
    while (i < model->n_tensors && !model->tensors[i].is_fixed)
        i++;
    return i < model->n_tensors ? model->tensors[i].offset : model->n_parameters;
}

void model_init(Model *model, const Choice *choice, uint64_t key) {
    const ModelSettings *settings = choice->settings;
    bool embeds = model->n_embedding > 0;
    int n_rows = embeds ? model->n_embedding : model->n_features;
    double std = settings->init_std;
    if (isnan(std))
        std = sqrt(2.0 / ((double)n_rows + model->n_hidden));
    memset(model->parameters, 0, (size_t)model->n_parameters * sizeof(float));
    float *const weights[] = {embeds ? model->W_in : model->W, embeds ? model->W_out : model->W2};
    int64_t n = (int64_t)n_rows * model->n_hidden;
    for (int w = 0; w < (model->kind->is_tied ? 1 : 2); w++) {
        Rng rng;
        rng_init(&rng, key, 0, (uint64_t)w);
        for (int64_t i = 0; i < n; i++)
            weights[w][i] = (float)(std * rng_normal(&rng));
    }
    if (embeds)
        embedding_init(model, key);
}

/* Whether any of n numbers has all bits of the exponent set. */
static bool has_nonfinite(const float *values, int64_t n) {
    const uint32_t exponent = 0x7f800000;
    uint32_t found = 0;
    for (int64_t i = 0; i < n; i++) {
        uint32_t bits;
        memcpy(&bits, &values[i], sizeof bits);
        found |= (bits & exponent) == exponent;
    }
    return found;
}

int64_t model_find_nonfinite(const Model *model) {
    enum { STRIDE = 1024 }; /* looked at as one; only a stride that has one is searched */
    for (int64_t i = 0; i < model->n_parameters; i += STRIDE) {
        int64_t left = model->n_parameters - i, n = left < STRIDE ? left : STRIDE;
        if (!has_nonfinite(model->parameters + i, n))
            continue;
        while (isfinite(model->parameters[i]))
            i++;
        return i;
    }
    return -1;
}

const Tensor *model_tensor_at(const Model *model, int64_t parameter) {
    assert(parameter >= 0 && parameter < model->n_parameters);
    const Tensor *tensor = model->tensors + model->n_tensors - 1;
    while (parameter < tensor->offset)
        tensor--;
    return tensor;
}

const Tensor *model_tensor(const Model *model, const char *name) {
    for (int i = 0; i < model->n_tensors; i++)
        if (strcmp(model->tensors[i].name, name) == 0)
            return &model->tensors[i];
    return NULL;
}
