/* Everything has a depth and is drawn from the back to the front: lines by their middle, balls by
 * their centre. Colour tends to the background, and widths shrink, with distance. */
#include "render/panel/solid.h"

#include "render/draw/label.h"
#include "render/draw/numbering.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { MAX_HULL = 60, MAX_MATES = 4, MAX_COUNTED = 24, MANY = 40 };
/* The viewer's distance in terms of the radius: a mild perspective. */
static const double distance = 5, ball = 5.5, tilt = 20, turn = 56;
static const double near_ball = 13, on_each_other = 2; /* pixels */
static const float origin[3] = {0};

/* From space to the page. */
typedef struct View {
    const SolidPanel *panel;
    double x, y, scale;
} View;

typedef struct Spot {
    double x, y, depth; /* on the page; towards the viewer, -1 … 1 */
} Spot;

typedef enum ItemKind { ITEM_EDGE, ITEM_SHAFT, ITEM_BALL } ItemKind;

typedef struct Item {
    ItemKind kind;
    Spot from, to; /* a ball: both are its centre */
    Color color;
    double depth;
    int order; /* of equal depth */
} Item;

typedef struct Items {
    Item *items;
    int n;
} Items;

static double dot(const double *a, const double *b) {
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

static void cross(const double *a, const double *b, double *out) {
    for (int k = 0; k < 3; k++)
        out[k] = a[(k + 1) % 3] * b[(k + 2) % 3] - a[(k + 2) % 3] * b[(k + 1) % 3];
}

/* a less its part along the unit vector u, in place; returns the length that is left. */
static double make_square(double *a, const double *u) {
    double along = dot(a, u);
    for (int k = 0; k < 3; k++)
        a[k] -= along * u[k];
    return sqrt(dot(a, a));
}

static void scale_by(double *a, double factor) {
    for (int k = 0; k < 3; k++)
        a[k] *= factor;
}

/* Turns two axes within their plane by an angle in degrees: `a` towards `b`. */
static void rotate(double *a, double *b, double degrees) {
    double c = cos(degrees * M_PI / 180), s = sin(degrees * M_PI / 180);
    for (int k = 0; k < 3; k++) {
        double old = a[k];
        a[k] = c * old + s * b[k];
        b[k] = c * b[k] - s * old;
    }
}

Camera camera_turned(Camera camera, double right, double down) {
    rotate(camera.axes[0], camera.axes[2], right);
    rotate(camera.axes[1], camera.axes[2], -down);
    return camera;
}

static void find_up(const float *W, const int *group, int n, double *up) {
    int n_first = 0, longest = 0;
    double most = -1;
    for (int i = 0; i < n; i++) {
        const double row[3] = {(double)W[3 * i], (double)W[3 * i + 1], (double)W[3 * i + 2]};
        if (dot(row, row) > most) {
            most = dot(row, row);
            longest = i;
        }
        n_first += group && group[i] == 0;
    }
    for (int i = 0; i < n; i++) {
        bool is_first = group && group[i] == 0, has_groups = n_first > 0 && n_first < n;
        double share =
            has_groups ? (is_first ? 1.0 / n_first : -1.0 / (n - n_first)) : (double)(i == longest);
        for (int k = 0; k < 3; k++)
            up[k] += share * (double)W[3 * i + k];
    }
}

Camera solid_camera(const float *W, const int *group, int n_features) {
    Camera camera = {{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};
    double up[3] = {0};
    find_up(W, group, n_features, up);
    double length = sqrt(dot(up, up)), most = 0;
    if (!(length > 1e-6))
        return camera;
    scale_by(up, 1 / length);
    for (int i = 0; i < n_features && most < 1e-6; i++) {
        double row[3] = {(double)W[3 * i], (double)W[3 * i + 1], (double)W[3 * i + 2]};
        most = make_square(row, up);
        if (most > 0.2 * length) {
            for (int k = 0; k < 3; k++) {
                camera.axes[1][k] = up[k];
                camera.axes[2][k] = row[k] / most;
            }
        } else {
            most = 0;
        }
    }
    if (most > 0)
        cross(camera.axes[1], camera.axes[2], camera.axes[0]);
    return camera_turned(camera, turn, tilt);
}

/* How much larger what is nearer is seen. */
static double zoom_at(double depth) {
    return distance / (distance - fmin(depth, 2));
}

static Spot project(const View *view, const float *W) {
    const double point[3] = {(double)W[0], (double)W[1], (double)W[2]};
    const double(*axes)[3] = view->panel->camera.axes;
    double depth = dot(point, axes[2]) / view->panel->radius, zoom = zoom_at(depth);
    return (Spot){view->x + view->scale * zoom * dot(point, axes[0]),
                  view->y - view->scale * zoom * dot(point, axes[1]), depth};
}

/* 1 for what is nearest, falling with distance. */
static double nearness(double depth) {
    return 0.36 + 0.32 * (fmax(fmin(depth, 1), -1) + 1);
}

static Color color_of(const SolidPanel *panel, int i, const Style *style) {
    Color color = panel->group && panel->group[i] >= 0 ? style_category(style, panel->group[i])
                                                       : style_weight(style, panel->weight[i]);
    return panel->selected < 0 || panel->selected == i ? color : style_unselected(style, color);
}

static void add(Items *items, ItemKind kind, Spot from, Spot to, Color color) {
    double depth = kind == ITEM_SHAFT ? to.depth / 2 : (from.depth + to.depth) / 2;
    items->items[items->n] = (Item){kind, from, to, color, depth, items->n};
    items->n++;
}

static double gap(const float *a, const float *b) {
    double sum = 0;
    for (int k = 0; k < 3; k++)
        sum += ((double)a[k] - (double)b[k]) * ((double)a[k] - (double)b[k]);
    return sqrt(sum);
}

static bool is_short(const SolidPanel *panel, int i) {
    return gap(panel->W + 3 * i, origin) < 0.02 * panel->radius;
}

static bool are_mates(const SolidPanel *panel, int i, int j) {
    return panel->group && panel->group[i] >= 0 && panel->group[i] == panel->group[j];
}

/* All pairs of a small group, and the hull's other edges. */
static void add_edges(const View *view, Items *items, const Style *style, Arena *arena) {
    const SolidPanel *panel = view->panel;
    int n = panel->n_features, n_mates = 0;
    if (n > MAX_HULL || (panel->hides_hull && !panel->group))
        return;
    int(*edges)[2] = arena_alloc(arena, (size_t)n * n / 2 + 1, sizeof *edges);
    int n_edges = panel->hides_hull ? 0 : solid_edges(panel->W, n, edges);
    for (int i = 0; i < n; i++)
        n_mates += panel->group && panel->group[i] == 0;
    bool has_lines = panel->group && n_mates <= MAX_MATES;
    for (int i = 0; has_lines && i < n; i++)
        for (int j = i + 1; j < n; j++)
            if (are_mates(panel, i, j))
                add(items, ITEM_EDGE, project(view, panel->W + 3 * i),
                    project(view, panel->W + 3 * j),
                    style_tint(style, color_of(panel, i, style), 0.75));
    for (int e = 0; e < n_edges; e++) {
        int i = edges[e][0], j = edges[e][1];
        if (!has_lines || !are_mates(panel, i, j))
            add(items, ITEM_EDGE, project(view, panel->W + 3 * i), project(view, panel->W + 3 * j),
                style_tint(style, style->muted, 0.6));
    }
}

static void add_arrows(const View *view, Items *items, const Style *style) {
    const SolidPanel *panel = view->panel;
    bool are_many = panel->n_features > MANY;
    for (int i = 0; i < panel->n_features; i++) {
        if (are_many && is_short(panel, i))
            continue; /* they would be one blot */
        Spot tip = project(view, panel->W + 3 * i), zero = project(view, origin);
        Color color = color_of(panel, i, style);
        add(items, ITEM_SHAFT, zero, tip, color);
        add(items, ITEM_BALL, tip, tip, color);
    }
}

static int by_depth(const void *a, const void *b) {
    const Item *x = a, *y = b;
    if (x->depth != y->depth)
        return x->depth < y->depth ? -1 : 1;
    return x->order - y->order;
}

static void draw_ball(cairo_t *cairo, const Item *item, double size, const Style *style) {
    cairo_arc(cairo, item->to.x, item->to.y, ball * size * zoom_at(item->depth), 0, 2 * M_PI);
    cairo_fill_preserve(cairo);
    canvas_set_color(cairo, style->background); /* a rim tells it from what is behind */
    cairo_set_line_width(cairo, style->hairline);
    cairo_stroke(cairo);
}

/* From the rim of one ball to that of the other, so that no line lies on the ball it leads to. */
static void draw_line(cairo_t *cairo, const Item *item, double size, const Style *style) {
    double dx = item->to.x - item->from.x, dy = item->to.y - item->from.y, length = hypot(dx, dy);
    bool is_shaft = item->kind == ITEM_SHAFT;
    double start = is_shaft ? 0 : ball * size * zoom_at(item->from.depth);
    double end = ball * size * zoom_at(item->to.depth);
    if (start + end >= length)
        return;
    cairo_move_to(cairo, item->from.x + dx * start / length, item->from.y + dy * start / length);
    cairo_line_to(cairo, item->to.x - dx * end / length, item->to.y - dy * end / length);
    cairo_set_line_width(cairo, (is_shaft ? style->arrow : style->line) *
                                    (0.55 + 0.65 * nearness(item->depth)) * fmax(size, 0.7));
    cairo_stroke(cairo);
}

static void draw_item(cairo_t *cairo, const Item *item, double size, const Style *style) {
    canvas_set_color(cairo, style_tint(style, item->color, nearness(item->depth)));
    (item->kind == ITEM_BALL ? draw_ball : draw_line)(cairo, item, size, style);
}

/* Faint areas between three mates, below all lines: they show how a set lies. */
static void fill_groups(cairo_t *cairo, const View *view, const Style *style) {
    const SolidPanel *panel = view->panel;
    for (int i = 0; panel->group && i < panel->n_features; i++) {
        int mates[3] = {i}, n = 1;
        for (int j = 0; j < panel->n_features; j++)
            if (j != i && are_mates(panel, i, j)) {
                n = j < i ? 4 : n + 1;
                if (n <= 3)
                    mates[n - 1] = j;
            }
        if (n != 3)
            continue;
        for (int k = 0; k < 3; k++) {
            Spot spot = project(view, panel->W + 3 * mates[k]);
            cairo_line_to(cairo, spot.x, spot.y);
        }
        cairo_close_path(cairo);
        Color color = color_of(panel, i, style);
        color.alpha = 0.13;
        canvas_set_color(cairo, color);
        cairo_fill(cairo);
    }
}

/* Those that end where feature i does into there [n_features]; none where an earlier one said so,
 * or it is short. Returns how many. */
static int find_there(const View *view, int i, int *there) {
    const SolidPanel *panel = view->panel;
    double near = 0.05 * panel->radius;
    int n = 0;
    if (gap(panel->W + 3 * i, origin) < 3 * near)
        return 0;
    for (int j = 0; j < panel->n_features; j++)
        if (gap(panel->W + 3 * i, panel->W + 3 * j) < near) {
            if (j < i)
                return 0;
            there[n++] = j;
        }
    return n;
}

static void draw_counts(cairo_t *cairo, const View *view, const Style *style) {
    int there[MAX_COUNTED];
    for (int i = 0; i < view->panel->n_features && view->panel->n_features <= MAX_COUNTED; i++) {
        int n = find_there(view, i, there);
        Spot spot = project(view, view->panel->W + 3 * i);
        double dx = spot.x - view->x, dy = spot.y - view->y, length = hypot(dx, dy);
        double away = length > 4 ? 16 / length : 0;
        char text[16];
        snprintf(text, sizeof text, "×%d", n);
        if (n > 1)
            label_draw(cairo, style, (Label){TEXT_SMALL, ALIGN_CENTER, 0}, style->ink,
                       spot.x + (away != 0 ? dx * away : 16), spot.y + dy * away + 4, text);
    }
}

static void draw_numbers(cairo_t *cairo, const View *view, double size, const Style *style,
                         Arena *arena) {
    const SolidPanel *panel = view->panel;
    NumberedMark *marks = ARENA_NEW(arena, NumberedMark, panel->n_features);
    int *there = ARENA_NEW(arena, int, panel->n_features), n_marks = 0;
    for (int i = 0; i < panel->n_features; i++) {
        int n = find_there(view, i, there);
        Spot spot = project(view, panel->W + 3 * i);
        NumberedMark mark = {.x = spot.x,
                             .y = spot.y,
                             .dx = spot.x - view->x,
                             .dy = spot.y - view->y,
                             .away = ball * size * zoom_at(spot.depth) + 10};
        numbering_text(there, n, mark.text);
        for (int k = 0; k < n; k++)
            mark.is_first |= there[k] == panel->selected;
        if (n)
            marks[n_marks++] = mark;
    }
    numbering_draw(cairo, style, marks, n_marks);
}

/* How much larger or smaller than usual balls and lines are. */
static double size_of(Rect rect, const SolidPanel *panel) {
    double size = fmax(fmin(fmin(rect.width, rect.height) / 190, 1.6), 0.5);
    int n = 0;
    for (int i = 0; i < panel->n_features; i++)
        n += !is_short(panel, i);
    return n > MANY ? size * fmax(sqrt((double)MANY / n), 0.35) : size;
}

static View view_of(Rect rect, const SolidPanel *panel) {
    double reach = distance / sqrt(distance * distance - 1); /* of the rim, in perspective */
    return (View){panel, rect.x + rect.width / 2, rect.y + rect.height / 2,
                  fmin(rect.width, rect.height) / 2 / (panel->radius * reach)};
}

static void draw_ring(cairo_t *cairo, const View *view, double size, const Style *style) {
    int i = view->panel->selected;
    if (i < 0)
        return;
    Spot spot = project(view, view->panel->W + 3 * i);
    draw_item(cairo, &(Item){ITEM_BALL, spot, spot, color_of(view->panel, i, style), 1, i}, size,
              style); /* whatever lies in front of it */
    canvas_set_color(cairo, style->ink);
    cairo_set_line_width(cairo, style->line);
    cairo_arc(cairo, spot.x, spot.y, ball * size * zoom_at(spot.depth) + 3, 0, 2 * M_PI);
    cairo_stroke(cairo);
}

void solid_panel_draw(cairo_t *cairo, Rect rect, const SolidPanel *panel, const Style *style) {
    double size = size_of(rect, panel);
    View view = view_of(rect, panel);
    Arena scratch = {0};
    int n = panel->n_features;
    size_t n_lines = n <= MAX_HULL ? (size_t)n * n : 0;
    Items items = {ARENA_NEW(&scratch, Item, n_lines + 2 * (size_t)n), 0};
    cairo_save(cairo);
    cairo_set_line_cap(cairo, CAIRO_LINE_CAP_ROUND);
    canvas_set_color(cairo, style->faint);
    cairo_set_line_width(cairo, style->line * 0.8);
    double eye = distance * panel->radius; /* beyond the sphere of radius 1 */
    if (panel->radius >= 1)
        cairo_arc(cairo, view.x, view.y, view.scale * eye / sqrt(eye * eye - 1), 0, 2 * M_PI);
    cairo_stroke(cairo);
    fill_groups(cairo, &view, style);
    add_edges(&view, &items, style, &scratch);
    add_arrows(&view, &items, style);
    qsort(items.items, (size_t)items.n, sizeof *items.items, by_depth);
    for (int k = 0; k < items.n; k++)
        draw_item(cairo, &items.items[k], size, style);
    draw_ring(cairo, &view, size, style);
    if (panel->has_numbers)
        draw_numbers(cairo, &view, size, style, &scratch);
    else
        draw_counts(cairo, &view, style);
    cairo_restore(cairo);
    arena_release(&scratch);
}

int solid_panel_pick(Rect rect, const SolidPanel *panel, double x, double y) {
    View view = view_of(rect, panel);
    int found = -1;
    double least = near_ball, depth = -HUGE_VAL;
    for (int i = 0; i < panel->n_features; i++) {
        Spot spot = project(&view, panel->W + 3 * i);
        double far = hypot(spot.x - x, spot.y - y);
        bool is_hidden = fabs(far - least) < on_each_other && spot.depth < depth;
        if (far < least + on_each_other && far < near_ball && !is_hidden) {
            least = far;
            depth = spot.depth;
            found = i;
        }
    }
    return found;
}
