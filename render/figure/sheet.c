/* Widths of cells first, then columns, then heights. */
#include "render/figure/sheet.h"

#include <math.h>

static const double gap_x = 26, gap_y = 24, heading_height = 19, line_height = 16, row_height = 27,
                    widest = 1400, /* a large slide */
    most_spread = 1.4;

/* The sheet with its measures. */
typedef struct Grid {
    Sheet sheet;
    bool has_rows;           /* each with a heading of its own */
    int n_columns, n_lines;  /* lines under a heading */
    double pitch_x, pitch_y; /* from cell to cell */
} Grid;

int sheet_columns(int n_cells, int row, double width, double height) {
    const double wanted = 1.9; /* a slide, less its title */
    int step = row > 1 && row * width <= widest ? row : 1, best = step;
    double least = HUGE_VAL;
    for (int columns = step; columns <= n_cells && (columns == step || columns * width <= widest);
         columns += step) {
        int n_rows = (n_cells + columns - 1) / columns, n_empty = n_rows * columns - n_cells;
        double cost = fabs(log(columns * width / (n_rows * height) / wanted)) +
                      1.8 * n_empty / (n_rows * columns);
        if (cost < least - 1e-9) {
            least = cost;
            best = columns;
        }
    }
    return best;
}

static const char *heading_of(const Caption *caption, bool has_rows) {
    return has_rows ? caption->cell : caption->heading;
}

static void draw_cell(const Grid *grid, int cell, cairo_t *cairo, double left, double top,
                      const Style *style) {
    const Sheet *sheet = &grid->sheet;
    const Caption *caption = &sheet->captions[cell];
    int row = cell / grid->n_columns, column = cell % grid->n_columns;
    double spare = grid->pitch_x - gap_x - sheet->cell_width;
    double head = sheet->is_headed ? grid->pitch_y - gap_y - sheet->cell_height -
                                         (grid->has_rows ? row_height : 0)
                                   : 0;
    Rect rect = {left + sheet->beside + grid->pitch_x * column + spare / 2 * (int)sheet->align,
                 top + grid->pitch_y * row + head, sheet->cell_width, sheet->cell_height};
    sheet->draw_cell(sheet->content, cell, cairo, rect, style);
    double x = rect.x - sheet->beside + rect.width / 2 * (int)sheet->align,
           y = sheet->beside > 0  ? rect.y + heading_height - 6
               : sheet->is_headed ? rect.y - head + heading_height - 6
                                  : rect.y + rect.height + heading_height;
    double room = sheet->beside > 0 ? sheet->beside - 8 : grid->pitch_x - 8;
    const char *heading = heading_of(caption, grid->has_rows);
    if (heading)
        label_draw(cairo, style, (Label){TEXT_HEADING, sheet->align, room}, style->ink, x, y,
                   heading);
    for (int i = 0; i < SHEET_LINES; i++)
        if (caption->lines[i])
            label_draw(cairo, style, (Label){TEXT_SMALL, sheet->align, room}, style->muted, x,
                       y += line_height, caption->lines[i]);
}

static double grid_width(const Grid *grid) {
    return grid->n_columns * grid->pitch_x - gap_x;
}

/* On a page that is wider than the cells need, columns that begin at the left share what is over,
 * as long as they still look like neighbours. */
static void spread(Grid *grid, double width) {
    double wider = (width + gap_x) / grid->n_columns;
    if (grid->sheet.align == ALIGN_LEFT && wider <= most_spread * grid->pitch_x)
        grid->pitch_x = wider;
}

static void draw_body(const void *content, cairo_t *cairo, Rect body, const Style *style) {
    Grid grid = *(const Grid *)content;
    spread(&grid, body.width);
    double left = body.x + (body.width - grid_width(&grid)) / 2 *
                               (grid.sheet.align == ALIGN_LEFT && grid.n_columns > 1 ? 0 : 1);
    double top = body.y + (grid.has_rows ? row_height : 0);
    for (int cell = 0; cell < grid.sheet.n_cells; cell++) {
        int row = cell / grid.n_columns;
        if (grid.has_rows && cell % grid.n_columns == 0)
            label_draw(cairo, style, (Label){TEXT_HEADING, ALIGN_LEFT, grid_width(&grid)},
                       style->ink, left, top + grid.pitch_y * row - 13,
                       grid.sheet.captions[cell].row);
        draw_cell(&grid, cell, cairo, left, top, style);
    }
}

/* The room that a cell needs with its caption, up to a limit: longer ones end in an ellipsis. */
static double cell_room(const Sheet *sheet, bool has_rows, const Style *style) {
    double room = 0;
    if (sheet->beside > 0)
        return sheet->beside + sheet->cell_width;
    for (int cell = 0; cell < sheet->n_cells; cell++) {
        const Caption *caption = &sheet->captions[cell];
        const char *heading = heading_of(caption, has_rows);
        if (heading)
            room = fmax(room, label_width(style, (Label){TEXT_HEADING, ALIGN_LEFT, 0}, heading));
        for (int i = 0; i < SHEET_LINES; i++)
            if (caption->lines[i])
                room = fmax(room, label_width(style, (Label){TEXT_SMALL, ALIGN_LEFT, 0},
                                              caption->lines[i]));
    }
    return fmax(sheet->cell_width, fmin(ceil(room), 2 * sheet->cell_width));
}

/* Whether rows have headings: the cells say what they share, and a whole row has room. */
static bool can_have_rows(const Sheet *sheet, const Style *style) {
    bool is_told = sheet->row > 1 && (!sheet->n_columns || sheet->n_columns == sheet->row);
    for (int cell = 0; is_told && cell < sheet->n_cells; cell++)
        is_told = sheet->captions[cell].row && sheet->captions[cell].cell;
    return is_told && sheet->row * (cell_room(sheet, true, style) + gap_x) <= widest;
}

static int columns_of(const Grid *grid) {
    const Sheet *sheet = &grid->sheet;
    int n = grid->has_rows ? sheet->row
            : sheet->n_columns
                ? sheet->n_columns
                : sheet_columns(sheet->n_cells, sheet->row, grid->pitch_x, grid->pitch_y);
    return n < sheet->n_cells ? n : sheet->n_cells;
}

/* Fills in the measures. */
static void lay_out(Grid *grid, const Style *style) {
    const Sheet *sheet = &grid->sheet;
    bool has_heading = false;
    grid->has_rows = can_have_rows(sheet, style);
    for (int cell = 0; cell < sheet->n_cells; cell++) {
        const Caption *caption = &sheet->captions[cell];
        has_heading = has_heading || heading_of(caption, grid->has_rows);
        for (int i = 0; i < SHEET_LINES; i++)
            if (caption->lines[i] && grid->n_lines < i + 1)
                grid->n_lines = i + 1;
    }
    grid->pitch_x = cell_room(sheet, grid->has_rows, style) + gap_x;
    double caption =
        (has_heading || grid->n_lines ? heading_height : 0) + grid->n_lines * line_height;
    grid->pitch_y =
        (sheet->beside > 0 ? fmax(sheet->cell_height, caption) : sheet->cell_height + caption) +
        gap_y + (grid->has_rows ? row_height : 0);
    grid->n_columns = columns_of(grid);
}

bool sheet_compose(const Sheet *sheet, const FigureInput *input, Picture *picture, Error *error) {
    Grid *grid = ARENA_NEW(input->arena, Grid, 1);
    grid->sheet = *sheet;
    lay_out(grid, input->style);
    int n_rows = (sheet->n_cells + grid->n_columns - 1) / grid->n_columns;
    Page page = sheet->page;
    page.width = grid_width(grid);
    page.height = n_rows * grid->pitch_y - gap_y;
    page.content = grid;
    page.draw_body = draw_body;
    return page_compose(&page, input, picture, error);
}
