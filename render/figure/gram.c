/* The paper's basic results: for each point of a sweep W W^T (its W^T W) and b as heat maps, with
 * every feature's norm beside its row. All cells share their scales. */
#include "render/figure/sheet.h"
#include "render/figure/shown.h"
#include "render/panel/gram.h"

#include <math.h>

/* Beyond MANY cells each says less, in fewer pixels: files stay small, and the page legible. */
enum { MAX_DRAWN = 1000, MAX_PIXELS = 360, MANY = 24, PIXELS_OF_MANY = 160 };

typedef struct Content {
    Sheet sheet;
    const ShownModel *shown;
    GramPanel *panels; /* [n_cells] */
} Content;

static void draw_cell(const void *content, int cell, cairo_t *cairo, Rect rect,
                      const Style *style) {
    const Content *gram = content;
    if (gram->shown[cell].run)
        gram_panel_draw(cairo, rect, &gram->panels[cell], style);
    else
        shown_draw_none(cairo, rect, style);
}

/* The side of a heat map, so that a row of 80 features is still seen. */
static double side_of(int n_features, int n_cells) {
    double least = n_cells <= 2 ? 280 : n_cells <= 4 ? 220 : n_cells <= MANY ? 160 : 110;
    return fmin(fmax(least, 2.5 * n_features), 420);
}

static bool fill_panel(const FigureInput *input, const ShownModel *shown, GramPanel *panel,
                       Error *error) {
    Measurement gram, bias, norm, interference;
    int n = shown->model.n_features;
    if (n > MAX_DRAWN)
        return error_set(error, "%d features would not be legible; up to %d are drawn", n,
                         MAX_DRAWN);
    if (!shown_measure(input, shown, "gram", "gram", &gram, error) ||
        !shown_measure(input, shown, "bias", "bias", &bias, error) ||
        !shown_measure(input, shown, "feature_norm", "feature_norm", &norm, error) ||
        !shown_measure(input, shown, "interference", "interference", &interference, error))
        return false;
    *panel = (GramPanel){.n_features = n,
                         .gram = gram.values,
                         .bias = bias.values,
                         .norm = norm.values,
                         .interference = interference.values,
                         .set_size = shown->data.set_size > 1 ? shown->data.set_size : 0,
                         .max_pixels = MAX_PIXELS,
                         .selected = -1};
    return true;
}

static void fill_norm_max(GramPanel *panels, int n) {
    double longest = 1.25;
    for (int i = 0; i < n; i++)
        for (int f = 0; f < panels[i].n_features; f++)
            longest = panels[i].norm[f] > longest ? panels[i].norm[f] : longest;
    for (int i = 0; i < n; i++)
        panels[i].norm_max = longest;
}

static bool fill_caption(const FigureInput *input, const ShownModel *shown, bool is_short,
                         Caption *caption, Error *error) {
    Arena *arena = input->arena;
    Measurement per_feature, represented;
    *caption = (Caption){shown->caption, shown->row_caption, shown->cell_caption, {NULL}};
    if (!shown->run)
        return true;
    if (!shown_measure(input, shown, "dimensions_per_feature", "dimensions_per_feature",
                       &per_feature, error) ||
        !shown_measure(input, shown, "features_represented", "features_represented", &represented,
                       error))
        return false;
    if (is_short) {
        caption->lines[0] =
            arena_print(arena, "<i>D</i>* = %.2f, %.0f of %d", per_feature.values[0],
                        represented.values[0], shown->model.n_features);
        return true;
    }
    caption->lines[0] = arena_print(arena, "%.2f dimensions per feature", per_feature.values[0]);
    caption->lines[1] = arena_print(arena, "%.0f of %d features represented", represented.values[0],
                                    shown->model.n_features);
    return true;
}

static int largest_size(const ShownModel *shown, int n) {
    int most = 0;
    for (int i = 0; i < n; i++)
        most = shown[i].run && shown[i].model.n_features > most ? shown[i].model.n_features : most;
    return most;
}

static const char subtitle[] =
    "What each feature adds to each output, <i>WW</i><sup>T</sup>, beside the biases and the "
    "features’ norms";
static const char subtitle_of_many[] =
    "<i>WW</i><sup>T</sup> beside the biases and the features’ norms; dimensions per feature "
    "<i>D</i>*, how many features are represented";

static Sheet sheet_of(const FigureInput *input, int n_features, int n_cells) {
    double side = side_of(n_features, n_cells);
    return (Sheet){
        .page = {.subtitle = n_cells > MANY ? subtitle_of_many : subtitle,
                 .scales = {gram_panel_scales[0], gram_panel_scales[1]},
                 .n_scales = 2},
        .n_cells = n_cells,
        .align = ALIGN_LEFT,
        .cell_width = gram_panel_width(side),
        .cell_height = side + gram_panel_head(input->style),
    };
}

static bool compose(const FigureInput *input, Picture *picture, Error *error) {
    const PointsSettings *settings = input->settings;
    ShownModel *shown;
    ShownLayout layout;
    int n;
    if (!shown_read(input, &shown, &n, &layout, error))
        return false;
    Caption *captions = ARENA_NEW(input->arena, Caption, n);
    Content *content = ARENA_NEW(input->arena, Content, 1);
    content->shown = shown;
    content->panels = ARENA_NEW(input->arena, GramPanel, n);
    for (int i = 0; i < n; i++)
        if ((shown[i].run && !fill_panel(input, &shown[i], &content->panels[i], error)) ||
            !fill_caption(input, &shown[i], n > MANY, &captions[i], error))
            return false;
    for (int i = 0; i < n && n > MANY; i++) {
        content->panels[i].max_pixels = PIXELS_OF_MANY;
        content->panels[i].hides_heads = i > 0;
    }
    fill_norm_max(content->panels, n);
    content->sheet = sheet_of(input, largest_size(shown, n), n);
    content->sheet.n_columns = (int)settings->columns;
    content->sheet.captions = captions;
    content->sheet.content = content;
    content->sheet.draw_cell = draw_cell;
    content->sheet.page.common = layout.common;
    content->sheet.row = layout.row;
    return sheet_compose(&content->sheet, input, picture, error);
}

extern const FigureKind figure_gram;
const FigureKind figure_gram = {
    .kind = {.name = "gram",
             .summary = "W W^T and b as heat maps beside the features' norms, for each point",
             .source = "Elhage et al. 2022, Demonstrating superposition: basic results",
             .fields = points_fields,
             .n_fields = N_POINTS_FIELDS,
             .settings_size = sizeof(PointsSettings)},
    .sizes = {.n_features = {0, MAX_DRAWN}},
    .compose = compose,
};
