/* The paper's neuron stack plots: for each point of a sweep one column for each neuron, in it the
 * weights of the features. Of untied kinds W stands above W2, each neuron scaled so that its
 * largest weight in W is 1: its ReLU does not notice that. */
#include "render/draw/label.h"
#include "render/figure/sheet.h"
#include "render/figure/shown.h"
#include "render/panel/stack.h"
#include "sim/metric/neurons.h"

#include <math.h>
#include <stdlib.h>

/* Of up to FEW neurons both layers are shown, and what belongs together; of more, as in the paper,
 * the sizes of W alone. */
enum { FEW = 16, MAX_NEURONS = 400, MOST_LONG = 8 };

/* Importances below this share of the largest all have the lightest colour. */
static const double least_share = 1e-3;

static const double between = 14, wider = 1.04, /* gap of the two layers; room around the stacks */
    beside = 180;                               /* for captions of many neurons */

typedef struct Cell {
    StackPanel in, out; /* out.n_neurons = 0: not shown */
} Cell;

typedef struct Content {
    Sheet sheet;
    const ShownModel *shown;
    Cell *cells;                   /* [n_cells] */
    double in_height, plot_height; /* from the top to `out`; of what has the scale of weights */
    const double *shade;           /* of a cell; NULL: all colours are categories */
    bool is_shared;                /* some neuron stores several features */
} Content;

/* What a cell shows of a model. */
typedef struct Found {
    Measurement weights, group;
    Neurons neurons;
    const double *roles; /* [n_hidden] in the motif; NULL: not shown */
    const char *const *role_names;
} Found;

/* A neuron among the columns: first by its group, then by its main feature, positive weights
 * before negative ones. */
typedef struct Column {
    int neuron, group, main;
    bool is_negative;
} Column;

static void draw_cell(const void *content, int cell, cairo_t *cairo, Rect rect,
                      const Style *style) {
    const Content *neurons = content;
    const Cell *panels = &neurons->cells[cell];
    Rect below = {rect.x, rect.y + neurons->in_height, rect.width,
                  stack_panel_height(&panels->out, neurons->plot_height)};
    if (!neurons->shown[cell].run) {
        label_draw(cairo, style, (Label){TEXT_SMALL, ALIGN_CENTER, rect.width}, style->muted,
                   rect.x + rect.width / 2, rect.y + rect.height / 2, "no run has finished");
        return;
    }
    rect.height = stack_panel_height(&panels->in, neurons->plot_height);
    stack_panel_draw(cairo, rect, &panels->in, style);
    if (panels->out.n_neurons)
        stack_panel_draw(cairo, below, &panels->out, style);
}

static bool is_tied(const ShownModel *shown) {
    return shown->model.kind->is_tied;
}

static bool find(const FigureInput *input, const ShownModel *shown, Found *found, Error *error) {
    int m = shown->model.n_hidden;
    Measurement roles;
    *found = (Found){.roles = NULL};
    if (m > MAX_NEURONS)
        return error_set(error, "%d neurons would not be legible; up to %d are drawn", m,
                         MAX_NEURONS);
    if (!shown_measure(input, shown, "neuron_weights", "neuron_weights", &found->weights, error) ||
        !shown_measure(input, shown, "neuron_code", "neuron_group", &found->group, error) ||
        !neurons_find(&shown->model, input->arena, &found->neurons, error))
        return false;
    if (m > FEW || is_tied(shown))
        return true;
    if (!shown_measure(input, shown, "asymmetric_motif", "asymmetric_motif", &roles, error))
        return false;
    found->roles = roles.values;
    found->role_names = roles.labels;
    return true;
}

static int by_place(const void *a, const void *b) {
    const Column *left = a, *right = b;
    if (left->group != right->group)
        return left->group < right->group ? -1 : 1;
    if (left->main != right->main)
        return left->main < right->main ? -1 : 1;
    if (left->is_negative != right->is_negative)
        return left->is_negative ? 1 : -1;
    return (left->neuron > right->neuron) - (left->neuron < right->neuron);
}

/* The feature with the largest weight among those that the neuron stores, or among all. */
static int main_feature(const Model *model, const Neurons *neurons, int k) {
    int m = model->n_hidden, main = -1;
    for (int i = 0; i < model->n_features; i++) {
        size_t at = (size_t)i * m + k;
        bool is_wanted = neurons->stores[at] || !neurons->features[k];
        if (is_wanted && (main < 0 || fabsf(model->W[at]) > fabsf(model->W[(size_t)main * m + k])))
            main = i;
    }
    return main;
}

/* Many neurons are ordered by their main feature alone; those that store nothing come last. */
static Column *order_columns(const Model *model, const Found *found, Arena *arena) {
    int m = model->n_hidden;
    Column *columns = ARENA_NEW(arena, Column, m);
    for (int k = 0; k < m; k++) {
        int main = main_feature(model, &found->neurons, k);
        bool is_stray = isnan(found->group.values[k]);
        columns[k] = (Column){
            .neuron = k,
            .group = is_stray  ? m
                     : m > FEW ? 0
                               : (int)found->group.values[k],
            .main = main,
            .is_negative = model->W[(size_t)main * m + k] < 0,
        };
    }
    qsort(columns, (size_t)m, sizeof *columns, by_place);
    return columns;
}

static void fill_in(const ShownModel *shown, const Found *found, const Column *columns,
                    StackPanel *panel, Arena *arena) {
    int n = shown->model.n_features, m = shown->model.n_hidden;
    double *weights = ARENA_NEW(arena, double, (size_t)m *n);
    bool *stores = ARENA_NEW(arena, bool, (size_t)m *n);
    for (int k = 0; k < m; k++)
        for (int i = 0; i < n; i++) {
            int neuron = columns[k].neuron;
            double weight = found->weights.values[(size_t)neuron * n + i];
            weights[(size_t)k * n + i] = m > FEW ? fabs(weight) : weight;
            stores[(size_t)k * n + i] = found->neurons.stores[(size_t)i * m + neuron];
        }
    *panel = (StackPanel){.n_neurons = m,
                          .n_features = n,
                          .weights = weights,
                          .stores = stores,
                          .lumps_strays = m > FEW};
}

/* W2, scaled by what W was divided by. */
static void fill_out(const ShownModel *shown, const Column *columns, const StackPanel *in,
                     StackPanel *panel, Arena *arena) {
    const Model *model = &shown->model;
    int n = model->n_features, m = model->n_hidden;
    double *weights = ARENA_NEW(arena, double, (size_t)m *n);
    for (int k = 0; k < m; k++) {
        double largest = 0;
        for (int i = 0; i < n; i++)
            largest = fmax(largest, fabs((double)model->W[(size_t)i * m + columns[k].neuron]));
        for (int i = 0; i < n; i++)
            weights[(size_t)k * n + i] =
                largest * (double)model->W2[(size_t)i * m + columns[k].neuron];
    }
    *panel = *in;
    panel->weights = weights;
}

static const char **fill_notes(const Found *found, const Column *columns, int m, Arena *arena) {
    const char **notes = NULL;
    for (int k = 0; found->roles && k < m; k++)
        if (found->roles[columns[k].neuron] > 0) {
            notes = notes ? notes : ARENA_NEW(arena, const char *, m);
            notes[k] = found->role_names[(int)found->roles[columns[k].neuron]];
        }
    return notes;
}

/* How many features the neurons of these columns store. */
static int count_features(const Found *found, const Column *columns, int n) {
    int n_stored = 0;
    for (int i = 0; i < found->neurons.n_features; i++) {
        bool is_stored = false;
        for (int k = 0; k < n; k++)
            is_stored |=
                found->neurons.stores[(size_t)i * found->neurons.n_hidden + columns[k].neuron];
        n_stored += is_stored;
    }
    return n_stored;
}

/* A bracket for each group of several neurons. */
static void fill_groups(const Found *found, const Column *columns, StackPanel *panel,
                        Arena *arena) {
    int m = panel->n_neurons;
    StackGroup *groups = ARENA_NEW(arena, StackGroup, m);
    for (int k = 0, end; k < m && columns[k].group < m; k = end) {
        for (end = k + 1; end < m && columns[end].group == columns[k].group;)
            end++;
        int n = count_features(found, columns + k, end - k);
        if (end > k + 1)
            groups[panel->n_groups++] = (StackGroup){
                k, end - k,
                arena_print(arena, "%d feature%s in %d neurons", n, n > 1 ? "s" : "", end - k),
                arena_print(arena, "%d in %d", n, end - k)};
    }
    panel->groups = groups;
}

/* Colours by the logarithm of the importance; NULL where all are the same, and few. */
static const double *shades_of(const ShownModel *shown, Arena *arena) {
    int n = shown->model.n_features;
    double *shades = ARENA_NEW(arena, double, n), least = HUGE_VAL, most = 0;
    for (int i = 0; i < n; i++) {
        least = fmin(least, shown->importance[i]);
        most = fmax(most, shown->importance[i]);
    }
    least = fmax(least, least_share * most);
    if (!(least < most) && n <= N_CATEGORIES)
        return NULL;
    for (int i = 0; i < n; i++)
        shades[i] =
            least < most ? log(fmax(shown->importance[i], least) / least) / log(most / least) : 0.8;
    return shades;
}

static void fill_cell(const ShownModel *shown, const Found *found, Cell *cell, Arena *arena) {
    Column *columns = order_columns(&shown->model, found, arena);
    int m = shown->model.n_hidden;
    fill_in(shown, found, columns, &cell->in, arena);
    cell->in.shade = shades_of(shown, arena);
    StackPanel *last = &cell->in;
    if (m <= FEW && !is_tied(shown)) {
        fill_out(shown, columns, &cell->in, &cell->out, arena);
        cell->in.title = "<i>W</i>, into the neurons";
        cell->out.title = "<i>W</i><sub>2</sub>, out of them";
        last = &cell->out;
    }
    last->notes = fill_notes(found, columns, m, arena);
    if (m <= FEW)
        fill_groups(found, columns, last, arena);
}

static void fill_caption(const ShownModel *shown, int n_alone, int n_shared, Caption *caption,
                         Arena *arena) {
    int n_lines = 0;
    if (shown->model.n_hidden > FEW) {
        caption->lines[n_lines++] = arena_print(arena, "%d neurons store one feature", n_alone);
        caption->lines[n_lines++] = arena_print(arena, "%d store several", n_shared);
    }
    if (!isnan(shown->run->loss))
        caption->lines[n_lines] =
            arena_print(arena, "loss %s", label_number(arena, shown->run->loss, 3));
}

static bool fill_cells(const FigureInput *input, int n, Content *content, Caption *captions,
                       Error *error) {
    for (int i = 0; i < n; i++) {
        const ShownModel *shown = &content->shown[i];
        Found found;
        int n_alone = 0, n_shared = 0;
        captions[i] = (Caption){.heading = shown->caption};
        if (!shown->run)
            continue;
        if (!find(input, shown, &found, error))
            return false;
        for (int k = 0; k < shown->model.n_hidden; k++) {
            n_alone += found.neurons.features[k] == 1;
            n_shared += found.neurons.features[k] > 1;
        }
        fill_cell(shown, &found, &content->cells[i], input->arena);
        fill_caption(shown, n_alone, n_shared, &captions[i], input->arena);
        content->is_shared |= n_shared > 0;
        content->shade = content->shade ? content->shade : content->cells[i].in.shade;
    }
    return true;
}

/* All cells get the same ends. */
static void fill_extents(Cell *cells, int n) {
    StackPanel in = {.high = 1}, out = {.high = 1};
    for (int i = 0; i < n; i++) {
        stack_panel_cover(&cells[i].in);
        stack_panel_cover(&cells[i].out);
        in.low = fmin(in.low, cells[i].in.low);
        in.high = fmax(in.high, cells[i].in.high);
        out.low = fmin(out.low, cells[i].out.low);
        out.high = fmax(out.high, cells[i].out.high);
    }
    for (int i = 0; i < n; i++) {
        cells[i].in.low = in.low * wider;
        cells[i].in.high = in.high * wider;
        cells[i].out.low = out.low * wider;
        cells[i].out.high = out.high * wider;
    }
}

/* The widest and highest of what the cells need; few neurons have room for numbers. The rows of
 * many are long: a few models stand one under the other, so that a neuron is followed down. */
static void fill_sizes(int n, Content *content) {
    const Cell *cells = content->cells;
    double out_height = 0;
    int most = 0;
    for (int i = 0; i < n; i++)
        most = cells[i].in.n_neurons > most ? cells[i].in.n_neurons : most;
    bool is_long = most > FEW && n <= MOST_LONG && content->sheet.n_columns <= 1;
    double column = is_long ? 720.0 / most : most > FEW ? 440.0 / most : n <= 2 ? 64 : 32;
    double plot = content->plot_height = is_long ? 84 : most > FEW ? 110 : 200;
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
    static const double counts[] = {2, 3, 4, 5, MANY_STORED};
    if (content->shade)
        page->scales[page->n_scales++] = (ColorScale){.title = "importance <i>I<sub>i</sub></i>",
                                                      .from_label = "most",
                                                      .to_label = "least",
                                                      .color = style_weight,
                                                      .from = 1,
                                                      .to = 0};
    if (content->is_shared)
        page->scales[page->n_scales++] = (ColorScale){.title = "ground: features in a neuron",
                                                      .from_label = "2",
                                                      .to_label = "6 or more",
                                                      .color = stack_panel_ground,
                                                      .values = counts,
                                                      .n_values = 5};
}

static const char *subtitle_of(const Content *content, int n) {
    bool is_many = false, is_torn = false;
    for (int i = 0; i < n; i++) {
        is_many = is_many || content->cells[i].in.n_neurons > FEW;
        is_torn = is_torn || stack_panel_is_torn(&content->cells[i].in);
    }
    if (is_torn)
        return "Columns are neurons, blocks the sizes |<i>W<sub>ik</sub></i>| of the weights of "
               "features; grey: all those not stored, torn where there is more";
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
    content->cells = ARENA_NEW(input->arena, Cell, n);
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
    fill_extents(content->cells, n);
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
    .compose = compose,
};
