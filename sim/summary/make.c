/* Making: which summaries are out of date, the runs they are given, where their measurements go. */
#include "sim/summary/summary.h"

#include <math.h>
#include <string.h>

/* What the making of all rows shares. */
typedef struct Maker {
    Store *store;
    const StoredRun *runs; /* [n]: of the config last run */
    int64_t n, n_points;
    uint64_t results; /* hash of what summaries can depend on */
    Arena *arena;
} Maker;

static bool open_maker(Maker *maker, Store *store, Arena *arena, Error *error) {
    StoredRun *runs;
    Text names = {0};
    *maker = (Maker){.store = store, .arena = arena};
    kind_names_print(&summary_table, &names);
    bool good = store_runs(store, arena, &runs, &maker->n, error) &&
                store_results_hash(store, text_of(&names), &maker->results, error);
    text_release(&names);
    if (!good)
        return false;
    while (maker->n > 0 && runs[maker->n - 1].number < 0) /* these come last */
        maker->n--;
    maker->runs = runs;
    maker->n_points = maker->n ? runs[maker->n - 1].point + 1 : 0;
    return true;
}

/* An axis' value as the store has it, as a config would write it. */
static bool is_label(const char *label, const Yaml *wanted) {
    Arena arena = {0};
    Problems problems = {.arena = &arena};
    Yaml word = {.type = YAML_SCALAR, .text = label};
    bool is_tree = *label == '[' || *label == '{'; /* JSON, which YAML reads */
    const Yaml *read =
        is_tree ? yaml_parse("axis", label, strlen(label), &arena, &problems) : &word;
    bool is = read && yaml_same(read, wanted);
    arena_release(&arena);
    return is;
}

bool summary_is_value(const StoreColumn *column, int64_t i, const Yaml *wanted) {
    double number;
    if (column->labels && column->labels[i] && wanted->type == YAML_SCALAR &&
        strcmp(column->labels[i], wanted->text) == 0)
        return true;
    if (column->labels)
        return column->labels[i] && is_label(column->labels[i], wanted);
    return yaml_is_real(wanted, &number) &&
           fabs(number - column->values[i]) <= 1e-9 * fmax(fabs(number), fabs(column->values[i]));
}

/* Keeps the runs [n] whose axes have the values of `at`. */
static bool keep_at(const Maker *maker, const Yaml *at, StoredRun *runs, int64_t *n, Error *error) {
    for (int k = 0; at && k < at->n; k++) {
        StoreColumn column;
        int64_t n_kept = 0;
        if (!store_column(maker->store, runs, *n, at->pairs[k].key, maker->arena, &column, error))
            return false;
        for (int64_t i = 0; i < *n; i++)
            if (summary_is_value(&column, i, at->pairs[k].value))
                runs[n_kept++] = runs[i];
        *n = n_kept;
    }
    return true;
}

static bool read_input(const Maker *maker, const Choice *row, SummaryInput *input, Error *error) {
    const SummarySettings *settings = row->settings;
    StoredRun *runs = ARENA_TRY(maker->arena, StoredRun, maker->n + 1);
    int64_t n = 0;
    if (!runs)
        return error_set(error, "%lld runs do not fit into memory", (long long)maker->n);
    for (int64_t i = 0; i < maker->n; i++)
        if (maker->runs[i].status == RUN_DONE)
            runs[n++] = maker->runs[i];
    if (!keep_at(maker, settings->at, runs, &n, error))
        return false;
    *input = (SummaryInput){.store = maker->store,
                            .settings = row->settings,
                            .runs = runs,
                            .n_runs = n,
                            .n_points = maker->n_points,
                            .arena = maker->arena};
    return true;
}

/* Each run gets its number, where it is one. */
static bool put_numbers(const SummaryInput *input, const StoredMeasurement *all, Error *error) {
    for (int64_t i = 0; i < input->n_runs; i++) {
        double value = all->measurement.values[i];
        StoredMeasurement one = *all;
        one.step = input->runs[i].steps;
        one.measurement.rank = 0;
        one.measurement.values = &value;
        if (!store_put_measurement(input->store, input->runs[i].id, &one, error))
            return false;
    }
    return true;
}

/* A row's settings and what it was made of: another text, and it is made anew. */
static const char *made_of(const Maker *maker, const Choice *row) {
    Text text = {0};
    choice_print(&summary_table, row, &text);
    const char *made = arena_print(maker->arena, "%s of results %016llx", text_of(&text),
                                   (unsigned long long)maker->results);
    text_release(&text);
    return made;
}

static bool is_made(const SummaryInput *input, const Choice *row, const char *settings, bool *is,
                    Error *error) {
    const char *name = summary_name(row);
    if (!((const SummaryKind *)row->kind)->is_per_run)
        return store_has_measurement(input->store, 0, name, 0, settings, is, error);
    *is = true;
    for (int64_t i = 0; *is && i < input->n_runs; i++)
        if (!store_has_measurement(input->store, input->runs[i].id, name, input->runs[i].steps,
                                   settings, is, error))
            return false;
    return true;
}

static bool make_one(const Maker *maker, const Choice *row, Error *error) {
    const SummaryKind *kind = (const SummaryKind *)row->kind;
    Measurements made = {.arena = maker->arena};
    const char *settings = made_of(maker, row);
    SummaryInput input;
    bool is = false;
    if (!read_input(maker, row, &input, error) || !is_made(&input, row, settings, &is, error))
        return false;
    if (is)
        return true;
    if (!kind->summarize(&input, &made, error))
        return error_prefix(error, "summary %s: ", summary_name(row));
    for (int i = 0; i < made.n; i++) {
        StoredMeasurement stored = {
            .maker = kind->kind.name, .settings = settings, .measurement = made.items[i]};
        if (!(kind->is_per_run ? put_numbers(&input, &stored, error)
                               : store_put_measurement(maker->store, 0, &stored, error)))
            return false;
    }
    return true;
}

static bool is_wanted(const Choices *rows, const char *name) {
    for (int i = 0; i < rows->n; i++)
        if (!((const SummaryKind *)rows->items[i].kind)->is_per_run &&
            summary_part(&rows->items[i], name))
            return true;
    return false;
}

/* Drops what rows that are gone had made of the experiment. */
static bool drop_others(const Maker *maker, const Choices *rows, Error *error) {
    const char **names;
    int n;
    if (!store_measurement_names(maker->store, false, false, maker->arena, &names, &n, error))
        return false;
    for (int i = 0; i < n; i++)
        if (!is_wanted(rows, names[i]) &&
            !store_drop_measurement(maker->store, 0, names[i], 0, error))
            return false;
    return true;
}

bool summaries_make(const Choices *rows, Store *store, Error *error) {
    Arena arena = {0};
    Maker maker;
    bool good = open_maker(&maker, store, &arena, error) && store_begin(store, error);
    bool is_open = good;
    good = good && drop_others(&maker, rows, error);
    for (int i = 0; good && i < rows->n; i++)
        good = make_one(&maker, &rows->items[i], error);
    Error second;
    if (is_open && !store_commit(store, good ? error : &second))
        good = false;
    arena_release(&arena);
    return good;
}
