/* Squares in shelves: along a shelf in columns, in a column one over the other. Parts come larger
 * first, so little room is lost. */
#include "render/panel/graph.h"

#include "render/draw/mark.h"
#include "render/draw/numbering.h"

#include <math.h>

enum { N_SHADES = 5 };
static const double usual_side = 26; /* for one node: a digon of 37 pixels, a pentagon of 58 */

static double side_of(const GraphPart *part, double unit) {
    return unit * sqrt(part->n);
}

/* Where the next square goes. */
typedef struct Shelf {
    double top, height;       /* of the shelf */
    double left, width, used; /* of the column: used from the top */
} Shelf;

/* Places squares for this unit as if there were no end below; returns the height they take, or
 * infinity where one is too wide. */
static double place(const GraphPanel *panel, double unit, double width, Rect *squares) {
    Shelf shelf = {0};
    for (int p = 0; p < panel->n_parts; p++) {
        double side = side_of(&panel->parts[p], unit);
        if (side > width * (1 + 1e-9))
            return HUGE_VAL;
        if (shelf.used + side > shelf.height * (1 + 1e-9)) {
            shelf = (Shelf){shelf.top, shelf.height, shelf.left + shelf.width, side, 0};
            if (p == 0 || shelf.left + side > width * (1 + 1e-9))
                shelf = (Shelf){shelf.top + shelf.height, side, 0, side, 0};
        }
        squares[p] = (Rect){shelf.left, shelf.top + shelf.used, side, side};
        shelf.used += side;
    }
    return shelf.top + shelf.height;
}

double graph_panel_squares(const GraphPanel *panel, double width, double height, Rect *squares) {
    double low = 0, high = panel->largest > 0 ? panel->largest : usual_side;
    if (place(panel, high, width, squares) <= height)
        return high;
    for (int step = 0; step < 40; step++) {
        double middle = (low + high) / 2;
        *(place(panel, middle, width, squares) <= height ? &low : &high) = middle;
    }
    place(panel, low, width, squares);
    return low;
}

double graph_panel_height(const GraphPanel *panel, double width, double height) {
    Arena scratch = {0};
    Rect *squares = ARENA_NEW(&scratch, Rect, panel->n_parts);
    double end = 0;
    graph_panel_squares(panel, width, height, squares);
    for (int p = 0; p < panel->n_parts; p++)
        end = fmax(end, squares[p].y + squares[p].height);
    arena_release(&scratch);
    return end;
}

static int shade_of(double weight) {
    int shade = (int)(weight * N_SHADES);
    return shade < 0 ? 0 : shade >= N_SHADES ? N_SHADES - 1 : shade;
}

static double page_x(const GraphPart *part, Rect square, int i) {
    return round(4 * (square.x + square.width * (0.5 + 0.36 * part->x[i]))) / 4;
}

static double page_y(const GraphPart *part, Rect square, int i) {
    return round(4 * (square.y + square.height * (0.5 - 0.36 * part->y[i]))) / 4;
}

/* All edges of a shade are one path, the faint ones below. */
static void draw_edges(cairo_t *cairo, const GraphPanel *panel, const Rect *squares, double node,
                       const Style *style) {
    for (int shade = 0; shade < N_SHADES; shade++) {
        double share = (shade + 1.0) / N_SHADES;
        canvas_set_color(cairo, style_tint(style, style->muted, 0.15 + 0.75 * share));
        cairo_set_line_width(cairo, node * (0.1 + 0.25 * share));
        for (int p = 0; p < panel->n_parts; p++) {
            const GraphPart *part = &panel->parts[p];
            for (int e = 0; e < part->n_edges; e++) {
                int from = part->edges[e].from, to = part->edges[e].to;
                if (shade_of(part->edges[e].weight) != shade)
                    continue;
                cairo_move_to(cairo, page_x(part, squares[p], from),
                              page_y(part, squares[p], from));
                cairo_line_to(cairo, page_x(part, squares[p], to), page_y(part, squares[p], to));
                if (panel->draws_apart)
                    cairo_stroke(cairo);
            }
        }
        cairo_stroke(cairo);
    }
}

/* The squares on the page; returns the size of a node. */
static double lay_out(Rect rect, const GraphPanel *panel, Rect *squares) {
    double unit = graph_panel_squares(panel, rect.width, rect.height, squares);
    for (int p = 0; p < panel->n_parts; p++) {
        squares[p].x = floor(squares[p].x + rect.x); /* alike to the pixel: a smaller file */
        squares[p].y = floor(squares[p].y + rect.y);
    }
    double most = panel->most_node > 0 ? panel->most_node : 7;
    return fmin(fmax(0.24 * unit, 2), fmax(most, 0.08 * unit));
}

static void draw_selected(cairo_t *cairo, const GraphPanel *panel, const Rect *squares, double node,
                          const Style *style) {
    int p = panel->selected_part, i = panel->selected;
    if (p < 0 || i < 0)
        return;
    const GraphPart *part = &panel->parts[p];
    double x = page_x(part, squares[p], i), y = page_y(part, squares[p], i);
    mark_path(cairo, MARK_DOT, x, y, node + 2);
    mark_paint(cairo, style, MARK_DOT, part->color);
    cairo_arc(cairo, x, y, node / 2 + 4, 0, 2 * M_PI);
    canvas_set_color(cairo, style->ink);
    cairo_set_line_width(cairo, style->line);
    cairo_stroke(cairo);
}

/* Outwards from the middle of their part. */
static void draw_numbers(cairo_t *cairo, const GraphPanel *panel, const Rect *squares, double node,
                         const Style *style, Arena *arena) {
    for (int p = 0; p < panel->n_parts; p++) {
        const GraphPart *part = &panel->parts[p];
        NumberedMark *marks = ARENA_NEW(arena, NumberedMark, part->n);
        for (int i = 0; i < part->n; i++) {
            marks[i] =
                (NumberedMark){.x = page_x(part, squares[p], i),
                               .y = page_y(part, squares[p], i),
                               .dx = part->x[i],
                               .dy = -part->y[i],
                               .away = node / 2 + 9,
                               .is_first = p == panel->selected_part && i == panel->selected};
            numbering_text(&part->features[i], 1, marks[i].text);
        }
        numbering_draw(cairo, style, marks, part->n);
    }
}

void graph_panel_draw(cairo_t *cairo, Rect rect, const GraphPanel *panel, const Style *style) {
    Arena scratch = {0};
    Rect *squares = ARENA_NEW(&scratch, Rect, panel->n_parts);
    double node = lay_out(rect, panel, squares);
    bool is_selected = panel->selected_part >= 0 && panel->selected >= 0;
    cairo_save(cairo);
    draw_edges(cairo, panel, squares, node, style);
    for (int p = 0; p < panel->n_parts; p++) {
        const GraphPart *part = &panel->parts[p];
        for (int i = 0; i < part->n; i++)
            mark_path(cairo, MARK_DOT, page_x(part, squares[p], i), page_y(part, squares[p], i),
                      node);
        mark_paint(cairo, style, MARK_DOT,
                   is_selected ? style_unselected(style, part->color) : part->color);
    }
    draw_selected(cairo, panel, squares, node, style);
    if (panel->has_numbers)
        draw_numbers(cairo, panel, squares, node, style, &scratch);
    cairo_restore(cairo);
    arena_release(&scratch);
}

bool graph_panel_pick(Rect rect, const GraphPanel *panel, double x, double y, int *part,
                      int *node) {
    Arena scratch = {0};
    Rect *squares = ARENA_NEW(&scratch, Rect, panel->n_parts);
    double least = lay_out(rect, panel, squares) / 2 + 6;
    bool is_found = false;
    for (int p = 0; p < panel->n_parts; p++)
        for (int i = 0; i < panel->parts[p].n; i++) {
            double far = hypot(page_x(&panel->parts[p], squares[p], i) - x,
                               page_y(&panel->parts[p], squares[p], i) - y);
            if (far < least) {
                least = far;
                *part = p;
                *node = i;
                is_found = true;
            }
        }
    arena_release(&scratch);
    return is_found;
}
