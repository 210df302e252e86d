/* Help: all keys with what they do, in groups, on a card over the page. */
#include "render/draw/label.h"
#include "render/page/parts.h"
#include "render/state/keys.h"

#include <math.h>

static const double HELP_TITLE = 46, HELP_PAD = 22, HELP_COLUMN = 360, HELP_CAPS = 124;

/* Lines that a group takes: its name, its rows, and a free half before the next. */
static double group_lines(int group) {
    int n_keys;
    double n = 1.5;
    const KeyRow *rows = keys_all(&n_keys);
    for (int i = 0; i < n_keys; i++)
        n += (int)rows[i].group == group;
    return n;
}

/* The lines of groups [from, to). */
static double lines_of(int from, int to) {
    double n = 0;
    for (int group = from; group < to; group++)
        n += group_lines(group);
    return n;
}

static void draw_group(cairo_t *cairo, const Style *style, int group, Rect at, double line) {
    int n_keys;
    const KeyRow *rows = keys_all(&n_keys);
    double y = at.y + style->fonts[TEXT_BODY].size;
    label_draw(cairo, style, (Label){TEXT_SMALL, ALIGN_LEFT, 0}, style->muted, at.x, y,
               keys_group_name((KeyGroup)group));
    for (int i = 0; i < n_keys; i++) {
        if ((int)rows[i].group != group)
            continue;
        y += line;
        widget_key(cairo, style, at.x, y, rows[i].cap);
        label_draw(cairo, style, (Label){TEXT_BODY, ALIGN_LEFT, at.width - HELP_CAPS}, style->ink,
                   at.x + HELP_CAPS, y, rows[i].does);
    }
}

static void draw_groups(cairo_t *cairo, const Style *style, int from, int to, Rect at,
                        double line) {
    for (int group = from; group < to; group++) {
        draw_group(cairo, style, group, at, line);
        at.y += line * group_lines(group);
    }
}

/* The first group of the second of two columns that are as alike as groups allow. */
static int second_column(void) {
    int split = 1;
    for (int i = 2; i < N_GROUPS; i++)
        if (fabs(lines_of(0, i) - lines_of(i, N_GROUPS)) <
            fabs(lines_of(0, split) - lines_of(split, N_GROUPS)))
            split = i;
    return split;
}

static void draw_card(cairo_t *cairo, const Style *style, Rect page) {
    int split = second_column();
    double n_lines = fmax(lines_of(0, split), lines_of(split, N_GROUPS)) - 0.5;
    double line = fmin(28, (page.height - 24 - HELP_TITLE - HELP_PAD) / n_lines);
    double width = fmin(page.width - 24, 2 * HELP_COLUMN + 3 * HELP_PAD);
    double height = HELP_TITLE + line * n_lines + HELP_PAD;
    Rect card = {page.x + (page.width - width) / 2, page.y + (page.height - height) / 2, width,
                 height};
    widget_card(cairo, style, card);
    label_draw(cairo, style, (Label){TEXT_HEADING, ALIGN_LEFT, 0}, style->ink, card.x + HELP_PAD,
               card.y + 30, "Keys");
    Rect at = {card.x + HELP_PAD, card.y + HELP_TITLE, (width - 3 * HELP_PAD) / 2, 0};
    draw_groups(cairo, style, 0, split, at, line);
    at.x += at.width + HELP_PAD;
    draw_groups(cairo, style, split, N_GROUPS, at, line);
}

/* On a page that is too small for all keys, they are drawn smaller. */
void help_frame(View *view, cairo_t *cairo, Rect page) {
    /* a press anywhere closes it, and does nothing else */
    view->has_help = !ui_region(&view->ui, ID_HELP_GROUND, page, 0, CURSOR_ARROW).is_pressed;
    if (!view->has_help)
        return;
    const double least_width = 780, least_height = 490;
    double scale = fmin(1, fmin(page.width / least_width, page.height / least_height));
    Color shade = view->style.background;
    shade.alpha = 0.7;
    canvas_set_color(cairo, shade);
    cairo_rectangle(cairo, page.x, page.y, page.width, page.height);
    cairo_fill(cairo);
    cairo_save(cairo);
    cairo_scale(cairo, scale, scale);
    draw_card(cairo, &view->style,
              (Rect){page.x / scale, page.y / scale, page.width / scale, page.height / scale});
    cairo_restore(cairo);
}
