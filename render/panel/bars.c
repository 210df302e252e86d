/* Ground, grid, bars, zero line, names. */
#include "render/panel/bars.h"

#include "render/draw/axes.h"
#include "render/draw/label.h"

#include <math.h>

static const double label_height = 20, names_height = 16, tick_pitch = 26, number_gap = 6,
                    least_bar = 0.75;

void bars_panel_cover(BarsPanel *panel) {
    const double margin = 0.06;
    panel->low = panel->high = 0;
    for (int b = 0; b < panel->n_bars; b++) {
        panel->low = fmin(panel->low, fmin(panel->bars[b].from, panel->bars[b].to));
        panel->high = fmax(panel->high, fmax(panel->bars[b].from, panel->bars[b].to));
    }
    double length = panel->high - panel->low;
    if (!(length > 0)) {
        panel->high = 1;
        return;
    }
    panel->low -= panel->low < 0 ? margin * length : 0;
    panel->high += panel->high > 0 ? margin * length : 0;
}

double bars_panel_head(const BarsPanel *panel) {
    return panel->label ? label_height : 4;
}

double bars_panel_foot(const BarsPanel *panel) {
    return panel->names ? names_height : 2;
}

static Rect plot_of(Rect rect, const BarsPanel *panel) {
    double head = bars_panel_head(panel);
    return (Rect){rect.x + panel->left, rect.y + head, panel->pitch * panel->n_columns,
                  rect.height - head - bars_panel_foot(panel)};
}

static double y_of(Rect plot, const BarsPanel *panel, double value) {
    return plot.y + plot.height * (panel->high - value) / (panel->high - panel->low);
}

static Rect rect_of(Rect plot, const BarsPanel *panel, const Bar *bar) {
    double x = plot.x + panel->pitch * (bar->column + bar->left);
    double y0 = y_of(plot, panel, bar->from), y1 = y_of(plot, panel, bar->to);
    return (Rect){x, fmin(y0, y1), panel->pitch * (bar->right - bar->left), fabs(y1 - y0)};
}

static void draw_grid(cairo_t *cairo, Rect plot, const BarsPanel *panel, const Style *style) {
    Arena scratch = {0};
    Axis axis = {.from = panel->low, .to = panel->high};
    double ticks[MAX_TICKS];
    int n = axis_ticks(&axis, (int)(plot.height / tick_pitch), ticks);
    canvas_set_color(cairo, style->faint);
    cairo_set_line_width(cairo, style->hairline);
    for (int i = 0; i < n; i++) {
        cairo_move_to(cairo, plot.x, y_of(plot, panel, ticks[i]));
        cairo_line_to(cairo, plot.x + plot.width, y_of(plot, panel, ticks[i]));
    }
    cairo_stroke(cairo);
    for (int i = 0; i < n; i++)
        label_draw(cairo, style, (Label){TEXT_SMALL, ALIGN_RIGHT, 0}, style->muted,
                   plot.x - number_gap, y_of(plot, panel, ticks[i]) + 4,
                   label_number(&scratch, ticks[i], 3));
    arena_release(&scratch);
}

static void draw_bar(cairo_t *cairo, Rect rect, const Bar *bar, const Style *style) {
    canvas_set_color(cairo, bar->color);
    if (bar->look == BAR_TICK) {
        cairo_rectangle(cairo, rect.x, rect.y + rect.height - style->line, rect.width,
                        2 * style->line);
        cairo_fill(cairo);
    } else if (bar->look == BAR_HOLLOW) {
        cairo_set_line_width(cairo, style->line);
        cairo_rectangle(cairo, rect.x + style->line / 2, rect.y, rect.width - style->line,
                        rect.height);
        cairo_stroke(cairo);
    } else if (rect.height > 0.2) {
        cairo_rectangle(cairo, rect.x, rect.y, rect.width, fmax(rect.height, least_bar));
        cairo_fill(cairo);
    }
}

/* Every so many that they do not touch. */
static void draw_names(cairo_t *cairo, Rect plot, const BarsPanel *panel, const Style *style) {
    const Label label = {TEXT_SMALL, ALIGN_CENTER, 0};
    double widest = 0;
    for (int c = 0; c < panel->n_columns; c++)
        widest = fmax(widest, label_width(style, label, panel->names[c]));
    int step = (int)ceil((widest + 3) / panel->pitch);
    for (int c = 0; c < panel->n_columns; c += step)
        label_draw(cairo, style, label, style->muted, plot.x + panel->pitch * (c + 0.5),
                   plot.y + plot.height + 13, panel->names[c]);
}

void bars_panel_draw(cairo_t *cairo, Rect rect, const BarsPanel *panel, const Style *style) {
    Rect plot = plot_of(rect, panel);
    cairo_save(cairo);
    cairo_set_line_join(cairo, CAIRO_LINE_JOIN_MITER);
    if (panel->selected >= 0) {
        canvas_set_color(cairo, style->wash);
        cairo_rectangle(cairo, plot.x + panel->pitch * panel->selected, plot.y, panel->pitch,
                        plot.height);
        cairo_fill(cairo);
    }
    draw_grid(cairo, plot, panel, style);
    for (int b = 0; b < panel->n_bars; b++)
        draw_bar(cairo, rect_of(plot, panel, &panel->bars[b]), &panel->bars[b], style);
    canvas_set_color(cairo, style->muted);
    cairo_set_line_width(cairo, style->line);
    cairo_move_to(cairo, plot.x, y_of(plot, panel, 0));
    cairo_line_to(cairo, plot.x + plot.width, y_of(plot, panel, 0));
    cairo_stroke(cairo);
    if (panel->names)
        draw_names(cairo, plot, panel, style);
    if (panel->label)
        label_draw(cairo, style, (Label){TEXT_BODY, ALIGN_LEFT, rect.width}, style->ink, rect.x,
                   rect.y + 12, panel->label);
    cairo_restore(cairo);
}

int bars_panel_at(Rect rect, const BarsPanel *panel, double x, double y, int *bar) {
    Rect plot = plot_of(rect, panel);
    *bar = -1;
    if (x < plot.x || x >= plot.x + plot.width || y < plot.y ||
        y > plot.y + plot.height + bars_panel_foot(panel))
        return -1;
    for (int b = 0; b < panel->n_bars; b++) {
        Rect at = rect_of(plot, panel, &panel->bars[b]);
        if (panel->bars[b].look == BAR_SOLID && x >= at.x && x <= at.x + at.width && y >= at.y &&
            y <= at.y + at.height)
            *bar = b;
    }
    return (int)((x - plot.x) / panel->pitch);
}
