/* render: the panel of directions in space. Numbers of edges are those of the convex polytopes. */
#include "render/panel/solid.h"
#include "tests/polytopes.h"

#include <stdint.h>
#include <stdlib.h>

/* Corners of a polytope in three dimensions, turned about two axes, each moved by up to `noise`. */
static int points_of(const Polytope *polytope, double noise, float *points) {
    Camera camera = {{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};
    camera = camera_turned(camera, 33, -21);
    Rng rng;
    rng_init(&rng, 5, 0, 0);
    for (int i = 0; i < polytope->n; i++)
        for (int k = 0; k < 3; k++) {
            double sum = noise * (2 * rng_uniform(&rng) - 1);
            for (int j = 0; j < 3; j++)
                sum += camera.axes[k][j] * polytope->x[i][j];
            points[3 * i + k] = (float)sum;
        }
    return polytope->n;
}

Test(solid, hulls_have_the_edges_of_their_polytopes) {
    const struct {
        Polytope polytope;
        int n_edges;
    } rows[] = {{simplex(3), 6},    {cross(3), 12},      {cube(), 12},
                {antiprism(), 16},  {icosahedron(), 30}, {bipyramid(3), 9},
                {bipyramid(5), 15}, {polygon(3), 3},     {polygon(6), 6}};
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++)
        for (int k = 0; k < 2; k++) {
            float points[3 * MAX_CORNERS];
            int edges[MAX_CORNERS * MAX_CORNERS][2];
            int n = points_of(&rows[r].polytope, k ? 0.02 : 0, points);
            int found = solid_edges(points, n, edges);
            cr_assert_eq(found, rows[r].n_edges, "row %zu, noise %d: %d edges", r, k, found);
        }
}

Test(solid, what_has_no_edges_has_none) {
    static const float one[] = {1, 2, 3}, two[] = {1, 0, 0, 0, 1, 0}, zero[12] = {0};
    static const float inside[] = {1, 1, 1, -1, -1, 1, -1, 1, -1, 1, -1, -1, 0.1f, 0, 0};
    int edges[20][2];
    cr_assert_eq(solid_edges(one, 1, edges), 0);
    cr_assert_eq(solid_edges(two, 2, edges), 0);
    cr_assert_eq(solid_edges(zero, 4, edges), 0);
    cr_assert_eq(solid_edges(inside, 5, edges), 6, "a tetrahedron with a point inside of it");
    for (int e = 0; e < 6; e++)
        cr_assert(edges[e][0] < 4 && edges[e][1] < 4);
}

/* Two in one place are one corner. */
Test(solid, corners_in_one_place_count_once) {
    float points[3 * MAX_CORNERS];
    Polytope polytope = cross(3);
    int edges[MAX_CORNERS * MAX_CORNERS][2], n = points_of(&polytope, 0, points);
    for (int k = 0; k < 3; k++)
        points[3 * n + k] = points[k] + 0.01f;
    cr_assert_eq(solid_edges(points, n + 1, edges), 12);
}

static double product(const double *a, const double *b) {
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

static void check_axes(const Camera *camera, const char *about) {
    const double(*axes)[3] = camera->axes;
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++)
            cr_assert_float_eq(product(axes[i], axes[j]), i == j, 1e-6, "%s", about);
    double volume = 0;
    for (int k = 0; k < 3; k++)
        volume += axes[0][k] * (axes[1][(k + 1) % 3] * axes[2][(k + 2) % 3] -
                                axes[1][(k + 2) % 3] * axes[2][(k + 1) % 3]);
    cr_assert_float_eq(volume, 1, 1e-6, "%s: not a mirror", about);
}

/* A turned octahedron in two sets looks like the one that was not turned. */
Test(solid, the_view_turns_with_the_shape) {
    static const int sets[] = {0, 1, 0, 1, 0, 1};
    Polytope polytope = cross(3);
    float still[3 * MAX_CORNERS], turned[3 * MAX_CORNERS];
    int n = points_of(&polytope, 0, turned);
    for (int i = 0; i < n; i++)
        for (int k = 0; k < 3; k++)
            still[3 * i + k] = (float)polytope.x[i][k];
    Camera first = solid_camera(still, sets, n), second = solid_camera(turned, sets, n);
    check_axes(&first, "still");
    check_axes(&second, "turned");
    for (int i = 0; i < n; i++)
        for (int k = 0; k < 3; k++) {
            double a[3], b[3];
            for (int j = 0; j < 3; j++) {
                a[j] = (double)still[3 * i + j];
                b[j] = (double)turned[3 * i + j];
            }
            cr_assert_float_eq(product(first.axes[k], a), product(second.axes[k], b), 1e-5);
        }
    /* the first set is above the second */
    for (int i = 0; i < n; i++) {
        double a[3] = {(double)still[3 * i], (double)still[3 * i + 1], (double)still[3 * i + 2]};
        cr_assert((product(first.axes[1], a) > 0) == (sets[i] == 0), "feature %d", i);
    }
}

Test(solid, there_is_a_view_of_anything) {
    static const float zero[6] = {0}, line[] = {0, 0, 1, 0, 0, -2};
    Camera of_zero = solid_camera(zero, NULL, 2), of_line = solid_camera(line, NULL, 2);
    check_axes(&of_zero, "zero");
    check_axes(&of_line, "line");
}

/* A quarter to the right brings the right side of the scene to the back: what was nearest is right.
 */
Test(solid, a_camera_turns_the_scene) {
    const Camera front = {{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};
    static const double near[3] = {0, 0, 1}, top[3] = {0, 1, 0};
    Camera right = camera_turned(front, 90, 0), down = camera_turned(front, 0, 90);
    cr_assert_float_eq(product(right.axes[0], near), 1, 1e-9);
    cr_assert_float_eq(product(right.axes[1], top), 1, 1e-9);
    cr_assert_float_eq(product(down.axes[1], near), -1, 1e-9);
    cr_assert_float_eq(product(down.axes[2], top), 1, 1e-9);
    Camera both = camera_turned(right, 17, -40);
    check_axes(&both, "turned twice");
}

enum { SIDE = 200 };

static uint32_t pixel(cairo_surface_t *image, double x, double y) {
    const unsigned char *data = cairo_image_surface_get_data(image);
    int stride = cairo_image_surface_get_stride(image);
    const uint32_t *row = (const uint32_t *)(const void *)(data + (size_t)(int)y * stride);
    return row[(int)x] & 0xffffff;
}

/* Cairo rounds in its own way. */
static void check_pixel(uint32_t found, Color color) {
    cr_assert(fabs((found >> 16) - color.red * 255) < 1.5 &&
                  fabs((found >> 8 & 255) - color.green * 255) < 1.5 &&
                  fabs((found & 255) - color.blue * 255) < 1.5,
              "%06x is not %g %g %g", found, color.red * 255, color.green * 255, color.blue * 255);
}

/* One feature towards the viewer and to the left, one away and to the right: the near ball has
 * nearly its set's colour, the far one less of it. */
Test(solid, what_is_far_is_lighter) {
    static const float W[] = {-0.6f, 0, 0.8f, 0.6f, 0, -0.8f};
    static const double weight[] = {1, 1};
    static const int sets[] = {0, 1};
    const Style *style = style_of(THEME_LIGHT);
    cairo_surface_t *image = cairo_image_surface_create(CAIRO_FORMAT_RGB24, SIDE, SIDE);
    cairo_t *cairo = cairo_create(image);
    canvas_set_color(cairo, style->background);
    cairo_paint(cairo);
    SolidPanel panel = {2, W,     weight, sets, {{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}},
                        1, false, -1,     false};
    solid_panel_draw(cairo, (Rect){0, 0, SIDE, SIDE}, &panel, style);
    cairo_surface_flush(image);
    /* the rim of the unit sphere is the square's edge; 5 radii away the near one is larger by 5
     * / 4.2
     */
    double unit = SIDE / 2.0 / (5 / sqrt(24)), near = 0.6 * unit * 5 / 4.2,
           far = 0.6 * unit * 5 / 5.8;
    uint32_t left = pixel(image, SIDE / 2.0 - near, SIDE / 2.0);
    uint32_t right = pixel(image, SIDE / 2.0 + far, SIDE / 2.0);
    Color blue = style_category(style, 0), orange = style_category(style, 1);
    check_pixel(left, style_tint(style, blue, 0.36 + 0.32 * 1.8));
    check_pixel(right, style_tint(style, orange, 0.36 + 0.32 * 0.2));
    cairo_destroy(cairo);
    cairo_surface_destroy(image);
}
