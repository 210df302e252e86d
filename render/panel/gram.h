/* Gram panel: what each input feature adds to each output as a heat map, the biases as one more
 * column, and beside each row a bar of the feature's norm, coloured by how much it shares its
 * direction (the paper's basic results). */
#ifndef SUPERPOSE_RENDER_PANEL_GRAM_H
#define SUPERPOSE_RENDER_PANEL_GRAM_H

#include "render/draw/scale.h"

typedef struct GramPanel {
    int n_features;
    const double *gram;         /* [n_features][n_features]; colours from -1 to 1 */
    const double *bias;         /* [n_features]; likewise */
    const double *norm;         /* [n_features] >= 0: the bars' lengths */
    const double *interference; /* [n_features]: the bars' colours */
    int set_size;               /* so many rows belong together: thin lines part them; 0: none do */
    double norm_max;            /* > 0: a bar's full length, the same in panels to compare */
    int max_pixels;             /* an embedded image has at most so many a side, where n allows */
    bool hides_heads;           /* another panel of the same columns says what they are */
    bool is_bare;               /* the heat map alone, which is square: for small rectangles */
    int selected; /* this feature's row and column have an outline, others are paler; -1: none */
    bool has_numbers; /* rows have their features', left of the rectangle, and large cells their
                         values */
} GramPanel;

/** Width of a panel whose heat map is a square of this side. */
double gram_panel_width(double side);

/** Draws it; the heat map is as high as the rectangle less the column heads above it. */
void gram_panel_draw(cairo_t *cairo, Rect rect, const GramPanel *panel, const Style *style);

/* What lies at a point: an entry of the heat map, a bias, or a bar with what is beside it. */
typedef enum GramPart { GRAM_ENTRY, GRAM_BIAS, GRAM_BAR } GramPart;

/** The part at x, y, its row (output) and, of an entry, its column (input); false: there is none.
 */
bool gram_panel_pick(Rect rect, const GramPanel *panel, const Style *style, double x, double y,
                     GramPart *part, int *row, int *column);

/** The room that the rows' numbers take. */
double gram_panel_numbers(const Style *style, int n_features);

/** Height of the column heads. */
double gram_panel_head(const Style *style);

/** The colour of a bar by interference: from 0, alone, as style_weight does to 1, where others are
 * as strong along a direction as the feature itself; beyond, by its logarithm, on to red at
 * GRAM_PANEL_MOST. */
Color gram_panel_bar_color(const Style *style, double interference);
enum { GRAM_PANEL_MOST = 4 };

/** What its colours mean: W W^T and b, interference. */
extern const ColorScale gram_panel_scales[2];

#endif
