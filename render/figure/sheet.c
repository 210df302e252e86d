/* From the top: title, how to read it, colour scales, cells, claims. Widths first, then heights. */
#include "render/figure/sheet.h"

#include <math.h>
#include <string.h>

enum { MAX_CLAIMS = 8 };
static const double min_width = 600, claims_width = 960, gap_x = 26, gap_y = 24,
                    heading_height = 19, line_height = 16, claim_height = 19, claim_indent = 74,
                    scale_gap = 36;

/* The sheet with everything that its layout needs. */
typedef struct Page {
    const Sheet *sheet;
    const char *title;    /* markup */
    const char *subtitle; /* markup: what is common to the cells, how to read one */
    const StoredClaim *claims;
    int n_claims, n_columns, n_lines; /* lines under a heading */
    double width, left, top;          /* of the page; of the first cell */
    double pitch_x, pitch_y, footer;  /* from cell to cell; top of the claims */
    double scales_y;                  /* baseline */
    Arena *arena;
} Page;

int sheet_columns(int n_cells, int row, double width, double height) {
    const double wanted = 1.9, widest = 1400; /* a slide, less its title */
    int step = row > 1 && row * width <= widest ? row : 1, best = step;
    double least = HUGE_VAL;
    for (int columns = step; columns <= n_cells && (columns == step || columns * width <= widest);
         columns += step) {
        int n_rows = (n_cells + columns - 1) / columns, n_empty = n_rows * columns - n_cells;
        double cost = fabs(log(columns * width / (n_rows * height) / wanted)) +
                      0.9 * n_empty / (n_rows * columns);
        if (cost < least - 1e-9) {
            least = cost;
            best = columns;
        }
    }
    return best;
}

static void draw_heading(const Page *page, cairo_t *cairo, const Style *style) {
    const Sheet *sheet = page->sheet;
    double inner = page->width - 2 * style->margin, x = page->width - style->margin;
    label_draw(cairo, style, (Label){TEXT_TITLE, ALIGN_LEFT, inner}, style->ink, style->margin,
               style->margin + 16, page->title);
    label_draw(cairo, style, (Label){TEXT_BODY, ALIGN_LEFT, inner}, style->muted, style->margin,
               style->margin + 40, page->subtitle);
    for (int i = sheet->n_scales - 1; i >= 0; i--)
        x -= color_scale_draw(cairo, style, &sheet->scales[i], x, page->scales_y) + scale_gap;
}

static void draw_cell(const Page *page, int cell, cairo_t *cairo, const Style *style) {
    const Sheet *sheet = page->sheet;
    const Caption *caption = &sheet->captions[cell];
    int row = cell / page->n_columns, column = cell % page->n_columns;
    double spare = page->pitch_x - gap_x - sheet->cell_width;
    Rect rect = {page->left + page->pitch_x * column + spare / 2 * (int)sheet->align,
                 page->top + page->pitch_y * row, sheet->cell_width, sheet->cell_height};
    sheet->draw_cell(sheet->content, cell, cairo, rect, style);
    double x = rect.x + rect.width / 2 * (int)sheet->align,
           y = rect.y + rect.height + heading_height;
    double room = page->pitch_x - 8;
    if (caption->heading)
        label_draw(cairo, style, (Label){TEXT_HEADING, sheet->align, room}, style->ink, x, y,
                   caption->heading);
    for (int i = 0; i < SHEET_LINES; i++)
        if (caption->lines[i])
            label_draw(cairo, style, (Label){TEXT_SMALL, sheet->align, room}, style->muted, x,
                       y += line_height, caption->lines[i]);
}

/* A tick in a disc, a cross in a diamond, an empty ring: shape says it before colour does. */
static void draw_mark(cairo_t *cairo, const Style *style, const char *state, double x, double y) {
    const double r = 5.5;
    bool is_held = strcmp(state, "held") == 0, is_broken = strcmp(state, "not held") == 0;
    cairo_save(cairo);
    cairo_translate(cairo, x, y);
    cairo_set_line_width(cairo, 1.4);
    canvas_set_color(cairo, is_held ? style->held : is_broken ? style->broken : style->muted);
    if (is_broken) {
        cairo_move_to(cairo, 0, -r * 1.2);
        cairo_line_to(cairo, r * 1.2, 0);
        cairo_line_to(cairo, 0, r * 1.2);
        cairo_line_to(cairo, -r * 1.2, 0);
        cairo_close_path(cairo);
        cairo_fill(cairo);
    } else {
        cairo_arc(cairo, 0, 0, is_held ? r : r - 0.7, 0, 2 * M_PI);
        is_held ? cairo_fill(cairo) : cairo_stroke(cairo);
    }
    canvas_set_color(cairo, style->background);
    if (is_held) {
        cairo_move_to(cairo, -2.6, 0.2);
        cairo_line_to(cairo, -0.7, 2.1);
        cairo_line_to(cairo, 2.7, -1.9);
    } else if (is_broken) {
        cairo_move_to(cairo, -1.9, -1.9);
        cairo_line_to(cairo, 1.9, 1.9);
        cairo_move_to(cairo, 1.9, -1.9);
        cairo_line_to(cairo, -1.9, 1.9);
    }
    cairo_stroke(cairo);
    cairo_restore(cairo);
}

/* What was found, and why it was to be expected that the claim does not hold. */
static const char *finding_markup(const StoredClaim *claim, Arena *arena) {
    const char *verb = strcmp(claim->state, "skipped") == 0 ? "" : "found ";
    const char *found =
        claim->found && *claim->found ? arena_print(arena, ": %s%s", verb, claim->found) : "";
    const char *known = claim->known ? arena_print(arena, " (%s)", claim->known) : "";
    return label_escape(arena, arena_print(arena, "%s%s", found, known));
}

/* Where a claim is too long for the page its text is cut, not what was found. */
static void draw_claim(const Page *page, const StoredClaim *claim, cairo_t *cairo, double y,
                       const Style *style) {
    const Label label = {TEXT_SMALL, ALIGN_LEFT, 0};
    double x = style->margin, room = page->width - 2 * style->margin - claim_indent;
    const char *finding = finding_markup(claim, page->arena);
    draw_mark(cairo, style, claim->state, x + 7, y - 4);
    label_draw(cairo, style, label, style->ink, x + 20, y, claim->state);
    x += claim_indent;
    double text_room = fmax(room - label_width(style, label, finding), room / 3);
    double used = label_draw(cairo, style, (Label){TEXT_SMALL, ALIGN_LEFT, text_room}, style->muted,
                             x, y, label_escape(page->arena, claim->text));
    label_draw(cairo, style, (Label){TEXT_SMALL, ALIGN_LEFT, room - used}, style->muted, x + used,
               y, finding);
}

static void draw_claims(const Page *page, cairo_t *cairo, const Style *style) {
    int n_shown = page->n_claims > MAX_CLAIMS ? MAX_CLAIMS - 1 : page->n_claims;
    double x = style->margin, y = page->footer, inner = page->width - 2 * style->margin;
    if (!page->n_claims)
        return;
    canvas_set_color(cairo, style->faint);
    cairo_set_line_width(cairo, style->hairline);
    cairo_move_to(cairo, x, y);
    cairo_line_to(cairo, x + inner, y);
    cairo_stroke(cairo);
    y += 5;
    for (int i = 0; i < n_shown; i++) {
        y += claim_height;
        draw_claim(page, &page->claims[i], cairo, y, style);
    }
    if (n_shown < page->n_claims)
        label_draw(cairo, style, (Label){TEXT_SMALL, ALIGN_LEFT, 0}, style->muted, x + 20,
                   y + claim_height,
                   arena_print(page->arena, "and %d more", page->n_claims - n_shown));
}

static void draw_page(const void *content, cairo_t *cairo, const Style *style) {
    const Page *page = content;
    draw_heading(page, cairo, style);
    for (int cell = 0; cell < page->sheet->n_cells; cell++)
        draw_cell(page, cell, cairo, style);
    draw_claims(page, cairo, style);
}

static double scales_width(const Sheet *sheet, const Style *style) {
    double width = 0;
    for (int i = 0; i < sheet->n_scales; i++)
        width += color_scale_width(style, &sheet->scales[i]) + (i ? scale_gap : 0);
    return width;
}

/* What the claims would like, up to a limit: beyond it they end in an ellipsis. */
static double claims_wish(const Page *page, const Style *style) {
    double width = 0;
    const Label label = {TEXT_SMALL, ALIGN_LEFT, 0};
    for (int i = 0; i < page->n_claims && i < MAX_CLAIMS; i++) {
        const StoredClaim *claim = &page->claims[i];
        double text = label_width(style, label, label_escape(page->arena, claim->text));
        double finding = label_width(style, label, finding_markup(claim, page->arena));
        width = fmax(width, claim_indent + text + finding + 2);
    }
    return fmin(width, claims_width);
}

/* The room that a cell needs with its caption, up to a limit: longer ones end in an ellipsis. */
static double cell_room(const Sheet *sheet, const Style *style) {
    double widest = 0;
    for (int cell = 0; cell < sheet->n_cells; cell++) {
        const Caption *caption = &sheet->captions[cell];
        if (caption->heading)
            widest = fmax(
                widest, label_width(style, (Label){TEXT_HEADING, ALIGN_LEFT, 0}, caption->heading));
        for (int i = 0; i < SHEET_LINES; i++)
            if (caption->lines[i])
                widest = fmax(widest, label_width(style, (Label){TEXT_SMALL, ALIGN_LEFT, 0},
                                                  caption->lines[i]));
    }
    return fmax(sheet->cell_width, fmin(ceil(widest), 2 * sheet->cell_width));
}

/* Fills in the page's measures and returns its height. */
static double lay_out(Page *page, const Style *style) {
    const Sheet *sheet = page->sheet;
    bool has_heading = false;
    for (int cell = 0; cell < sheet->n_cells; cell++) {
        const Caption *caption = &sheet->captions[cell];
        has_heading = has_heading || caption->heading;
        for (int i = 0; i < SHEET_LINES; i++)
            if (caption->lines[i] && page->n_lines < i + 1)
                page->n_lines = i + 1;
    }
    page->pitch_x = cell_room(sheet, style) + gap_x;
    page->pitch_y = sheet->cell_height + (has_heading || page->n_lines ? heading_height : 0) +
                    page->n_lines * line_height + gap_y;
    page->n_columns = sheet->n_columns
                          ? sheet->n_columns
                          : sheet_columns(sheet->n_cells, sheet->row, page->pitch_x, page->pitch_y);
    if (page->n_columns > sheet->n_cells)
        page->n_columns = sheet->n_cells;
    double grid = page->n_columns * page->pitch_x - gap_x, scales = scales_width(sheet, style);
    double subtitle = label_width(style, (Label){TEXT_BODY, ALIGN_LEFT, 0}, page->subtitle);
    double inner =
        fmax(fmax(fmax(grid, min_width), claims_wish(page, style)), fmax(scales, subtitle));
    int n_rows = (sheet->n_cells + page->n_columns - 1) / page->n_columns;
    bool is_one_line = subtitle + scale_gap + scales <= inner;
    page->width = ceil(inner + 2 * style->margin);
    page->left = (page->width - grid) / 2;
    page->scales_y = style->margin + (is_one_line || !sheet->n_scales ? 40 : 64);
    page->top = page->scales_y + 26;
    page->footer = page->top + n_rows * page->pitch_y - gap_y + 20;
    int n_claims = page->n_claims > MAX_CLAIMS ? MAX_CLAIMS : page->n_claims;
    double end = n_claims ? page->footer + 5 + n_claims * claim_height : page->footer - 20;
    return ceil(end + style->margin * 0.9);
}

bool sheet_compose(const Sheet *sheet, const FigureInput *input, Picture *picture, Error *error) {
    const FigureSettings *settings = input->settings;
    const char *title = strcmp(settings->title, "auto") != 0
                            ? settings->title
                            : store_fact(input->store, "title", input->arena);
    if (!title || !*title)
        title = store_fact(input->store, "name", input->arena);
    title = title ? title : "";
    Page *page = ARENA_NEW(input->arena, Page, 1);
    StoredClaim *claims;
    page->sheet = sheet;
    page->arena = input->arena;
    page->title = label_escape(input->arena, title);
    page->subtitle = sheet->common
                         ? arena_print(input->arena, "%s. %s", sheet->common, sheet->subtitle)
                         : sheet->subtitle;
    if (!store_claims(input->store, input->arena, &claims, &page->n_claims, error))
        return false;
    page->claims = claims;
    double height = lay_out(page, input->style);
    *picture = (Picture){page->width, height, title, page, draw_page};
    return true;
}
