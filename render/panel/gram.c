/* The heat map is one image, each cell a block of equal pixels: viewers that smooth embedded images
 * then blur only the seams. Colours have 255 steps. */
#include "render/panel/gram.h"

#include "render/draw/label.h"

#include <math.h>
#include <stdint.h>

enum { STEPS = 255, SHADES = 48 };
static const double bias_share = 0.075, bar_share = 0.4, gap_share = 0.045;

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

static uint32_t pixel_of(Color c) {
    return (uint32_t)lround(c.red * 255) << 16 | (uint32_t)lround(c.green * 255) << 8 |
           (uint32_t)lround(c.blue * 255);
}

static void fill_palette(uint32_t *palette, const Style *style) {
    for (int k = 0; k < STEPS; k++)
        palette[k] = pixel_of(style_signed(style, 2.0 * k / (STEPS - 1) - 1));
}

static int step_of(double value) {
    return isnan(value) ? STEPS / 2 : (int)lround((clamp(value, -1, 1) + 1) / 2 * (STEPS - 1));
}

/* values [n_rows][n_columns] as an image with `block` pixels a side for each. */
static void draw_cells(cairo_t *cairo, Rect rect, const double *values, int n_rows, int n_columns,
                       int block, const uint32_t *palette) {
    cairo_surface_t *image =
        cairo_image_surface_create(CAIRO_FORMAT_RGB24, n_columns * block, n_rows * block);
    unsigned char *data = cairo_image_surface_get_data(image);
    int stride = cairo_image_surface_get_stride(image);
    for (int y = 0; data && y < n_rows * block; y++) {
        uint32_t *row = (uint32_t *)(void *)(data + (size_t)y * stride);
        const double *from = values + (size_t)(y / block) * n_columns;
        for (int x = 0; x < n_columns * block; x++)
            row[x] = palette[step_of(from[x / block])];
    }
    cairo_surface_mark_dirty(image);
    cairo_save(cairo);
    cairo_translate(cairo, rect.x, rect.y);
    cairo_scale(cairo, rect.width / (n_columns * block), rect.height / (n_rows * block));
    cairo_set_source_surface(cairo, image, 0, 0);
    cairo_pattern_set_filter(cairo_get_source(cairo), CAIRO_FILTER_NEAREST);
    cairo_paint(cairo);
    cairo_restore(cairo);
    cairo_surface_destroy(image);
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

void gram_panel_draw(cairo_t *cairo, Rect rect, const GramPanel *panel, const Style *style) {
    int n = panel->n_features, block = panel->max_pixels / n;
    double head = gram_panel_head(style), side = rect.height - head;
    double gap = side * gap_share, y = rect.y + head;
    Rect heat = {rect.x, y, side, side};
    Rect bias = {heat.x + side + gap, y, side * bias_share, side};
    Rect bars = {bias.x + bias.width + gap, y, side * bar_share, side};
    uint32_t palette[STEPS];
    fill_palette(palette, style);
    cairo_save(cairo);
    draw_cells(cairo, heat, panel->gram, n, n, block > 1 ? block : 1, palette);
    draw_cells(cairo, bias, panel->bias, n, 1, block > 1 ? block : 1, palette);
    frame(cairo, heat, style);
    frame(cairo, bias, style);
    draw_bars(cairo, bars, panel, style);
    draw_sets(cairo, heat, bars, panel, style);
    draw_heads(cairo, heat, bias, bars, panel, style);
    cairo_restore(cairo);
}
