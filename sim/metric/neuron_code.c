/* How features are spread over hidden units: the units that share features, with these features,
 * form a group, "3 in 2" where three features are coded by two units. A feature with one unit,
 * which stores nothing else, is alone. */
#include "sim/base/text.h"
#include "sim/metric/metric.h"
#include "sim/metric/neurons.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct Group {
    int n_features, n_units;
} Group;

typedef struct Groups {
    Group *items; /* [n], in the order of their first features */
    int n;
    int *of_unit; /* [n_hidden]: -1: the unit stores nothing */
} Groups;

/* All that is reached from feature `first`: from features to the units that store them, and back.
 * `queue` [n_features] gets the features. */
static void flood(const Neurons *neurons, int first, Groups *groups, bool *is_met, int *queue) {
    int n = neurons->n_features, m = neurons->n_hidden;
    Group *group = &groups->items[groups->n];
    *group = (Group){0, 0};
    is_met[first] = true;
    queue[group->n_features++] = first;
    for (int q = 0; q < group->n_features; q++)
        for (int k = 0; k < m; k++) {
            if (!neurons->stores[(size_t)queue[q] * m + k] || groups->of_unit[k] >= 0)
                continue;
            groups->of_unit[k] = groups->n;
            group->n_units++;
            for (int j = 0; j < n; j++)
                if (neurons->stores[(size_t)j * m + k] && !is_met[j]) {
                    is_met[j] = true;
                    queue[group->n_features++] = j;
                }
        }
    groups->n++;
}

static void find_groups(const Neurons *neurons, Arena *arena, Groups *groups) {
    int n = neurons->n_features, m = neurons->n_hidden;
    bool *is_met = ARENA_NEW(arena, bool, n);
    int *queue = ARENA_NEW(arena, int, n);
    *groups = (Groups){ARENA_NEW(arena, Group, n), 0, ARENA_NEW(arena, int, m)};
    for (int k = 0; k < m; k++)
        groups->of_unit[k] = -1;
    for (int i = 0; i < n; i++)
        if (neurons->units[i] && !is_met[i])
            flood(neurons, i, groups, is_met, queue);
}

static int by_size(const void *a, const void *b) {
    const Group *first = a, *second = b;
    if (first->n_features != second->n_features)
        return first->n_features < second->n_features ? -1 : 1;
    return (first->n_units > second->n_units) - (first->n_units < second->n_units);
}

static void add_groups(Text *text, Group group, int count) {
    text_append(text, text->n ? " + " : "");
    if (group.n_features == 1 && group.n_units == 1)
        text_add(text, "%d alone", count);
    else if (count == 1)
        text_add(text, "%d in %d", group.n_features, group.n_units);
    else
        text_add(text, "%d x %d in %d", count, group.n_features, group.n_units);
}

/* "3 alone + 3 in 2": equal groups together, the small ones first. Sorts the groups. */
static const char *describe(Groups *groups, Arena *arena) {
    Text text = {0};
    qsort(groups->items, groups->n, sizeof *groups->items, by_size);
    for (int g = 0, count; g < groups->n; g += count) {
        for (count = 1;
             g + count < groups->n && by_size(&groups->items[g], &groups->items[g + count]) == 0;)
            count++;
        add_groups(&text, groups->items[g], count);
    }
    const char *name = arena_copy(arena, groups->n ? text_of(&text) : "nothing is stored");
    text_release(&text);
    return name;
}

static void add_counts(const Neurons *neurons, Measurements *measurements) {
    int64_t n = neurons->n_features, m = neurons->n_hidden;
    int n_alone = 0, n_shared = 0;
    double *features = measurement_add(measurements, "neuron_features", 1, &m);
    for (int64_t k = 0; k < m; k++) {
        features[k] = neurons->features[k];
        n_alone += neurons->features[k] == 1;
        n_shared += neurons->features[k] > 1;
    }
    double *units = measurement_add(measurements, "feature_neurons", 1, &n);
    for (int64_t i = 0; i < n; i++)
        units[i] = neurons->units[i];
    measurement_add_scalar(measurements, "neurons_monosemantic", n_alone);
    measurement_add_scalar(measurements, "neurons_polysemantic", n_shared);
}

static bool measure(const MetricInput *input, Measurements *measurements, Error *error) {
    int64_t m = input->model->n_hidden;
    Arena scratch = {0};
    Neurons neurons;
    Groups groups;
    bool good = neurons_find(input->model, &scratch, &neurons, error);
    if (good) {
        find_groups(&neurons, &scratch, &groups);
        const char **name = ARENA_NEW(measurements->arena, const char *, 1);
        measurement_add_scalar(measurements, "neuron_code", 0);
        measurements->items[measurements->n - 1].labels = name;
        measurements->items[measurements->n - 1].n_labels = 1;
        double *group = measurement_add(measurements, "neuron_group", 1, &m);
        for (int64_t k = 0; k < m; k++)
            group[k] = groups.of_unit[k] < 0 ? (double)NAN : groups.of_unit[k];
        add_counts(&neurons, measurements);
        name[0] = describe(&groups, measurements->arena);
    }
    arena_release(&scratch);
    return good;
}

static const char *const more[] = {"neuron_group",         "neuron_features",
                                   "feature_neurons",      "neurons_monosemantic",
                                   "neurons_polysemantic", NULL};

static const char *const texts[] = {"neuron_code", NULL};
static const char *const known_labels[] = {"3 alone",    "2 alone + 3 in 2",  "3 in 2",
                                           "2 x 3 in 2", "nothing is stored", NULL};

static bool is_label(const char *measurement, const char *text) {
    (void)measurement;
    if (strcmp(text, known_labels[4]) == 0)
        return true;
    for (bool is_last = false; !is_last;) {
        const char *plus = strstr(text, " + ");
        size_t n = plus ? (size_t)(plus - text) : strlen(text);
        if (!text_matches(text, n, "# alone") && !text_matches(text, n, "# in #") &&
            !text_matches(text, n, "# x # in #"))
            return false;
        is_last = !plus;
        text += n + 3 * !is_last;
    }
    return true;
}

const MetricKind metric_neuron_code = {
    .kind = {.name = "neuron_code",
             .summary = "how features are spread over hidden units: 3 alone + 3 in 2, …; "
                        "neuron_group: which group a unit belongs to, from 0, NaN: none "
                        "[n_hidden]; neuron_features: how many features it stores [n_hidden]; "
                        "feature_neurons: how many units store the feature [n_features]; "
                        "neurons_monosemantic, neurons_polysemantic: units that store one "
                        "feature, and more",
             .source = "Elhage et al. 2022, Superposition in a privileged basis"},
    .measure = measure,
    .needs_model_only = true,
    .more = more,
    .texts = texts,
    .is_label = is_label,
    .labels = known_labels,
};
