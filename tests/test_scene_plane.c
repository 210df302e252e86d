/* render: where the runs of a sweep have their places in a plane. */
#include "render/scene/plane.h"
#include "tests/swept.h"

Test(plane, importance_goes_right_and_density_up) {
    Swept swept;
    swept_open(&swept);
    SceneInput input = swept_input(&swept);
    Plane plane = plane_of(&input);
    cr_assert(plane.axes[0] == 1 && plane.axes[1] == 0);
    cr_assert(plane.sizes[0] == 3 && plane.sizes[1] == 2);
    /* Points count through the axes, the last one fastest; the lower density is at the bottom. */
    static const int points[2][3] = {{3, 4, 5}, {0, 1, 2}};
    for (int row = 0; row < 2; row++)
        for (int column = 0; column < 3; column++) {
            int found_column, found_row;
            cr_assert_eq(plane_point(&plane, column, row), points[row][column]);
            cr_assert(plane_find(&plane, points[row][column], &found_column, &found_row));
            cr_assert(found_column == column && found_row == row);
        }
    Axis x = plane_axis(&plane, 0, input.arena), y = plane_axis(&plane, 1, input.arena);
    cr_assert(x.form == AXIS_LOG && y.form == AXIS_LINEAR, "two values have no spacing");
    for (int column = 0; column < 3; column++)
        cr_assert_float_eq(axis_place(&x, plane_value(&plane, 0, column)), (column + 0.5) / 3, 1e-9,
                           "values are in the middle of their cells");
    cr_assert_float_eq(axis_place(&y, plane_value(&plane, 1, 1)), 0.75, 1e-9);
    watched_close(&swept.watched);
}

/* Of three axes the one that is not drawn stays where the shown run has it. */
Test(plane, the_shown_run_fixes_other_axes) {
    static const double values[] = {3, 1, 2, 4};
    static const char *const labels[] = {"3", "1", "2", "4"}, *const kinds[] = {"a", "b"};
    static const double none[] = {NAN, NAN};
    Swept swept;
    swept_open(&swept);
    SweepRun runs[32] = {{0}};
    SweepMap map = {.n_axes = 3,
                    .axes = {{"train.seed", "seed", 4, values, labels},
                             {"model.kind", "kind", 2, none, kinds},
                             {"train.batch", "batch", 4, values, labels}},
                    .n_points = 32,
                    .restarts = 1,
                    .runs = runs};
    SceneInput input = swept_input(&swept);
    input.sweep = &map;
    swept.number = 1 * 8 + 1 * 4 + 2; /* seed 1, kind b, batch 2 */
    Plane plane = plane_of(&input);
    cr_assert(plane.axes[0] == 2 && plane.axes[1] == 0);
    cr_assert_str_eq(plane_fixed(&plane, input.arena), "kind = b");
    cr_assert_str_eq(plane_name(&plane, swept.number, input.arena),
                     "seed = 1, kind = b, batch = 2");
    for (int column = 0; column < 4; column++)
        for (int row = 0; row < 4; row++) {
            int64_t point = plane_point(&plane, column, row);
            cr_assert_eq(sweep_index(&map, point, 1), 1);
            cr_assert_eq(values[sweep_index(&map, point, 2)], column + 1, "sorted");
            cr_assert_eq(values[sweep_index(&map, point, 0)], row + 1, "sorted");
        }
    int column, row;
    cr_assert_not(plane_find(&plane, 0, &column, &row), "of the other kind");
    Plane turned = plane_turned(&plane);
    cr_assert_eq(plane_point(&turned, 1, 3), plane_point(&plane, 3, 1));
    watched_close(&swept.watched);
}
