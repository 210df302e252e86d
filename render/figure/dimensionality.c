/* The paper's uniform superposition: dimensions per feature over 1/(1 − S), below it every
 * feature's dimensionality on the levels that polytopes give, and at a few places the shapes. */
#include "render/draw/label.h"
#include "render/figure/density.h"
#include "render/figure/feature_scatter.h"
#include "render/figure/model_graph.h"
#include "render/figure/page.h"

#include <math.h>
#include <string.h>

enum { MAX_GRAPHS = 6, AUTO_GRAPHS = 5 };
static const double page_width = 940, curve_height = 180, scatter_height = 370, gap = 20,
                    graph_gap = 24, graph_head = 44;

typedef struct Settings {
    PointsSettings points;
    int64_t series;
    const Yaml *graphs;
} Settings;

/* A graph under the plots. */
typedef struct Cell {
    const char *heading;
    ModelGraph graph;
} Cell;

typedef struct Content {
    LevelsPanel curve, scatter;
    Cell cells[MAX_GRAPHS];
    CurveGuide guides[MAX_GRAPHS]; /* where the cells' models are */
    int n_cells;
    double foot; /* of the cells */
} Content;

static const NamedLevel curve_levels[] = {{1, "1  a dimension each"},
                                          {0.5, "1/2  two in a dimension"}};

static bool fill_line(const FigureInput *input, const DensitySeries *series, CurveSeries *curve,
                      Error *error) {
    double *y = ARENA_NEW(input->arena, double, series->n);
    for (int i = 0; i < series->n; i++) {
        Measurement found;
        if (!shown_measure(input, series->models[i], "dimensions_per_feature",
                           "dimensions_per_feature", &found, error))
            return false;
        y[i] = found.values[0];
    }
    curve->name = series->name;
    curve->n = series->n;
    curve->x = series->x;
    curve->y = y;
    return true;
}

/* The first series in ink: colours are for shapes. All restarts are points without a line. */
static bool fill_curve(const FigureInput *input, const DensitySeries *series, int n_series,
                       LevelsPanel *panel, Error *error) {
    const Settings *settings = input->settings;
    CurveSeries *curves = ARENA_NEW(input->arena, CurveSeries, n_series);
    for (int s = 0; s < n_series; s++) {
        curves[s] = (CurveSeries){.color = s == settings->series ? input->style->ink
                                                                 : style_category(input->style, s),
                                  .mark = s == settings->series ? MARK_DISC : MARK_RING,
                                  .mark_size = s == settings->series ? 5 : 7.5,
                                  .has_line = settings->points.runs == 0,
                                  .is_dashed = s != settings->series};
        if (!fill_line(input, &series[s], &curves[s], error))
            return false;
    }
    panel->curves.series = curves;
    panel->curves.n_series = n_series;
    panel->curves.axes.title = "Dimensions per feature";
    panel->curves.axes.y =
        (Axis){.label = "<i>D</i>* = <i>m</i> / ‖<i>W</i>‖<sup>2</sup><sub>F</sub>",
               .from = 0,
               .to = 1.06};
    panel->levels = curve_levels;
    panel->n_levels = sizeof curve_levels / sizeof *curve_levels;
    return true;
}

/* One axis for both plots, a little longer than the models need. */
static Axis density_axis(const DensitySeries *series, int n_series) {
    double least = HUGE_VAL, most = 1;
    for (int s = 0; s < n_series; s++) {
        least = fmin(least, series[s].x[0]);
        most = fmax(most, series[s].x[series[s].n - 1]);
    }
    double margin = pow(fmax(most / least, 1.5), 0.03);
    return (Axis){
        .label = "1/(1 − <i>S</i>)", .form = AXIS_LOG, .from = least / margin, .to = most * margin};
}

/* The best model of a series at 1/(1 − S) = x; -1: it has none there. */
static int model_at(const DensitySeries *series, double x) {
    int found = -1;
    for (int i = 0; i < series->n; i++)
        if (fabs(series->x[i] / x - 1) < 1e-9 && (found < 0 || series->models[i]->run->is_best))
            found = i;
    return found;
}

static bool add_graph(const FigureInput *input, const DensitySeries *series, int i,
                      Content *content, Error *error) {
    static const char *const letters[MAX_GRAPHS] = {"a", "b", "c", "d", "e", "f"};
    Arena *arena = input->arena;
    int n = content->n_cells;
    Cell *cell = &content->cells[n];
    if (!model_graph_read(input, series->models[i], &cell->graph, error))
        return false;
    cell->heading = arena_print(arena, "%s   1/(1 − <i>S</i>) = %s", letters[n],
                                label_number(arena, series->x[i], 3));
    content->guides[n] = (CurveGuide){
        .is_vertical = true, .value = series->x[i], .label = letters[n], .is_faint = true};
    content->foot = fmax(content->foot, model_graph_foot(&cell->graph));
    content->n_cells++;
    return true;
}

/* Those at the listed values of 1 − S. */
static bool add_listed(const FigureInput *input, const DensitySeries *series, const Yaml *list,
                       Content *content, Error *error) {
    if (list->n > MAX_GRAPHS)
        return error_set(error, "graphs: %d are too many, %d have room", list->n, MAX_GRAPHS);
    for (int k = 0; k < list->n; k++) {
        double value;
        if (!yaml_is_real(list->items[k], &value) || !(value > 0))
            return error_set(error, "graphs: takes values of 1 − S, numbers > 0");
        int i = model_at(series, 1 / value);
        if (i < 0)
            return error_set(error, "graphs: no model is shown at 1 − S = %g", value);
        if (!add_graph(input, series, i, content, error))
            return false;
    }
    return true;
}

/* Some of those that have something to show, evenly spread over their number. */
static bool add_chosen(const FigureInput *input, const DensitySeries *series, Content *content,
                       Error *error) {
    int *fit = ARENA_NEW(input->arena, int, series->n), n = 0;
    for (int i = 0; i < series->n; i++) {
        Measurement represented;
        if (!shown_measure(input, series->models[i], "features_represented", "features_represented",
                           &represented, error))
            return false;
        if (represented.values[0] >= 2 && model_at(series, series->x[i]) == i)
            fit[n++] = i;
    }
    int n_graphs = n < AUTO_GRAPHS ? n : AUTO_GRAPHS;
    for (int k = 0; k < n_graphs; k++)
        if (!add_graph(input, series, fit[n_graphs > 1 ? k * (n - 1) / (n_graphs - 1) : 0], content,
                       error))
            return false;
    return true;
}

static bool add_graphs(const FigureInput *input, const DensitySeries *series, Content *content,
                       Error *error) {
    const Yaml *graphs = ((const Settings *)input->settings)->graphs;
    if (graphs && graphs->type == YAML_LIST)
        return add_listed(input, series, graphs, content, error);
    if (!graphs || (graphs->type == YAML_SCALAR && strcmp(graphs->text, "auto") == 0))
        return add_chosen(input, series, content, error);
    if (graphs->type == YAML_SCALAR && strcmp(graphs->text, "none") == 0)
        return true;
    return error_set(error, "graphs: must be auto, none, or a list of values of 1 − S");
}

/* A cell is a square; there is room for n of them, and for four where there are fewer. */
static double cell_side(double width, int n) {
    int most = n > 4 ? n : 4;
    return (width - graph_gap * (most - 1)) / most;
}

static void draw_body(const void *opaque, cairo_t *cairo, Rect body, const Style *style) {
    const Content *content = opaque;
    Rect rect = {body.x, body.y, body.width, curve_height};
    levels_panel_draw(cairo, rect, &content->curve, style);
    rect.y += curve_height + gap;
    rect.height = scatter_height;
    levels_panel_draw(cairo, rect, &content->scatter, style);
    double side = cell_side(body.width, content->n_cells), top = rect.y + scatter_height + gap;
    if (content->n_cells)
        label_draw(cairo, style, (Label){TEXT_BODY, ALIGN_LEFT, body.width}, style->muted, body.x,
                   top + 14, model_graph_reading);
    for (int c = 0; c < content->n_cells; c++) {
        const Cell *cell = &content->cells[c];
        Rect square = {body.x + c * (side + graph_gap), top + graph_head + 12, side,
                       side + content->foot};
        label_draw(cairo, style, (Label){TEXT_HEADING, ALIGN_LEFT, side + graph_gap}, style->ink,
                   square.x, top + graph_head, cell->heading);
        model_graph_draw(cairo, square, &cell->graph, content->foot, style);
    }
}

static double body_height(const Content *content) {
    double graphs = gap + graph_head + 12 + cell_side(page_width, content->n_cells) + content->foot;
    return curve_height + gap + scatter_height + (content->n_cells ? graphs : 0);
}

static void align(const FigureInput *input, const DensitySeries *series, int n_series,
                  Content *content) {
    LevelsPanel *curve = &content->curve, *scatter = &content->scatter;
    double right = fmax(levels_panel_room(input->style, curve->levels, curve->n_levels),
                        levels_panel_room(input->style, scatter->levels, scatter->n_levels));
    curve->right = scatter->right = right;
    curve->curves.axes.left = scatter->curves.axes.left = 34;
    curve->curves.axes.x = scatter->curves.axes.x = density_axis(series, n_series);
    curve->curves.axes.x.label = NULL;
    curve->curves.axes.x.hides_numbers = true;
    scatter->curves.axes.title = "Dimensionality of each feature";
    scatter->curves.guides = content->guides;
    scatter->curves.n_guides = content->n_cells;
}

static bool compose(const FigureInput *input, Picture *picture, Error *error) {
    const Settings *settings = input->settings;
    ShownModel *shown;
    ShownLayout layout;
    DensitySeries *series;
    int n, n_series;
    if (!shown_read(input, &shown, &n, &layout, error) ||
        !density_series(input, shown, n, &series, &n_series, error))
        return false;
    if (settings->series >= n_series)
        return error_set(error, "series: there are %d, counted from 0", n_series);
    const DensitySeries *main = &series[settings->series];
    Content *content = ARENA_NEW(input->arena, Content, 1);
    if (!fill_curve(input, series, n_series, &content->curve, error) ||
        !feature_scatter(input, main, &content->scatter, error) ||
        !add_graphs(input, main, content, error))
        return false;
    align(input, series, n_series, content);
    Page page = {.subtitle =
                     "From dense features on the left to sparse ones on the right. "
                     "<i>D<sub>i</sub></i> is the fraction of a dimension that feature <i>i</i> "
                     "has to itself; each dot is a feature",
                 .common = layout.common,
                 .width = page_width,
                 .height = body_height(content),
                 .content = content,
                 .draw_body = draw_body};
    return page_compose(&page, input, picture, error);
}

static const Field fields[] = {
    POINTS_ROWS,
    {.name = "series",
     .type = FIELD_INTEGER,
     .offset = offsetof(Settings, series),
     .fallback = "0",
     .minimum = 0,
     .maximum = 100,
     .help = "whose features are shown, where the sweep has more axes than 1 - S: its number, from "
             "0"},
    {.name = "graphs",
     .type = FIELD_TREE,
     .offset = offsetof(Settings, graphs),
     .fallback = "auto",
     .help = "where geometry graphs are drawn: up to six values of 1 - S; auto: five; none"},
};

extern const FigureKind figure_dimensionality;
const FigureKind figure_dimensionality = {
    .kind = {.name = "dimensionality",
             .summary = "dimensions per feature and every feature's dimensionality over 1/(1 - S), "
                        "with the shapes behind it",
             .source = "Elhage et al. 2022, The geometry of superposition (uniform)",
             .fields = fields,
             .n_fields = sizeof fields / sizeof *fields,
             .settings_size = sizeof(Settings)},
    .compose = compose,
};
