/* The paper's introduction figure: for each point of a sweep, the features' directions in the
 * plane, or in space. Every cell has the same scale, so lengths can be compared across the page. */
#include "render/draw/label.h"
#include "render/figure/arrows.h"
#include "render/figure/sheet.h"
#include "render/figure/turn.h"

#include <math.h>

typedef struct DirectionsSettings {
    PointsSettings points;
    double up; /* NaN: none */
} DirectionsSettings;

typedef struct Content {
    Sheet sheet;
    Arrows *arrows; /* [n_cells] */
} Content;

static void draw_cell(const void *content, int cell, cairo_t *cairo, Rect rect,
                      const Style *style) {
    const Content *directions = content;
    arrows_draw(cairo, rect, &directions->arrows[cell], style);
}

static bool fill_caption(const FigureInput *input, const ShownModel *shown, Caption *caption,
                         Error *error) {
    Arena *arena = input->arena;
    const char *geometry;
    *caption = (Caption){shown->caption, shown->row_caption, shown->cell_caption, {NULL}};
    if (!shown->run)
        return true;
    if (!arrows_describe(input, shown, &geometry, error))
        return false;
    const char *loss =
        isnan(shown->run->loss)
            ? NULL
            : arena_print(arena, "loss %s", label_number(arena, shown->run->loss, 3));
    if (shown->caption) {
        caption->lines[0] = geometry;
        caption->lines[1] = loss;
    } else {
        *caption = (Caption){.heading = geometry, .lines = {loss}};
    }
    return true;
}

/* A cell's side: few cells are drawn larger, many, or many in a row, smaller. */
static double side_of(int n_cells, int row) {
    if (n_cells <= 2)
        return 260;
    if (n_cells <= 4)
        return 190;
    if (row > 6)
        return 112;
    return n_cells <= 20 ? 152 : n_cells <= 40 ? 132 : 112;
}

static bool turn_all(double up, ShownModel *shown, int n, Error *error) {
    for (int i = 0; i < n && !isnan(up); i++) {
        Model *model = &shown[i].model;
        if (!shown[i].run)
            continue;
        if (model->n_hidden != 2 || up >= model->n_features || up != floor(up))
            return error_set(error, "up: must be one of %d features, 0 to %d, in a plane",
                             model->n_features, model->n_features - 1);
        turn_up(model, (int)up);
    }
    return true;
}

/* After how to read the arrows. */
static void explain_turn(const FigureInput *input, double up, Page *page) {
    if (!isnan(up))
        page->subtitle = arena_print(input->arena,
                                     "%s; each cell is turned so that <i>W</i><sub>%.0f</sub>, "
                                     "where it is represented, points up",
                                     page->subtitle, up);
}

static bool compose(const FigureInput *input, Picture *picture, Error *error) {
    const DirectionsSettings *settings = input->settings;
    ShownModel *shown;
    ShownLayout layout;
    int n;
    if (!shown_read(input, &shown, &n, &layout, error) || !turn_all(settings->up, shown, n, error))
        return false;
    Caption *captions = ARENA_NEW(input->arena, Caption, n);
    Content *content = ARENA_NEW(input->arena, Content, 1);
    content->arrows = ARENA_NEW(input->arena, Arrows, n);
    if (!arrows_fill(input, shown, n, content->arrows, error))
        return false;
    for (int i = 0; i < n; i++)
        if (!fill_caption(input, &shown[i], &captions[i], error))
            return false;
    content->sheet = (Sheet){.page = {.common = layout.common},
                             .n_cells = n,
                             .n_columns = (int)settings->points.columns,
                             .row = layout.row,
                             .cell_width = side_of(n, layout.row),
                             .cell_height = side_of(n, layout.row),
                             .captions = captions,
                             .align = ALIGN_CENTER,
                             .content = content,
                             .draw_cell = draw_cell};
    arrows_explain(input, shown, n, content->arrows, &content->sheet.page);
    explain_turn(input, settings->up, &content->sheet.page);
    return sheet_compose(&content->sheet, input, picture, error);
}

static const char *const none[] = {"none", NULL};

static const Field fields[] = {
    POINTS_FIELDS,
    {.name = "up",
     .type = FIELD_REAL,
     .offset = offsetof(DirectionsSettings, up),
     .fallback = "none",
     .minimum = 0,
     .maximum = 1e9,
     .words = none,
     .help = "in the plane, turn and mirror each cell so that this feature, where it is "
             "represented, points up"},
};

extern const FigureKind figure_directions;
const FigureKind figure_directions = {
    .kind = {.name = "directions",
             .summary = "feature directions W_i in the plane or in space, for each point (n_hidden "
                        "2 or 3)",
             .source = "Elhage et al. 2022, introduction",
             .fields = fields,
             .n_fields = sizeof fields / sizeof *fields,
             .settings_size = sizeof(DirectionsSettings)},
    .sizes = {.n_hidden = {2, 3}},
    .compose = compose,
};
