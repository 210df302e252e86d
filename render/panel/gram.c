/* The heat map and the biases are rasters, their colours in steps. */
#include "render/panel/gram.h"

#include "render/draw/label.h"
#include "render/draw/raster.h"

#include <math.h>
#include <stdio.h>

/* 65 steps of colour are more than one sees, and make a third fewer bytes than 255 where all
 * entries differ. */
enum { STEPS = 65, SHADES = 48 };
static const double bias_share = 0.075, bar_share = 0.4, gap_share = 0.045;
static const double numbers_gap = 6, least_valued = 34; /* pixels */

/* NaN gives `low`. */
static double clamp(double value, double low, double high) {
    return value > low ? (value < high ? value : high) : low;
}

double gram_panel_width(double side) {
    return side * (1 + bias_share + bar_share + 2 * gap_share);
}

double gram_panel_head(const Style *style) {
    return style->fonts[TEXT_SMALL].size * 1.6;
}

Color gram_panel_bar_color(const Style *style, double interference) {
    double beyond = log(clamp(interference, 1, GRAM_PANEL_MOST)) / log(GRAM_PANEL_MOST);
    if (beyond <= 0)
        return style_weight(style, 1 - clamp(interference, 0, 1));
    return style->theme == THEME_DARK
               ? color_of_oklch(0.58 + 0.08 * beyond, 0.15 + 0.03 * beyond, 300 + 85 * beyond)
               : color_of_oklch(0.652 - 0.16 * beyond, 0.166 + 0.02 * beyond, 140 - 115 * beyond);
}

static void fill_palette(uint32_t *palette, const Style *style) {
    for (int k = 0; k < STEPS; k++)
        palette[k] = raster_pixel(style_signed(style, 2.0 * k / (STEPS - 1) - 1));
}

static int step_of(double value) {
    return isnan(value) ? STEPS / 2 : (int)lround((clamp(value, -1, 1) + 1) / 2 * (STEPS - 1));
}

/* values [n_rows][n_columns] as a raster. */
static void draw_cells(cairo_t *cairo, Rect rect, const double *values, int n_rows, int n_columns,
                       int max_pixels, const uint32_t *palette) {
    Arena scratch = {0};
    size_t n = (size_t)n_rows * n_columns;
    uint32_t *cells = ARENA_NEW(&scratch, uint32_t, n);
    for (size_t i = 0; i < n; i++)
        cells[i] = palette[step_of(values[i])];
    raster_draw(cairo, rect, cells, n_rows, n_columns, max_pixels);
    arena_release(&scratch);
}

static void frame(cairo_t *cairo, Rect rect, const Style *style) {
    canvas_set_color(cairo, style->faint);
    cairo_set_line_width(cairo, style->hairline);
    cairo_rectangle(cairo, rect.x, rect.y, rect.width, rect.height);
    cairo_stroke(cairo);
}

/* Half of the shades up to 1, half beyond. */
static int shade_of(double interference) {
    double place = interference <= 1
                       ? clamp(interference, 0, 1)
                       : 1 + log(fmin(interference, GRAM_PANEL_MOST)) / log(GRAM_PANEL_MOST);
    return (int)lround(place / 2 * SHADES);
}

static double value_of(int shade) {
    double place = 2.0 * shade / SHADES;
    return place <= 1 ? place : pow(GRAM_PANEL_MOST, place - 1);
}

/* All bars of one colour are one path, which keeps an SVG of many features small. */
static void draw_bars_of(cairo_t *cairo, Rect rect, const GramPanel *panel, int shade,
                         const Style *style) {
    double pitch = rect.height / panel->n_features, unit = rect.width / panel->norm_max;
    double thick = pitch > 4 ? pitch * 0.72 : pitch;
    for (int i = 0; i < panel->n_features; i++) {
        double length = panel->norm[i] * unit;
        if (length >= 0.25 && shade_of(panel->interference[i]) == shade)
            cairo_rectangle(cairo, rect.x, rect.y + pitch * (i + 0.5) - thick / 2, length, thick);
    }
    canvas_set_color(cairo, gram_panel_bar_color(style, value_of(shade)));
    cairo_fill(cairo);
}

static void draw_bars(cairo_t *cairo, Rect rect, const GramPanel *panel, const Style *style) {
    double unit = rect.width / panel->norm_max;
    for (int shade = 0; shade <= SHADES; shade++)
        draw_bars_of(cairo, rect, panel, shade, style);
    canvas_set_color(cairo, style->faint);
    cairo_set_line_width(cairo, style->hairline);
    cairo_move_to(cairo, rect.x, rect.y);
    cairo_line_to(cairo, rect.x, rect.y + rect.height);
    cairo_move_to(cairo, rect.x + unit, rect.y - 3);
    cairo_line_to(cairo, rect.x + unit, rect.y + rect.height);
    cairo_stroke(cairo);
}

/* Between sets, through rows and columns. */
static void draw_sets(cairo_t *cairo, Rect heat, Rect last, const GramPanel *panel,
                      const Style *style) {
    int n = panel->n_features, size = panel->set_size;
    for (int i = size; size > 0 && i < n; i += size) {
        double at = heat.height * i / n;
        cairo_move_to(cairo, heat.x + at, heat.y);
        cairo_line_to(cairo, heat.x + at, heat.y + heat.height);
        cairo_move_to(cairo, heat.x, heat.y + at);
        cairo_line_to(cairo, last.x + last.width, heat.y + at);
    }
    canvas_set_color(cairo, style->muted);
    cairo_set_line_width(cairo, style->hairline);
    cairo_stroke(cairo);
}

static void draw_heads(cairo_t *cairo, Rect heat, Rect bias, Rect bars, const GramPanel *panel,
                       const Style *style) {
    Label label = {TEXT_SMALL, ALIGN_CENTER, 0};
    double y = heat.y - 6;
    label_draw(cairo, style, label, style->muted, bias.x + bias.width / 2, y, "<i>b</i>");
    label_draw(cairo, style, label, style->muted, bars.x + bars.width / panel->norm_max, y, "1");
    label.align = ALIGN_LEFT;
    label_draw(cairo, style, label, style->muted, heat.x, y, "<i>WW</i><sup>T</sup>");
    label_draw(cairo, style, label, style->muted, bars.x, y, "‖<i>W<sub>i</sub></i>‖");
}

/* The panel's parts on the page. */
typedef struct Parts {
    Rect heat, bias, bars; /* of a bare panel: `heat` alone */
} Parts;

static Parts parts_of(Rect rect, const GramPanel *panel, const Style *style) {
    double head = panel->is_bare ? 0 : gram_panel_head(style), side = rect.height - head;
    double gap = side * gap_share, y = rect.y + head;
    Parts parts = {.heat = {rect.x, y, side, side}};
    if (panel->is_bare)
        return parts;
    parts.bias = (Rect){parts.heat.x + side + gap, y, side * bias_share, side};
    parts.bars = (Rect){parts.bias.x + parts.bias.width + gap, y, side * bar_share, side};
    return parts;
}

/* Rows and columns of others under a veil of the background. */
static void veil(cairo_t *cairo, Rect heat, Rect bias, const GramPanel *panel, const Style *style) {
    double pitch = heat.height / panel->n_features, at = pitch * panel->selected;
    double after = heat.height - at - pitch;
    Color color = style->background;
    color.alpha = 0.5;
    cairo_rectangle(cairo, heat.x, heat.y, at, at);
    cairo_rectangle(cairo, heat.x + at + pitch, heat.y, after, at);
    cairo_rectangle(cairo, heat.x, heat.y + at + pitch, at, after);
    cairo_rectangle(cairo, heat.x + at + pitch, heat.y + at + pitch, after, after);
    cairo_rectangle(cairo, bias.x, bias.y, bias.width, bias.height > 0 ? at : 0);
    cairo_rectangle(cairo, bias.x, bias.y + at + pitch, bias.width, bias.height > 0 ? after : 0);
    canvas_set_color(cairo, color);
    cairo_fill(cairo);
}

/* Outlines lie around the cells, and are seen where a cell is less than a pixel. */
static void draw_selected(cairo_t *cairo, const Parts *parts, const GramPanel *panel,
                          const Style *style) {
    if (panel->selected < 0)
        return;
    Rect heat = parts->heat, bias = parts->bias, bars = parts->bars;
    double pitch = heat.height / panel->n_features, at = pitch * panel->selected;
    double edge = style->line / 2, wide = pitch + 2 * edge;
    veil(cairo, heat, bias, panel, style);
    cairo_rectangle(cairo, heat.x - edge, heat.y + at - edge, heat.width + 2 * edge, wide);
    cairo_rectangle(cairo, heat.x + at - edge, heat.y - edge, wide, heat.height + 2 * edge);
    if (!panel->is_bare) {
        cairo_rectangle(cairo, bias.x - edge, bias.y + at - edge, bias.width + 2 * edge, wide);
        cairo_rectangle(cairo, bars.x - edge, bars.y + at - edge, bars.width + 2 * edge, wide);
    }
    canvas_set_color(cairo, style->ink);
    cairo_set_line_width(cairo, style->line);
    cairo_stroke(cairo);
}

double gram_panel_numbers(const Style *style, int n_features) {
    char widest[16];
    snprintf(widest, sizeof widest, "%d", n_features - 1);
    return ceil(label_width(style, (Label){TEXT_SMALL, ALIGN_RIGHT, 0}, widest)) + numbers_gap;
}

/* Every so many that they do not touch: 1, 2, 5, 10 … */
static void draw_row_numbers(cairo_t *cairo, Rect heat, const GramPanel *panel,
                             const Style *style) {
    double pitch = heat.height / panel->n_features, size = style->fonts[TEXT_SMALL].size;
    int step = 1;
    for (int k = 0; step * pitch < 1.15 * size; k++)
        step = k % 3 == 1 ? step / 2 * 5 : 2 * step;
    for (int i = 0; i < panel->n_features; i++) {
        char text[16];
        snprintf(text, sizeof text, "%d", i);
        if (i % step == 0 || i == panel->selected)
            label_draw(cairo, style, (Label){TEXT_SMALL, ALIGN_RIGHT, 0},
                       i == panel->selected ? style->ink : style->muted, heat.x - numbers_gap,
                       heat.y + pitch * (i + 0.5) + 0.36 * size, text);
    }
}

/* In ink or the background's colour, whichever stands out. */
static void draw_value(cairo_t *cairo, TextRole role, double x, double y, double value,
                       bool is_veiled, const Style *style) {
    Color below = style_signed(style, clamp(value, -1, 1));
    below = is_veiled ? style_tint(style, below, 0.5) : below;
    bool is_ink = color_contrast(style->ink, below) >= color_contrast(style->background, below);
    Arena scratch = {0};
    label_draw(cairo, style, (Label){role, ALIGN_CENTER, 0},
               is_ink ? style->ink : style->background, x, y + 0.36 * style->fonts[role].size,
               label_number(&scratch, round(100 * value) / 100, 3));
    arena_release(&scratch);
}

static void draw_values(cairo_t *cairo, const Parts *parts, const GramPanel *panel,
                        const Style *style) {
    int n = panel->n_features;
    double pitch = parts->heat.height / n;
    TextRole role = pitch < 1.6 * least_valued ? TEXT_SMALL : TEXT_BODY;
    for (int i = 0; i < n && pitch >= least_valued; i++) {
        double y = parts->heat.y + pitch * (i + 0.5);
        bool is_other = panel->selected >= 0 && i != panel->selected;
        for (int j = 0; j < n; j++)
            draw_value(cairo, role, parts->heat.x + pitch * (j + 0.5), y, panel->gram[i * n + j],
                       is_other && j != panel->selected, style);
        if (parts->bias.width >= least_valued)
            draw_value(cairo, TEXT_SMALL, parts->bias.x + parts->bias.width / 2, y, panel->bias[i],
                       is_other, style);
    }
}

void gram_panel_draw(cairo_t *cairo, Rect rect, const GramPanel *panel, const Style *style) {
    int n = panel->n_features;
    Parts parts = parts_of(rect, panel, style);
    uint32_t palette[STEPS];
    fill_palette(palette, style);
    cairo_save(cairo);
    draw_cells(cairo, parts.heat, panel->gram, n, n, panel->max_pixels, palette);
    if (!panel->is_bare)
        draw_cells(cairo, parts.bias, panel->bias, n, 1, panel->max_pixels, palette);
    frame(cairo, parts.heat, style);
    if (!panel->is_bare) {
        frame(cairo, parts.bias, style);
        draw_bars(cairo, parts.bars, panel, style);
    }
    draw_sets(cairo, parts.heat, panel->is_bare ? parts.heat : parts.bars, panel, style);
    draw_selected(cairo, &parts, panel, style);
    if (panel->has_numbers && !panel->is_bare) {
        draw_row_numbers(cairo, parts.heat, panel, style);
        draw_values(cairo, &parts, panel, style);
    }
    if (!panel->is_bare && !panel->hides_heads)
        draw_heads(cairo, parts.heat, parts.bias, parts.bars, panel, style);
    cairo_restore(cairo);
}

static bool is_in(Rect rect, double x, double y) {
    return x >= rect.x && x < rect.x + rect.width && y >= rect.y && y < rect.y + rect.height;
}

bool gram_panel_pick(Rect rect, const GramPanel *panel, const Style *style, double x, double y,
                     GramPart *part, int *row, int *column) {
    Parts parts = parts_of(rect, panel, style);
    double pitch = parts.heat.height / panel->n_features;
    *row = (int)((y - parts.heat.y) / pitch);
    *column = -1;
    if (is_in(parts.heat, x, y)) {
        *column = (int)((x - parts.heat.x) / pitch);
        *part = GRAM_ENTRY;
        return true;
    }
    *part = is_in(parts.bias, x, y) ? GRAM_BIAS : GRAM_BAR;
    return is_in(parts.bias, x, y) || is_in(parts.bars, x, y);
}

const ColorScale gram_panel_scales[2] = {{.title = "<i>WW</i><sup>T</sup>, <i>b</i>",
                                          .from_label = "−1",
                                          .to_label = "1",
                                          .color = style_signed,
                                          .from = -1,
                                          .to = 1},
                                         {.title = "interference",
                                          .from_label = "0 alone",
                                          .middle_label = "1",
                                          .to_label = "≥ 4",
                                          .color = gram_panel_bar_color,
                                          .from = 0,
                                          .middle = 1,
                                          .to = GRAM_PANEL_MOST}};
