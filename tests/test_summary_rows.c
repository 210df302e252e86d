/* summary: which rows there are, what they make, and when it is made anew. */
#include "tests/configured.h"
#include "tests/summarized.h"

TestSuite(summary_rows, .init = open_store, .fini = close_store);

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

Test(summary_rows, is_made_anew_where_settings_or_results_changed) {
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

Test(summary_rows, that_no_row_makes_is_dropped) {
    add_few(6);
    make("[{kind: mean_of_kept, name: a}, {kind: mean_of_kept, name: c}]");
    make("[{kind: mean_of_kept, name: a}]");
    cr_assert(is_there("a") && !is_there("c"));
    make("[]");
    cr_assert_not(is_there("a"));
}

/* Every row makes what it says, under its own name, and help tells of it. */
Test(summary_rows, rows_make_their_parts) {
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

static Experiment *parse(const char *text, const char *override) {
    return read_config_with(text, &override, override != NULL, &arena);
}

/* A claim names a row, or a kind that needs no settings, or a part. */
Test(summary_rows, rows_are_those_of_the_config_and_of_its_claims) {
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

Test(summary_rows, an_axis_that_is_the_only_one_need_not_be_named) {
    Experiment *experiment = parse(BASE "sweep: {train.seed: [1, 2]}\n"
                                        "summaries: [{kind: slope, metric: 'feature_norm[0]'}]\n",
                                   NULL);
    Text printed = {0};
    choice_print(&summary_table, &experiment->summaries.items[0], &printed);
    cr_assert_str_eq(text_of(&printed), "{kind: slope, name: slope, metric: \"feature_norm[0]\", "
                                        "axis: train.seed, by: none, runs: best, log: none}");
    text_release(&printed);
    int n;
    const char *const *read = summary_reads(&experiment->summaries.items[0], &arena, &n);
    cr_assert(n > 0 && strcmp(read[0], "feature_norm") == 0, "measured though nobody lists it");
}

/* An override that takes an axis away takes the summaries that look at it away. */
Test(summary_rows, rows_without_their_axis_are_left_out_under_overrides) {
    static const char text[] =
        BASE "sweep: {data.feature_probability: [1, 0.5], train.seed: [1, 2]}\n"
             "summaries:\n"
             "  - {kind: mean_of_kept, name: gone, at: {data.feature_probability: 0.5}}\n"
             "  - {kind: mean_of_kept, name: gone_too, metric: data.feature_probability}\n"
             "  - {kind: mean_of_kept, name: kept, at: {train.seed: 1}}\n"
             "expect: [{summary: kept, equals: 1}, {summary: gone, equals: 1}]\n";
    cr_assert_eq(parse(text, NULL)->summaries.n, 3);
    Experiment *experiment = parse(text, "data.feature_probability=0.3");
    cr_assert_eq(experiment->summaries.n, 1);
    cr_assert_str_eq(summary_name(&experiment->summaries.items[0]), "kept");
}
