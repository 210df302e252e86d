#include "render/panel/levels.h"

#include "render/draw/label.h"

#include <math.h>

static const double leader = 22, name_gap = 13.5;

double levels_panel_room(const Style *style, const NamedLevel *levels, int n_levels) {
    double widest = 0;
    for (int l = 0; l < n_levels; l++)
        widest =
            fmax(widest, label_width(style, (Label){TEXT_SMALL, ALIGN_LEFT, 0}, levels[l].name));
    return ceil(widest) + leader + 4;
}

/* Each block of touching places is centred on where its members want to be; blocks that meet become
 * one (isotonic regression of y[i] - i gap, by pooling neighbours). */
void levels_spread(double *y, int n, double gap, double low, double high) {
    if (n < 1)
        return;
    Arena scratch = {0};
    double *mean = ARENA_NEW(&scratch, double, n);
    int *size = ARENA_NEW(&scratch, int, n), n_blocks = 0;
    double room = fmax(high - low, 0), step = n > 1 ? fmin(gap, room / (n - 1)) : gap;
    double last = high - step * (n - 1);
    for (int i = 0; i < n; i++) {
        mean[n_blocks] = y[i] - step * i;
        size[n_blocks++] = 1;
        while (n_blocks > 1 && mean[n_blocks - 2] > mean[n_blocks - 1]) {
            int before = size[n_blocks - 2], here = size[n_blocks - 1];
            mean[n_blocks - 2] =
                (before * mean[n_blocks - 2] + here * mean[n_blocks - 1]) / (before + here);
            size[--n_blocks - 1] = before + here;
        }
    }
    for (int block = 0, i = 0; block < n_blocks; block++)
        for (int k = 0; k < size[block]; k++, i++)
            y[i] = fmin(fmax(mean[block], low), last) + step * i;
    arena_release(&scratch);
}

/* A level that has a place in the plot. */
typedef struct Placed {
    double level, y; /* its height on the page; its name's */
    const char *name;
} Placed;

static Placed *place_levels(const LevelsPanel *panel, Rect plot, int *n, Arena *arena) {
    const Axes *axes = &panel->curves.axes;
    Placed *placed = ARENA_NEW(arena, Placed, panel->n_levels);
    double *y = ARENA_NEW(arena, double, panel->n_levels);
    *n = 0;
    for (int l = 0; l < panel->n_levels; l++) {
        double place = axis_place(&axes->y, panel->levels[l].value);
        if (!(place >= 0 && place <= 1))
            continue;
        y[*n] = axes_y(axes, plot, panel->levels[l].value);
        placed[*n] = (Placed){y[*n], 0, panel->levels[l].name};
        ++*n;
    }
    levels_spread(y, *n, name_gap, plot.y, plot.y + plot.height);
    for (int l = 0; l < *n; l++)
        placed[l].y = y[l];
    return placed;
}

static void draw_levels(cairo_t *cairo, const LevelsPanel *panel, Rect plot, const Style *style) {
    const double dash[] = {3, 3};
    Arena scratch = {0};
    int n;
    double right = plot.x + plot.width;
    Placed *placed = place_levels(panel, plot, &n, &scratch);
    cairo_save(cairo);
    cairo_set_line_width(cairo, style->hairline);
    canvas_set_color(cairo, style_tint(style, style->muted, 0.7));
    for (int l = 0; l < n; l++) {
        cairo_move_to(cairo, right + 2, placed[l].level);
        cairo_line_to(cairo, right + leader - 10, placed[l].y);
        cairo_line_to(cairo, right + leader - 4, placed[l].y);
    }
    cairo_stroke(cairo);
    cairo_set_dash(cairo, dash, 2, 0);
    for (int l = 0; l < n; l++) {
        cairo_move_to(cairo, plot.x, placed[l].level);
        cairo_line_to(cairo, right, placed[l].level);
    }
    cairo_stroke(cairo);
    cairo_restore(cairo);
    for (int l = 0; l < n; l++)
        label_draw(cairo, style, (Label){TEXT_SMALL, ALIGN_LEFT, panel->right - leader},
                   style->muted, right + leader, placed[l].y + 4, placed[l].name);
    arena_release(&scratch);
}

Rect levels_panel_draw(cairo_t *cairo, Rect rect, const LevelsPanel *panel, const Style *style) {
    Rect left = {rect.x, rect.y, rect.width - panel->right, rect.height};
    draw_levels(cairo, panel, curves_panel_plot(left, &panel->curves, style), style);
    return curves_panel_draw(cairo, left, &panel->curves, style);
}
