/* One Pango layout a label: made, drawn, dropped. */
#include "render/draw/label.h"

#include <math.h>
#include <pango/pangocairo.h>
#include <stdlib.h>
#include <string.h>

#define MINUS "\xe2\x88\x92"
#define TIMES "\xe2\x80\x89\xc3\x97\xe2\x80\x89"

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

static PangoLayout *layout_open(cairo_t *cairo, const Style *style, Label label,
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

    const Font *font = &style->fonts[label.role];
    PangoFontDescription *description = pango_font_description_new();
    pango_font_description_set_family(description, "Inter, DejaVu Sans");
    pango_font_description_set_absolute_size(description, font->size * PANGO_SCALE);
    pango_font_description_set_weight(description,
                                      font->is_bold ? PANGO_WEIGHT_SEMIBOLD : PANGO_WEIGHT_NORMAL);
    pango_layout_set_font_description(layout, description);
    pango_font_description_free(description);
    pango_layout_set_single_paragraph_mode(layout, TRUE);
    if (label.max_width > 0) {
        pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END);
        pango_layout_set_width(layout, (int)(label.max_width * PANGO_SCALE));
    }
    Text placed = {0};
    scripts_place(markup, font->size, &placed);
    pango_layout_set_markup(layout, text_of(&placed), -1);
    text_release(&placed);
    return layout;
}

static double layout_width(PangoLayout *layout) {
    PangoRectangle extent;
    pango_layout_get_extents(layout, NULL, &extent);
    return (double)extent.width / PANGO_SCALE;
}

double label_draw(cairo_t *cairo, const Style *style, Label label, Color color, double x, double y,
                  const char *markup) {
    PangoLayout *layout = layout_open(cairo, style, label, markup);
    double width = layout_width(layout);
    double left = label.align == ALIGN_LEFT    ? x
                  : label.align == ALIGN_RIGHT ? x - width
                                               : x - width / 2;
    canvas_set_color(cairo, color);
    cairo_move_to(cairo, left, y - (double)pango_layout_get_baseline(layout) / PANGO_SCALE);
    pango_cairo_show_layout(cairo, layout);
    cairo_new_path(cairo);
    g_object_unref(layout);
    return width;
}

double label_width(const Style *style, Label label, const char *markup) {
    cairo_surface_t *surface = cairo_recording_surface_create(CAIRO_CONTENT_COLOR_ALPHA, NULL);
    cairo_t *cairo = cairo_create(surface);
    PangoLayout *layout = layout_open(cairo, style, label, markup);
    double width = layout_width(layout);
    g_object_unref(layout);
    cairo_destroy(cairo);
    cairo_surface_destroy(surface);
    return width;
}

/* A small figure or letter of Unicode, and what it is a small form of. */
typedef struct Script {
    const char *text, *of;
    const char *tag; /* sub or sup: one of two texts, so that pointers tell */
} Script;

static const char sub[] = "sub", sup[] = "sup";

static const Script *script_at(const char *text) {
    static const Script scripts[] = {
        {"₀", "0", sub}, {"₁", "1", sub}, {"₂", "2", sub}, {"₃", "3", sub}, {"₄", "4", sub},
        {"₅", "5", sub}, {"₆", "6", sub}, {"₇", "7", sub}, {"₈", "8", sub}, {"₉", "9", sub},
        {"ᵢ", "i", sub}, {"ⱼ", "j", sub}, {"ₖ", "k", sub}, {"ₙ", "n", sub}, {"⁰", "0", sup},
        {"¹", "1", sup}, {"²", "2", sup}, {"³", "3", sup}, {"⁴", "4", sup}, {"⁵", "5", sup},
        {"⁶", "6", sup}, {"⁷", "7", sup}, {"⁸", "8", sup}, {"⁹", "9", sup}, {"⁻", MINUS, sup},
        {"ᵀ", "T", sup}};
    for (size_t i = 0; i < sizeof scripts / sizeof *scripts; i++)
        if (strncmp(text, scripts[i].text, strlen(scripts[i].text)) == 0)
            return &scripts[i];
    return NULL;
}

/* One tag for neighbours: "10⁻⁶" is 10<sup>−6</sup>. */
static void add_scripts(const char *text, Text *markup) {
    const char *tag = NULL;
    for (const char *at = text; *at;) {
        const Script *script = script_at(at);
        const char *wanted = script ? script->tag : NULL;
        if (tag && tag != wanted)
            text_add(markup, "</%s>", tag);
        if (wanted && tag != wanted)
            text_add(markup, "<%s>", wanted);
        tag = wanted;
        if (script)
            text_append(markup, script->of);
        else
            text_add(markup, "%c", *at);
        at += script ? strlen(script->text) : 1;
    }
    if (tag)
        text_add(markup, "</%s>", tag);
}

const char *label_escape(Arena *arena, const char *text) {
    Text markup = {0};
    char *escaped = g_markup_escape_text(text, -1);
    add_scripts(escaped, &markup);
    const char *kept = arena_copy(arena, text_of(&markup));
    text_release(&markup);
    g_free(escaped);
    return kept;
}

const char *label_word(Arena *arena, const char *word) {
    static const char *const names[][2] = {{"relu", "ReLU"}, {"gelu", "GELU"}};
    char *words = arena_copy(arena, word);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        size_t n = strlen(names[i][0]);
        char *at = strstr(words, names[i][0]);
        if (at && (at == words || at[-1] == '_') && (!at[n] || at[n] == '_'))
            memcpy(at, names[i][1], n);
    }
    for (char *c = words; *c; c++)
        if (*c == '_')
            *c = ' ';
    return label_escape(arena, words);
}

/* Plain digits, with the minus sign that is as wide as a plus. */
static const char *plain(Arena *arena, double value, int digits) {
    char text[40];
    int decimals = value == 0 ? 0 : digits - 1 - (int)floor(log10(fabs(value)));
    snprintf(text, sizeof text, "%.*f", decimals > 0 ? decimals : 0, fabs(value));
    if (strchr(text, '.'))
        for (size_t n = strlen(text); n && (text[n - 1] == '0' || text[n - 1] == '.'); n--) {
            bool is_point = text[n - 1] == '.';
            text[n - 1] = 0;
            if (is_point)
                break;
        }
    return arena_print(arena, "%s%s", value < 0 && strcmp(text, "0") != 0 ? MINUS : "", text);
}

const char *label_number(Arena *arena, double value, int digits) {
    if (isnan(value))
        return "–";
    if (isinf(value))
        return value < 0 ? MINUS "∞" : "∞";
    char scientific[40];
    snprintf(scientific, sizeof scientific, "%.*e", digits - 1, value);
    int power = atoi(strchr(scientific, 'e') + 1);
    if (value == 0 || (power >= -3 && power <= 4))
        return plain(arena, strtod(scientific, NULL), digits);
    double mantissa = strtod(scientific, NULL) / pow(10, power);
    const char *exponent =
        arena_print(arena, "10<sup>%s%d</sup>", power < 0 ? MINUS : "", abs(power));
    if (fabs(fabs(mantissa) - 1) < 1e-9)
        return arena_print(arena, "%s%s", value < 0 ? MINUS : "", exponent);
    return arena_print(arena, "%s" TIMES "%s", plain(arena, mantissa, digits), exponent);
}

const char *label_setting(Arena *arena, const char *key) {
    static const struct {
        const char *key, *markup;
    } symbols[] = {{"data.feature_probability", "1 " MINUS " <i>S</i>"},
                   {"data.feature_probability.first", "1 " MINUS " <i>S</i><sub>0</sub>"},
                   {"data.feature_probability.rest", "1 " MINUS " <i>S</i> of the rest"},
                   {"data.n_features", "<i>n</i>"},
                   {"model.n_hidden", "<i>m</i>"},
                   {"task.importance", "importance"},
                   {"task.importance.decay", "importance decay"},
                   {"task.importance.last", "last importance"}};
    for (size_t i = 0; i < sizeof symbols / sizeof *symbols; i++)
        if (strcmp(key, symbols[i].key) == 0)
            return symbols[i].markup;
    const char *dot = strrchr(key, '.');
    char *word = arena_copy(arena, dot ? dot + 1 : key);
    for (char *c = word; *c; c++)
        if (*c == '_')
            *c = ' ';
    return label_escape(arena, word);
}

/* Of a measurement as a whole, of an entry, of the reciprocal. */
typedef struct Symbol {
    const char *name, *whole, *entry, *reciprocal;
} Symbol;

static const Symbol *symbol_of(const char *name, size_t n) {
    static const Symbol symbols[] = {
        {"dimensions_per_feature", "dimensions per feature <i>D</i>*", NULL,
         "features per dimension 1/<i>D</i>*"},
        {"feature_norm", "‖<i>W<sub>i</sub></i>‖", "‖<i>W</i><sub>%s</sub>‖", NULL},
        {"feature_dimensionality", "<i>D<sub>i</sub></i>", "<i>D</i><sub>%s</sub>", NULL},
        {"bias", "<i>b<sub>i</sub></i>", "<i>b</i><sub>%s</sub>", NULL},
        {"gram", "<i>W<sub>i</sub>W<sub>j</sub></i>", "(<i>WW</i><sup>T</sup>)<sub>%s</sub>", NULL},
    };
    for (size_t i = 0; i < sizeof symbols / sizeof *symbols; i++)
        if (strlen(symbols[i].name) == n && strncmp(symbols[i].name, name, n) == 0)
            return &symbols[i];
    return NULL;
}

/* NAME or NAME[i]; an entry from the end has a true minus sign. */
static const char *plain_quantity(Arena *arena, const char *name) {
    const char *bracket = strchr(name, '[');
    size_t n = bracket ? (size_t)(bracket - name) : strlen(name);
    const Symbol *symbol = symbol_of(name, n);
    if (!bracket)
        return symbol ? symbol->whole : label_setting(arena, name);
    const char *index = bracket + 1;
    bool is_negative = *index == '-';
    index = arena_print(arena, "%s%.*s", is_negative ? MINUS : "",
                        (int)strcspn(index + is_negative, "]"), index + is_negative);
    if (!symbol || !symbol->entry)
        return arena_print(arena, "%s [%s]",
                           label_setting(arena, arena_print(arena, "%.*s", (int)n, name)),
                           label_escape(arena, index));
    size_t before = strcspn(symbol->entry, "%");
    return arena_print(arena, "%.*s%s%s", (int)before, symbol->entry, label_escape(arena, index),
                       symbol->entry + before + 2);
}

const char *label_quantity(Arena *arena, const char *name) {
    if (strncmp(name, "1/", 2) != 0)
        return plain_quantity(arena, name);
    name += 2;
    const Symbol *symbol = symbol_of(name, strlen(name));
    if (symbol && symbol->reciprocal)
        return symbol->reciprocal;
    const char *label = plain_quantity(arena, name);
    return arena_print(arena, strchr(label, ' ') ? "1/(%s)" : "1/%s", label);
}
