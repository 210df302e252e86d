/* Scenery first (polygons, circle, origin), then arrows from the lightest to the heaviest. */
#include "render/panel/directions.h"

#include "render/draw/arrow.h"
#include "render/draw/label.h"
#include "render/draw/numbering.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { MAX_COUNTED = 24 };
static const double ring = 6.5, near_tip = 13, near_shaft = 5, least_counted = 80; /* pixels */

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

/* Adds the corners with this number to the path, around their common centre, so that the outline
 * does not cross itself; returns how many there are. */
static int add_outline(cairo_t *cairo, Plane plane, const DirectionsPanel *panel,
                       const int *numbers, int number, Ranked *corners) {
    int n = 0;
    double center[2] = {0, 0};
    for (int i = 0; i < panel->n_features; i++)
        if (numbers[i] == number) {
            corners[n++].index = i;
            center[0] += (double)panel->W[2 * i];
            center[1] += (double)panel->W[2 * i + 1];
        }
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
    if (n > 2)
        cairo_close_path(cairo);
    return n;
}

static int largest(const int *numbers, int n) {
    int most = -1;
    for (int i = 0; numbers && i < n; i++)
        most = numbers[i] > most ? numbers[i] : most;
    return most;
}

static void draw_polygons(cairo_t *cairo, Plane plane, const DirectionsPanel *panel,
                          Ranked *scratch, const Style *style) {
    int last = largest(panel->polygon, panel->n_features);
    for (int number = 0; number <= last; number++) {
        if (add_outline(cairo, plane, panel, panel->polygon, number, scratch) < 3)
            cairo_new_path(cairo);
        canvas_set_color(cairo, style->wash);
        cairo_fill(cairo);
    }
}

static void draw_groups(cairo_t *cairo, Plane plane, const DirectionsPanel *panel, Ranked *scratch,
                        const Style *style) {
    int last = largest(panel->group, panel->n_features);
    cairo_set_line_width(cairo, style->line);
    for (int number = 0; number <= last; number++) {
        add_outline(cairo, plane, panel, panel->group, number, scratch);
        canvas_set_color(cairo, style_tint(style, style_category(style, number), 0.5));
        cairo_stroke(cairo);
    }
}

static void draw_scenery(cairo_t *cairo, Plane plane, const DirectionsPanel *panel, Ranked *scratch,
                         const Style *style) {
    draw_polygons(cairo, plane, panel, scratch, style);
    canvas_set_color(cairo, style->faint);
    cairo_set_line_width(cairo, style->line * 0.8);
    if (panel->radius >= 1)
        cairo_arc(cairo, plane.x, plane.y, plane.scale, 0, 2 * M_PI);
    cairo_stroke(cairo);
    draw_groups(cairo, plane, panel, scratch, style);
    canvas_set_color(cairo, style->muted);
    cairo_arc(cairo, plane.x, plane.y, 1.75, 0, 2 * M_PI);
    cairo_fill(cairo);
}

static Color color_of(const DirectionsPanel *panel, int i, const Style *style) {
    Color color = panel->group && panel->group[i] >= 0 ? style_category(style, panel->group[i])
                                                       : style_weight(style, panel->weight[i]);
    return panel->selected < 0 || panel->selected == i ? color : style_unselected(style, color);
}

static void draw_arrow(cairo_t *cairo, Plane plane, const float *W, Color color,
                       const Style *style) {
    arrow_path(cairo, style, plane.x, plane.y, plane.scale * (double)W[0],
               -plane.scale * (double)W[1]);
    canvas_set_color(cairo, color);
    cairo_fill(cairo);
}

static void draw_selected(cairo_t *cairo, Plane plane, const DirectionsPanel *panel,
                          const Style *style) {
    int i = panel->selected;
    const float *W = panel->W + 2 * i;
    if (i < 0)
        return;
    draw_arrow(cairo, plane, W, color_of(panel, i, style), style);
    canvas_set_color(cairo, style->ink);
    cairo_set_line_width(cairo, style->line);
    cairo_arc(cairo, plane.x + plane.scale * (double)W[0], plane.y - plane.scale * (double)W[1],
              ring, 0, 2 * M_PI);
    cairo_stroke(cairo);
}

/* The arrows that end where arrow i does into there [n_features]; none where an earlier one said
 * so, or it is short. Returns how many. */
static int find_there(Plane plane, const DirectionsPanel *panel, int i, int *there) {
    int n = 0;
    const float *W = panel->W + 2 * i;
    if (plane.scale * hypot((double)W[0], (double)W[1]) < 12)
        return 0;
    for (int j = 0; j < panel->n_features; j++) {
        const float *V = panel->W + 2 * j;
        bool is_there =
            plane.scale * hypot((double)W[0] - (double)V[0], (double)W[1] - (double)V[1]) < 4;
        if (is_there && j < i)
            return 0;
        if (is_there)
            there[n++] = j;
    }
    return n;
}

/* Arrows on each other look like one. Many arrows look like many, and counts would be clutter. */
static void draw_counts(cairo_t *cairo, Plane plane, const DirectionsPanel *panel,
                        const Style *style) {
    const Label label = {TEXT_SMALL, ALIGN_CENTER, 0};
    int there[MAX_COUNTED];
    for (int i = 0; i < panel->n_features && panel->n_features <= MAX_COUNTED; i++) {
        int n = find_there(plane, panel, i, there);
        double x = (double)panel->W[2 * i], y = (double)panel->W[2 * i + 1];
        double reach = plane.scale + 11 / hypot(x, y);
        char text[16];
        snprintf(text, sizeof text, "×%d", n);
        if (n > 1)
            label_draw(cairo, style, label, style->ink, plane.x + x * reach,
                       plane.y - y * reach + 4, text);
    }
}

static void draw_numbers(cairo_t *cairo, Plane plane, const DirectionsPanel *panel,
                         const Style *style, Arena *arena) {
    NumberedMark *marks = ARENA_NEW(arena, NumberedMark, panel->n_features);
    int *there = ARENA_NEW(arena, int, panel->n_features), n_marks = 0;
    for (int i = 0; i < panel->n_features; i++) {
        int n = find_there(plane, panel, i, there);
        double x = plane.scale * (double)panel->W[2 * i],
               y = -plane.scale * (double)panel->W[2 * i + 1];
        NumberedMark mark = {.x = plane.x + x, .y = plane.y + y, .dx = x, .dy = y, .away = 13};
        numbering_text(there, n, mark.text);
        for (int k = 0; k < n; k++)
            mark.is_first |= there[k] == panel->selected;
        mark.away += mark.is_first ? ring : 0;
        if (n)
            marks[n_marks++] = mark;
    }
    numbering_draw(cairo, style, marks, n_marks);
}

static Plane plane_of(Rect rect, const DirectionsPanel *panel) {
    return (Plane){rect.x + rect.width / 2, rect.y + rect.height / 2,
                   fmin(rect.width, rect.height) / 2 / panel->radius};
}

void directions_panel_draw(cairo_t *cairo, Rect rect, const DirectionsPanel *panel,
                           const Style *style) {
    int n = panel->n_features;
    Plane plane = plane_of(rect, panel);
    Arena scratch = {0};
    Ranked *order = ARENA_NEW(&scratch, Ranked, n);
    cairo_save(cairo);
    draw_scenery(cairo, plane, panel, order, style);
    for (int i = 0; i < n; i++)
        order[i] = (Ranked){panel->weight[i], i};
    qsort(order, (size_t)n, sizeof *order, compare);
    for (int k = 0; k < n; k++) {
        int i = order[k].index;
        draw_arrow(cairo, plane, panel->W + 2 * i, color_of(panel, i, style), style);
    }
    draw_selected(cairo, plane, panel, style);
    if (panel->has_numbers)
        draw_numbers(cairo, plane, panel, style, &scratch);
    else if (fmin(rect.width, rect.height) >= least_counted)
        draw_counts(cairo, plane, panel, style);
    cairo_restore(cairo);
    arena_release(&scratch);
}

/* How far a point is from the line between the origin and a tip at (x, y). */
static double shaft_gap(double x, double y, double at_x, double at_y) {
    double square = x * x + y * y, share = square > 0 ? (at_x * x + at_y * y) / square : 0;
    share = fmax(fmin(share, 1), 0);
    return hypot(at_x - share * x, at_y - share * y);
}

int directions_panel_pick(Rect rect, const DirectionsPanel *panel, double x, double y) {
    Plane plane = plane_of(rect, panel);
    int found = -1;
    double least = HUGE_VAL;
    for (int i = 0; i < panel->n_features; i++) {
        double tip_x = plane.scale * (double)panel->W[2 * i],
               tip_y = -plane.scale * (double)panel->W[2 * i + 1];
        double from_tip = hypot(x - plane.x - tip_x, y - plane.y - tip_y);
        double from_shaft = shaft_gap(tip_x, tip_y, x - plane.x, y - plane.y);
        double gap = from_tip <= near_tip       ? from_tip
                     : from_shaft <= near_shaft ? near_tip + from_shaft
                                                : HUGE_VAL;
        if (gap < least) {
            least = gap;
            found = i;
        }
    }
    return found;
}
