/* Many runs of a sweep side by side, each as the scene that suits it draws it in a small rectangle.
 * Over two axes they stand in rows and columns, with the values beside these; else in reading
 * order, each under its name. */
#include "render/draw/label.h"
#include "render/draw/mark.h"
#include "render/scene/loss_curve.h"
#include "render/scene/run_names.h"

#include <math.h>
#include <string.h>

enum { MOST_CELLS = 64 };
static const double head = 26, caption = 18, gap = 10, least_head = 40, least_sign = 44,
                    least_caption = 70;

typedef struct Cell {
    int column, row; /* from the top left */
    Rect rect;       /* of all of it */
    const char *name;
} Cell;

typedef struct Grid {
    int n, n_columns, n_rows;
    Cell cells[MOST_CELLS]; /* of input->all */
    bool has_captions;      /* in each cell; else beside columns and rows */
    bool is_short;          /* captions are values alone */
    bool are_alike;         /* in one state: the title says it, and no cell has to */
    const char *said;       /* what values stand for; NULL: captions say it */
    const char *column_names[MOST_CELLS], *row_names[MOST_CELLS];
    Rect body;
} Grid;

static const char *refuses(const SceneInput *input) {
    return input->n_all < 2 ? "a grid compares runs: there is only one" : NULL;
}

/* ---- rows and columns of two axes ---- */

/* Places without a run leave no gap: numbers those that have one, in order; returns how many. */
static int number_places(int *places, int n_cells, int *first_cell) {
    int n = 0;
    for (int place = 0, left = n_cells; left > 0; place++) {
        bool is_used = false;
        for (int i = 0; i < n_cells; i++)
            if (places[i] == place) {
                if (!is_used)
                    first_cell[n] = i;
                places[i] = -1 - n; /* done */
                is_used = true;
                left--;
            }
        n += is_used;
    }
    for (int i = 0; i < n_cells; i++)
        places[i] = -1 - places[i];
    return n;
}

/* The values of an axis at the first cell of each place, of two digits where there is no room for
 * more. */
static void name_places(const SceneInput *input, int axis, const int *first, int n, double room,
                        const char **names) {
    const Label label = {TEXT_SMALL, ALIGN_LEFT, 0};
    double widest = HUGE_VAL;
    for (int digits = 0; digits <= 2 && widest > room; digits += 2) {
        widest = 0;
        for (int i = 0; i < n; i++) {
            names[i] = run_value(input, axis, first[i], digits);
            widest = fmax(widest, label_width(style_of(THEME_LIGHT), label, names[i]) + 8);
        }
    }
}

/* False where the sweep has no two axes, or two runs stand in one place. */
static bool find_matrix(const SceneInput *input, Grid *grid, Rect rect) {
    int columns[MOST_CELLS], rows[MOST_CELLS], first[2][MOST_CELLS];
    if (!input->sweep || !input->numbers || input->sweep->n_axes < 2)
        return false;
    Plane plane = plane_of(input);
    if (plane.axes[1] < 0)
        return false;
    if ((plane.sizes[0] < plane.sizes[1]) == (rect.width > rect.height))
        plane = plane_turned(&plane); /* the longer axis along the longer side */
    for (int i = 0; i < grid->n; i++) {
        if (!plane_find(&plane, run_point(input, i), &columns[i], &rows[i]))
            return false;
        rows[i] = plane.sizes[1] - 1 - rows[i];
        for (int k = 0; k < i; k++)
            if (columns[k] == columns[i] && rows[k] == rows[i])
                return false;
    }
    grid->n_columns = number_places(columns, grid->n, first[0]);
    grid->n_rows = number_places(rows, grid->n, first[1]);
    if (grid->n_columns < 2 || grid->n_rows < 2 || grid->n_columns * grid->n_rows > 2 * grid->n)
        return false;
    for (int i = 0; i < grid->n; i++) {
        grid->cells[i].column = columns[i];
        grid->cells[i].row = rows[i];
    }
    name_places(input, plane.axes[0], first[0], grid->n_columns, rect.width / grid->n_columns,
                grid->column_names);
    name_places(input, plane.axes[1], first[1], grid->n_rows, rect.width / 4, grid->row_names);
    grid->said =
        arena_print(input->arena, "columns: %s, rows: %s", plane.map->axes[plane.axes[0]].label,
                    plane.map->axes[plane.axes[1]].label);
    return true;
}

/* ---- reading order ---- */

static bool captions_fit(const Grid *grid, double room) {
    const Label label = {TEXT_SMALL, ALIGN_LEFT, 0};
    for (int i = 0; i < grid->n; i++)
        if (label_width(style_of(THEME_LIGHT), label, grid->cells[i].name) > room)
            return false;
    return true;
}

/* As much as there is room for: names and values, values, values of two digits. */
static void add_captions(const SceneInput *input, Grid *grid, double room) {
    static const struct {
        bool is_short;
        int digits;
    } ways[] = {{false, 0}, {true, 0}, {true, 2}};
    bool has_map = input->sweep && input->numbers;
    for (int way = 0; way < 3; way++) {
        for (int i = 0; i < grid->n; i++)
            grid->cells[i].name =
                has_map ? run_caption(input, grid->n, i, ways[way].is_short, ways[way].digits)
                        : history_name(input->all[i]);
        grid->is_short = ways[way].is_short && has_map;
        if (!has_map || captions_fit(grid, room))
            break;
    }
    if (grid->is_short)
        grid->said = run_axes(input, grid->n);
}

/* As many columns as give the largest squares. */
static void find_order(const SceneInput *input, Grid *grid, Rect rect) {
    double largest = 0;
    for (int columns = 1; columns <= grid->n; columns++) {
        int rows = (grid->n + columns - 1) / columns;
        double side = fmin(rect.width / columns - gap, rect.height / rows - gap - caption);
        if (side > largest) {
            largest = side;
            grid->n_columns = columns;
            grid->n_rows = rows;
        }
    }
    grid->n_columns = grid->n_columns ? grid->n_columns : grid->n;
    grid->n_rows = (grid->n + grid->n_columns - 1) / grid->n_columns;
    for (int i = 0; i < grid->n; i++) {
        grid->cells[i].column = i % grid->n_columns;
        grid->cells[i].row = i / grid->n_columns;
    }
    grid->has_captions = rect.height / grid->n_rows >= least_caption;
    if (grid->has_captions)
        add_captions(input, grid, rect.width / grid->n_columns - gap - (grid->are_alike ? 12 : 30));
}

/* The room that the rows' values need. */
static double row_head(const Grid *grid) {
    double widest = least_head;
    for (int r = 0; r < grid->n_rows; r++)
        widest = fmax(widest, label_width(style_of(THEME_LIGHT), (Label){TEXT_SMALL, ALIGN_LEFT, 0},
                                          grid->row_names[r]) +
                                  14);
    return widest;
}

static Grid *lay_out(const SceneInput *input, Rect rect) {
    Grid *grid = ARENA_NEW(input->arena, Grid, 1);
    grid->n = input->n_all < MOST_CELLS ? input->n_all : MOST_CELLS;
    grid->body = (Rect){rect.x, rect.y + head, rect.width, rect.height - head};
    grid->are_alike = true;
    for (int i = 1; i < grid->n; i++)
        grid->are_alike &= history_state(input->all[i]) == history_state(input->all[0]);
    if (find_matrix(input, grid, grid->body)) {
        double left = fmin(row_head(grid), rect.width / 4);
        grid->body.x += left;
        grid->body.width -= left;
        grid->body.y += caption;
        grid->body.height -= caption;
        grid->body.height = /* no cell is higher than wide: no picture is */
            fmin(grid->body.height, grid->body.width * grid->n_rows / grid->n_columns);
    } else {
        find_order(input, grid, grid->body);
    }
    double width = grid->body.width / grid->n_columns, height = grid->body.height / grid->n_rows;
    double between = fmin(gap, fmin(width, height) / 8);
    for (int i = 0; i < grid->n; i++) {
        Cell *cell = &grid->cells[i];
        cell->rect = (Rect){grid->body.x + width * cell->column + between / 2,
                            grid->body.y + height * cell->row + between / 2, width - between,
                            height - between};
    }
    return grid;
}

/* ---- drawing ---- */

/* What a run is drawn as: geometry up to three hidden dimensions, else its products. */
static const SceneKind *scene_of(const SceneInput *input) {
    static const char *const names[] = {"geometry", "gram"};
    int first = history_model(input->history, input->moment)->n_hidden > 3;
    for (int k = 0; k < 2; k++) {
        const Kind *kind = kind_find(&scene_table, names[(first + k) % 2]);
        const SceneKind *scene = (const SceneKind *)(const void *)kind;
        if (scene && !scene->refuses(input))
            return scene;
    }
    return NULL;
}

/* The same for a run of the grid: at the step that all stand at, or its own last one. */
static SceneInput cell_input(const SceneInput *input, int i, SceneState *state) {
    SceneInput of = *input;
    *state = *input->state;
    state->has_overlays = false;
    of.history = input->all[i];
    of.moment = history_moment_at(of.history, input->step);
    of.state = state;
    return of;
}

/* A tick, a ring or a cross at the right end of the caption; nothing where a run waits. */
static void draw_state(cairo_t *cairo, const Style *style, RunState state, double x, double y) {
    Color color = state == STATE_DONE     ? style->held
                  : state == STATE_FAILED ? style->broken
                                          : style->muted;
    if (state == STATE_DONE) {
        canvas_set_color(cairo, color);
        cairo_set_line_width(cairo, 1.4 * style->line);
        cairo_move_to(cairo, x - 4, y);
        cairo_line_to(cairo, x - 1, y + 3);
        cairo_line_to(cairo, x + 5, y - 4);
        cairo_stroke(cairo);
    } else if (state == STATE_TRAINING || state == STATE_FAILED) {
        Mark mark = state == STATE_TRAINING ? MARK_RING : MARK_CROSS;
        mark_path(cairo, mark, x, y, 8);
        mark_paint(cairo, style, mark, color);
    }
}

static void draw_picture(const SceneInput *input, int i, Rect rect, cairo_t *cairo,
                         const Style *style) {
    SceneState state;
    SceneInput of = cell_input(input, i, &state);
    const SceneKind *scene = of.moment < 0 ? NULL : scene_of(&of);
    if (scene) {
        scene->draw(&of, cairo, rect, style);
        input->state->camera = state.camera; /* which the user may turn */
    } else {
        label_draw(cairo, style, (Label){TEXT_SMALL, ALIGN_CENTER, rect.width}, style->muted,
                   rect.x + rect.width / 2, rect.y + rect.height / 2,
                   run_state_word(history_state(of.history)));
    }
}

static void draw_cell(const SceneInput *input, const Grid *grid, int i, cairo_t *cairo,
                      const Style *style) {
    const Cell *cell = &grid->cells[i];
    Rect rect = cell->rect;
    bool is_shown = input->all[i] == input->history;
    canvas_set_color(cairo, is_shown ? style->ink : style->faint);
    cairo_set_line_width(cairo, is_shown ? 1.6 * style->line : style->hairline);
    cairo_rectangle(cairo, rect.x, rect.y, rect.width, rect.height);
    cairo_stroke(cairo);
    if (grid->has_captions) {
        label_draw(cairo, style,
                   (Label){TEXT_SMALL, ALIGN_LEFT, rect.width - (grid->are_alike ? 8 : 24)},
                   style->muted, rect.x + 6, rect.y + 14, cell->name);
        rect.y += caption;
        rect.height -= caption;
    }
    Rect inner = {rect.x + 3, rect.y + 3, rect.width - 6, rect.height - 6};
    cairo_save(cairo);
    cairo_rectangle(cairo, inner.x, inner.y, inner.width, inner.height);
    cairo_clip(cairo);
    draw_picture(input, i, inner, cairo, style);
    cairo_restore(cairo);
    if (!grid->are_alike && cell->rect.width >= least_sign && cell->rect.height >= least_sign)
        draw_state(cairo, style, history_state(input->all[i]), cell->rect.x + cell->rect.width - 10,
                   cell->rect.y + 10);
}

static void draw_heads(const Grid *grid, double left, cairo_t *cairo, const Style *style) {
    double width = grid->body.width / grid->n_columns, height = grid->body.height / grid->n_rows;
    for (int c = 0; c < grid->n_columns && grid->column_names[c]; c++)
        label_draw(cairo, style, (Label){TEXT_SMALL, ALIGN_CENTER, width - 4}, style->muted,
                   grid->body.x + width * (c + 0.5), grid->body.y - 5, grid->column_names[c]);
    for (int r = 0; r < grid->n_rows && grid->row_names[r]; r++)
        label_draw(cairo, style, (Label){TEXT_SMALL, ALIGN_RIGHT, grid->body.x - left - 8},
                   style->muted, grid->body.x - 8, grid->body.y + height * (r + 0.5) + 4,
                   grid->row_names[r]);
}

static const char *title_of(const SceneInput *input, const Grid *grid) {
    int n[STATE_INTERRUPTED + 1] = {0};
    for (int i = 0; i < grid->n; i++)
        n[history_state(input->all[i])]++;
    const char *title = arena_print(input->arena, "%d runs", grid->n);
    if (input->sweep && sweep_n_runs(input->sweep) > grid->n)
        title =
            arena_print(input->arena, "%s of %lld", title, (long long)sweep_n_runs(input->sweep));
    bool is_over = input->sweep && input->sweep->n_done == sweep_n_runs(input->sweep) &&
                   n[STATE_DONE] == grid->n;
    if (is_over)
        title = arena_print(input->arena, "%s, all done", title);
    for (int state = STATE_TRAINING; state <= STATE_FAILED && !is_over; state++)
        if (n[state])
            title = arena_print(input->arena, "%s, %d %s", title, n[state],
                                run_state_word((RunState)state));
    if (!is_over && input->sweep && input->sweep->n_done > n[STATE_DONE])
        title = arena_print(input->arena, "%s, %lld of all done", title,
                            (long long)input->sweep->n_done);
    if (grid->said)
        title = arena_print(input->arena, "%s;  %s", title, grid->said);
    return title;
}

static void draw(const SceneInput *input, cairo_t *cairo, Rect rect, const Style *style) {
    const Grid *grid = lay_out(input, rect);
    label_draw(cairo, style, (Label){TEXT_BODY, ALIGN_LEFT, rect.width}, style->ink, rect.x,
               rect.y + 12, title_of(input, grid));
    draw_heads(grid, rect.x, cairo, style);
    for (int i = 0; i < grid->n; i++)
        draw_cell(input, grid, i, cairo, style);
}

/* ---- pointing ---- */

static bool pick(const SceneInput *input, Rect rect, const Style *style, double x, double y,
                 Pick *pick) {
    const Grid *grid = lay_out(input, rect);
    (void)style; /* the layout does not depend on it */
    for (int i = 0; i < grid->n; i++) {
        const Rect *cell = &grid->cells[i].rect;
        if (x < cell->x || x >= cell->x + cell->width || y < cell->y || y >= cell->y + cell->height)
            continue;
        pick->run = input->numbers ? input->numbers[i] : i;
        Plane plane = {.map = input->sweep};
        const char *text = input->sweep && input->numbers
                               ? sweep_run_text(input, &plane, pick->run)
                               : arena_print(input->arena, "%s: %s", history_name(input->all[i]),
                                             run_state_word(history_state(input->all[i])));
        int n;
        const Moment *moments = history_moments(input->all[i], &n);
        if (n)
            text = arena_print(input->arena, "%s, step %lld", text, (long long)moments[n - 1].step);
        pick_say(pick, text);
        return true;
    }
    return false;
}

/* Of the first run that is drawn: all are of one kind. */
static bool turns(const SceneInput *input) {
    SceneState state;
    for (int i = 0; i < input->n_all && i < MOST_CELLS; i++) {
        SceneInput of = cell_input(input, i, &state);
        const SceneKind *scene = of.moment < 0 ? NULL : scene_of(&of);
        if (scene)
            return scene->turns && scene->turns(&of);
    }
    return false;
}

static bool moves(const SceneInput *input) {
    return turns(input) && !input->state->is_held;
}

extern const SceneKind scene_grid;
const SceneKind scene_grid = {
    .kind = {.name = "grid", .summary = "many runs of a sweep side by side"},
    .shows_all = true,
    .refuses = refuses,
    .draw = draw,
    .pick = pick,
    .turns = turns,
    .moves = moves,
};
