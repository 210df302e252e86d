/* From back to front: ground, grid, blocks with their numbers, axis, what stands below. */
#include "render/panel/stack.h"

#include "render/draw/axes.h"
#include "render/draw/label.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static const double numbers_width = 32, title_height = 20, notes_height = 16, groups_height = 22,
                    column_gap = 0.16, block_gap = 0.8, least_block = 1.5, pale = 0.45,
                    most_stretch = 1.5; /* of what is stored, for the sake of strays */

/* A panel in its place. */
typedef struct Plot {
    const StackPanel *panel;
    const Style *style;
    cairo_t *cairo;
    Rect rect;
    double pitch; /* from column to column */
} Plot;

/* A weight as it lies in its stack. */
typedef struct Block {
    int column, feature; /* feature -1: all that is grey */
    bool is_stored;
    double from, to;
} Block;

double stack_panel_width(double column_width, int n_neurons) {
    return numbers_width + column_width * n_neurons;
}

static double foot_height(const StackPanel *panel) {
    return (panel->notes ? notes_height : 0) + (panel->n_groups ? groups_height : 0);
}

double stack_panel_height(const StackPanel *panel, double plot_height) {
    return (panel->title ? title_height : 0) + plot_height + foot_height(panel);
}

Color stack_panel_ground(const Style *style, double n_stored) {
    return n_stored > 1 ? style_tint(style, style_category(style, 1), 0.11) : style->background;
}

static const double several = 2;
const ColorScale stack_panel_scale = {.title = "stores several features",
                                      .from_label = "",
                                      .to_label = "",
                                      .color = stack_panel_ground,
                                      .values = &several,
                                      .n_values = 1};

/* Whether a weight has a block of its own, if it is large enough. */
static bool is_shown(const StackPanel *panel, int k, int i) {
    return !panel->lumps_strays || panel->stores[(size_t)k * panel->n_features + i];
}

/* With all that is lumped. */
static double column_height(const StackPanel *panel, int k) {
    double height = 0;
    for (int i = 0; i < panel->n_features; i++)
        height += fmax(panel->weights[(size_t)k * panel->n_features + i], 0);
    return height;
}

/* Of the highest column. */
static double whole_height(const StackPanel *panel) {
    double most = 0;
    for (int k = 0; k < panel->n_neurons; k++)
        most = fmax(most, column_height(panel, k));
    return most;
}

void stack_panel_cover(StackPanel *panel) {
    panel->low = panel->high = 0;
    for (int k = 0; k < panel->n_neurons; k++) {
        double below = 0, above = 0;
        for (int i = 0; i < panel->n_features; i++) {
            double weight = panel->weights[(size_t)k * panel->n_features + i];
            below += is_shown(panel, k, i) ? fmin(weight, 0) : 0;
            above += is_shown(panel, k, i) ? fmax(weight, 0) : 0;
        }
        panel->low = fmin(panel->low, below);
        panel->high = fmax(panel->high, above);
    }
    double whole = whole_height(panel);
    panel->high = whole <= most_stretch * panel->high ? whole : panel->high;
}

bool stack_panel_is_torn(const StackPanel *panel) {
    return whole_height(panel) > panel->high;
}

static double y_of(const Plot *plot, double value) {
    const StackPanel *panel = plot->panel;
    return plot->rect.y + plot->rect.height * (panel->high - value) / (panel->high - panel->low);
}

static double x_of(const Plot *plot, double column) {
    return plot->rect.x + plot->pitch * column;
}

/* Adds one side of a column, from the axis outwards; returns how many blocks there are then. */
static int pile(const Plot *plot, int k, double sign, Block *blocks, int n) {
    const StackPanel *panel = plot->panel;
    double unit = plot->rect.height / (panel->high - panel->low), rest = 0, at = 0;
    for (int i = 0; i < panel->n_features; i++) {
        size_t index = (size_t)k * panel->n_features + i;
        double weight = panel->weights[index];
        if (!(weight * sign > 0))
            continue;
        if (is_shown(panel, k, i) && fabs(weight) * unit >= least_block) {
            blocks[n++] = (Block){k, i, panel->stores[index], at, at + weight};
            at += weight;
        } else {
            rest += weight;
        }
    }
    if (fabs(rest) * unit >= 0.3)
        blocks[n++] = (Block){k, -1, false, at, at + rest};
    return n;
}

static int count_stored(const StackPanel *panel, int k) {
    int n = 0;
    for (int i = 0; i < panel->n_features; i++)
        n += panel->stores[(size_t)k * panel->n_features + i];
    return n;
}

static Color block_color(const Plot *plot, const Block *block) {
    const StackPanel *panel = plot->panel;
    if (block->feature < 0)
        return plot->style->faint;
    Color color = panel->shade ? style_weight(plot->style, panel->shade[block->feature])
                               : style_category(plot->style, block->feature);
    color = block->is_stored ? color : style_tint(plot->style, color, pale);
    return panel->selected < 0 || panel->selected == block->feature
               ? color
               : style_unselected(plot->style, color);
}

/* Between neighbours there is a gap, taken from the outer one. */
static Rect block_rect(const Plot *plot, const Block *block) {
    double low = y_of(plot, fmin(block->from, block->to)),
           high = y_of(plot, fmax(block->from, block->to));
    double gap = block->from != 0 && low - high > 2 * block_gap ? block_gap : 0;
    double above = block->to > 0 ? 0 : gap;
    return (Rect){x_of(plot, block->column + column_gap / 2), high + above,
                  plot->pitch * (1 - column_gap), low - high - gap};
}

static void draw_number(const Plot *plot, const Block *block) {
    const Style *style = plot->style;
    const Label label = {TEXT_SMALL, ALIGN_CENTER, 0};
    Rect rect = block_rect(plot, block);
    Color fill = block_color(plot, block);
    double size = style->fonts[TEXT_SMALL].size, least = plot->panel->lumps_strays ? 1.1 : 0.85;
    if (block->feature < 0 || rect.height < least * size || rect.width < 1.2 * size)
        return;
    char text[16];
    snprintf(text, sizeof text, "%d", block->feature);
    bool is_dark = color_contrast(fill, style->ink) > color_contrast(fill, style->background);
    label_draw(plot->cairo, style, label, is_dark ? style->ink : style->background,
               rect.x + rect.width / 2, rect.y + rect.height / 2 + size * 0.36, text);
}

static int by_color(const void *a, const void *b) {
    const Block *left = a, *right = b;
    if (left->feature != right->feature)
        return left->feature < right->feature ? -1 : 1;
    if (left->is_stored != right->is_stored)
        return left->is_stored ? 1 : -1;
    return (left->column > right->column) - (left->column < right->column);
}

/* A column that goes on above the plot ends in teeth. */
static void tear(const Plot *plot, const Block *block) {
    const double depth = 4;
    Rect rect = block_rect(plot, block);
    int n_teeth = rect.width > 30 ? 6 : 3;
    if (rect.y >= plot->rect.y - 0.5)
        return;
    for (int t = 0; t <= 2 * n_teeth; t++)
        cairo_line_to(plot->cairo, rect.x + rect.width * t / (2 * n_teeth),
                      plot->rect.y + (t % 2 ? depth : 0));
    cairo_close_path(plot->cairo);
    canvas_set_color(plot->cairo,
                     stack_panel_ground(plot->style, count_stored(plot->panel, block->column)));
    cairo_fill(plot->cairo);
}

/* All blocks of all columns: [*n]. */
static Block *find_blocks(const Plot *plot, int *n, Arena *arena) {
    const StackPanel *panel = plot->panel;
    Block *blocks = ARENA_NEW(arena, Block, (size_t)panel->n_neurons * (panel->n_features + 2));
    *n = 0;
    for (int k = 0; k < panel->n_neurons; k++) {
        *n = pile(plot, k, 1, blocks, *n);
        *n = pile(plot, k, -1, blocks, *n);
    }
    return blocks;
}

/* A column's height where there is room to say it, "" where there is not; in a low plot with a
 * decimal, as a whole number would say too little. */
static void height_text(const Plot *plot, double height, char text[16]) {
    const Label label = {TEXT_SMALL, ALIGN_CENTER, 0};
    bool is_low = plot->panel->high < 3;
    snprintf(text, 16, is_low && height < 9.95 ? "%.1f" : "%.0f", height);
    if (label_width(plot->style, label, text) > plot->pitch - 2)
        text[0] = 0;
}

/* How high the torn columns go, above them. */
static void draw_heights(const Plot *plot) {
    const StackPanel *panel = plot->panel;
    for (int k = 0; panel->lumps_strays && k < panel->n_neurons; k++) {
        double height = column_height(panel, k);
        char text[16];
        height_text(plot, height, text);
        if (height > panel->high && text[0])
            label_draw(plot->cairo, plot->style, (Label){TEXT_SMALL, ALIGN_CENTER, 0},
                       plot->style->muted, x_of(plot, k + 0.5), plot->rect.y - 4, text);
    }
}

static void outline_selected(const Plot *plot, const Block *blocks, int n) {
    for (int i = 0; plot->panel->selected >= 0 && i < n; i++) {
        Rect rect = block_rect(plot, &blocks[i]);
        if (blocks[i].feature == plot->panel->selected)
            cairo_rectangle(plot->cairo, rect.x, rect.y, rect.width, rect.height);
    }
    canvas_set_color(plot->cairo, plot->style->ink);
    cairo_set_line_width(plot->cairo, plot->style->line);
    cairo_stroke(plot->cairo);
}

/* Blocks of one colour are one path, which halves an SVG of many. */
static void draw_blocks(const Plot *plot) {
    Arena scratch = {0};
    int n;
    Block *blocks = find_blocks(plot, &n, &scratch);
    qsort(blocks, (size_t)n, sizeof *blocks, by_color);
    for (int i = 0; i < n; i++) {
        Rect rect = block_rect(plot, &blocks[i]);
        cairo_rectangle(plot->cairo, rect.x, rect.y, rect.width, rect.height);
        if (i + 1 < n && blocks[i + 1].feature == blocks[i].feature &&
            blocks[i + 1].is_stored == blocks[i].is_stored)
            continue;
        canvas_set_color(plot->cairo, block_color(plot, &blocks[i]));
        cairo_fill(plot->cairo);
    }
    outline_selected(plot, blocks, n);
    for (int i = 0; i < n; i++) {
        tear(plot, &blocks[i]);
        if (!plot->panel->hides_numbers)
            draw_number(plot, &blocks[i]);
    }
    arena_release(&scratch);
}

/* Equal neighbours are one. */
static void draw_ground(const Plot *plot) {
    const StackPanel *panel = plot->panel;
    for (int k = 0, end; k < panel->n_neurons; k = end) {
        int n = count_stored(panel, k);
        for (end = k + 1; end < panel->n_neurons && (count_stored(panel, end) > 1) == (n > 1);)
            end++;
        if (n < 2)
            continue;
        cairo_rectangle(plot->cairo, x_of(plot, k), plot->rect.y, plot->pitch * (end - k),
                        plot->rect.height);
        canvas_set_color(plot->cairo, stack_panel_ground(plot->style, n));
        cairo_fill(plot->cairo);
    }
}

static void line(const Plot *plot, double value, Color color, double width) {
    cairo_move_to(plot->cairo, plot->rect.x, y_of(plot, value));
    cairo_line_to(plot->cairo, plot->rect.x + plot->rect.width, y_of(plot, value));
    canvas_set_color(plot->cairo, color);
    cairo_set_line_width(plot->cairo, width);
    cairo_stroke(plot->cairo);
}

static void draw_grid(const Plot *plot) {
    const StackPanel *panel = plot->panel;
    const Axis axis = {.from = panel->low, .to = panel->high};
    Arena scratch = {0};
    double ticks[MAX_TICKS];
    int n = axis_ticks(&axis, (int)fmax(2, plot->rect.height / 26), ticks);
    for (int t = 0; t < n; t++) {
        line(plot, ticks[t], plot->style->faint, plot->style->hairline);
        label_draw(plot->cairo, plot->style, (Label){TEXT_SMALL, ALIGN_RIGHT, 0},
                   plot->style->muted, plot->rect.x - 5, y_of(plot, ticks[t]) + 4,
                   label_number(&scratch, ticks[t], 3));
    }
    arena_release(&scratch);
}

static void draw_groups(const Plot *plot, double top) {
    const Style *style = plot->style;
    for (int g = 0; g < plot->panel->n_groups; g++) {
        const StackGroup *group = &plot->panel->groups[g];
        double left = x_of(plot, group->first + column_gap / 2),
               right = x_of(plot, group->first + group->n - column_gap / 2);
        cairo_move_to(plot->cairo, left, top + 2);
        cairo_line_to(plot->cairo, left, top + 6);
        cairo_line_to(plot->cairo, right, top + 6);
        cairo_line_to(plot->cairo, right, top + 2);
        canvas_set_color(plot->cairo, style->muted);
        cairo_set_line_width(plot->cairo, style->hairline);
        cairo_stroke(plot->cairo);
        const Label label = {TEXT_SMALL, ALIGN_CENTER, 0};
        bool fits = label_width(style, label, group->label) <= right - left - 8;
        label_draw(plot->cairo, style, label, style->muted, (left + right) / 2, top + 18,
                   fits ? group->label : group->short_label);
    }
}

static void draw_foot(const Plot *plot) {
    const StackPanel *panel = plot->panel;
    double y = plot->rect.y + plot->rect.height;
    for (int k = 0; panel->notes && k < panel->n_neurons; k++)
        if (panel->notes[k])
            label_draw(plot->cairo, plot->style, (Label){TEXT_SMALL, ALIGN_CENTER, plot->pitch},
                       plot->style->ink, x_of(plot, k + 0.5), y + 13, panel->notes[k]);
    draw_groups(plot, y + (panel->notes ? notes_height : 0));
}

static Plot plot_of(Rect rect, const StackPanel *panel) {
    double head = panel->title ? title_height : 0;
    return (Plot){.panel = panel,
                  .rect = {rect.x + numbers_width, rect.y + head, rect.width - numbers_width,
                           rect.height - head - foot_height(panel)},
                  .pitch = (rect.width - numbers_width) / panel->n_neurons};
}

void stack_panel_draw(cairo_t *cairo, Rect rect, const StackPanel *panel, const Style *style) {
    Plot plot = plot_of(rect, panel);
    plot.cairo = cairo;
    plot.style = style;
    cairo_save(cairo);
    draw_ground(&plot);
    draw_grid(&plot);
    cairo_save(cairo);
    cairo_rectangle(cairo, plot.rect.x, plot.rect.y, plot.rect.width, plot.rect.height);
    cairo_clip(cairo);
    draw_blocks(&plot);
    cairo_restore(cairo);
    draw_heights(&plot);
    line(&plot, 0, style->muted, style->line);
    draw_foot(&plot);
    if (panel->title)
        label_draw(cairo, style, (Label){TEXT_BODY, ALIGN_LEFT, plot.rect.width}, style->ink,
                   plot.rect.x, rect.y + 13, panel->title);
    cairo_restore(cairo);
}

bool stack_panel_pick(Rect rect, const StackPanel *panel, double x, double y, int *column,
                      int *feature) {
    Plot plot = plot_of(rect, panel);
    Arena scratch = {0};
    int n;
    *feature = -1;
    *column = (int)floor((x - plot.rect.x) / plot.pitch);
    if (*column < 0 || *column >= panel->n_neurons || y < plot.rect.y ||
        y >= plot.rect.y + plot.rect.height)
        return false;
    const Block *blocks = find_blocks(&plot, &n, &scratch);
    for (int i = 0; i < n; i++) {
        Rect block = block_rect(&plot, &blocks[i]);
        if (blocks[i].column == *column && y >= block.y && y < block.y + block.height)
            *feature = blocks[i].feature;
    }
    arena_release(&scratch);
    return true;
}
