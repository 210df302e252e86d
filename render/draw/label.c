/* What stands on a page, and what it says. */
#include "render/draw/label.h"

#include "render/draw/layout.h"

#include <math.h>
#include <pango/pangocairo.h>
#include <stdlib.h>
#include <string.h>

#define MINUS "\xe2\x88\x92"
#define THIN "\xe2\x80\x89"
#define TIMES "\xe2\x80\x89\xc3\x97\xe2\x80\x89"

static double layout_width(PangoLayout *layout) {
    PangoRectangle extent;
    pango_layout_get_extents(layout, NULL, &extent);
    return (double)extent.width / PANGO_SCALE;
}

double label_draw(cairo_t *cairo, const Style *style, Label label, Color color, double x, double y,
                  const char *markup) {
    PangoLayout *layout = layout_for(cairo, style, label, 1, markup);
    double width = layout_width(layout);
    double left = label.align == ALIGN_LEFT    ? x
                  : label.align == ALIGN_RIGHT ? x - width
                                               : x - width / 2;
    canvas_set_color(cairo, color);
    cairo_move_to(cairo, left, y - (double)pango_layout_get_baseline(layout) / PANGO_SCALE);
    pango_cairo_show_layout(cairo, layout);
    cairo_new_path(cairo);
    return width;
}

double label_width(const Style *style, Label label, const char *markup) {
    return layout_width(layout_for(NULL, style, label, 1, markup));
}

void label_draw_lines(cairo_t *cairo, const Style *style, Label label, int n_lines, Color color,
                      double x, double y, const char *markup) {
    PangoLayout *layout = layout_for(cairo, style, label, n_lines, markup);
    double share = label.align == ALIGN_LEFT ? 0 : label.align == ALIGN_RIGHT ? 1 : 0.5;
    canvas_set_color(cairo, color);
    cairo_move_to(cairo, x - share * label.max_width,
                  y - (double)pango_layout_get_baseline(layout) / PANGO_SCALE);
    pango_cairo_show_layout(cairo, layout);
    cairo_new_path(cairo);
}

LabelSize label_size(const Style *style, Label label, int n_lines, const char *markup) {
    PangoLayout *layout = layout_for(NULL, style, label, n_lines, markup);
    PangoRectangle extent;
    pango_layout_get_extents(layout, NULL, &extent);
    return (LabelSize){.n_lines = pango_layout_get_line_count(layout),
                       .width = (double)extent.width / PANGO_SCALE,
                       .height = (double)extent.height / PANGO_SCALE,
                       .is_cut = pango_layout_is_ellipsized(layout)};
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

const char *label_count(Arena *arena, int64_t count) {
    char digits[24];
    Text text = {0};
    int n = snprintf(digits, sizeof digits, "%lld", (long long)(count < 0 ? -count : count));
    text_append(&text, count < 0 ? MINUS : "");
    for (int i = 0; i < n; i++)
        text_add(&text, "%s%c", i && n > 4 && (n - i) % 3 == 0 ? THIN : "", digits[i]);
    const char *kept = arena_copy(arena, text_of(&text));
    text_release(&text);
    return kept;
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
