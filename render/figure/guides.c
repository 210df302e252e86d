/* Straight ones are the panel's own; a sloping one is a series without marks. */
#include "render/figure/guides.h"

#include "render/draw/label.h"

#include <math.h>
#include <string.h>

enum { N_SLOPE_POINTS = 65 };

/* One row of `guides`. */
typedef struct GuideSettings {
    const Yaml *x, *y; /* a number, or the name of a summary */
    double slope, from;
    const char *label;
} GuideSettings;

static const char *const none[] = {"none", NULL};

static const Field fields[] = {
    {.name = "x",
     .type = FIELD_TREE,
     .offset = offsetof(GuideSettings, x),
     .fallback = "none",
     .help = "an upright line at this value, or at what the summary of this name found"},
    {.name = "y",
     .type = FIELD_TREE,
     .offset = offsetof(GuideSettings, y),
     .fallback = "none",
     .help = "a level line, likewise"},
    {.name = "slope",
     .type = FIELD_REAL,
     .offset = offsetof(GuideSettings, slope),
     .fallback = "none",
     .words = none,
     .help = "the line y = from + slope x"},
    {.name = "from",
     .type = FIELD_REAL,
     .offset = offsetof(GuideSettings, from),
     .fallback = "0",
     .help = "its value at x = 0"},
    {.name = "label",
     .type = FIELD_TEXT,
     .offset = offsetof(GuideSettings, label),
     .fallback = "none",
     .help = "beside the line; a summary's value is added"},
};

static bool is_given(const Yaml *value) {
    return value && !(value->type == YAML_SCALAR && strcmp(value->text, "none") == 0);
}

static bool add_straight(const FigureInput *input, const Yaml *value, bool is_vertical,
                         const char *label, CurvesPanel *panel, CurveGuide *guides, Error *error) {
    CurveGuide *guide = &guides[panel->n_guides];
    StoredMeasurement summary;
    bool is_found;
    *guide = (CurveGuide){.is_vertical = is_vertical, .label = label};
    if (value->type != YAML_SCALAR)
        return error_set(error, "guides: x and y are a number, or the name of a summary");
    if (!yaml_is_real(value, &guide->value)) {
        if (!store_measurement(input->store, 0, value->text, 0, input->arena, &summary, &is_found,
                               error))
            return false;
        if (!is_found)
            return error_set(error, "guides: the experiment has no summary \"%s\"", value->text);
        guide->value = summary.measurement.values[0];
        const char *number = label_number(input->arena, guide->value, 3);
        guide->label = label ? arena_print(input->arena, "%s: %s", label, number) : number;
    }
    panel->n_guides += isfinite(guide->value);
    return true;
}

/* Drawn point by point: on a logarithmic axis it is no straight line. */
static void add_slope(const FigureInput *input, const GuideSettings *guide, const char *label,
                      CurvesPanel *panel, CurveSeries *curves) {
    double *x = ARENA_NEW(input->arena, double, 2 * N_SLOPE_POINTS), *y = x + N_SLOPE_POINTS;
    for (int k = 0; k < N_SLOPE_POINTS; k++) {
        x[k] = axis_value(&panel->axes.x, (double)k / (N_SLOPE_POINTS - 1));
        y[k] = guide->from + guide->slope * x[k];
    }
    curves[panel->n_series++] = (CurveSeries){.name = label,
                                              .color = input->style->muted,
                                              .has_line = true,
                                              .is_dashed = true,
                                              .is_endless = true,
                                              .n = N_SLOPE_POINTS,
                                              .x = x,
                                              .y = y};
}

static bool add_guide(const FigureInput *input, const Yaml *row, CurvesPanel *panel,
                      CurveSeries *curves, CurveGuide *guides, Error *error) {
    GuideSettings guide = {0};
    Problems problems = {.arena = input->arena};
    fields_read(fields, sizeof fields / sizeof *fields, "guides", row, row->place, &guide, NULL, 0,
                input->arena, &problems);
    bool has_x = is_given(guide.x), has_y = is_given(guide.y), has_slope = !isnan(guide.slope);
    if (problems.n)
        return problems_fail(&problems, error);
    if (has_x + has_y + has_slope != 1)
        return error_set(error, "guides: each has one of x, y and slope");
    const char *label =
        strcmp(guide.label, "none") == 0 ? NULL : label_escape(input->arena, guide.label);
    if (has_slope)
        add_slope(input, &guide, label, panel, curves);
    return has_slope ||
           add_straight(input, has_x ? guide.x : guide.y, has_x, label, panel, guides, error);
}

bool guides_add(const FigureInput *input, const Yaml *list, CurvesPanel *panel, CurveSeries *curves,
                Error *error) {
    CurveGuide *guides = ARENA_NEW(input->arena, CurveGuide, list ? list->n : 0);
    panel->guides = guides;
    if (list && list->type != YAML_LIST)
        return error_set(error, "guides: must be a list");
    for (int i = 0; list && i < list->n; i++)
        if (!add_guide(input, list->items[i], panel, curves, guides, error))
            return false;
    return true;
}
