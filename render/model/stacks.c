#include "render/model/stacks.h"

#include <math.h>
#include <stdlib.h>

/* Importances below this share of the largest all have the lightest colour. */
static const double least_share = 1e-3;

static const double wider = 1.04; /* room around the stacks */

static int by_place(const void *a, const void *b) {
    const StackColumn *left = a, *right = b;
    if (left->group != right->group)
        return left->group < right->group ? -1 : 1;
    if (left->main != right->main)
        return left->main < right->main ? -1 : 1;
    if (left->is_negative != right->is_negative)
        return left->is_negative ? 1 : -1;
    return (left->neuron > right->neuron) - (left->neuron < right->neuron);
}

/* The feature with the largest weight among those that the neuron stores, or among all. */
static int main_feature(const Model *model, const Neurons *neurons, int k) {
    int m = model->n_hidden, main = -1;
    for (int i = 0; i < model->n_features; i++) {
        size_t at = (size_t)i * m + k;
        bool is_wanted = neurons->stores[at] || !neurons->features[k];
        if (is_wanted && (main < 0 || fabsf(model->W[at]) > fabsf(model->W[(size_t)main * m + k])))
            main = i;
    }
    return main;
}

/* Many neurons are ordered by their main feature alone. */
static int group_of(const StackSource *source, int k) {
    int m = source->model->n_hidden;
    double group = source->group->values[k];
    return isnan(group) ? m : m > FEW_NEURONS ? 0 : (int)group;
}

StackColumn *stacks_order(const StackSource *source, Arena *arena) {
    const Model *model = source->model;
    int m = model->n_hidden;
    StackColumn *columns = ARENA_NEW(arena, StackColumn, m);
    for (int k = 0; k < m; k++) {
        int main = main_feature(model, &source->neurons, k);
        columns[k] = (StackColumn){.neuron = k,
                                   .group = group_of(source, k),
                                   .main = main,
                                   .is_negative = model->W[(size_t)main * m + k] < 0};
    }
    qsort(columns, (size_t)m, sizeof *columns, by_place);
    return columns;
}

static void fill_in(const StackSource *source, const StackColumn *columns, StackPanel *panel,
                    Arena *arena) {
    int n = source->model->n_features, m = source->model->n_hidden;
    double *weights = ARENA_NEW(arena, double, (size_t)m *n);
    bool *stores = ARENA_NEW(arena, bool, (size_t)m *n);
    for (int k = 0; k < m; k++)
        for (int i = 0; i < n; i++) {
            int neuron = columns[k].neuron;
            double weight = source->weights->values[(size_t)neuron * n + i];
            weights[(size_t)k * n + i] = m > FEW_NEURONS ? fabs(weight) : weight;
            stores[(size_t)k * n + i] = source->neurons.stores[(size_t)i * m + neuron];
        }
    *panel = (StackPanel){.n_neurons = m,
                          .n_features = n,
                          .weights = weights,
                          .stores = stores,
                          .lumps_strays = m > FEW_NEURONS,
                          .selected = -1};
}

/* W2, scaled by what W was divided by. */
static void fill_out(const Model *model, const StackColumn *columns, const StackPanel *in,
                     StackPanel *panel, Arena *arena) {
    int n = model->n_features, m = model->n_hidden;
    double *weights = ARENA_NEW(arena, double, (size_t)m *n);
    for (int k = 0; k < m; k++) {
        double largest = 0;
        for (int i = 0; i < n; i++)
            largest = fmax(largest, fabs((double)model->W[(size_t)i * m + columns[k].neuron]));
        for (int i = 0; i < n; i++)
            weights[(size_t)k * n + i] =
                largest * (double)model->W2[(size_t)i * m + columns[k].neuron];
    }
    *panel = *in;
    panel->weights = weights;
}

static const char **notes_of(const StackSource *source, const StackColumn *columns, Arena *arena) {
    const Measurement *roles = source->roles;
    const char **notes = NULL;
    int m = source->model->n_hidden;
    for (int k = 0; roles && k < m; k++) {
        double role = roles->values[columns[k].neuron];
        if (role > 0) {
            notes = notes ? notes : ARENA_NEW(arena, const char *, m);
            notes[k] = roles->labels[(int)role];
        }
    }
    return notes;
}

/* How many features the neurons of these columns store. */
static int count_features(const Neurons *neurons, const StackColumn *columns, int n) {
    int n_stored = 0;
    for (int i = 0; i < neurons->n_features; i++) {
        bool is_stored = false;
        for (int k = 0; k < n; k++)
            is_stored |= neurons->stores[(size_t)i * neurons->n_hidden + columns[k].neuron];
        n_stored += is_stored;
    }
    return n_stored;
}

/* How many columns from this one on are of its group; 0 where others of it stand elsewhere. */
static int count_group(const StackSource *source, const StackColumn *columns, int first) {
    int m = source->model->n_hidden, group = group_of(source, columns[first].neuron), n = 0,
        n_all = 0;
    while (first + n < m && group_of(source, columns[first + n].neuron) == group)
        n++;
    for (int k = 0; k < m; k++)
        n_all += group_of(source, k) == group;
    return n == n_all ? n : 0;
}

/* A bracket for each group of several neurons. */
static void fill_groups(const StackSource *source, const StackColumn *columns, StackPanel *panel,
                        Arena *arena) {
    int m = panel->n_neurons;
    StackGroup *groups = ARENA_NEW(arena, StackGroup, m);
    for (int k = 0; k < m; k++) {
        int n_columns = count_group(source, columns, k);
        if (n_columns < 2 || group_of(source, columns[k].neuron) == m)
            continue;
        int n = count_features(&source->neurons, columns + k, n_columns);
        groups[panel->n_groups++] = (StackGroup){
            k, n_columns,
            arena_print(arena, "%d feature%s in %d neurons", n, n > 1 ? "s" : "", n_columns),
            arena_print(arena, "%d in %d", n, n_columns)};
        k += n_columns - 1;
    }
    panel->groups = groups;
}

/* Colours by the logarithm of the importance; NULL where all are the same, and few. */
static const double *shades_of(const double *importance, int n, Arena *arena) {
    double *shades = ARENA_NEW(arena, double, n), least = HUGE_VAL, most = 0;
    for (int i = 0; i < n; i++) {
        least = fmin(least, importance[i]);
        most = fmax(most, importance[i]);
    }
    least = fmax(least, least_share * most);
    if (!(least < most) && n <= N_CATEGORIES)
        return NULL;
    for (int i = 0; i < n; i++)
        shades[i] =
            least < most ? log(fmax(importance[i], least) / least) / log(most / least) : 0.8;
    return shades;
}

void stacks_fill(const StackSource *source, const StackColumn *columns, Stacks *stacks,
                 Arena *arena) {
    const Model *model = source->model;
    int m = model->n_hidden;
    *stacks = (Stacks){.n_alone = 0};
    for (int k = 0; k < m; k++) {
        stacks->n_alone += source->neurons.features[k] == 1;
        stacks->n_shared += source->neurons.features[k] > 1;
    }
    fill_in(source, columns, &stacks->in, arena);
    stacks->in.shade = shades_of(source->importance, model->n_features, arena);
    StackPanel *last = &stacks->in;
    if (m <= FEW_NEURONS && !model->kind->is_tied) {
        fill_out(model, columns, &stacks->in, &stacks->out, arena);
        stacks->in.title = "<i>W</i>, into the neurons";
        stacks->out.title = "<i>W</i><sub>2</sub>, out of them";
        last = &stacks->out;
    }
    last->notes = notes_of(source, columns, arena);
    if (m <= FEW_NEURONS)
        fill_groups(source, columns, last, arena);
}

void stacks_share_ends(Stacks *stacks, int n) {
    StackPanel in = {.high = 1}, out = {.high = 1};
    for (int i = 0; i < n; i++) {
        stack_panel_cover(&stacks[i].in);
        stack_panel_cover(&stacks[i].out);
        in.low = fmin(in.low, stacks[i].in.low);
        in.high = fmax(in.high, stacks[i].in.high);
        out.low = fmin(out.low, stacks[i].out.low);
        out.high = fmax(out.high, stacks[i].out.high);
    }
    for (int i = 0; i < n; i++) {
        stacks[i].in.low = in.low * wider;
        stacks[i].in.high = in.high * wider;
        stacks[i].out.low = out.low * wider;
        stacks[i].out.high = out.high * wider;
    }
}
