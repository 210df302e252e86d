/* The plain reference: one sample after another, loops as in the formulas, sums in double. Written
 * to be read; tests hold the vector kernels to it.
 *
 *   h_k = act(zh_k)            zh_k = b_hidden_k + sum_i x_i W_ik
 *   z_i = b_i + sum_k h_k W2_ik
 *   r_i = y_i - act(z_i)      (- x_i - sum_j x_j M_ji in residual kinds; M: none, or the model's)
 *   loss = sum_i I_i |r_i|^q + lambda sum_k |h_k|
 *
 *   g_i = dloss/dz_i = -I_i q |r_i|^(q-1) sign(r_i) act'(z_i)         (0 where r_i = 0)
 *   d_k = act'(zh_k) (sum_i g_i W2_ik + lambda sign(h_k))
 *   db_i = g_i     dW2_ik = g_i h_k     db_hidden_k = d_k     dW_ik = x_i d_k  (+ dW2_ik if tied)
 *
 * act' is 0 at 0 for the rectifier, and sign(0) is 0, as in PyTorch. */
#include "sim/model/kernel/path.h"

#include <math.h>
#include <string.h>

/* A worker's scratch. */
typedef struct Sample {
    double *gradient;  /* [layout.n_floats] of the batch, in double until it is complete */
    double *g;         /* [n_features] */
    double *past;      /* [n_features]: what passes the layer by: x + x M */
    double *z, *h, *d; /* [n_hidden]: before the activation, after it, its gradient */
    float *x, *y;      /* [n_features] */
} Sample;

/* Phi(z), the standard normal distribution function. */
static double normal_below(double z) {
    return 0.5 * erfc(-z * M_SQRT1_2);
}

static double activate(Activation activation, double z) {
    if (activation == ACTIVATION_GELU)
        return z * normal_below(z);
    return activation == ACTIVATION_RELU && z <= 0 ? 0 : z;
}

static double slope_at(Activation activation, double z) {
    if (activation == ACTIVATION_GELU)
        return normal_below(z) + z * exp(-z * z / 2) * M_2_SQRTPI * M_SQRT1_2 / 2;
    return activation == ACTIVATION_RELU && z <= 0 ? 0 : 1;
}

static double sign(double value) {
    return (value > 0) - (value < 0);
}

static Sample sample_of(const Workspace *workspace, void *scratch) {
    int64_t n = workspace->n_features, m = workspace->n_hidden;
    Sample sample = {.gradient = scratch};
    sample.g = sample.gradient + workspace->layout.n_floats;
    sample.past = sample.g + n;
    sample.z = sample.past + n;
    sample.h = sample.z + m;
    sample.d = sample.h + m;
    sample.x = (float *)(void *)(sample.d + m);
    sample.y = sample.x + n;
    return sample;
}

static void plan(Workspace *workspace) {
    int64_t n = workspace->n_features, m = workspace->n_hidden;
    workspace->layout = layout_of(workspace, workspace->n_hidden, n);
    int64_t n_doubles = workspace->layout.n_floats + 16 + 2 * n + 3 * m;
    workspace->scratch_bytes = n_doubles * (int64_t)sizeof(double) + 2 * n * (int64_t)sizeof(float);
}

/* Row `row` of the batch; the one after the last is an empty sample. */
static void load_sample(const Batch *batch, int row, Sample *sample) {
    size_t n_bytes = (size_t)batch->n_features * sizeof(float);
    if (row < batch->n_rows) {
        batch_row(batch, batch->x, row, sample->x);
        batch_row(batch, batch->y, row, sample->y);
    } else {
        memset(sample->x, 0, n_bytes);
        memset(sample->y, 0, n_bytes);
    }
}

static void encode(const Model *model, Sample *sample) {
    int n = model->n_features, m = model->n_hidden;
    for (int k = 0; k < m; k++)
        sample->z[k] = model->b_hidden ? (double)model->b_hidden[k] : 0;
    for (int i = 0; i < n; i++)
        if (sample->x[i] != 0)
            for (int k = 0; k < m; k++)
                sample->z[k] += (double)sample->x[i] * (double)model->W[(int64_t)i * m + k];
    for (int k = 0; k < m; k++)
        sample->h[k] = activate(model->hidden, sample->z[k]);
}

static void pass_by(const Model *model, Sample *sample) {
    int64_t n = model->n_features;
    for (int i = 0; i < n; i++)
        sample->past[i] = model->kind->adds_input ? (double)sample->x[i] : 0;
    for (int j = 0; model->M && j < n; j++)
        if (sample->x[j] != 0)
            for (int i = 0; i < n; i++)
                sample->past[i] += (double)sample->x[j] * (double)model->M[j * n + i];
}

/* Sets g and returns the loss. */
static double decode(const Workspace *workspace, const Model *model, Sample *sample) {
    int n = model->n_features, m = model->n_hidden;
    double q = workspace->exponent, loss = 0;
    for (int k = 0; k < m; k++)
        loss += (double)workspace->hidden_penalty * fabs(sample->h[k]);
    for (int i = 0; i < n; i++) {
        double z = (double)model->b[i], importance = (double)workspace->importance[i];
        for (int k = 0; k < m; k++)
            z += sample->h[k] * (double)model->W2[(int64_t)i * m + k];
        double out = activate(model->output, z) + sample->past[i];
        double r = (double)sample->y[i] - out;
        double slope = r == 0 ? 0 : q * pow(fabs(r), q - 1) * (r < 0 ? -1 : 1);
        loss += importance * pow(fabs(r), q);
        sample->g[i] = -importance * slope * slope_at(model->output, z);
    }
    return loss;
}

static void add_gradient(const Workspace *workspace, const Model *model, double weight,
                         Sample *sample) {
    int n = model->n_features, m = model->n_hidden;
    const Layout *layout = &workspace->layout;
    for (int k = 0; k < m; k++)
        sample->d[k] = weight * (double)workspace->hidden_penalty * sign(sample->h[k]);
    for (int i = 0; i < n; i++) {
        double g = weight * sample->g[i];
        sample->gradient[layout->b + i] += g;
        for (int k = 0; k < m; k++) {
            sample->d[k] += g * (double)model->W2[(int64_t)i * m + k];
            sample->gradient[layout->W2 + (int64_t)i * m + k] += g * sample->h[k];
        }
    }
    for (int k = 0; k < m; k++)
        sample->d[k] *= slope_at(model->hidden, sample->z[k]);
    for (int k = 0; model->b_hidden && k < m; k++)
        sample->gradient[layout->b_hidden + k] += sample->d[k];
    for (int i = 0; i < n; i++)
        if (sample->x[i] != 0)
            for (int k = 0; k < m; k++)
                sample->gradient[layout->W + (int64_t)i * m + k] +=
                    (double)sample->x[i] * sample->d[k];
}

static void run(const Workspace *workspace, const Model *model, const Batch *batch, void *scratch,
                float *gradient, LossSums *sums) {
    Sample sample = sample_of(workspace, scratch);
    int64_t n_floats = workspace->layout.n_floats;
    if (gradient)
        memset(sample.gradient, 0, (size_t)n_floats * sizeof(double));
    for (int row = 0; row < row_count(batch); row++) {
        load_sample(batch, row, &sample);
        encode(model, &sample);
        pass_by(model, &sample);
        sums_add(sums, row_weight(batch, row), decode(workspace, model, &sample));
        if (gradient)
            add_gradient(workspace, model, row_weight(batch, row), &sample);
    }
    for (int64_t i = 0; gradient && i < n_floats; i++)
        gradient[i] += (float)sample.gradient[i];
}

const Path path_plain = {.adds_input = true, .plan = plan, .run = run};

/* Hidden dimensions first … first + n_codes - 1 of a sample. */
static void encode_group(const Model *model, const float *x, int first, int n_codes,
                         double *codes) {
    int64_t m = model->n_hidden;
    for (int k = 0; k < n_codes; k++)
        codes[k] = model->b_hidden ? (double)model->b_hidden[first + k] : 0;
    for (int i = 0; i < model->n_features; i++)
        if (x[i] != 0)
            for (int k = 0; k < n_codes; k++)
                codes[k] += (double)x[i] * (double)model->W[i * m + first + k];
    for (int k = 0; k < n_codes; k++)
        codes[k] = activate(model->hidden, codes[k]);
}

void model_forward(const Model *model, const float *x, float *h, float *out) {
    enum { GROUP = 16 }; /* hidden dimensions at a time: no room for all of h is needed */
    int n = model->n_features, m = model->n_hidden;
    double codes[GROUP];
    memcpy(out, model->b, (size_t)n * sizeof(float));
    for (int first = 0; first < m; first += GROUP) {
        int n_codes = m - first < GROUP ? m - first : GROUP;
        encode_group(model, x, first, n_codes, codes);
        for (int i = 0; i < n; i++) {
            double z = (double)out[i];
            for (int k = 0; k < n_codes; k++)
                z += codes[k] * (double)model->W2[(int64_t)i * m + first + k];
            out[i] = (float)z;
        }
        for (int k = 0; h && k < n_codes; k++)
            h[first + k] = (float)codes[k];
    }
    for (int i = 0; i < n; i++)
        out[i] = (float)(activate(model->output, (double)out[i]) +
                         (model->kind->adds_input ? (double)x[i] : 0));
    for (int j = 0; model->M && j < n; j++)
        for (int i = 0; x[j] != 0 && i < n; i++)
            out[i] += x[j] * model->M[(int64_t)j * n + i];
}
