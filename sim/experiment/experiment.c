/* Reading a config as an experiment: the tree, its sections, and all checks. */
#include "sim/experiment/experiment.h"

#include "sim/experiment/internal.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

static const char *const top_keys[] = {"title",     "include", "data",  "task",   "model",
                                       "train",     "changes", "sweep", "record", "instruments",
                                       "summaries", "figures", "expect"};

enum { N_TOP_KEYS = sizeof top_keys / sizeof *top_keys };

static void refuse_section(const YamlPair *pair, Problems *problems) {
    const char *what = "a config has no section", *path = setting_path(pair->key, problems->arena);
    if (path)
        problem_add(problems, pair->place, "%s \"%s\"; did you mean \"%s\"?", what, pair->key,
                    path);
    else
        problem_add_unknown(problems, pair->place, what, pair->key, top_keys, N_TOP_KEYS);
}

static void refuse_unknown_sections(const Yaml *tree, Problems *problems) {
    for (int i = 0; i < tree->n; i++) {
        bool is_known = false;
        for (int k = 0; k < N_TOP_KEYS; k++)
            is_known |= strcmp(top_keys[k], tree->pairs[i].key) == 0;
        if (!is_known)
            refuse_section(&tree->pairs[i], problems);
    }
}

/* The file's name without folder and ending. */
static const char *config_name(const char *path, Arena *arena) {
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    const char *dot = strrchr(name, '.');
    return arena_print(arena, "%.*s", dot && dot > name ? (int)(dot - name) : (int)strlen(name),
                       name);
}

static const char *read_title(const Experiment *experiment, Problems *problems) {
    const Yaml *title = yaml_get(experiment->tree, "title");
    if (!title || yaml_is_empty(title))
        return experiment->name;
    if (title->type == YAML_SCALAR)
        return title->text;
    problem_add(problems, title->place, "title takes a text, not %s",
                yaml_describe(title, experiment->arena));
    return experiment->name;
}

/* Runs are numbered by restarts, so they are the same for all points. */
static int64_t read_restarts(const Experiment *experiment) {
    const Yaml *node = yaml_find(experiment->tree, "train.restarts");
    long long restarts;
    return node && yaml_is_integer(node, &restarts) && restarts > 0 ? restarts : 1;
}

static int64_t read_first_restart(const Experiment *experiment) {
    const Yaml *node = yaml_find(experiment->tree, "train.restart");
    long long restart;
    return node && yaml_is_integer(node, &restart) && restart > 0 ? restart : 0;
}

static void count_runs(Experiment *experiment, Problems *problems) {
    const Yaml *node = yaml_find(experiment->tree, "train.restarts");
    experiment->restarts = read_restarts(experiment);
    experiment->first_restart = read_first_restart(experiment);
    if (experiment->n_points <= MAX_RUNS && experiment->restarts > MAX_RUNS / experiment->n_points)
        problem_add(problems, node->place, "%lld points of %lld restarts are more than %d runs",
                    (long long)experiment->n_points, (long long)experiment->restarts, MAX_RUNS);
    else
        experiment->n_runs = experiment->n_points * experiment->restarts;
}

static void read_sections(Experiment *experiment, Problems *problems) {
    const Yaml *tree = experiment->tree, *record = yaml_get(tree, "record");
    refuse_unknown_sections(tree, problems);
    experiment->title = read_title(experiment, problems);
    resolver_open(experiment);
    axes_read(experiment, yaml_get(tree, "sweep"), problems);
    count_runs(experiment, problems);
    resolver_add_axes(experiment);
    changes_read(experiment, problems);
    record_read(&experiment->record, record, record ? record->place : tree->place,
                experiment->arena, problems);
    instruments_check(yaml_get(tree, "instruments"), problems, experiment->arena);
    experiment->figures = figures_read(yaml_get(tree, "figures"), problems, experiment->arena);
    const Yaml *expect = yaml_get(tree, "expect");
    summaries_read(experiment, yaml_get(tree, "summaries"),
                   expect && expect->type == YAML_LIST ? expect->n : 0, problems);
    claims_read(experiment, expect, problems);
    experiment_check(experiment, problems);
}

static Experiment *new_experiment(const char *path, Arena *arena) {
    Experiment *experiment = ARENA_NEW(arena, Experiment, 1);
    experiment->arena = arena;
    experiment->path = experiment->beside = arena_copy(arena, path);
    experiment->name = config_name(path, arena);
    return experiment;
}

/* The experiment, or NULL. */
static Experiment *read_experiment(Experiment *experiment, const char *text, size_t n,
                                   const char *const *overrides, int n_overrides,
                                   Problems *problems) {
    int n_before = problems->n;
    Arena *arena = experiment->arena;
    const char **copies = ARENA_NEW(arena, const char *, n_overrides);
    for (int i = 0; i < n_overrides; i++) {
        copies[i] = arena_copy(arena, overrides[i]);
        experiment->changes_runs |= override_changes_runs(overrides[i]);
    }
    experiment->overrides = copies;
    experiment->n_overrides = n_overrides;
    experiment->tree =
        config_tree(experiment->path, text, n, overrides, n_overrides, arena, problems);
    if (!experiment->tree)
        return NULL;
    read_sections(experiment, problems);
    if (problems->n > n_before)
        return NULL;
    resolver_finish(experiment);
    return experiment;
}

Experiment *experiment_load(const char *path, const char *const *overrides, int n_overrides,
                            Arena *arena, Problems *problems) {
    Experiment *experiment = new_experiment(path, arena);
    return read_experiment(experiment, NULL, 0, overrides, n_overrides, problems);
}

Experiment *experiment_parse(const char *path, const char *text, size_t n,
                             const char *const *overrides, int n_overrides, Arena *arena,
                             Problems *problems) {
    Experiment *experiment = new_experiment(path, arena);
    return read_experiment(experiment, text, n, overrides, n_overrides, problems);
}

Experiment *experiment_parse_stored(const char *path, const char *beside, const char *text,
                                    size_t n, Arena *arena, Problems *problems) {
    Experiment *experiment = new_experiment(path, arena);
    experiment->beside = arena_copy(arena, beside);
    experiment->is_stored = true;
    return read_experiment(experiment, text, n, NULL, 0, problems);
}

static int compare_texts(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Of the overrides in sorted order: the same ones name the same store however they are ordered. */
static unsigned hash_overrides(const Experiment *experiment, Arena *arena) {
    const char **sorted = ARENA_NEW(arena, const char *, experiment->n_overrides);
    Text text = {0};
    for (int i = 0; i < experiment->n_overrides; i++)
        sorted[i] = experiment->overrides[i];
    qsort(sorted, (size_t)experiment->n_overrides, sizeof *sorted, compare_texts);
    for (int i = 0; i < experiment->n_overrides; i++)
        text_add(&text, "%s\n", sorted[i]);
    unsigned hash = (unsigned)(XXH3_64bits(text.data, text.n) & 0xffffffffu);
    text_release(&text);
    return hash;
}

const char *experiment_store_path(const Experiment *experiment, Arena *arena) {
    if (!experiment->n_overrides)
        return arena_print(arena, "results/%s.db", experiment->name);
    return arena_print(arena, "results/%s@%08x.db", experiment->name,
                       hash_overrides(experiment, arena));
}
