/* Model: a two-layer network h = act(x W + b_hidden), y' = act(h W2^T + b), samples as rows; tied
 * kinds have W2 = W, residual ones add x to y'. The kinds are rows of data over one engine.
 * Parameters are one block of floats, tensor after tensor: W, W2 (untied), b_hidden (where it is
 * on), b. With an embedding (embedding.h) the block begins with W, W2 and b too, which then follow
 * from the tensors that are trained; so whoever reads a model reads these and need not ask.
 *
 * The paper (Elhage et al. 2022) writes x' = ReLU(W^T W x + b) with W [m][n]: its column W_i is our
 * row i. */
#ifndef SUPERPOSE_MODEL_MODEL_H
#define SUPERPOSE_MODEL_MODEL_H

#include "sim/base/error.h"
#include "sim/config/kind.h"

#include <stdint.h>

/* z; max(0, z); z Phi(z), where Phi is the standard normal distribution function: the exact GELU
 * of Hendrycks & Gimpel 2016, not its approximation by tanh. */
typedef enum Activation { ACTIVATION_LINEAR, ACTIVATION_RELU, ACTIVATION_GELU } Activation;

typedef struct ModelKind {
    Kind kind;
    bool is_tied;              /* W2 = W */
    bool adds_input;           /* y' has x more */
    bool chooses;              /* its settings are ChosenSettings, and say the activations */
    bool embeds;               /* its settings are ResidualSettings: there may be an embedding */
    Activation hidden, output; /* of kinds that do not choose */
} ModelKind;

/* What every kind's settings begin with. */
typedef struct ModelSettings {
    int64_t n_hidden;
    double init_std;       /* NaN: xavier = sqrt(2 / (n_features + n_hidden)) */
    const char *init_from; /* "none", FILE.npz, or STORE.db#run */
    bool bias; /* b is trained; else it stays what it starts as: 0, or that of init_from */
    bool hidden_bias;
    double hidden_penalty; /* lambda: the objective has lambda sum_k |h_k| more */
} ModelSettings;

/* Settings of kinds that choose. */
typedef struct ChosenSettings {
    ModelSettings common;
    int hidden_activation, output_activation; /* Activation */
} ChosenSettings;

/* Settings of kinds that embed. */
typedef struct ResidualSettings {
    ChosenSettings chosen;
    int64_t embedding; /* dimensions of the residual stream; 0: the features are its coordinates */
} ResidualSettings;

enum { MAX_TENSORS = 9 };

typedef struct Tensor {
    const char *name;      /* W, W2, b_hidden, b, … */
    int n_rows, n_columns; /* a vector has n_columns = 1 and is_vector */
    bool is_vector;
    bool is_derived; /* follows from other tensors */
    bool is_fixed;   /* stays what it was at the first step; such tensors are the last ones */
    int64_t offset;  /* in the parameters */
} Tensor;

typedef struct Model {
    const ModelKind *kind;
    Activation hidden, output;
    int n_features, n_hidden;
    int n_embedding; /* 0: none */
    int n_tensors;
    Tensor tensors[MAX_TENSORS];
    int64_t n_parameters;
    int64_t trained_at; /* where the trained ones begin, which lie side by side */
    float *parameters;  /* [n_parameters] */
    float *W;           /* [n_features][n_hidden] */
    float *W2; /* [n_features][n_hidden], row i: what output i reads; W itself in tied kinds */
    float *b_hidden; /* [n_hidden], or NULL */
    float *b;        /* [n_features] */
    float *M;        /* [n_features][n_features]: y' has x M more, beside x; NULL: it has not */
    float *W_in, *W_out, *b_out, *W_E; /* of an embedding (embedding.h), else NULL */
} Model;

extern const KindTable model_table;

/* linear, relu, gelu: the activations' names, NULL-ended. */
extern const char *const activation_words[];

/** Whether these settings go together: the output is linear where there is an embedding. */
bool model_check(const Choice *choice, Error *error);

/** A model of this kind and size with all parameters 0. Refuses what model_check does, and sizes
 * that do not fit into memory, saying how much they need. */
bool model_open(Model *model, const Choice *choice, int n_features, Arena *arena, Error *error);

/** Kind, activations, sizes and tensors of a model of these settings, without parameters: no
 * pointer is set. */
void model_sizes(Model *model, const Choice *choice, int n_features);

/** Number of parameters a model of these settings has, without making it. */
int64_t model_count(const Choice *choice, int n_features);

/** First weights: W (and W2) normal with mean 0 and standard deviation init_std, biases 0, from the
 * stream `key`; with an embedding W_in and W_out instead, and W_E (embedding_init). */
void model_init(Model *model, const Choice *choice, uint64_t key);

/** How many parameters are trained: those from trained_at on, without the outputs' bias where the
 * settings say so. */
int64_t model_count_trained(const Model *model, const Choice *choice);

/** Numbers of W, W2 (untied), b_hidden and b, which is what a gradient of the kernel has: all
 * parameters where there is no embedding. */
int64_t model_count_effective(const Model *model);

/** Numbers of the tensors that are not fixed: the first of all parameters. */
int64_t model_count_moving(const Model *model);

/** The index of the first parameter that is NaN or infinite, or -1. */
int64_t model_find_nonfinite(const Model *model);

/** The tensor a parameter belongs to. */
const Tensor *model_tensor_at(const Model *model, int64_t parameter);

/** The tensor of that name, or NULL. */
const Tensor *model_tensor(const Model *model, const char *name);

#endif
