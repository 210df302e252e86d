/* The landscape of the smallest problem: without biases two features in one dimension have two
 * weights, and a loss in closed form. Each cell is one density and importance; its minima are
 * marked, and where the store's trainings ended. W and -W are the same model, so half a plane is
 * all. */
#include "render/panel/surface.h"

#include "render/draw/label.h"
#include "render/figure/sheet.h"
#include "render/figure/shown.h"
#include "sim/theory/phase_surface.h"

#include <math.h>
#include <string.h>

enum { N_ROWS = 168, N_COLUMNS = 336, MAX_ENDS = 200 };
/* The axis goes on below 0, where the mirror image begins: weights that died lie on the line. */
static const double reach = 1.4, below = -0.15, cell_width = 268, cell_height = 186, near = 0.05;
static const double multiples[] = {1.05, 1.2, 1.5, 2, 3, 5, 10, 20};
enum { N_LEVELS = sizeof multiples / sizeof *multiples };

static const Field fields[] = {
    {.name = "points",
     .type = FIELD_TREE,
     .offset = offsetof(PointsSettings, points),
     .fallback = "all",
     .help = "which points of the sweep: all, or a list of their numbers, from 0"},
    {.name = "columns",
     .type = FIELD_INTEGER,
     .offset = offsetof(PointsSettings, columns),
     .fallback = "0",
     .minimum = 0,
     .maximum = 100,
     .help = "cells in a row; 0: what gives a page a little wider than high and keeps the last "
             "axis together"},
};

/* A cell: its problem, the minima, and how many trainings ended at each. */
typedef struct Landscape {
    double s, r;
    SurfaceMinimum minima[MAX_SURFACE_MINIMA];
    int n_minima, n_ended[MAX_SURFACE_MINIMA], n_ends;
    double levels[N_LEVELS];
    SurfaceMark marks[MAX_SURFACE_MINIMA + MAX_ENDS];
    SurfacePath paths[MAX_ENDS];
    SurfacePanel panel;
} Landscape;

typedef struct Content {
    Sheet sheet;
    const ShownModel *shown;
    Landscape *landscapes; /* [n_cells] */
} Content;

static void draw_cell(const void *content, int cell, cairo_t *cairo, Rect rect,
                      const Style *style) {
    const Content *surface = content;
    if (surface->shown[cell].run)
        surface_panel_draw(cairo, rect, &surface->landscapes[cell].panel, style);
    else
        shown_draw_none(cairo, rect, style);
}

/* The density that both features have; 0 where the data are others. */
static bool read_density(const FigureInput *input, const ShownModel *shown, double *density,
                         Error *error) {
    Problems problems = {.arena = input->arena};
    StoredRun run = *shown->run;
    if (!store_run_texts(input->store, &run, input->arena, error))
        return false;
    const Yaml *settings =
        yaml_parse("settings", run.settings, strlen(run.settings), input->arena, &problems);
    const Yaml *value = settings ? yaml_find(settings, "data.feature_probability") : NULL;
    if (strcmp(shown->data.kind->kind.name, "independent") != 0 || !value ||
        !yaml_is_real(value, density))
        *density = 0;
    return true;
}

static bool read_problem(const FigureInput *input, const ShownModel *shown, Landscape *landscape,
                         Error *error) {
    const Model *model = &shown->model;
    if (model->n_features != 2 || model->n_hidden != 1)
        return error_set(error, "the surface is of 2 features in 1 dimension, not of %d in %d",
                         model->n_features, model->n_hidden);
    if (!read_density(input, shown, &landscape->s, error))
        return false;
    landscape->r = shown->importance[1] / shown->importance[0];
    return (landscape->s > 0 && landscape->r > 0 && isfinite(landscape->r)) ||
           error_set(error, "the surface is of two independent features of one density, both of "
                            "importance above 0");
}

static void fill_map(Landscape *landscape, Arena *arena) {
    double *values = ARENA_NEW(arena, double, (size_t)N_ROWS *N_COLUMNS);
    SurfacePanel *panel = &landscape->panel;
    for (int i = 0; i < N_ROWS; i++)
        for (int j = 0; j < N_COLUMNS; j++)
            values[i * N_COLUMNS + j] = phase_surface_loss(
                landscape->s, landscape->r, axis_value(&panel->axes.y, 1 - (i + 0.5) / N_ROWS),
                axis_value(&panel->axes.x, (j + 0.5) / N_COLUMNS));
    for (int k = 0; k < N_LEVELS; k++)
        landscape->levels[k] = multiples[k] * landscape->minima[0].loss;
    panel->n_rows = N_ROWS;
    panel->n_columns = N_COLUMNS;
    panel->values = values;
    panel->levels = landscape->levels;
    panel->n_levels = N_LEVELS;
}

static void add_mark(Landscape *landscape, const double *W, Mark mark, double size) {
    SurfacePanel *panel = &landscape->panel;
    landscape->marks[panel->n_marks++] = (SurfaceMark){W[1], W[0], mark, size};
    panel->marks = landscape->marks;
}

/* The weight of a stored model; NaN where the step has none. */
static bool read_weights(const FigureInput *input, const StoredRun *run, int64_t step, double *W,
                         Error *error) {
    StoredTensor *tensors;
    int n;
    W[0] = W[1] = (double)NAN;
    if (!store_tensors(input->store, run->id, step, input->arena, &tensors, &n, error))
        return false;
    for (int i = 0; i < n; i++) {
        const float *values = tensors[i].values;
        for (int k = 0; k < 2; k++)
            if (strcmp(tensors[i].tensor.name, "W") == 0)
                W[k] = (double)values[k];
            else if (values[k] != 0)
                return error_set(error,
                                 "the surface is that of models without biases, and run %lld has "
                                 "some: train with model.bias: false",
                                 (long long)run->number);
    }
    return true;
}

/* The way of a training, by the one of W and -W that is in the half plane: where it leaves it, it
 * comes in again on the other side. */
static bool read_path(const FigureInput *input, const StoredRun *run, SurfacePath *path, double *W,
                      Error *error) {
    int64_t *steps;
    int n;
    if (!store_steps(input->store, run->id, input->arena, &steps, &n, error))
        return false;
    double *x = ARENA_NEW(input->arena, double, 2 * n), last = 0;
    double *y = ARENA_NEW(input->arena, double, 2 * n);
    *path = (SurfacePath){0, x, y};
    for (int i = 0; i < n; i++) {
        if (!read_weights(input, run, steps[i], W, error))
            return false;
        double sign = W[0] < 0 ? -1 : 1;
        if (i && sign != last)
            x[path->n++] = (double)NAN;
        y[path->n] = sign * W[0];
        x[path->n++] = sign * W[1];
        W[0] *= sign;
        W[1] *= sign;
        last = sign;
    }
    return true;
}

static void count_end(Landscape *landscape, const double *W) {
    landscape->n_ends++;
    for (int k = 0; k < landscape->n_minima; k++)
        if (hypot(landscape->minima[k].W[0] - W[0], landscape->minima[k].W[1] - W[1]) < near) {
            landscape->n_ended[k]++;
            return;
        }
}

static bool read_ends(const FigureInput *input, const ShownModel *shown, Landscape *landscape,
                      Error *error) {
    SurfacePanel *panel = &landscape->panel;
    StoredRun *runs;
    int64_t n_runs;
    if (!store_runs(input->store, input->arena, &runs, &n_runs, error))
        return false;
    for (int64_t i = 0; i < n_runs && panel->n_paths < MAX_ENDS; i++) {
        double W[2] = {0, 0};
        if (runs[i].number < 0 || runs[i].point != shown->point || runs[i].status != RUN_DONE)
            continue;
        if (!read_path(input, &runs[i], &landscape->paths[panel->n_paths++], W, error))
            return false;
        count_end(landscape, W);
        add_mark(landscape, W, MARK_RING, 11);
    }
    panel->paths = landscape->paths;
    return true;
}

static bool fill_landscape(const FigureInput *input, const ShownModel *shown, Landscape *landscape,
                           Error *error) {
    if (!read_problem(input, shown, landscape, error))
        return false;
    landscape->panel.axes =
        (Axes){.x = {.label = "<i>W</i><sub>2</sub>", .from = -reach, .to = reach},
               .y = {.label = "<i>W</i><sub>1</sub>", .from = below, .to = reach}};
    landscape->n_minima = phase_surface_minima(landscape->s, landscape->r, landscape->minima);
    fill_map(landscape, input->arena);
    for (int k = 0; k < landscape->n_minima; k++)
        add_mark(landscape, landscape->minima[k].W, MARK_DISC, k ? 4 : 6.5);
    return read_ends(input, shown, landscape, error);
}

/* What a minimum does with the two features. */
static const char *name_of(const SurfaceMinimum *minimum) {
    double first = fabs(minimum->W[0]), last = fabs(minimum->W[1]);
    if (minimum->W[0] * minimum->W[1] < 0)
        return "antipodal";
    if (fmin(first, last) > fmax(first, last) / 2)
        return "confused";
    return first > last ? "first alone" : "second alone";
}

static void fill_caption(const Landscape *landscape, Caption *caption, Arena *arena) {
    caption->heading =
        arena_print(arena, "1 − <i>S</i> = %s, <i>I</i><sub>2</sub> = %s",
                    label_number(arena, landscape->s, 3), label_number(arena, landscape->r, 3));
    for (int k = 0; k < landscape->n_minima && k < SHEET_LINES; k++)
        caption->lines[k] =
            arena_print(arena, "%s: %s, %d of %d trainings", name_of(&landscape->minima[k]),
                        label_number(arena, landscape->minima[k].loss, 3), landscape->n_ended[k],
                        landscape->n_ends);
}

static Color step_color(const Style *style, double step) {
    (void)style;
    return surface_panel_color((int)step, N_LEVELS);
}

static Sheet sheet_of(const Content *content, int n) {
    static const double steps[N_LEVELS + 1] = {0, 1, 2, 3, 4, 5, 6, 7, 8};
    return (Sheet){.page = {.subtitle =
                                "The exact loss without biases. Dots: its minima, the lowest "
                                "larger; lines: trainings; rings: their ends, without a "
                                "dot where a weight died at 0",
                            .scales = {{.title = "loss over the lowest",
                                        .from_label = "1",
                                        .to_label = "20 and more",
                                        .color = step_color,
                                        .values = steps,
                                        .n_values = N_LEVELS + 1}},
                            .n_scales = 1},
                   .n_cells = n,
                   .cell_width = cell_width,
                   .cell_height = cell_height,
                   .align = ALIGN_CENTER,
                   .content = content,
                   .draw_cell = draw_cell};
}

static bool compose(const FigureInput *input, Picture *picture, Error *error) {
    const PointsSettings *settings = input->settings;
    Content *content = ARENA_NEW(input->arena, Content, 1);
    ShownModel *shown;
    ShownLayout layout;
    int n;
    if (!shown_read(input, &shown, &n, &layout, error))
        return false;
    Caption *captions = ARENA_NEW(input->arena, Caption, n);
    content->shown = shown;
    content->landscapes = ARENA_NEW(input->arena, Landscape, n);
    for (int i = 0; i < n; i++) {
        if (!shown[i].run)
            continue;
        if (!fill_landscape(input, &shown[i], &content->landscapes[i], error))
            return false;
        fill_caption(&content->landscapes[i], &captions[i], input->arena);
    }
    content->sheet = sheet_of(content, n);
    content->sheet.captions = captions;
    content->sheet.n_columns = (int)settings->columns;
    content->sheet.row = layout.row;
    return sheet_compose(&content->sheet, input, picture, error);
}

extern const FigureKind figure_surface;
const FigureKind figure_surface = {
    .kind = {.name = "surface",
             .summary = "the exact bias-free loss of 2 features in 1 dimension over both weights, "
                        "its minima, and where trainings ended",
             .source = "McGrath's comment to Elhage et al. 2022, Superposition as a phase change",
             .fields = fields,
             .n_fields = sizeof fields / sizeof *fields,
             .settings_size = sizeof(PointsSettings)},
    .sizes = {.n_features = {2, 2}, .n_hidden = {1, 1}},
    .compose = compose,
};
