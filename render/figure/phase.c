/* The paper's phase diagrams: what the last feature gets over its importance and the density, in
 * trained models beside the exact optimum and the idealised theory, whose boundaries are drawn over
 * all of them. All numbers are those of the summary phase_agreement. */
#include "render/panel/phase.h"

#include "render/draw/label.h"
#include "render/figure/sheet.h"
#include "sim/theory/phase.h"

#include <math.h>
#include <string.h>

enum { N_MAPS = 4, N_LINES = 2, MAX_PIXELS = 400 };
static const double cell_width = 262, cell_height = 308;

typedef struct PhaseSettings {
    FigureSettings figure;
    const char *summary;
} PhaseSettings;

static const Field fields[] = {{.name = "summary",
                                .type = FIELD_TEXT,
                                .offset = offsetof(PhaseSettings, summary),
                                .fallback = "phase_agreement",
                                .help = "the name of the summary phase_agreement"}};

/* A map's place on the page: its title, and the summary's parts that it shows. */
typedef struct MapKind {
    const char *title, *norm, *interference, *class; /* norm NULL: classes alone */
} MapKind;

static const MapKind map_kinds[N_MAPS] = {
    {"Trained: all but the worst", "norm", "interference", "class"},
    {"Trained: the best", "best_norm", "best_interference", "best_class"},
    {"Exact optimum", "optimum_norm", "optimum_interference", "optimum_class"},
    {"Idealised theory", NULL, NULL, "ideal_class"},
};

typedef struct Content {
    Sheet sheet;
    PhasePanel panels[N_MAPS];
    Caption captions[N_MAPS];
    PhaseLine lines[N_LINES];
    const char *names[N_PHASE_CLASSES];
} Content;

static void draw_cell(const void *content, int cell, cairo_t *cairo, Rect rect,
                      const Style *style) {
    const Content *phase = content;
    phase_panel_draw(cairo, rect, &phase->panels[cell], style);
}

/* The summary's part of this ending (NULL: its first), which must have n values where n > 0. */
static bool read_part(const FigureInput *input, const char *ending, int64_t n, Measurement *part,
                      Error *error) {
    const PhaseSettings *settings = input->settings;
    StoredMeasurement stored;
    bool is_found;
    const char *name =
        ending ? arena_print(input->arena, "%s_%s", settings->summary, ending) : settings->summary;
    if (!store_measurement(input->store, 0, name, 0, input->arena, &stored, &is_found, error))
        return false;
    if (!is_found)
        return error_set(
            error, "%s was not made: give the config the summary {kind: phase_agreement}", name);
    *part = stored.measurement;
    return !n || measurement_count(part) == n ||
           error_set(error, "%s has %lld values, not %lld", name,
                     (long long)measurement_count(part), (long long)n);
}

/* An axis whose n values are the middles of equal cells; it goes half a cell beyond the last. */
static bool fill_axis(Axis *axis, const Measurement *values, Error *error) {
    int64_t n = measurement_count(values);
    double step = n > 1 ? log(values->values[1] / values->values[0]) : 0;
    for (int64_t i = 2; i < n; i++)
        if (!(fabs(log(values->values[i] / values->values[i - 1]) - step) < 1e-6 * fabs(step)))
            return error_set(error, "%s is not evenly spaced on a logarithmic scale: take logspace",
                             values->name);
    if (n < 2)
        return error_set(error, "%s has one value, and a map wants several", values->name);
    axis->form = AXIS_LOG;
    axis->from = values->values[0] * exp(-step / 2);
    axis->to = values->values[n - 1] * exp(step / 2);
    return true;
}

static bool fill_axes(const FigureInput *input, PhasePanel *panel, Error *error) {
    Measurement density, importance;
    if (!read_part(input, "density", 0, &density, error) ||
        !read_part(input, "importance", 0, &importance, error) ||
        !fill_axis(&panel->axes.y, &density, error) ||
        !fill_axis(&panel->axes.x, &importance, error))
        return false;
    Axis *y = &panel->axes.y; /* the densest row is on top */
    double top = y->from;
    y->from = y->to;
    y->to = top;
    y->label = "1 − <i>S</i>";
    panel->axes.x.label = "relative importance";
    panel->n_rows = (int)measurement_count(&density);
    panel->n_columns = (int)measurement_count(&importance);
    return true;
}

static bool fill_lines(const FigureInput *input, const Axes *axes, PhaseLine *lines, Error *error) {
    Measurement n_features;
    if (!read_part(input, "n_features", 1, &n_features, error))
        return false;
    phase_panel_boundary(axes, (int)n_features.values[0], phase_boundary, lines, input->arena);
    return true;
}

/* Idealised features have a norm and an interference of 0 or 1. */
static void fill_ideal(PhasePanel *panel, const double *class, int64_t n, Arena *arena) {
    double *norm = ARENA_NEW(arena, double, n), *interference = ARENA_NEW(arena, double, n);
    for (int64_t i = 0; i < n; i++) {
        norm[i] = class[i] != PHASE_NOT_REPRESENTED;
        interference[i] = class[i] == PHASE_SUPERPOSITION;
    }
    panel->norm = norm;
    panel->interference = interference;
}

static bool fill_map(const FigureInput *input, const MapKind *kind, PhasePanel *panel,
                     Error *error) {
    int64_t n = (int64_t)panel->n_rows * panel->n_columns;
    Measurement norm, interference, class;
    if (!read_part(input, kind->class, n, &class, error))
        return false;
    int *region = ARENA_NEW(input->arena, int, n);
    for (int64_t i = 0; i < n; i++)
        region[i] = isnan(class.values[i]) ? -1 : (int)class.values[i];
    panel->region = region;
    panel->axes.title = kind->title;
    if (!kind->norm) {
        fill_ideal(panel, class.values, n, input->arena);
        return true;
    }
    if (!read_part(input, kind->norm, n, &norm, error) ||
        !read_part(input, kind->interference, n, &interference, error))
        return false;
    panel->norm = norm.values;
    panel->interference = interference.values;
    return true;
}

/* The paper's words, on two lines where they are two. */
static void fill_names(const char **names, Arena *arena) {
    for (int class = 0; class < N_PHASE_CLASSES; class ++) {
        char *name = arena_copy(arena, phase_class_name((PhaseClass) class));
        char *space = strchr(name, ' ');
        if (space)
            *space = '\n';
        names[class] = name;
    }
}

static bool fill_agreement(const FigureInput *input, const char *ideal, const char *optimum,
                           Caption *caption, Error *error) {
    Measurement as_ideal, as_optimum;
    if (!read_part(input, ideal, 1, &as_ideal, error) ||
        !read_part(input, optimum, 1, &as_optimum, error))
        return false;
    caption->lines[0] =
        arena_print(input->arena, "agrees with the idealised: %.1f %%", as_ideal.values[0]);
    caption->lines[1] =
        arena_print(input->arena, "with the exact optimum: %.1f %%", as_optimum.values[0]);
    return true;
}

static bool fill_losses(const FigureInput *input, Caption *caption, Error *error) {
    Measurement ideal, optimum;
    if (!read_part(input, "ideal_loss", 0, &ideal, error) ||
        !read_part(input, "optimum_loss", measurement_count(&ideal), &optimum, error))
        return false;
    double least = HUGE_VAL, most = -HUGE_VAL;
    for (int64_t i = 0; i < measurement_count(&ideal); i++) {
        double ratio = optimum.values[i] / ideal.values[i];
        least = fmin(least, ratio);
        most = fmax(most, ratio);
    }
    caption->lines[0] = "least expected loss over <i>W</i> and <i>b</i>,";
    caption->lines[1] = arena_print(input->arena, "%.2f to %.2f of the idealised", least, most);
    return true;
}

static bool fill_captions(const FigureInput *input, Caption *captions, Error *error) {
    captions[3].lines[0] = "weights 0 or ±1, by hand; its";
    captions[3].lines[1] = "boundaries are dashed everywhere";
    return fill_agreement(input, NULL, "optimum", &captions[0], error) &&
           fill_agreement(input, "best", "best_optimum", &captions[1], error) &&
           fill_losses(input, &captions[2], error);
}

static Color norm_color(const Style *style, double norm) {
    return phase_panel_color(style, norm, 0);
}

static Color interference_color(const Style *style, double interference) {
    return phase_panel_color(style, 1, interference);
}

static Sheet sheet_of(const Content *content) {
    return (Sheet){
        .page = {.subtitle = "What the last feature gets at each density and importance; of the "
                             "models trained there, in the mean of all but the worst, and in the "
                             "best",
                 .scales = {{.title = "its norm ‖<i>W<sub>n</sub></i>‖",
                             .from_label = "0",
                             .to_label = "1",
                             .color = norm_color,
                             .from = 0,
                             .to = 1},
                            {.title = "its interference",
                             .from_label = "0 alone",
                             .to_label = "1 in superposition",
                             .color = interference_color,
                             .from = 0,
                             .to = 1}},
                 .n_scales = 2},
        .n_cells = N_MAPS,
        .n_columns = N_MAPS,
        .cell_width = cell_width,
        .cell_height = cell_height,
        .captions = content->captions,
        .align = ALIGN_CENTER,
        .content = content,
        .draw_cell = draw_cell};
}

static bool compose(const FigureInput *input, Picture *picture, Error *error) {
    Content *content = ARENA_NEW(input->arena, Content, 1);
    PhasePanel panel = {.names = content->names,
                        .n_regions = N_PHASE_CLASSES,
                        .lines = content->lines,
                        .n_lines = N_LINES,
                        .max_pixels = MAX_PIXELS};
    if (!fill_axes(input, &panel, error) ||
        !fill_lines(input, &panel.axes, content->lines, error) ||
        !fill_captions(input, content->captions, error))
        return false;
    fill_names(content->names, input->arena);
    for (int map = 0; map < N_MAPS; map++) {
        content->panels[map] = panel;
        if (!fill_map(input, &map_kinds[map], &content->panels[map], error))
            return false;
    }
    content->sheet = sheet_of(content);
    return sheet_compose(&content->sheet, input, picture, error);
}

extern const FigureKind figure_phase;
const FigureKind figure_phase = {
    .kind = {.name = "phase",
             .summary = "what the last feature gets over its importance and the density: trained, "
                        "exact optimum, idealised theory",
             .source = "Elhage et al. 2022, Superposition as a phase change",
             .fields = fields,
             .n_fields = sizeof fields / sizeof *fields,
             .settings_size = sizeof(PhaseSettings)},
    .compose = compose,
};
