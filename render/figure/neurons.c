/* The paper's neuron stack plots: for each point of a sweep one column for each neuron, in it the
 * weights of the features. All cells have the same scale. */
#include "render/draw/label.h"
#include "render/figure/sheet.h"
#include "render/figure/shown.h"
#include "render/model/stacks.h"

#include <math.h>

enum { MOST_LONG = 8 };

static const double between = 14, beside = 180; /* gap of the two layers; for captions of many */

typedef struct Content {
    Sheet sheet;
    const ShownModel *shown;
    Stacks *stacks;                /* [n_cells] */
    double in_height, plot_height; /* from the top to `out`; of what has the scale of weights */
    const double *shade;           /* of a cell; NULL: all colours are categories */
    bool is_shared;                /* some neuron stores several features */
} Content;

static void draw_cell(const void *content, int cell, cairo_t *cairo, Rect rect,
                      const Style *style) {
    const Content *neurons = content;
    const Stacks *panels = &neurons->stacks[cell];
    Rect below = {rect.x, rect.y + neurons->in_height, rect.width,
                  stack_panel_height(&panels->out, neurons->plot_height)};
    if (!neurons->shown[cell].run) {
        shown_draw_none(cairo, rect, style);
        return;
    }
    rect.height = stack_panel_height(&panels->in, neurons->plot_height);
    stack_panel_draw(cairo, rect, &panels->in, style);
    if (panels->out.n_neurons)
        stack_panel_draw(cairo, below, &panels->out, style);
}

/* Measures what the stacks are made from, into measured [3]. */
static bool find(const FigureInput *input, const ShownModel *shown, Measurement *measured,
                 StackSource *source, Error *error) {
    int m = shown->model.n_hidden;
    bool has_roles = m <= FEW_NEURONS && !shown->model.kind->is_tied;
    *source = (StackSource){.model = &shown->model,
                            .weights = &measured[0],
                            .group = &measured[1],
                            .roles = has_roles ? &measured[2] : NULL,
                            .importance = shown->importance};
    if (m > MAX_NEURONS)
        return error_set(error, "%d neurons would not be legible; up to %d are drawn", m,
                         MAX_NEURONS);
    return shown_measure(input, shown, "neuron_weights", "neuron_weights", &measured[0], error) &&
           shown_measure(input, shown, "neuron_code", "neuron_group", &measured[1], error) &&
           neurons_find(&shown->model, input->arena, &source->neurons, error) &&
           (!has_roles || shown_measure(input, shown, "asymmetric_motif", "asymmetric_motif",
                                        &measured[2], error));
}

static void fill_caption(const ShownModel *shown, const Stacks *stacks, Caption *caption,
                         Arena *arena) {
    int n_lines = 0;
    if (shown->model.n_hidden > FEW_NEURONS) {
        caption->lines[n_lines++] =
            arena_print(arena, "%d neurons store one feature", stacks->n_alone);
        caption->lines[n_lines++] = arena_print(arena, "%d store several", stacks->n_shared);
    }
    if (!isnan(shown->run->loss))
        caption->lines[n_lines] =
            arena_print(arena, "loss %s", label_number(arena, shown->run->loss, 3));
}

static bool fill_cells(const FigureInput *input, int n, Content *content, Caption *captions,
                       Error *error) {
    for (int i = 0; i < n; i++) {
        const ShownModel *shown = &content->shown[i];
        Stacks *stacks = &content->stacks[i];
        Measurement measured[3];
        StackSource source;
        captions[i] = (Caption){.heading = shown->caption};
        if (!shown->run)
            continue;
        if (!find(input, shown, measured, &source, error))
            return false;
        stacks_fill(&source, stacks_order(&source, input->arena), stacks, input->arena);
        fill_caption(shown, stacks, &captions[i], input->arena);
        content->is_shared |= stacks->n_shared > 0;
        content->shade = content->shade ? content->shade : stacks->in.shade;
    }
    return true;
}

/* The widest and highest of what the cells need; few neurons have room for numbers. The rows of
 * many are long: a few models stand one under the other, so that a neuron is followed down. */
static void fill_sizes(int n, Content *content) {
    const Stacks *cells = content->stacks;
    double out_height = 0;
    int most = 0;
    for (int i = 0; i < n; i++)
        most = cells[i].in.n_neurons > most ? cells[i].in.n_neurons : most;
    bool is_many = most > FEW_NEURONS,
         is_long = is_many && n <= MOST_LONG && content->sheet.n_columns <= 1;
    double column = is_long ? 720.0 / most : is_many ? 440.0 / most : n <= 2 ? 64 : 32;
    double plot = content->plot_height = is_long ? 84 : is_many ? 110 : 200;
    if (is_long) {
        content->sheet.n_columns = 1;
        content->sheet.beside = beside;
    }
    for (int i = 0; i < n; i++) {
        content->in_height = fmax(content->in_height, stack_panel_height(&cells[i].in, plot));
        if (cells[i].out.n_neurons)
            out_height = fmax(out_height, stack_panel_height(&cells[i].out, plot));
    }
    content->in_height += out_height > 0 ? between : 0;
    content->sheet.cell_width = stack_panel_width(column, most);
    content->sheet.cell_height = content->in_height + out_height;
}

static void fill_scales(const Content *content, Page *page) {
    if (content->shade)
        page->scales[page->n_scales++] = (ColorScale){.title = "importance <i>I<sub>i</sub></i>",
                                                      .from_label = "most",
                                                      .to_label = "least",
                                                      .color = style_weight,
                                                      .from = 1,
                                                      .to = 0};
    if (content->is_shared)
        page->scales[page->n_scales++] = stack_panel_scale;
}

static const char *subtitle_of(const Content *content, int n) {
    bool is_many = false, is_torn = false;
    for (int i = 0; i < n; i++) {
        is_many = is_many || content->stacks[i].in.n_neurons > FEW_NEURONS;
        is_torn = is_torn || stack_panel_is_torn(&content->stacks[i].in);
    }
    if (is_torn)
        return "Columns are neurons, blocks the sizes |<i>W<sub>ik</sub></i>| of the weights of "
               "features; grey: those not stored, torn where they go on, to the number above";
    if (is_many)
        return "Columns are neurons, blocks the sizes |<i>W<sub>ik</sub></i>| of the weights of "
               "features; grey: those not stored";
    return "Columns are neurons, blocks the weights <i>W<sub>ik</sub></i> of features, pale where "
           "they are not stored";
}

static bool compose(const FigureInput *input, Picture *picture, Error *error) {
    const PointsSettings *settings = input->settings;
    ShownModel *shown;
    ShownLayout layout;
    int n;
    if (!shown_read(input, &shown, &n, &layout, error))
        return false;
    Content *content = ARENA_NEW(input->arena, Content, 1);
    Caption *captions = ARENA_NEW(input->arena, Caption, n);
    content->shown = shown;
    content->stacks = ARENA_NEW(input->arena, Stacks, n);
    if (!fill_cells(input, n, content, captions, error))
        return false;
    content->sheet = (Sheet){.page = {.common = layout.common},
                             .n_cells = n,
                             .n_columns = (int)settings->columns,
                             .row = layout.row,
                             .captions = captions,
                             .align = ALIGN_LEFT,
                             .content = content,
                             .draw_cell = draw_cell};
    stacks_share_ends(content->stacks, n);
    content->sheet.page.subtitle = subtitle_of(content, n);
    fill_sizes(n, content);
    fill_scales(content, &content->sheet.page);
    return sheet_compose(&content->sheet, input, picture, error);
}

extern const FigureKind figure_neurons;
const FigureKind figure_neurons = {
    .kind = {.name = "neurons",
             .summary = "each neuron's weights in a stack, for each point",
             .source = "Elhage et al. 2022, Superposition in a privileged basis",
             .fields = points_fields,
             .n_fields = N_POINTS_FIELDS,
             .settings_size = sizeof(PointsSettings)},
    .sizes = {.n_hidden = {0, MAX_NEURONS}},
    .compose = compose,
};
