/* render/figure: the models that a figure shows, what is written over them, and what is measured of
 * them. */
#include "render/figure/shown.h"
#include "tests/figure_reading.h"

#include <criterion/criterion.h>

static void check_captions(const StoreShape *shape, const char *row, const char *expected_common,
                           const char *const *expected, int n_expected) {
    Reading reading;
    read_row(&reading, shape, row);
    cr_assert_eq(reading.n, n_expected, "%s: %d", row, reading.n);
    cr_assert_str_eq(reading.layout.common ? reading.layout.common : "", expected_common);
    for (int i = 0; i < reading.n; i++)
        cr_assert_str_eq(reading.shown[i].caption, expected[i]);
    bench_close(&reading.bench);
}

/* p = 20^(-k/9): 1, 0.71687, 0.51391, … 0.05. */
Test(figure, captions_tell_the_models_apart) {
    StoreShape narrow = intro_shape;
    narrow.n_points = 3;
    check_captions(
        &narrow, "directions", "",
        (const char *const[]){"1 − <i>S</i> = 1", "1 − <i>S</i> = 0.224", "1 − <i>S</i> = 0.05"},
        3);
    check_captions(&intro_shape, "{kind: directions, points: [9, 1]}", "",
                   (const char *const[]){"1 − <i>S</i> = 0.717", "1 − <i>S</i> = 0.05"}, 2);
    check_captions(&intro_shape, "{kind: directions, points: [9]}", "",
                   (const char *const[]){"1 − <i>S</i> = 0.05"}, 1);
    check_captions(&intro_shape, "{kind: directions, points: [9], runs: all}",
                   "1 − <i>S</i> = 0.05", (const char *const[]){"restart 0 (best)", "restart 1"},
                   2);
}

/* Restarts of a point are a row; points of one axis are none, nor are cells that are all one row.
 */
Test(figure, rows_are_the_cells_of_the_last_axis) {
    static const struct {
        const char *row;
        int n_in_a_row;
    } rows[] = {{"directions", 1},
                {"{kind: directions, runs: all}", 2},
                {"{kind: directions, points: [9], runs: all}", 1}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Reading reading;
        read_row(&reading, &intro_shape, rows[i].row);
        cr_assert_eq(reading.layout.row, rows[i].n_in_a_row, "%s: %d", rows[i].row,
                     reading.layout.row);
        bench_close(&reading.bench);
    }
}

/* W of the constructed pentagon has norm 1.134 (1.13400 in float) and cosines 1, 0.309, -0.809. */
Test(figure, measurements_are_read_where_stored_and_else_made_from_the_stored_weights) {
    static const char *const labels[] = {"a shape that no metric names"};
    Reading reading;
    Bench *bench = &reading.bench;
    FigureInput *input = &reading.input;
    Error error = {0};
    Measurement made;
    read_row(&reading, &intro_shape, "{kind: directions, points: [9]}");
    const ShownModel *shown = reading.shown;
    cr_assert(shown_measure(input, shown, "feature_norm", "feature_norm", &made, &error));
    for (int i = 0; i < 5; i++) {
        cr_assert_float_eq(made.values[i], 1.134, 1e-6);
        cr_assert_float_eq(shown->importance[i], pow(0.9, i), 1e-12);
    }
    cr_assert(shown_measure(input, shown, "geometry", "geometry_name", &made, &error));
    cr_assert_str_eq(made.labels[0], "pentagon");
    cr_assert_not(shown_measure(input, shown, "loss", "loss_se", &made, &error));
    cr_assert_str_eq(error.text, "loss_se was not measured: add it to record.metrics");

    double code = 0;
    StoredMeasurement stored = {
        shown->run->steps,
        "geometry",
        "",
        {.name = "geometry_name", .values = &code, .labels = labels, .n_labels = 1}};
    int64_t id = shown->run->id;
    cr_assert(store_close(bench->store, &error));
    cr_assert(store_open(&bench->store, bench->path, STORE_WRITE, &error), "%s", error.text);
    cr_assert(store_put_measurement(bench->store, id, &stored, &error), "%s", error.text);
    input->store = bench->store;
    cr_assert(shown_measure(input, shown, "geometry", "geometry_name", &made, &error));
    cr_assert_str_eq(made.labels[0], labels[0]);
    bench_close(bench);
}
