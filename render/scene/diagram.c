#include "render/scene/diagram.h"

#include "render/draw/label.h"

#include <math.h>
#include <string.h>

enum { N_LINES = 3 };

bool diagram_suits(const Plane *plane) {
    const SweepMap *map = plane->map;
    static const char *const keys[] = {"task.importance", "data.feature_probability"};
    for (int which = 0; which < 2; which++)
        if (plane->axes[which] < 0 ||
            strncmp(map->axes[plane->axes[which]].key, keys[which], strlen(keys[which])) != 0)
            return false;
    bool is_known = false;
    for (int64_t run = 0; run < sweep_n_runs(map) && !is_known; run++)
        is_known = !isnan(map->runs[run].last_norm) && !isnan(map->runs[run].interference);
    return is_known || map->n_done == 0;
}

const SweepTheory *diagram_theory(const Plane *plane) {
    const SweepTheory *theory = plane->map->theory;
    return theory && theory->axes[0] == plane->axes[0] && theory->axes[1] == plane->axes[1] ? theory
                                                                                            : NULL;
}

DiagramMap diagram_map(const SceneInput *input, const Plane *plane) {
    return diagram_theory(plane) ? (DiagramMap)input->state->map : DIAGRAM_TRAINED;
}

/* ---- cells ---- */

/* The last feature. */
typedef struct Last {
    double norm, interference;
    PhaseClass class;
} Last;

static const PhaseOptimum *optimum_of(const Plane *plane, int64_t point) {
    const SweepTheory *theory = diagram_theory(plane);
    if (!theory || !theory->optima)
        return NULL;
    int column = sweep_index(plane->map, point, theory->axes[0]);
    int row = sweep_index(plane->map, point, theory->axes[1]);
    return &theory->optima[(size_t)row * plane->map->axes[theory->axes[0]].n + column];
}

static PhaseIdeal ideal_of(const Plane *plane, int64_t point) {
    const SweepTheory *theory = diagram_theory(plane);
    int column = sweep_index(plane->map, point, theory->axes[0]);
    int row = sweep_index(plane->map, point, theory->axes[1]);
    return phase_ideal(theory->n_features, theory->density[row], theory->importance[column]);
}

/* Idealised features have a norm and an interference of 0 or 1. */
static Last last_of(const Plane *plane, DiagramMap map, int64_t point) {
    const PhaseOptimum *optimum = optimum_of(plane, point);
    if (map == DIAGRAM_IDEAL) {
        PhaseClass class = ideal_of(plane, point).class;
        return (Last){class != PHASE_NOT_REPRESENTED, class == PHASE_SUPERPOSITION, class};
    }
    if (map == DIAGRAM_OPTIMUM)
        return optimum ? (Last){optimum->norm, optimum->interference, optimum->class}
                       : (Last){(double)NAN, (double)NAN, N_PHASE_CLASSES};
    const SweepRun *run = &plane->map->runs[plane_run(plane, point)];
    return (Last){run->last_norm, run->interference,
                  phase_class_of(run->last_norm, run->interference)};
}

void diagram_fill(const SceneInput *input, const Plane *plane, PhasePanel *panel) {
    int columns = plane->sizes[0], rows = plane->sizes[1], n = columns * rows;
    double *norm = ARENA_NEW(input->arena, double, n);
    double *interference = ARENA_NEW(input->arena, double, n);
    int *region = ARENA_NEW(input->arena, int, n);
    DiagramMap map = diagram_map(input, plane);
    for (int i = 0; i < n; i++) {
        Last last = last_of(plane, map, plane_point(plane, i % columns, rows - 1 - i / columns));
        norm[i] = last.norm;
        interference[i] = last.interference;
        region[i] = isnan(norm[i]) || isnan(interference[i]) ? -1 : (int)last.class;
    }
    panel->n_rows = rows;
    panel->n_columns = columns;
    panel->norm = norm;
    panel->interference = interference;
    panel->region = region;
}

/* ---- names and boundaries ---- */

/* The paper's words, on two lines where they are two. */
static void add_names(Arena *arena, PhasePanel *panel) {
    const char **names = ARENA_NEW(arena, const char *, N_PHASE_CLASSES);
    for (int k = 0; k < N_PHASE_CLASSES; k++) {
        char *name = arena_copy(arena, phase_class_name((PhaseClass)k)), *at;
        if ((at = strchr(name, ' ')))
            *at = '\n';
        names[k] = name;
    }
    panel->names = names;
    panel->n_regions = N_PHASE_CLASSES;
}

/* The boundaries of the idealised theory, which knows values: to where these are on the axes. */
static void add_ideal(const SceneInput *input, const Plane *plane, const Axes *axes,
                      PhaseLine lines[2]) {
    const SweepTheory *theory = diagram_theory(plane);
    Axes values = {.x = {.form = AXIS_LOG,
                         .from = plane_number(plane, 0, theory->importance, axes->x.from),
                         .to = plane_number(plane, 0, theory->importance, axes->x.to)},
                   .y = {.form = AXIS_LOG,
                         .from = plane_number(plane, 1, theory->density, axes->y.from),
                         .to = plane_number(plane, 1, theory->density, axes->y.to)}};
    phase_panel_boundary(&values, theory->n_features, phase_boundary, lines, input->arena);
    for (int l = 0; l < 2; l++) {
        double *x = ARENA_NEW(input->arena, double, lines[l].n);
        double *y = ARENA_NEW(input->arena, double, lines[l].n);
        for (int i = 0; i < lines[l].n; i++) {
            x[i] = plane_coordinate(plane, 0, theory->importance, lines[l].x[i]);
            y[i] = plane_coordinate(plane, 1, theory->density, lines[l].y[i]);
        }
        lines[l].x = x;
        lines[l].y = y;
    }
}

/* A side of a cell, from one corner to the other, and a gap. */
static void add_side(const Axes *axes, const Plane *plane, int column, int row, bool is_upright,
                     double *x, double *y, int *n) {
    for (int end = 0; end < 2; end++) {
        double right = (double)(column + (is_upright ? 0 : end)) / plane->sizes[0];
        double up = (double)(row + (is_upright ? end : 0)) / plane->sizes[1];
        x[*n] = axis_value(&axes->x, right);
        y[(*n)++] = axis_value(&axes->y, up);
    }
    x[*n] = y[*n] = (double)NAN;
    ++*n;
}

/* Between cells whose optima are of different classes: where between their values the class
 * changes is not known. */
static PhaseLine exact_line(const SceneInput *input, const Plane *plane, const Axes *axes) {
    int columns = plane->sizes[0], rows = plane->sizes[1], n = 0;
    double *x = ARENA_NEW(input->arena, double, 6 * (size_t)columns * rows);
    double *y = ARENA_NEW(input->arena, double, 6 * (size_t)columns * rows);
    for (int row = 0; row < rows; row++)
        for (int column = 0; column < columns; column++) {
            PhaseClass here = optimum_of(plane, plane_point(plane, column, row))->class;
            if (column > 0 && optimum_of(plane, plane_point(plane, column - 1, row))->class != here)
                add_side(axes, plane, column, row, true, x, y, &n);
            if (row > 0 && optimum_of(plane, plane_point(plane, column, row - 1))->class != here)
                add_side(axes, plane, column, row, false, x, y, &n);
        }
    return (PhaseLine){.n = n, .x = x, .y = y, .is_solid = true};
}

int diagram_add_overlay(const SceneInput *input, const Plane *plane, const Style *style,
                        PhasePanel *panel, LegendEntry entries[2]) {
    const SweepTheory *theory = diagram_theory(plane);
    int n = 0;
    add_names(input->arena, panel);
    if (!theory)
        return 0;
    PhaseLine *lines = ARENA_NEW(input->arena, PhaseLine, N_LINES);
    add_ideal(input, plane, &panel->axes, lines);
    panel->lines = lines;
    panel->n_lines = 2;
    entries[n++] = (LegendEntry){
        .name = "idealised theory", .color = style->ink, .has_line = true, .is_dashed = true};
    if (!theory->optima)
        return n;
    lines[panel->n_lines++] = exact_line(input, plane, &panel->axes);
    entries[n++] = (LegendEntry){.name = "exact optimum", .color = style->ink, .has_line = true};
    return n;
}

const char *diagram_text(const SceneInput *input, const Plane *plane, int64_t point) {
    const PhaseOptimum *optimum = optimum_of(plane, point);
    if (!diagram_theory(plane))
        return "";
    PhaseIdeal ideal = ideal_of(plane, point);
    const char *text =
        arena_print(input->arena, "\nidealised theory: %s, expected loss %s",
                    phase_class_name(ideal.class), label_number(input->arena, ideal.loss, 4));
    return optimum ? arena_print(input->arena, "\nexact optimum: %s, expected loss %s%s",
                                 phase_class_name(optimum->class),
                                 label_number(input->arena, optimum->loss, 4), text)
                   : text;
}
