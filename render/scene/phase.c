/* A sweep's map, filling in as its runs finish: over density and importance what the last feature
 * gets (the paper's phase diagram), over any other two axes the loss. A sweep of one axis is a
 * curve: loss_curve.h. */
#include "render/draw/label.h"
#include "render/draw/scale.h"
#include "render/scene/diagram.h"
#include "render/scene/loss_curve.h"

#include <math.h>
#include <stddef.h>

enum { MAX_PIXELS = 400, MAX_SCALES = 2 };
static const double head = 26, scale_row = 20, least_mark = 4, log_span = 5;

typedef struct Content {
    Plane plane;
    PhasePanel panel;
    Rect rect; /* of the panel */
    ColorScale scales[MAX_SCALES];
    int n_scales;
    LegendEntry entries[2]; /* of boundaries */
    int n_entries;
} Content;

static const char *refuses(const SceneInput *input) {
    if (!input->sweep || input->sweep->n_axes == 0)
        return "a map is drawn of a sweep: one run has no axes";
    return NULL;
}

/* ---- the phase diagram ---- */

static Color norm_color(const Style *style, double norm) {
    return phase_panel_color(style, norm, 0);
}

static Color interference_color(const Style *style, double interference) {
    return phase_panel_color(style, 1, interference);
}

static void show_diagram(const SceneInput *input, Content *content, const Style *style) {
    content->scales[content->n_scales++] = (ColorScale){.title = "its interference",
                                                        .from_label = "0 alone",
                                                        .to_label = "1 in superposition",
                                                        .color = interference_color,
                                                        .from = 0,
                                                        .to = 1};
    content->scales[content->n_scales++] =
        (ColorScale){.title = "norm of the last feature ‖<i>W<sub>n</sub></i>‖",
                     .from_label = "0",
                     .to_label = "1",
                     .color = norm_color,
                     .from = 0,
                     .to = 1};
    if (input->state->has_overlays)
        content->n_entries =
            diagram_add_overlay(input, &content->plane, style, &content->panel, content->entries);
}

/* ---- the map of losses ---- */

/* A low loss stands out. */
static Color loss_color(const Style *style, double place) {
    return style_weight(style, 1 - place);
}

static void show_losses(const SceneInput *input, Content *content, const Style *style) {
    int columns = content->panel.n_columns, n = content->panel.n_rows * columns;
    double *loss = ARENA_NEW(input->arena, double, n);
    for (int i = 0; i < n; i++) {
        int row = content->panel.n_rows - 1 - i / columns;
        int64_t point = plane_point(&content->plane, i % columns, row);
        loss[i] = sweep_run_loss(input, plane_run(&content->plane, point));
    }
    Axis axis = {.form = AXIS_LOG};
    axis_cover(&axis, loss, n, 0);
    if (!(axis.to > log_span * axis.from)) {
        axis.form = AXIS_LINEAR;
        axis_cover(&axis, loss, n, 0);
    }
    Color *colors = ARENA_NEW(input->arena, Color, n);
    bool is_known = false;
    for (int i = 0; i < n; i++) {
        double place = axis_place(&axis, loss[i]);
        is_known |= !isnan(place);
        colors[i] = isnan(place) ? style->faint : loss_color(style, place);
    }
    content->panel.colors = colors;
    if (is_known)
        content->scales[content->n_scales++] =
            (ColorScale){.title = "loss of the best run",
                         .from_label = label_number(input->arena, axis.from, 3),
                         .to_label = label_number(input->arena, axis.to, 3),
                         .color = loss_color,
                         .from = 0,
                         .to = 1};
}

/* ---- layout ---- */

/* How many scales have room beside each other: the others are left out. */
static int scales_that_fit(const Content *content, double width, const Style *style) {
    int n = 0;
    for (double used = 0; n < content->n_scales; n++) {
        used += color_scale_width(style, &content->scales[n]) + (n ? 32 : 0);
        if (used > width)
            break;
    }
    return n;
}

static Content *lay_out(const SceneInput *input, Rect rect, const Style *style) {
    Content *content = ARENA_NEW(input->arena, Content, 1);
    content->plane = plane_of(input);
    content->panel.axes.x = plane_axis(&content->plane, 0, input->arena);
    content->panel.axes.y = plane_axis(&content->plane, 1, input->arena);
    diagram_fill(input, &content->plane, &content->panel);
    content->panel.max_pixels = MAX_PIXELS;
    if (diagram_suits(&content->plane))
        show_diagram(input, content, style);
    else
        show_losses(input, content, style);
    content->n_scales = rect.height < 280 ? 0 : scales_that_fit(content, rect.width, style);
    double top = head + (content->n_scales ? scale_row : 0);
    content->rect = (Rect){rect.x, rect.y + top, rect.width, rect.height - top};
    return content;
}

static Rect cell_of(const Content *content, Rect plot, int column, int row) {
    double width = plot.width / content->panel.n_columns;
    double height = plot.height / content->panel.n_rows;
    return (Rect){plot.x + width * column, plot.y + height * (content->panel.n_rows - 1 - row),
                  width, height};
}

/* ---- drawing ---- */

/* Which cells are at work, and which failed. */
static void draw_states(const Content *content, Rect plot, cairo_t *cairo, const Style *style) {
    static const struct {
        RunState state;
        Mark mark;
    } marks[] = {{STATE_TRAINING, MARK_RING}, {STATE_FAILED, MARK_CROSS}};
    Rect cell = cell_of(content, plot, 0, 0);
    double size = fmin(9, 0.6 * fmin(cell.width, cell.height));
    Style seam = *style;
    seam.line *= 3;
    for (int k = 0; k < 2 && size >= least_mark; k++) {
        for (int i = 0; i < content->panel.n_columns * content->panel.n_rows; i++) {
            int column = i % content->panel.n_columns, row = i / content->panel.n_columns;
            int64_t run = plane_run(&content->plane, plane_point(&content->plane, column, row));
            if (content->plane.map->runs[run].state != marks[k].state)
                continue;
            cell = cell_of(content, plot, column, row);
            mark_path(cairo, marks[k].mark, cell.x + cell.width / 2, cell.y + cell.height / 2,
                      size);
        }
        cairo_path_t *path = cairo_copy_path(cairo); /* with a seam, to be seen on every colour */
        mark_paint(cairo, &seam, marks[k].mark, style->background);
        cairo_append_path(cairo, path);
        cairo_path_destroy(path);
        mark_paint(cairo, style, marks[k].mark, style->ink);
    }
}

/* The shown run's cell. */
static void draw_shown(const Content *content, Rect plot, cairo_t *cairo, const Style *style) {
    int column, row;
    if (!plane_find(&content->plane, content->plane.shown / content->plane.map->restarts, &column,
                    &row))
        return;
    Rect cell = cell_of(content, plot, column, row);
    double grow = fmax(0, 4 - fmin(cell.width, cell.height) / 2) + 1;
    cairo_set_line_join(cairo, CAIRO_LINE_JOIN_MITER);
    for (int k = 0; k < 2; k++) {
        cairo_rectangle(cairo, cell.x - grow, cell.y - grow, cell.width + 2 * grow,
                        cell.height + 2 * grow);
        cairo_set_line_width(cairo, k ? 1.6 * style->line : 4 * style->line);
        canvas_set_color(cairo, k ? style->ink : style->background);
        cairo_stroke(cairo);
    }
}

static const char *title_of(const SceneInput *input, const Plane *plane) {
    switch (diagram_map(input, plane)) {
    case DIAGRAM_OPTIMUM:
        return diagram_theory(plane)->optima
                   ? "the exact optimum: the least expected loss over <i>W</i> and <i>b</i>"
                   : "the exact optimum is looked for …";
    case DIAGRAM_IDEAL:
        return "the idealised theory: weights are 0 or ±1";
    default:
        return sweep_title(input);
    }
}

/* The title, beside it which boundary is which where there is room, and the scales below. */
static void draw_head(const SceneInput *input, const Content *content, cairo_t *cairo, Rect rect,
                      const Style *style) {
    double right = rect.x + rect.width, y = rect.y + 12, legend = 0;
    double title = label_draw(cairo, style, (Label){TEXT_BODY, ALIGN_LEFT, rect.width}, style->ink,
                              rect.x, y, title_of(input, &content->plane));
    for (int i = 0; i < content->n_entries; i++)
        legend += legend_entry_width(style, &content->entries[i]);
    if (title + 40 + legend <= rect.width)
        legend_draw(cairo, style, content->entries, content->n_entries, right - legend, y, 1e6);
    for (int k = 0; k < content->n_scales; k++)
        right -= color_scale_draw(cairo, style, &content->scales[k], right,
                                  rect.y + head + scale_row - 8) +
                 32;
}

static void draw(const SceneInput *input, cairo_t *cairo, Rect rect, const Style *style) {
    Plane plane = plane_of(input);
    if (plane.axes[1] < 0) {
        label_draw(cairo, style, (Label){TEXT_BODY, ALIGN_LEFT, rect.width}, style->ink, rect.x,
                   rect.y + 12, sweep_title(input));
        Rect below = {rect.x, rect.y + head, rect.width, rect.height - head};
        loss_curve_draw(input, &plane, cairo, below, style);
        return;
    }
    const Content *content = lay_out(input, rect, style);
    draw_head(input, content, cairo, rect, style);
    phase_panel_draw(cairo, content->rect, &content->panel, style);
    Rect plot = axes_plot(style, &content->panel.axes, content->rect);
    cairo_save(cairo);
    if (diagram_map(input, &plane) == DIAGRAM_TRAINED)
        draw_states(content, plot, cairo, style);
    draw_shown(content, plot, cairo, style);
    cairo_restore(cairo);
}

static bool pick(const SceneInput *input, Rect rect, const Style *style, double x, double y,
                 Pick *pick) {
    Plane plane = plane_of(input);
    if (plane.axes[1] < 0) {
        Rect below = {rect.x, rect.y + head, rect.width, rect.height - head};
        return loss_curve_pick(input, &plane, below, style, x, y, pick);
    }
    const Content *content = lay_out(input, rect, style);
    Rect plot = axes_plot(style, &content->panel.axes, content->rect);
    double right = (x - plot.x) / plot.width, down = (y - plot.y) / plot.height;
    if (!(right >= 0 && right < 1 && down >= 0 && down < 1))
        return false;
    int column = (int)(right * plane.sizes[0]),
        row = plane.sizes[1] - 1 - (int)(down * plane.sizes[1]);
    int64_t point = plane_point(&plane, column, row);
    pick->run = plane_run(&plane, point);
    pick_say(pick, arena_print(input->arena, "%s%s", sweep_run_text(input, &plane, pick->run),
                               diagram_text(input, &plane, point)));
    return true;
}

/* Of a phase diagram that theory knows. */
static const SceneOption *options(const SceneInput *input, int *n) {
    static const char *const words[] = {"trained", "exact optimum", "idealised", NULL};
    static const SceneOption option = {"map", words, offsetof(SceneState, map)};
    *n = 0;
    if (input->sweep && input->sweep->theory) {
        Plane plane = plane_of(input);
        *n = diagram_theory(&plane) != NULL;
    }
    return &option;
}

extern const SceneKind scene_phase;
const SceneKind scene_phase = {
    .kind = {.name = "phase",
             .summary = "a sweep's map, which fills in as its runs finish",
             .source = "Elhage et al. 2022, Superposition as a phase change"},
    .shows_all = true,
    .refuses = refuses,
    .draw = draw,
    .pick = pick,
    .options = options,
};
