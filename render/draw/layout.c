/* The kept layouts hang on Pango's font map, of which each thread has one: no thread sees
 * another's, and they stay until the process ends, as the map does. Each has one place, by its
 * hash, where the next one with that place replaces it. */
#include "render/draw/layout.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { N_PLACES = 1024 };

/* What makes two layouts the same. Lengths depend on the size of the pixels by less than anyone
 * sees, yet enough to change a file's bytes. */
typedef struct Key {
    double parts[9]; /* the font's size and weight, the room, the lines, the page's scale, turn */
} Key;

typedef struct Kept {
    PangoLayout *layout; /* NULL: none yet */
    char *markup;
    Key key;
} Kept;

/* <sub> and <sup> at a size and height of our own: Pango's depend on what the font brings. */
static void scripts_place(const char *markup, double size, Text *placed) {
    const int down = (int)lround(-0.17 * size * PANGO_SCALE);
    const int up = (int)lround(0.36 * size * PANGO_SCALE);
    for (const char *at = markup; *at;) {
        size_t n = strcspn(at, "<");
        text_add(placed, "%.*s", (int)n, at);
        at += n;
        bool is_sub = strncmp(at, "<sub>", 5) == 0, is_sup = strncmp(at, "<sup>", 5) == 0;
        bool is_end = strncmp(at, "</sub>", 6) == 0 || strncmp(at, "</sup>", 6) == 0;
        if (is_sub || is_sup)
            text_add(placed, "<span size=\"72%%\" rise=\"%d\">", is_sub ? down : up);
        else if (is_end)
            text_add(placed, "</span>");
        else
            text_add(placed, "%.*s", *at != 0, at);
        at += is_end ? 6 : is_sub || is_sup ? 5 : *at != 0;
    }
}

/* Longer text goes on below, as often as it may, and ends in an ellipsis. */
static void give_room(PangoLayout *layout, Label label, int n_lines) {
    static const PangoAlignment aligns[] = {PANGO_ALIGN_LEFT, PANGO_ALIGN_CENTER,
                                            PANGO_ALIGN_RIGHT};
    pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END);
    pango_layout_set_width(layout, (int)(label.max_width * PANGO_SCALE));
    if (n_lines > 1) {
        pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
        pango_layout_set_height(layout, -n_lines);
        pango_layout_set_alignment(layout, aligns[label.align]);
    }
}

static PangoLayout *open_with(cairo_t *cairo, const Font *font, Label label, int n_lines,
                              const char *markup) {
    PangoLayout *layout = pango_cairo_create_layout(cairo);
    PangoContext *context = pango_layout_get_context(layout);
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
    pango_cairo_context_set_font_options(context, options);
    cairo_font_options_destroy(options);
    pango_context_set_round_glyph_positions(context, FALSE);

    PangoFontDescription *description = pango_font_description_new();
    pango_font_description_set_family(description, "Inter, DejaVu Sans");
    pango_font_description_set_absolute_size(description, font->size * PANGO_SCALE);
    pango_font_description_set_weight(description,
                                      font->is_bold ? PANGO_WEIGHT_SEMIBOLD : PANGO_WEIGHT_NORMAL);
    pango_layout_set_font_description(layout, description);
    pango_font_description_free(description);
    pango_layout_set_single_paragraph_mode(layout, n_lines == 1);
    if (label.max_width > 0)
        give_room(layout, label, n_lines);
    Text placed = {0};
    scripts_place(markup, font->size, &placed);
    pango_layout_set_markup(layout, text_of(&placed), -1);
    text_release(&placed);
    return layout;
}

static PangoLayout *open_layout(cairo_t *cairo, const Font *font, Label label, int n_lines,
                                const char *markup) {
    if (cairo)
        return open_with(cairo, font, label, n_lines, markup);
    cairo_surface_t *surface = cairo_recording_surface_create(CAIRO_CONTENT_COLOR_ALPHA, NULL);
    cairo_t *measure = cairo_create(surface);
    PangoLayout *layout = open_with(measure, font, label, n_lines, markup);
    cairo_destroy(measure);
    cairo_surface_destroy(surface);
    return layout;
}

static void drop(Kept *kept) {
    if (kept->layout)
        g_object_unref(kept->layout);
    free(kept->markup);
    *kept = (Kept){0};
}

static Kept *places_of_thread(void) {
    static const char name[] = "superpose-layouts";
    GObject *fonts = G_OBJECT(pango_cairo_font_map_get_default());
    Kept *places = g_object_get_data(fonts, name);
    if (!places) {
        places = calloc(N_PLACES, sizeof *places);
        if (!places)
            abort();
        g_object_set_data(fonts, name, places);
    }
    return places;
}

/* FNV-1a. */
static uint64_t hash(const void *bytes, size_t n, uint64_t seed) {
    const unsigned char *at = bytes;
    for (size_t i = 0; i < n; i++)
        seed = (seed ^ at[i]) * 0x100000001b3;
    return seed;
}

/* What is only measured has no page: a matrix of zeros. */
static Key key_of(cairo_t *cairo, const Font *font, Label label, int n_lines) {
    cairo_matrix_t page = {0};
    if (cairo)
        cairo_get_matrix(cairo, &page);
    return (Key){{font->size, font->is_bold, label.max_width, n_lines,
                  n_lines > 1 ? (double)label.align : 0, page.xx, page.xy, page.yx, page.yy}};
}

static bool is_same(const Key *a, const Key *b) {
    bool is_same = true;
    for (size_t i = 0; i < sizeof a->parts / sizeof *a->parts; i++)
        is_same &= a->parts[i] == b->parts[i];
    return is_same;
}

PangoLayout *layout_for(cairo_t *cairo, const Style *style, Label label, int n_lines,
                        const char *markup) {
    const Font *font = &style->fonts[label.role];
    Key key = key_of(cairo, font, label, n_lines);
    uint64_t place = hash(&key, sizeof key, hash(markup, strlen(markup), 0xcbf29ce484222325));
    Kept *kept = &places_of_thread()[place % N_PLACES];
    if (kept->layout && is_same(&kept->key, &key) && strcmp(kept->markup, markup) == 0)
        return kept->layout;
    drop(kept);
    *kept = (Kept){open_layout(cairo, font, label, n_lines, markup), strdup(markup), key};
    if (!kept->markup)
        abort();
    return kept->layout;
}
