/* The paper's feature geometry graphs: for each point of a sweep the represented features, joined
 * where their directions lean on each other, and what shapes they form. */
#include "render/figure/model_graph.h"
#include "render/figure/sheet.h"

#include <math.h>

typedef struct Content {
    Sheet sheet;
    const ShownModel *shown;
    ModelGraph *graphs; /* [n_cells] */
    double top, foot;   /* of all cells: heights of graphs and of what is said below them */
} Content;

static const double side = 230, least_top = 60;

static void draw_cell(const void *content, int cell, cairo_t *cairo, Rect rect,
                      const Style *style) {
    const Content *graphs = content;
    if (graphs->shown[cell].run)
        model_graph_draw(cairo, rect, &graphs->graphs[cell], graphs->foot, style);
    else
        shown_draw_none(cairo, rect, style);
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
    content->graphs = ARENA_NEW(input->arena, ModelGraph, n);
    for (int i = 0; i < n; i++) {
        captions[i] = (Caption){.heading = shown[i].caption,
                                .row = shown[i].row_caption,
                                .cell = shown[i].cell_caption};
        if (shown[i].run && !model_graph_read(input, &shown[i], &content->graphs[i], error))
            return false;
        content->top =
            fmax(content->top, graph_panel_height(&content->graphs[i].panel, side, side));
        content->foot = fmax(content->foot, model_graph_foot(&content->graphs[i]));
    }
    content->sheet = (Sheet){.page = {.subtitle = model_graph_reading, .common = layout.common},
                             .n_cells = n,
                             .n_columns = (int)settings->columns,
                             .row = layout.row,
                             .cell_width = side,
                             .cell_height = fmax(content->top, least_top) + content->foot,
                             .captions = captions,
                             .align = ALIGN_LEFT,
                             .is_headed = true,
                             .content = content,
                             .draw_cell = draw_cell};
    return sheet_compose(&content->sheet, input, picture, error);
}

extern const FigureKind figure_geometry_graph;
const FigureKind figure_geometry_graph = {
    .kind = {.name = "geometry_graph",
             .summary = "feature geometry graphs: which directions lean on each other, and the "
                        "shapes they form, for each point",
             .source = "Elhage et al. 2022, The geometry of superposition",
             .fields = points_fields,
             .n_fields = N_POINTS_FIELDS,
             .settings_size = sizeof(PointsSettings)},
    .compose = compose,
};
