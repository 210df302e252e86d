/* Scenery first (polygons, circle, origin), then arrows from the lightest to the heaviest. */
#include "render/panel/directions.h"

#include <math.h>
#include <stdlib.h>

/* From the plane to the page. */
typedef struct Plane {
    double x, y, scale;
} Plane;

typedef struct Ranked {
    double key;
    int index;
} Ranked;

static int compare(const void *a, const void *b) {
    const Ranked *left = a, *right = b;
    if (left->key != right->key)
        return left->key < right->key ? -1 : 1;
    return (left->index < right->index) - (left->index > right->index);
}

/* The corners around their common centre, so that the outline does not cross itself. */
static void draw_polygon(cairo_t *cairo, Plane plane, const DirectionsPanel *panel, int number,
                         Ranked *corners, const Style *style) {
    int n = 0;
    double center[2] = {0, 0};
    for (int i = 0; i < panel->n_features; i++)
        if (panel->polygon[i] == number) {
            corners[n++].index = i;
            center[0] += (double)panel->W[2 * i];
            center[1] += (double)panel->W[2 * i + 1];
        }
    if (n < 3)
        return;
    for (int k = 0; k < n; k++) {
        const float *W = panel->W + 2 * corners[k].index;
        corners[k].key = atan2((double)W[1] - center[1] / n, (double)W[0] - center[0] / n);
    }
    qsort(corners, (size_t)n, sizeof *corners, compare);
    for (int k = 0; k < n; k++) {
        const float *W = panel->W + 2 * corners[k].index;
        cairo_line_to(cairo, plane.x + plane.scale * (double)W[0],
                      plane.y - plane.scale * (double)W[1]);
    }
    cairo_close_path(cairo);
    canvas_set_color(cairo, style->wash);
    cairo_fill(cairo);
}

static void draw_scenery(cairo_t *cairo, Plane plane, const DirectionsPanel *panel, Ranked *scratch,
                         const Style *style) {
    int last = -1;
    for (int i = 0; panel->polygon && i < panel->n_features; i++)
        last = panel->polygon[i] > last ? panel->polygon[i] : last;
    for (int number = 0; number <= last; number++)
        draw_polygon(cairo, plane, panel, number, scratch, style);
    canvas_set_color(cairo, style->faint);
    cairo_set_line_width(cairo, style->line * 0.8);
    cairo_arc(cairo, plane.x, plane.y, plane.scale, 0, 2 * M_PI);
    cairo_stroke(cairo);
    canvas_set_color(cairo, style->muted);
    cairo_arc(cairo, plane.x, plane.y, 1.75, 0, 2 * M_PI);
    cairo_fill(cairo);
}

static void draw_arrow(cairo_t *cairo, Plane plane, const float *W, Color color,
                       const Style *style) {
    double dx = plane.scale * (double)W[0], dy = -plane.scale * (double)W[1];
    double length = hypot(dx, dy);
    if (!(length >= 2))
        return;
    double head = fmin(4.2 * style->arrow, 0.6 * length), half = 0.42 * head;
    double ux = dx / length, uy = dy / length;
    double thick = fmin(style->arrow, 0.35 * length) / 2;
    /* Along the arrow and across it, from the origin round the tip and back. */
    const double outline[][2] = {
        {0, -thick}, {length - 0.85 * head, -thick}, {length - head, -half},
        {length, 0}, {length - head, half},          {length - 0.85 * head, thick},
        {0, thick}};
    canvas_set_color(cairo, color);
    for (size_t k = 0; k < sizeof outline / sizeof *outline; k++)
        cairo_line_to(cairo, plane.x + ux * outline[k][0] - uy * outline[k][1],
                      plane.y + uy * outline[k][0] + ux * outline[k][1]);
    cairo_close_path(cairo);
    cairo_fill(cairo);
}

void directions_panel_draw(cairo_t *cairo, Rect rect, const DirectionsPanel *panel,
                           const Style *style) {
    int n = panel->n_features;
    Plane plane = {rect.x + rect.width / 2, rect.y + rect.height / 2,
                   fmin(rect.width, rect.height) / 2 / panel->radius};
    Arena scratch = {0};
    Ranked *order = ARENA_NEW(&scratch, Ranked, n);
    cairo_save(cairo);
    draw_scenery(cairo, plane, panel, order, style);
    for (int i = 0; i < n; i++)
        order[i] = (Ranked){panel->weight[i], i};
    qsort(order, (size_t)n, sizeof *order, compare);
    for (int k = 0; k < n; k++) {
        int i = order[k].index;
        draw_arrow(cairo, plane, panel->W + 2 * i, style_weight(style, panel->weight[i]), style);
    }
    cairo_restore(cairo);
    arena_release(&scratch);
}
