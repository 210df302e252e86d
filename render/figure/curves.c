/* Measurements of runs over a sweep: what most users want to see of theirs. One plot, or several
 * side by side: each map of `panels` is the row's own settings with some of them changed. */
#include "render/draw/label.h"
#include "render/figure/page.h"
#include "render/figure/plot.h"

#include <math.h>
#include <string.h>

enum { MAX_PANELS = 12 };
static const double gap_x = 34, gap_y = 30, legend_gap = 8;

typedef struct CurvesSettings {
    FigureSettings figure;
    const char *subtitle;
    const Yaml *panels;
    PlotSettings plot; /* a map of `panels` is read as one of these, too */
} CurvesSettings;

typedef struct Content {
    Plot *plots; /* [n] */
    int n, n_columns;
    double legend; /* height of the common legend; 0: each plot has its own */
    LegendEntry entries[CURVES_LEGEND];
    int n_entries;
} Content;

static const char *const run_words[] = {"best", "all", "both", "spread", NULL};
static const char *const scale_words[] = {"auto", "linear", "log", NULL};

/* The first N_PLOT_FIELDS belong to a plot, and may stand in a map of `panels`. */
enum { N_PLOT_FIELDS = 14 };
static const Field fields[] = {
    {.name = "x",
     .type = FIELD_TEXT,
     .offset = offsetof(CurvesSettings, plot.series.x),
     .fallback = "auto",
     .help = "along the axis: an axis of the sweep, loss, or a measurement: NAME, or NAME[i] of an "
             "array; 1/NAME: its reciprocal; auto: the first axis with several values"},
    {.name = "y",
     .type = FIELD_TREE,
     .offset = offsetof(CurvesSettings, plot.series.y),
     .fallback = "loss",
     .help = "upwards: a name as for x, or a list of names"},
    {.name = "by",
     .type = FIELD_TEXT,
     .offset = offsetof(CurvesSettings, plot.series.by),
     .fallback = "auto",
     .help = "one series for each value of this name, which may be a text (geometry_name); auto: "
             "the second axis with several values, but for seeds; none"},
    {.name = "runs",
     .type = FIELD_WORD,
     .offset = offsetof(CurvesSettings, plot.series.runs),
     .fallback = "both",
     .words = run_words,
     .help = "of the runs with one x and series: a line through the best (lowest loss), all as "
             "marks, both, or their spread: the median with a band from lowest to highest"},
    {.name = "at",
     .type = FIELD_TREE,
     .offset = offsetof(CurvesSettings, plot.series.at),
     .help = "only runs with these: {NAME: value, or list of values}"},
    {.name = "names",
     .type = FIELD_TREE,
     .offset = offsetof(CurvesSettings, plot.series.names),
     .help = "what the legend says instead: {a name of y, or a text that by or x is: words}"},
    {.name = "x_scale",
     .type = FIELD_WORD,
     .offset = offsetof(CurvesSettings, plot.x_scale),
     .fallback = "auto",
     .words = scale_words,
     .help = "linear or log; auto: as the axis of the sweep is spaced, log where a measurement "
             "spans a factor of 50"},
    {.name = "y_scale",
     .type = FIELD_WORD,
     .offset = offsetof(CurvesSettings, plot.y_scale),
     .fallback = "auto",
     .words = scale_words,
     .help = "likewise"},
    {.name = "x_label",
     .type = FIELD_TEXT,
     .offset = offsetof(CurvesSettings, plot.x_label),
     .fallback = "auto",
     .help = "under the axis; auto: the name in words, with the paper's symbol"},
    {.name = "y_label",
     .type = FIELD_TEXT,
     .offset = offsetof(CurvesSettings, plot.y_label),
     .fallback = "auto",
     .help = "above the axis, likewise"},
    {.name = "x_range",
     .type = FIELD_TREE,
     .offset = offsetof(CurvesSettings, plot.x_range),
     .fallback = "auto",
     .help = "ends of the axis: [from, to], each a number or auto"},
    {.name = "y_range",
     .type = FIELD_TREE,
     .offset = offsetof(CurvesSettings, plot.y_range),
     .fallback = "auto",
     .help = "likewise"},
    {.name = "guides",
     .type = FIELD_TREE,
     .offset = offsetof(CurvesSettings, plot.guides),
     .help = "lines across: [{x: v, label: words}, {y: v}, {slope: s, from: c}], v a number or the "
             "name of a summary"},
    {.name = "heading",
     .type = FIELD_TEXT,
     .offset = offsetof(CurvesSettings, plot.heading),
     .fallback = "none",
     .help = "above the plot"},
    {.name = "panels",
     .type = FIELD_TREE,
     .offset = offsetof(CurvesSettings, panels),
     .help =
         "several plots side by side: a list of maps, each with what is its own of the settings "
         "above"},
    {.name = "subtitle",
     .type = FIELD_TEXT,
     .offset = offsetof(CurvesSettings, subtitle),
     .fallback = "auto",
     .help = "under the title; auto: how to read marks and lines"},
};
enum { N_FIELDS = sizeof fields / sizeof *fields };

static void draw_body(const void *content, cairo_t *cairo, Rect body, const Style *style) {
    const Content *curves = content;
    int n_rows = (curves->n + curves->n_columns - 1) / curves->n_columns;
    double top = body.y + curves->legend,
           width = (body.width - (curves->n_columns - 1) * gap_x) / curves->n_columns,
           height = (body.height - curves->legend - (n_rows - 1) * gap_y) / n_rows;
    if (curves->legend > 0)
        legend_draw(cairo, style, curves->entries, curves->n_entries, body.x, body.y + 12,
                    body.width);
    for (int i = 0; i < curves->n; i++) {
        int row = i / curves->n_columns, column = i % curves->n_columns;
        Rect rect = {body.x + column * (width + gap_x), top + row * (height + gap_y), width,
                     height};
        curves_panel_draw(cairo, rect, &curves->plots[i].panel, style);
    }
}

/* A map of `panels` over the row's own settings. */
static bool read_panel(const FigureInput *input, const Yaml *row, const Yaml *panel,
                       PlotSettings *settings, Error *error) {
    Problems problems = {.arena = input->arena};
    CurvesSettings read = {0};
    if (panel->type != YAML_MAP)
        return error_set(error, "panels: must be a list of maps");
    fields_read(fields, N_PLOT_FIELDS, "panels", yaml_merge(row, panel, 1, input->arena),
                panel->place, &read, NULL, 0, input->arena, &problems);
    *settings = read.plot;
    return !problems.n || problems_fail(&problems, error);
}

static bool compose_panels(const FigureInput *input, const CurvesSettings *settings,
                           Content *content, Error *error) {
    const Yaml *panels = settings->panels;
    Problems problems = {.arena = input->arena};
    Text text = {0};
    if (panels->type != YAML_LIST || panels->n < 1 || panels->n > MAX_PANELS)
        return error_set(error, "panels: must be a list of 1 to %d maps", MAX_PANELS);
    text_append(&text, "{");
    fields_print(fields, N_PLOT_FIELDS, settings, &text);
    text_append(&text, "}");
    const Yaml *row = yaml_parse("row", text_of(&text), text.n, input->arena, &problems);
    text_release(&text);
    for (int i = 0; i < panels->n; i++) {
        PlotSettings plot;
        if (!read_panel(input, row, panels->items[i], &plot, error) ||
            !plot_compose(input, &plot, &content->plots[i], error))
            return panels->n == 1 ? false : error_prefix(error, "panel %d: ", i + 1);
    }
    content->n = panels->n;
    return true;
}

static bool has_legend(const Content *content, const Plot *plot) {
    LegendEntry entries[CURVES_LEGEND];
    int n = curves_panel_legend(&plot->panel, entries);
    bool is_same = n == content->n_entries;
    for (int i = 0; is_same && i < n; i++) {
        const LegendEntry *a = &entries[i], *b = &content->entries[i];
        is_same = strcmp(a->name, b->name) == 0 && a->mark == b->mark &&
                  a->has_line == b->has_line && a->is_dashed == b->is_dashed &&
                  a->color.red == b->color.red && a->color.green == b->color.green &&
                  a->color.blue == b->color.blue;
    }
    return is_same;
}

/* What all plots say is said once, above them. */
static void share_legend(const FigureInput *input, double width, Content *content) {
    bool is_shared = content->n > 1;
    content->n_entries = curves_panel_legend(&content->plots[0].panel, content->entries);
    for (int i = 1; i < content->n; i++)
        is_shared = is_shared && has_legend(content, &content->plots[i]);
    if (!is_shared || !content->n_entries)
        return;
    content->legend =
        legend_height(input->style, content->entries, content->n_entries, width) + legend_gap;
    for (int i = 0; i < content->n; i++)
        content->plots[i].panel.hides_legend = true;
}

/* Plots side by side begin and end at the same height. */
static void align_rows(const FigureInput *input, double width, Content *content) {
    for (int first = 0; first < content->n; first += content->n_columns) {
        int end = first + content->n_columns < content->n ? first + content->n_columns : content->n;
        double legend = 0;
        bool has_label = false;
        for (int i = first; i < end; i++) {
            const CurvesPanel *panel = &content->plots[i].panel;
            legend = fmax(legend, curves_panel_legend_height(panel, input->style, width));
            has_label = has_label || panel->axes.y.label;
        }
        for (int i = first; i < end; i++) {
            CurvesPanel *panel = &content->plots[i].panel;
            panel->legend = legend;
            if (has_label && !panel->axes.y.label)
                panel->axes.y.label = "";
        }
    }
}

static const char *subtitle_of(const FigureInput *input, const CurvesSettings *settings,
                               const Content *content) {
    static const char *const words[] = {
        [SERIES_BEST] = "Each mark is the best run of several, the one of lowest loss",
        [SERIES_ALL] = "Each mark is a run",
        [SERIES_BOTH] = "Each faint mark is a run; lines join the best ones, those of lowest loss",
        [SERIES_SPREAD] =
            "Lines are medians over runs, bands reach from the lowest to the highest"};
    if (strcmp(settings->subtitle, "auto") != 0)
        return label_escape(input->arena, settings->subtitle);
    int runs = settings->plot.series.runs;
    bool is_alone = true;
    for (int i = 0; i < content->n; i++) {
        const SeriesSet *set = &content->plots[i].set;
        runs = content->plots[i].is_thinned ? SERIES_SPREAD : runs;
        for (int s = 0; s < set->n; s++)
            is_alone = is_alone && set->series[s].n == set->series[s].n_all;
    }
    return words[is_alone ? SERIES_ALL : runs];
}

static Page page_of(const Content *content) {
    static const double widths[] = {640, 470, 380, 300}, heights[] = {390, 340, 310, 260};
    int size = content->n_columns > 4 ? 3 : content->n_columns - 1;
    int n_rows = (content->n + content->n_columns - 1) / content->n_columns;
    return (Page){.width = content->n_columns * (widths[size] + gap_x) - gap_x,
                  .height = n_rows * (heights[size] + gap_y) - gap_y,
                  .content = content,
                  .draw_body = draw_body};
}

static bool compose(const FigureInput *input, Picture *picture, Error *error) {
    const CurvesSettings *settings = input->settings;
    Content *content = ARENA_NEW(input->arena, Content, 1);
    content->plots = ARENA_NEW(input->arena, Plot, MAX_PANELS);
    content->n = 1;
    if (settings->panels ? !compose_panels(input, settings, content, error)
                         : !plot_compose(input, &settings->plot, content->plots, error))
        return false;
    content->n_columns = content->n <= 3 ? content->n : content->n == 4 ? 2 : 3;
    Page page = page_of(content);
    share_legend(input, page.width, content);
    align_rows(input, (page.width + gap_x) / content->n_columns - gap_x, content);
    page.height += content->legend;
    page.subtitle = subtitle_of(input, settings, content);
    for (int i = 0; i < content->n && !page.n_scales; i++)
        if (content->plots[i].by.title)
            page.scales[page.n_scales++] = content->plots[i].by;
    return page_compose(&page, input, picture, error);
}

extern const FigureKind figure_curves;
const FigureKind figure_curves = {
    .kind = {.name = "curves",
             .summary = "measurements of the runs over a sweep axis, or over each other: lines "
                        "through the best runs, marks for all, one colour for each value of a "
                        "second axis or class; one plot or several",
             .fields = fields,
             .n_fields = N_FIELDS,
             .settings_size = sizeof(CurvesSettings)},
    .compose = compose,
};
