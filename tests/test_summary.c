/* summaries: of runs written here, so that every number follows by hand or from a closed form. */
#include "sim/experiment/experiment.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NONE ((double)NAN)

static Arena arena;
static Store *store;
static char path[64];

static void open_store(void) {
    Error error = {0};
    sprintf(path, "/tmp/test_summary-%d.db", (int)getpid());
    unlink(path);
    cr_assert(store_open(&store, path, STORE_WRITE, &error), "%s", error.text);
}

static void close_store(void) {
    Error error = {0};
    cr_assert(store_close(store, &error), "%s", error.text);
    unlink(path);
    arena_release(&arena);
}

TestSuite(summary, .init = open_store, .fini = close_store);

/* A run as a summary sees it: three restarts a point. */
typedef struct Numbers {
    RunStatus status;
    double loss, count;
    const char *shape;
} Numbers;

static StoredRun run_of(int64_t number, const char *axes, const Numbers *numbers) {
    return (StoredRun){.number = number,
                       .point = number / 3,
                       .restart = number % 3,
                       .identity = arena_print(&arena, "%032lld", (long long)number),
                       .settings = "{}",
                       .axes = axes,
                       .status = numbers->status,
                       .steps = 100,
                       .loss = numbers->loss,
                       .error = numbers->status == RUN_FAILED ? "step 7" : NULL};
}

static void add_run(int64_t number, const char *axes, const Numbers *numbers) {
    StoredRun run = run_of(number, axes, numbers);
    double loss = numbers->loss, count = numbers->count, code = 0,
           norms[] = {(double)number, 2 * (double)number};
    const StoredMeasurement made[] = {
        {100, "loss", "", {"loss", 0, {0}, &loss, NULL, 0}},
        {100, "count", "", {"count", 0, {0}, &count, NULL, 0}},
        {100, "norms", "", {"norms", 1, {2}, norms, NULL, 0}},
        {100, "shape", "", {"shape", 0, {0}, &code, &numbers->shape, 1}}};
    int n = numbers->status == RUN_DONE ? numbers->shape ? 4 : 3 : 0;
    Error error = {0};
    cr_assert(store_add_run(store, &run, NULL, 0, made, n, &error), "%s", error.text);
}

static Choices rows_of(const char *text) {
    Problems problems = {.arena = &arena};
    const Yaml *list = yaml_parse("test", text, strlen(text), &arena, &problems);
    Choices rows = {ARENA_NEW(&arena, Choice, list->n), list->n};
    for (int i = 0; i < list->n; i++)
        choice_read(&summary_table, list->items[i], list->items[i]->place, NULL, 0, &rows.items[i],
                    &arena, &problems);
    Text said = {0};
    problems_print(&problems, &said);
    cr_assert_eq(problems.n, 0, "%s", text_of(&said));
    return rows;
}

static StoredMeasurement whole(const char *name) {
    StoredMeasurement stored;
    Error error = {0};
    bool found;
    cr_assert(store_measurement(store, 0, name, 0, &arena, &stored, &found, &error));
    cr_assert(found, "%s", name);
    return stored;
}

/* Makes the rows [{kind: …, name: …, …}, …]; what is of the whole experiment has all its parts. */
static void make(const char *text) {
    Choices rows = rows_of(text);
    Error error = {0};
    cr_assert(summaries_make(&rows, store, &error), "%s", error.text);
    for (int r = 0; r < rows.n; r++) {
        const SummaryKind *kind = (const SummaryKind *)rows.items[r].kind;
        for (int i = 0; i < kind->n_parts && !kind->is_per_run; i++) {
            const char *name = summary_name(&rows.items[r]), *ending = kind->parts[i].ending;
            StoredMeasurement made =
                whole(ending ? arena_print(&arena, "%s_%s", name, ending) : name);
            cr_assert_eq(made.measurement.labels != NULL, kind->parts[i].is_text, "%s %s", name,
                         ending);
            cr_assert_str_eq(made.maker, kind->kind.name);
        }
    }
}

static bool is_there(const char *name) {
    StoredMeasurement stored;
    Error error = {0};
    bool found;
    cr_assert(store_measurement(store, 0, name, 0, &arena, &stored, &found, &error));
    return found;
}

static void check_close(double value, double expected, const char *about, int64_t i) {
    if (isnan(expected))
        cr_assert(isnan(value), "%s[%d] is %g, not NaN", about, (int)i, value);
    else
        cr_assert_float_eq(value, expected, 1e-12 * fmax(1, fabs(expected)), "%s[%d] is %.17g",
                           about, (int)i, value);
}

static void check_whole(const char *name, int64_t n, const double *expected) {
    StoredMeasurement stored = whole(name);
    cr_assert_eq(measurement_count(&stored.measurement), n, "%s", name);
    for (int64_t i = 0; i < n; i++)
        check_close(stored.measurement.values[i], expected[i], name, i);
}

/* Two points, p = 1 and 0.05, of three restarts. */
static const Numbers few[] = {
    {RUN_DONE, 0.4, 1, "digon"},  {RUN_DONE, 0.2, 2, "digon"},   {RUN_FAILED, NONE, 0, NULL},
    {RUN_DONE, 0.01, 4, "digon"}, {RUN_DONE, 0.0195, 7, "cube"}, {RUN_DONE, 0.011, 6, "cube"},
};

static void add_few(int n) {
    Error error = {0};
    cr_assert(store_set_fact(store, "axes", "[\"p\"]", &error));
    for (int i = 0; i < n; i++)
        add_run(i, i < 3 ? "{\"p\": 1}" : "{\"p\": 0.05}", &few[i]);
}

/* The value of each run, by number; NaN: it has none. */
static StoreColumn column_of(const char *name, int64_t *n) {
    StoredRun *runs;
    StoreColumn column;
    Error error = {0};
    cr_assert(store_runs(store, &arena, &runs, n, &error));
    cr_assert(store_column(store, runs, *n, name, &arena, &column, &error), "%s", error.text);
    return column;
}

Test(summary, loss_ratio_is_over_the_lowest_of_the_point) {
    static const double expected[] = {2, 1, NONE, 1, 1.95, 1.1};
    int64_t n;
    add_few(6);
    for (int again = 0; again < 2; again++)
        make("[{kind: loss_ratio, name: ratio}]");
    StoreColumn column = column_of("ratio", &n);
    for (int i = 0; i < 6; i++)
        check_close(column.values[i], expected[i], "ratio", i);
    cr_assert_not(is_there("ratio"), "it is the runs' own");
}

/* Of 0.4 and 0.2 the former is left out, of 0.01, 0.0195 and 0.011 the second. */
Test(summary, mean_of_kept_leaves_out_the_highest_loss) {
    add_few(6);
    make("[{kind: mean_of_kept, name: a}, {kind: mean_of_kept, name: b, metric: count},"
         " {kind: mean_of_kept, name: c, metric: count, discard: 0},"
         " {kind: mean_of_kept, name: d, metric: 'norms[-1]', discard: 100}]");
    check_whole("a", 2, (double[]){0.2, 0.0105});
    check_whole("b", 2, (double[]){2, 5});
    check_whole("c", 2, (double[]){1.5, 17 / 3.0});
    check_whole("d", 2, (double[]){2, 6});
}

Test(summary, looks_at_the_runs_that_at_chooses) {
    add_few(6);
    make("[{kind: mean_of_kept, name: a, at: {p: 5e-2}},"
         " {kind: loss_ratio, name: ratio, at: {p: 1}}]");
    check_whole("a", 2, (double[]){NONE, 0.0105});
    static const double expected[] = {2, 1, NONE, NONE, NONE, NONE};
    int64_t n;
    StoreColumn column = column_of("ratio", &n);
    for (int i = 0; i < 6; i++)
        check_close(column.values[i], expected[i], "ratio", i);
}

/* Puts a mark where a summary was made; the mark stays unless it is made anew. */
static void mark(const char *name) {
    StoredMeasurement stored = whole(name);
    Error error = {0};
    stored.measurement.values[0] = -7;
    cr_assert(store_put_measurement(store, 0, &stored, &error));
}

static bool is_marked(const char *name) {
    return whole(name).measurement.values[0] == -7;
}

Test(summary, is_made_anew_where_settings_or_results_changed) {
    static const char *const row = "[{kind: mean_of_kept, name: a}]";
    Error error = {0};
    add_few(5);
    make(row);
    mark("a");
    make(row);
    cr_assert(is_marked("a"), "nothing changed");
    make("[{kind: loss_ratio, name: ratio}, {kind: mean_of_kept, name: a}]");
    cr_assert(is_marked("a"), "another summary is no result of a run");
    make("[{kind: mean_of_kept, name: a, discard: 0}]");
    cr_assert_not(is_marked("a"), "other settings");
    make(row);
    mark("a");
    add_run(5, "{\"p\": 0.05}", &few[5]);
    make(row);
    cr_assert_not(is_marked("a"), "one more run");
    check_whole("a", 2, (double[]){0.2, 0.0105});
    mark("a");
    int64_t n;
    StoredRun *runs;
    cr_assert(store_runs(store, &arena, &runs, &n, &error));
    double count = 3;
    StoredMeasurement changed = {100, "count", "", {"count", 0, {0}, &count, NULL, 0}};
    cr_assert(store_put_measurement(store, runs[0].id, &changed, &error));
    make(row);
    cr_assert_not(is_marked("a"), "another measurement of a run");
    mark("a");
    changed.step = 50;
    cr_assert(store_put_measurement(store, runs[0].id, &changed, &error));
    make(row);
    cr_assert(is_marked("a"), "only ends count");
}

Test(summary, that_no_row_makes_is_dropped) {
    add_few(6);
    make("[{kind: mean_of_kept, name: a}, {kind: mean_of_kept, name: c}]");
    make("[{kind: mean_of_kept, name: a}]");
    cr_assert(is_there("a") && !is_there("c"));
    make("[]");
    cr_assert_not(is_there("a"));
}

/* Every row makes what it says, under its own name, and help tells of it. */
Test(summary, rows_make_their_parts) {
    for (int k = 0; k < summary_table.n_rows; k++) {
        const SummaryKind *kind = (const SummaryKind *)summary_table.rows[k];
        Text text = {0};
        cr_assert_gt(kind->n_parts, 0, "%s", kind->kind.name);
        cr_assert_null(kind->parts[0].ending, "%s: the first has its name", kind->kind.name);
        cr_assert_geq(kind->kind.settings_size ? kind->kind.settings_size : sizeof(SummarySettings),
                      sizeof(SummarySettings));
        summary_parts_print(kind, &text);
        for (int i = 1; i < kind->n_parts; i++)
            cr_assert(strstr(text_of(&text), kind->parts[i].ending));
        for (int i = 0; i < kind->n_uses; i++) {
            bool is_setting = false;
            for (int f = 0; f < kind->kind.n_fields; f++)
                is_setting = is_setting ||
                             (strcmp(kind->kind.fields[f].name, kind->uses[i].setting) == 0 &&
                              kind->kind.fields[f].type ==
                                  (kind->uses[i].role == SUMMARY_VALUES ? FIELD_TREE : FIELD_TEXT));
            cr_assert(is_setting, "%s: %s", kind->kind.name, kind->uses[i].setting);
        }
        text_release(&text);
    }
}

#define BASE                                                                                       \
    "data: {n_features: 5, feature_probability: 0.05}\nmodel: {kind: relu_output, n_hidden: 2}\n"

static Experiment *parse(const char *text, const char *override) {
    Problems problems = {.arena = &arena};
    Text said = {0};
    Experiment *experiment = experiment_parse("t.yaml", text, strlen(text), &override,
                                              override != NULL, &arena, &problems);
    problems_print(&problems, &said);
    cr_assert(experiment, "%s", text_of(&said));
    return experiment;
}

/* A claim names a row, or a kind that needs no settings, or a part. */
Test(summary, rows_are_those_of_the_config_and_of_its_claims) {
    const SummaryPart *part;
    Experiment *experiment = parse(BASE "summaries: [{kind: mean_of_kept, name: mean}]\n"
                                        "expect: [{summary: 'mean[0]', equals: 1},\n"
                                        "  {summary: loss_ratio, equals: 1},\n"
                                        "  {summary: loss_ratio, runs: best, equals: 1}]\n",
                                   NULL);
    cr_assert_eq(experiment->summaries.n, 2);
    cr_assert_str_eq(summary_name(&experiment->summaries.items[0]), "mean");
    cr_assert_str_eq(summary_name(&experiment->summaries.items[1]), "loss_ratio");
    cr_assert(summary_making(experiment, "mean", &part) == &experiment->summaries.items[0]);
    cr_assert_null(summary_making(experiment, "mean_", &part));
    cr_assert_null(summary_making(experiment, "mea", &part));
    cr_assert(experiment->claims[0].is_whole && !experiment->claims[1].is_whole);
    cr_assert_str_eq(experiment->claims[0].measurement, "mean");
    cr_assert_eq(experiment->claims[0].entry.rank, 1);
    Text printed = {0}, again = {0};
    experiment_print(experiment, &printed);
    cr_assert(strstr(text_of(&printed), "summaries:\n"
                                        "  - {kind: mean_of_kept, name: mean, metric: loss, "
                                        "discard: 1}\n"
                                        "  - {kind: loss_ratio, name: loss_ratio}\n"),
              "%s", text_of(&printed));
    experiment_print(parse(text_of(&printed), NULL), &again);
    cr_assert_str_eq(text_of(&printed), text_of(&again));
    text_release(&printed);
    text_release(&again);
}

/* An override that takes an axis away takes the summaries that look at it away. */
Test(summary, rows_without_their_axis_are_left_out_under_overrides) {
    static const char text[] =
        BASE "sweep: {data.feature_probability: [1, 0.5], train.seed: [1, 2]}\n"
             "summaries:\n"
             "  - {kind: mean_of_kept, name: gone, at: {data.feature_probability: 0.5}}\n"
             "  - {kind: mean_of_kept, name: gone_too, metric: data.feature_probability}\n"
             "  - {kind: mean_of_kept, name: kept, at: {train.seed: 1}}\n"
             "expect: [{summary: kept, equals: 1}]\n";
    cr_assert_eq(parse(text, NULL)->summaries.n, 3);
    Experiment *experiment = parse(text, "data.feature_probability=0.3");
    cr_assert_eq(experiment->summaries.n, 1);
    cr_assert_str_eq(summary_name(&experiment->summaries.items[0]), "kept");
}
