/* Labels: text on a page through Pango, in Inter with DejaVu Sans for what it lacks. Layout does
 * not depend on the surface: no hinting, no rounding, so every format has the same line breaks.
 *
 * Texts are Pango markup: <i>W</i><sub>i</sub>, 10<sup>-5</sup>. Foreign text goes through
 * label_escape. */
#ifndef SUPERPOSE_RENDER_DRAW_LABEL_H
#define SUPERPOSE_RENDER_DRAW_LABEL_H

#include "render/draw/canvas.h"

#include <stdint.h>

typedef enum Align { ALIGN_LEFT, ALIGN_CENTER, ALIGN_RIGHT } Align;

typedef struct Label {
    TextRole role;
    Align align;      /* of x */
    double max_width; /* longer text ends in an ellipsis; 0: no limit */
} Label;

/** Draws one line of markup with its baseline at y and x where `align` says; returns its width. */
double label_draw(cairo_t *cairo, const Style *style, Label label, Color color, double x, double y,
                  const char *markup);

/** The width it would have. */
double label_width(const Style *style, Label label, const char *markup);

/* How large a text is that goes on below where its room ends. */
typedef struct LabelSize {
    int n_lines;
    double width, height; /* of its longest line, of all lines */
    bool is_cut;          /* it ends in an ellipsis */
} LabelSize;

/** Draws text that goes on below where max_width (> 0) ends its lines, at most `n_lines` of them;
 * the baseline of the first is at y. */
void label_draw_lines(cairo_t *cairo, const Style *style, Label label, int n_lines, Color color,
                      double x, double y, const char *markup);

/** The size it would have. */
LabelSize label_size(const Style *style, Label label, int n_lines, const char *markup);

/** Plain text as markup; the small figures and letters of Unicode (W₁, 10⁻⁶) are set as those of
 * markup are: fonts that have them at all let them lie on their neighbours. */
const char *label_escape(Arena *arena, const char *text);

/** A word of a config as people write it, in markup: relu_output is "ReLU output". */
const char *label_word(Arena *arena, const char *word);

/** A value as people write it, in markup: at most `digits` significant ones, a true minus sign, and
 * powers of ten where plain digits would be long (0.05, 1, −0.3, 10⁻⁵, 2.5 × 10⁶). */
const char *label_number(Arena *arena, double value, int digits);

/** A count with all its digits, in groups of three from five digits on: 1000, 123 456. */
const char *label_count(Arena *arena, int64_t count);

/** What a setting is called on an axis, in markup: the paper's symbol where it has one
 * (data.feature_probability: 1 − S), the last word of the key otherwise ("learning rate"). */
const char *label_setting(Arena *arena, const char *key);

/** What a measurement, or a setting, is called on an axis, in markup: with the paper's symbol where
 * it has one (dimensions_per_feature: dimensions per feature <i>D</i>*; feature_norm[3]:
 * ‖<i>W</i><sub>3</sub>‖), its words otherwise; 1/NAME is the reciprocal's. */
const char *label_quantity(Arena *arena, const char *name);

#endif
