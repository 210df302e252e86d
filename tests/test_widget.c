/* Widgets as pictures, by their pixels: they stay in their place, each state can be told from the
 * others, and texts can be read on every ground. */
#include "render/draw/widget.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { WIDTH = 200, HEIGHT = 80, SCALE = 4, N_PIXELS = WIDTH * HEIGHT * SCALE * SCALE };
static const Rect rect = {20, 20, 160, 44};

typedef struct Drawing {
    const char *name;
    void (*draw)(cairo_t *cairo, const Style *style, unsigned state);
    double over; /* how far halos reach over the rect */
    unsigned states[6];
    int n_states;
} Drawing;

static void slider(cairo_t *cairo, const Style *style, unsigned state) {
    static const double ticks[] = {0, 0.5, 1};
    SliderLook look = {"rate", "0.5", 0, ticks, 3};
    widget_slider(cairo, style, rect, &look, state);
}

static void button(cairo_t *cairo, const Style *style, unsigned state) {
    widget_button(cairo, style, rect, "a name that is much too long for it", state);
}

static void icon(cairo_t *cairo, const Style *style, unsigned state) {
    widget_icon(cairo, style, rect, ICON_HELP, state);
}

static void toggle(cairo_t *cairo, const Style *style, unsigned state) {
    widget_toggle(cairo, style, rect, "a name that is much too long for it", state);
}

static void tab(cairo_t *cairo, const Style *style, unsigned state) {
    widget_tab(cairo, style, rect, "Geometry", state);
}

static void row(cairo_t *cairo, const Style *style, unsigned state) {
    widget_row(cairo, style, rect, "Pentagon", "A lesson of more words than there is room", state);
}

static void lesson(cairo_t *cairo, const Style *style, unsigned state) {
    widget_row(cairo, style, rect, "", "Five features in two", state);
}

static void tip(cairo_t *cairo, const Style *style, unsigned state) {
    (void)state;
    widget_tip(cairo, style, rect, widget_pointer(rect.x + rect.width, rect.y + rect.height),
               "Reset");
}

static void cap(cairo_t *cairo, const Style *style, unsigned state) {
    (void)state;
    widget_key(cairo, style, rect.x, rect.y + rect.height / 2, "Esc");
}

static void scroll_bar(cairo_t *cairo, const Style *style, unsigned state) {
    widget_scroll_bar(cairo, style, rect, 0, 1, state);
}

#define PRESSED                                                                                    \
    { 0, WIDGET_HOT, WIDGET_HOT | WIDGET_HELD, WIDGET_DISABLED, WIDGET_ON, WIDGET_PRIMARY }

static const Drawing drawings[] = {
    {"slider", slider, 4, {0, WIDGET_HOT, WIDGET_HELD, WIDGET_DISABLED, WIDGET_FOCUSED}, 5},
    {"button", button, 0, PRESSED, 6},
    {"icon", icon, 0, PRESSED, 6},
    {"toggle", toggle, 0, PRESSED, 5},
    {"tab", tab, 0, {0, WIDGET_HOT, WIDGET_HOT | WIDGET_HELD, WIDGET_ON}, 4},
    {"row", row, 0, {0, WIDGET_HOT, WIDGET_ON, WIDGET_FOCUSED, WIDGET_ON | WIDGET_HOT}, 5},
    {"tip", tip, 0, {0}, 1},
    {"key cap", cap, 0, {0}, 1},
    {"scroll bar", scroll_bar, 0, {0, WIDGET_HOT, WIDGET_HOT | WIDGET_HELD}, 3},
};

/* [N_PIXELS] on the theme's background. */
static uint32_t *draw(const Drawing *drawing, const Style *style, unsigned state) {
    uint32_t *pixels = calloc(N_PIXELS, sizeof *pixels);
    cairo_surface_t *surface =
        cairo_image_surface_create_for_data((unsigned char *)pixels, CAIRO_FORMAT_RGB24,
                                            WIDTH * SCALE, HEIGHT * SCALE, WIDTH * SCALE * 4);
    cairo_t *cairo = cairo_create(surface);
    cairo_scale(cairo, SCALE, SCALE);
    canvas_set_color(cairo, style->background);
    cairo_paint(cairo);
    drawing->draw(cairo, style, state);
    cr_assert_eq(cairo_status(cairo), CAIRO_STATUS_SUCCESS);
    cairo_destroy(cairo);
    cairo_surface_destroy(surface);
    for (int i = 0; i < N_PIXELS; i++)
        pixels[i] &= 0xffffff;
    return pixels;
}

static Color color_of(uint32_t pixel) {
    return (Color){(pixel >> 16 & 255) / 255.0, (pixel >> 8 & 255) / 255.0, (pixel & 255) / 255.0,
                   1};
}

static bool is_inside(int i, double over) {
    double x = (i % (WIDTH * SCALE) + 0.5) / SCALE, y = (i / (WIDTH * SCALE) + 0.5) / SCALE;
    return x > rect.x - over && x < rect.x + rect.width + over && y > rect.y - over &&
           y < rect.y + rect.height + over;
}

Test(widget, stays_in_its_place_in_every_state) {
    for (size_t k = 0; k < 2 * sizeof drawings / sizeof *drawings; k++) {
        const Drawing *drawing = &drawings[k / 2];
        for (int s = 0; s < drawing->n_states; s++) {
            uint32_t *pixels = draw(drawing, style_of((Theme)(k % 2)), drawing->states[s]);
            int n_drawn = 0;
            for (int i = 1; i < N_PIXELS; i++) {
                bool is_drawn = pixels[i] != pixels[0];
                n_drawn += is_drawn;
                cr_assert(!is_drawn || is_inside(i, drawing->over), "%s, state %u, pixel %d %d",
                          drawing->name, drawing->states[s], i % (WIDTH * SCALE) / SCALE,
                          i / (WIDTH * SCALE) / SCALE);
            }
            cr_assert_gt(n_drawn, 100, "%s", drawing->name);
            free(pixels);
        }
    }
}

Test(widget, states_can_be_told_apart) {
    for (size_t k = 0; k < 2 * sizeof drawings / sizeof *drawings; k++) {
        const Drawing *drawing = &drawings[k / 2];
        uint32_t *pictures[6];
        for (int s = 0; s < drawing->n_states; s++) {
            pictures[s] = draw(drawing, style_of((Theme)(k % 2)), drawing->states[s]);
            for (int other = 0; other < s; other++)
                cr_assert(memcmp(pictures[s], pictures[other], N_PIXELS * sizeof(uint32_t)),
                          "%s: states %u and %u", drawing->name, drawing->states[s],
                          drawing->states[other]);
        }
        for (int s = 0; s < drawing->n_states; s++)
            free(pictures[s]);
    }
}

static int compare(const void *a, const void *b) {
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* Of the rect's upper left part, where only ground and text are: the ground is the most frequent
 * colour, the text the one that differs most from it. */
static double text_contrast(const uint32_t *pixels) {
    static uint32_t part[N_PIXELS];
    int n = 0;
    for (int i = 0; i < N_PIXELS; i++)
        if (is_inside(i, -8) && i % (WIDTH * SCALE) / SCALE < rect.x + rect.width - 50)
            part[n++] = pixels[i];
    qsort(part, (size_t)n, sizeof *part, compare);
    uint32_t ground = part[0];
    for (int i = 0, longest = 0, run = 0; i < n; i++) {
        run = i && part[i] == part[i - 1] ? run + 1 : 1;
        if (run > longest) {
            longest = run;
            ground = part[i];
        }
    }
    double contrast = 1;
    for (int i = 0; i < n; i++)
        contrast = fmax(contrast, color_contrast(color_of(part[i]), color_of(ground)));
    return contrast;
}

/* WCAG 2.1 asks 4.5 for text; what is disabled is exempt. */
Test(widget, texts_can_be_read_on_every_ground) {
    static const Drawing texts[] = {
        {"button", button, 0, PRESSED, 6},
        {"toggle", toggle, 0, PRESSED, 5},
        {"tab", tab, 0, PRESSED, 5},
        {"lesson", lesson, 0, {0, WIDGET_HOT, WIDGET_HOT | WIDGET_HELD, WIDGET_ON}, 4},
        {"chosen", lesson, 0, {WIDGET_ON | WIDGET_HOT, WIDGET_ON | WIDGET_HELD}, 2},
    };
    for (size_t k = 0; k < 2 * sizeof texts / sizeof *texts; k++)
        for (int s = 0; s < texts[k / 2].n_states; s++) {
            unsigned state = texts[k / 2].states[s];
            uint32_t *pixels = draw(&texts[k / 2], style_of((Theme)(k % 2)), state);
            if (state != WIDGET_DISABLED)
                cr_expect_geq(text_contrast(pixels), 4.5, "%s, theme %zu, state %u: %.2f",
                              texts[k / 2].name, k % 2, state, text_contrast(pixels));
            free(pixels);
        }
    for (int theme = THEME_LIGHT; theme <= THEME_DARK; theme++) {
        const Style *style = style_of((Theme)theme);
        cr_expect_geq(color_contrast(widget_accent(style), style->background), 4.5);
    }
}

/* Where the pointer takes hold is where the knob is drawn. */
Test(widget, knob_stands_on_its_track) {
    const Style *style = style_of(THEME_LIGHT);
    Rect track = widget_slider_track(style, rect);
    Drawing held = {"slider", slider, 0, {0}, 1};
    uint32_t *pixels = draw(&held, style, WIDGET_HELD);
    int x = (int)(track.x * SCALE), y = (int)((track.y + track.height / 2) * SCALE);
    Color accent = widget_accent(style), at = color_of(pixels[y * WIDTH * SCALE + x]);
    cr_assert_lt(fabs(at.red - accent.red) + fabs(at.green - accent.green) +
                     fabs(at.blue - accent.blue),
                 0.01);
    cr_assert(widget_slider_height(style) >= 24 && widget_knob_size(style) >= 12);
    free(pixels);
}
