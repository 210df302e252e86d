/* Flat shapes with one accent colour. A state changes the ground first, then the line: what can be
 * pressed gets a ground under the pointer, what is in hand or on gets the accent. */
#include "render/draw/widget.h"

#include "render/draw/label.h"

#include <math.h>
#include <stdio.h>

static const double radius = 6, track_height = 4, padding = 10;
/* Lines of a lesson, of a tip, and how wide a tip is at most. */
enum { LESSON_LINES = 3, TIP_LINES = 8 };
static const double tip_width = 400;

/* The font's capitals are 0.73 em high: this far below the middle, a text looks centred. */
static double baseline(const Style *style, TextRole role, double middle) {
    return middle + 0.364 * style->fonts[role].size;
}

static void rounded(cairo_t *cairo, Rect r, double corner) {
    corner = fmin(corner, fmin(r.width, r.height) / 2);
    cairo_new_sub_path(cairo);
    cairo_arc(cairo, r.x + corner, r.y + corner, corner, M_PI, 1.5 * M_PI);
    cairo_arc(cairo, r.x + r.width - corner, r.y + corner, corner, 1.5 * M_PI, 2 * M_PI);
    cairo_arc(cairo, r.x + r.width - corner, r.y + r.height - corner, corner, 0, 0.5 * M_PI);
    cairo_arc(cairo, r.x + corner, r.y + r.height - corner, corner, 0.5 * M_PI, M_PI);
    cairo_close_path(cairo);
}

static void fill_rounded(cairo_t *cairo, Rect rect, double corner, Color color) {
    rounded(cairo, rect, corner);
    canvas_set_color(cairo, color);
    cairo_fill(cairo);
}

static void stroke_rounded(cairo_t *cairo, Rect r, double corner, Color color, double width) {
    rounded(cairo, (Rect){r.x + width / 2, r.y + width / 2, r.width - width, r.height - width},
            corner - width / 2);
    canvas_set_color(cairo, color);
    cairo_set_line_width(cairo, width);
    cairo_stroke(cairo);
}

static void fill_disc(cairo_t *cairo, double x, double y, double r, Color color) {
    cairo_new_path(cairo);
    cairo_arc(cairo, x, y, r, 0, 2 * M_PI);
    canvas_set_color(cairo, color);
    cairo_fill(cairo);
}

Color widget_accent(const Style *style) {
    return style->theme == THEME_DARK ? color_okabe_ito(2) : color_okabe_ito(5);
}

/* Translucent, so that it looks right on the page and on a card. */
static Color faded(Color color, double share) {
    color.alpha = share;
    return color;
}

static Color shade(const Style *style, double share) {
    return faded(style->ink, share);
}

static Color ink_of(const Style *style, unsigned state) {
    return state & WIDGET_DISABLED ? style_tint(style, style->ink, 0.4) : style->ink;
}

double widget_knob_size(const Style *style) {
    return 1.1 * style->fonts[TEXT_BODY].size;
}

double widget_slider_height(const Style *style) {
    return 1.5 * style->fonts[TEXT_BODY].size + widget_knob_size(style) + 8;
}

Rect widget_slider_track(const Style *style, Rect r) {
    double size = widget_knob_size(style);
    double y = r.y + r.height - size / 2 - 4;
    return (Rect){r.x + size / 2, y - track_height / 2, r.width - size, track_height};
}

static void slider_track(cairo_t *cairo, const Style *style, Rect rect, const SliderLook *look,
                         Color color) {
    Rect track = widget_slider_track(style, rect);
    double x = track.x + track.width * look->place;
    fill_rounded(
        cairo,
        (Rect){track.x - track_height / 2, track.y, track.width + track_height, track_height},
        track_height / 2, shade(style, style->theme == THEME_DARK ? 0.24 : 0.16));
    canvas_set_color(cairo, shade(style, 0.45));
    for (int i = 0; i < look->n_ticks; i++)
        cairo_rectangle(cairo, track.x + track.width * look->ticks[i] - 0.5,
                        track.y + track_height + 2, 1, 4);
    cairo_fill(cairo);
    fill_rounded(
        cairo,
        (Rect){track.x - track_height / 2, track.y, x - track.x + track_height / 2, track_height},
        track_height / 2, color);
}

static void slider_knob(cairo_t *cairo, const Style *style, double x, double y, Color color,
                        unsigned state) {
    double knob_radius = widget_knob_size(style) / 2;
    if (state & (WIDGET_HELD | WIDGET_FOCUSED))
        fill_disc(cairo, x, y, knob_radius + 3, faded(color, 0.35));
    else if (state & WIDGET_HOT)
        fill_disc(cairo, x, y, knob_radius + 3, faded(color, 0.18));
    fill_disc(cairo, x, y, knob_radius, color);
    if (!(state & WIDGET_HELD))
        fill_disc(cairo, x, y, knob_radius - 2, style->background);
}

void widget_slider(cairo_t *cairo, const Style *style, Rect rect, const SliderLook *look,
                   unsigned state) {
    bool is_disabled = state & WIDGET_DISABLED;
    Color color = is_disabled ? shade(style, 0.3) : widget_accent(style);
    Rect track = widget_slider_track(style, rect);
    slider_track(cairo, style, rect, look, color);
    slider_knob(cairo, style, track.x + track.width * look->place, track.y + track_height / 2,
                color, is_disabled ? 0 : state);
    double y = rect.y + style->fonts[TEXT_BODY].size;
    char value[256];
    snprintf(value, sizeof value, "<span font_features=\"tnum=1\">%s</span>", look->value);
    double width = label_draw(cairo, style, (Label){TEXT_BODY, ALIGN_RIGHT, 0},
                              ink_of(style, state), rect.x + rect.width, y, value);
    label_draw(cairo, style, (Label){TEXT_BODY, ALIGN_LEFT, fmax(1, rect.width - width - 8)},
               is_disabled ? ink_of(style, state) : style->muted, rect.x, y, look->label);
}

/* The ground of what can be pressed: none at rest unless it `stands` by itself. */
static void ground(cairo_t *cairo, const Style *style, Rect rect, bool stands, unsigned state) {
    double share = state & WIDGET_DISABLED ? 0
                   : state & WIDGET_HELD   ? 0.13
                   : state & WIDGET_HOT    ? 0.08
                                           : stands * 0.04;
    Color color = shade(style, share);
    if (state & WIDGET_PRIMARY && !(state & WIDGET_DISABLED))
        color = faded(widget_accent(style), state & WIDGET_HELD ? 0.85 : 1);
    else if (state & WIDGET_ON)
        color = faded(widget_accent(style), 0.12 + share / 3);
    fill_rounded(cairo, rect, radius, color);
    if (stands && !(state & WIDGET_PRIMARY))
        stroke_rounded(cairo, rect, radius,
                       state & WIDGET_ON ? faded(widget_accent(style), 0.6) : shade(style, 0.22),
                       1);
}

void widget_button(cairo_t *cairo, const Style *style, Rect r, const char *label, unsigned state) {
    ground(cairo, style, r, true, state);
    bool is_on_accent = state & WIDGET_PRIMARY && !(state & WIDGET_DISABLED);
    Label centred = {TEXT_BODY, ALIGN_CENTER, fmax(1, r.width - padding)};
    label_draw(cairo, style, centred, is_on_accent ? style->background : ink_of(style, state),
               r.x + r.width / 2, baseline(style, TEXT_BODY, r.y + r.height / 2), label);
}

void widget_icon(cairo_t *cairo, const Style *style, Rect r, Icon icon, unsigned state) {
    ground(cairo, style, r, false, state);
    bool is_on_accent = state & WIDGET_PRIMARY && !(state & WIDGET_DISABLED);
    icon_draw(cairo, icon, is_on_accent ? style->background : ink_of(style, state),
              r.x + r.width / 2, r.y + r.height / 2, fmin(r.width, r.height) / 2 + 1);
}

void widget_toggle(cairo_t *cairo, const Style *style, Rect r, const char *label, unsigned state) {
    const double width = 32, height = 18;
    bool is_on = state & WIDGET_ON, is_disabled = state & WIDGET_DISABLED;
    double middle = r.y + r.height / 2;
    Rect rail = {r.x + r.width - width, middle - height / 2, width, height};
    double share = state & WIDGET_HOT && !is_disabled ? 0.62 : 0.5;
    Color off = shade(style, is_disabled ? 0.25 : share), on = widget_accent(style);
    if (is_on && is_disabled)
        on = faded(on, 0.4);
    fill_rounded(cairo, rail, height / 2, is_on ? on : off);
    double x = is_on ? rail.x + width - height / 2 : rail.x + height / 2;
    fill_disc(cairo, x, middle, height / 2 - (state & WIDGET_HELD ? 2 : 3), style->background);
    label_draw(cairo, style, (Label){TEXT_BODY, ALIGN_LEFT, fmax(1, r.width - width - 8)},
               ink_of(style, state), r.x, baseline(style, TEXT_BODY, middle), label);
}

void widget_tab(cairo_t *cairo, const Style *style, Rect r, const char *label, unsigned state) {
    bool is_on = state & WIDGET_ON;
    bool is_disabled = state & WIDGET_DISABLED;
    Rect inner = {r.x + 2, r.y + 2, r.width - 4, r.height - 6};
    double inset = fmin(padding, r.width / 8);
    if (!is_on)
        ground(cairo, style, inner, false, state);
    if (is_on)
        fill_rounded(cairo, (Rect){r.x + inset, r.y + r.height - 3, r.width - 2 * inset, 3}, 1.5,
                     widget_accent(style));
    bool is_bright = is_on || state & (WIDGET_HOT | WIDGET_HELD);
    label_draw(cairo, style, (Label){TEXT_BODY, ALIGN_CENTER, fmax(1, r.width - 4)},
               is_bright || is_disabled ? ink_of(style, state) : style->muted, r.x + r.width / 2,
               baseline(style, TEXT_BODY, inner.y + inner.height / 2), label);
}

static Label lesson_label(double width) {
    return (Label){TEXT_SMALL, ALIGN_LEFT, fmax(1, width - 2 * padding)};
}

double widget_row_more(const Style *style, double width, const char *lesson) {
    LabelSize size = label_size(style, lesson_label(width), LESSON_LINES, lesson);
    return size.height * (size.n_lines - 1) / size.n_lines;
}

void widget_row(cairo_t *cairo, const Style *style, Rect r, const char *title, const char *lesson,
                unsigned state) {
    ground(cairo, style, r, false, state);
    if (state & WIDGET_FOCUSED)
        stroke_rounded(cairo, r, radius, widget_accent(style), 1.5);
    if (state & WIDGET_ON)
        fill_rounded(cairo, (Rect){r.x, r.y + 6, 3, r.height - 12}, 1.5, widget_accent(style));
    double middle = r.y + r.height / 2;
    double size = style->fonts[TEXT_BODY].size, small = style->fonts[TEXT_SMALL].size;
    Label label = lesson_label(r.width);
    LabelSize lines = label_size(style, label, LESSON_LINES, lesson ? lesson : "");
    double line = lines.height / lines.n_lines;
    int n = (int)fmax(1, fmin(lines.n_lines, floor((r.height - 8 - 1.4 * size) / line)));
    double y =
        lesson ? middle - 0.2 * size - (n - 1) * line / 2 : baseline(style, TEXT_BODY, middle);
    label_draw(cairo, style, (Label){TEXT_BODY, ALIGN_LEFT, label.max_width}, ink_of(style, state),
               r.x + padding, y, title);
    if (lesson)
        label_draw_lines(cairo, style, label, n, style->muted, r.x + padding, y + 1.45 * small,
                         lesson);
}

void widget_scroll_bar(cairo_t *cairo, const Style *style, Rect r, double from, double to,
                       unsigned state) {
    double width = state & (WIDGET_HOT | WIDGET_HELD) ? 6 : 4;
    Rect thumb = {r.x + r.width - width - 2, r.y + r.height * from, width, r.height * (to - from)};
    fill_rounded(cairo, thumb, width / 2, shade(style, state & WIDGET_HELD ? 0.6 : 0.4));
}

/* Opaque: it may lie over a scene. */
static Color card_color(const Style *style) {
    return style_tint(style, style->ink, style->theme == THEME_DARK ? 0.045 : 0.025);
}

void widget_card(cairo_t *cairo, const Style *style, Rect rect) {
    fill_rounded(cairo, rect, 10, card_color(style));
    stroke_rounded(cairo, rect, 10, style_tint(style, style->ink, 0.14), 1);
}

void widget_fade(cairo_t *cairo, const Style *style, Rect rect, bool is_down) {
    Color color = card_color(style);
    double from = is_down ? rect.y : rect.y + rect.height;
    cairo_pattern_t *fade =
        cairo_pattern_create_linear(0, from, 0, 2 * rect.y + rect.height - from);
    cairo_pattern_add_color_stop_rgba(fade, 0, color.red, color.green, color.blue, 0);
    cairo_pattern_add_color_stop_rgba(fade, 1, color.red, color.green, color.blue, 1);
    cairo_rectangle(cairo, rect.x, rect.y, rect.width, rect.height);
    cairo_set_source(cairo, fade);
    cairo_fill(cairo);
    cairo_pattern_destroy(fade);
}

Rect widget_pointer(double x, double y) {
    return (Rect){x, y, 12, 12};
}

/* Below, or above where there is no room; in any case within the bounds. */
static double tip_y(Rect bounds, Rect around, double height) {
    const double gap = 6, edge = 4;
    double below = around.y + around.height + gap, above = around.y - gap - height;
    double lowest = bounds.y + bounds.height - height - edge, highest = bounds.y + edge;
    if (below <= lowest)
        return below;
    return above >= highest ? above : fmax(highest, lowest);
}

void widget_tip(cairo_t *cairo, const Style *style, Rect bounds, Rect around, const char *markup) {
    const double edge = 4;
    double most = fmin(tip_width, bounds.width - 2 * edge);
    Label label = {TEXT_SMALL, ALIGN_LEFT, fmax(1, most - 2 * padding)};
    LabelSize size = label_size(style, label, TIP_LINES, markup);
    double width = size.width + 2 * padding, line = size.height / size.n_lines;
    double height = style->fonts[TEXT_SMALL].size + 12 + (size.n_lines - 1) * line;
    Rect r = {around.x + around.width, tip_y(bounds, around, height), width, height};
    r.x = fmax(bounds.x + edge, fmin(r.x, bounds.x + bounds.width - width - edge));
    fill_rounded(cairo, r, radius, style->ink);
    double first = r.y + (height - (size.n_lines - 1) * line) / 2;
    label_draw_lines(cairo, style, label, TIP_LINES, style->background, r.x + padding,
                     baseline(style, TEXT_SMALL, first), markup);
}

double widget_key(cairo_t *cairo, const Style *style, double x, double y, const char *name) {
    double size = style->fonts[TEXT_SMALL].size, height = size + 10;
    Label label = {TEXT_SMALL, ALIGN_CENTER, 0};
    double width = fmax(height, label_width(style, label, name) + 12);
    Rect cap = {x, y - 0.364 * size - height / 2, width, height};
    fill_rounded(cairo, (Rect){x, cap.y + 1.5, width, height}, 5,
                 style_tint(style, style->ink, 0.35));
    fill_rounded(cairo, cap, 5, style_tint(style, style->ink, 0.05));
    stroke_rounded(cairo, cap, 5, style_tint(style, style->ink, 0.35), 1);
    label_draw(cairo, style, label, style->ink, x + width / 2, y, name);
    return width;
}
