/* Each icon is drawn in a square from -8 to 8; strokes are 1.6 wide there. */
#include "render/draw/icon.h"

#include <math.h>

static void polygon(cairo_t *cairo, const double (*points)[2], int n) {
    for (int i = 0; i < n; i++)
        (i ? cairo_line_to : cairo_move_to)(cairo, points[i][0], points[i][1]);
    cairo_close_path(cairo);
}

static void polyline(cairo_t *cairo, const double (*points)[2], int n) {
    for (int i = 0; i < n; i++)
        (i ? cairo_line_to : cairo_move_to)(cairo, points[i][0], points[i][1]);
}

static void disc(cairo_t *cairo, double x, double y, double radius) {
    cairo_new_sub_path(cairo);
    cairo_arc(cairo, x, y, radius, 0, 2 * M_PI);
    cairo_close_path(cairo);
}

static void box(cairo_t *cairo, double x, double y, double width, double height, double radius) {
    cairo_new_sub_path(cairo);
    cairo_arc(cairo, x + radius, y + radius, radius, M_PI, 1.5 * M_PI);
    cairo_arc(cairo, x + width - radius, y + radius, radius, 1.5 * M_PI, 2 * M_PI);
    cairo_arc(cairo, x + width - radius, y + height - radius, radius, 0, 0.5 * M_PI);
    cairo_arc(cairo, x + radius, y + height - radius, radius, 0.5 * M_PI, M_PI);
    cairo_close_path(cairo);
}

static void draw_play(cairo_t *cairo) {
    polygon(cairo, (const double[][2]){{-4, -6}, {6.5, 0}, {-4, 6}}, 3);
    cairo_fill_preserve(cairo);
    cairo_stroke(cairo);
}

static void draw_pause(cairo_t *cairo) {
    box(cairo, -5.5, -6.5, 4, 13, 1);
    box(cairo, 1.5, -6.5, 4, 13, 1);
    cairo_fill(cairo);
}

/* A triangle against a bar. */
static void draw_to_bar(cairo_t *cairo, double left) {
    polygon(cairo, (const double[][2]){{left, -5.2}, {left + 7.5, 0}, {left, 5.2}}, 3);
    cairo_fill_preserve(cairo);
    cairo_stroke(cairo);
}

static void draw_step(cairo_t *cairo) {
    draw_to_bar(cairo, -1.5);
    box(cairo, -6.5, -6, 2.4, 12, 1);
    cairo_fill(cairo);
}

static void draw_now(cairo_t *cairo) {
    draw_to_bar(cairo, -5.5);
    box(cairo, 4.2, -6, 2.4, 12, 1);
    cairo_fill(cairo);
}

/* An arc round the centre with an arrow's head at its end. */
static void draw_round(cairo_t *cairo, double from, double to, double radius) {
    cairo_new_sub_path(cairo);
    cairo_arc(cairo, 0, 0, radius, from, to);
    cairo_stroke(cairo);
    cairo_save(cairo);
    cairo_rotate(cairo, to);
    cairo_translate(cairo, radius, 0);
    polygon(cairo, (const double[][2]){{-2.9, -0.6}, {2.9, -0.6}, {0, 3.2}}, 3);
    cairo_fill(cairo);
    cairo_restore(cairo);
}

static void draw_reset(cairo_t *cairo) {
    cairo_scale(cairo, -1, 1);
    draw_round(cairo, -0.25 * M_PI, 1.4 * M_PI, 5.8);
}

static void draw_loop(cairo_t *cairo) {
    draw_round(cairo, -0.95 * M_PI, -0.15 * M_PI, 5.8);
    draw_round(cairo, 0.05 * M_PI, 0.85 * M_PI, 5.8);
}

static void draw_seed(cairo_t *cairo) {
    box(cairo, -6.2, -6.2, 12.4, 12.4, 2.6);
    cairo_stroke(cairo);
    disc(cairo, -2.7, -2.7, 1.25);
    disc(cairo, 2.7, -2.7, 1.25);
    disc(cairo, 0, 0, 1.25);
    disc(cairo, -2.7, 2.7, 1.25);
    disc(cairo, 2.7, 2.7, 1.25);
    cairo_fill(cairo);
}

static void draw_bookmark(cairo_t *cairo) {
    polygon(cairo,
            (const double[][2]){{-4.5, -6.8}, {4.5, -6.8}, {4.5, 6.6}, {0, 2.6}, {-4.5, 6.6}}, 5);
    cairo_stroke(cairo);
}

static void draw_record(cairo_t *cairo) {
    disc(cairo, 0, 0, 6.6);
    cairo_stroke(cairo);
    disc(cairo, 0, 0, 3.6);
    cairo_fill(cairo);
}

static void draw_camera(cairo_t *cairo) {
    polyline(cairo, (const double[][2]){{-2.6, -4}, {-1.6, -6}, {1.6, -6}, {2.6, -4}}, 4);
    cairo_stroke(cairo);
    box(cairo, -7.2, -4, 14.4, 10, 1.8);
    disc(cairo, 0, 1, 2.8);
    cairo_stroke(cairo);
}

/* An arrow down into a tray. */
static void draw_save(cairo_t *cairo) {
    polyline(cairo, (const double[][2]){{0, -6.8}, {0, 2.4}}, 2);
    polyline(cairo, (const double[][2]){{-3.6, -1}, {0, 2.6}, {3.6, -1}}, 3);
    polyline(cairo, (const double[][2]){{-6.4, 2.6}, {-6.4, 6.2}, {6.4, 6.2}, {6.4, 2.6}}, 4);
    cairo_stroke(cairo);
}

static void draw_compare(cairo_t *cairo) {
    box(cairo, -7, -5.6, 5.8, 11.2, 1.4);
    box(cairo, 1.2, -5.6, 5.8, 11.2, 1.4);
    cairo_stroke(cairo);
}

static void draw_menu(cairo_t *cairo) {
    for (int i = -1; i <= 1; i++) {
        cairo_move_to(cairo, -6, 4.5 * i);
        cairo_line_to(cairo, 6, 4.5 * i);
    }
    cairo_stroke(cairo);
}

static void draw_theme(cairo_t *cairo) {
    disc(cairo, 0, 0, 6.2);
    cairo_stroke(cairo);
    cairo_arc(cairo, 0, 0, 6.2, -0.5 * M_PI, 0.5 * M_PI);
    cairo_close_path(cairo);
    cairo_fill(cairo);
}

static void draw_full_screen(cairo_t *cairo) {
    for (int quarter = 0; quarter < 4; quarter++) {
        polyline(cairo, (const double[][2]){{-6.2, -2.4}, {-6.2, -6.2}, {-2.4, -6.2}}, 3);
        cairo_rotate(cairo, 0.5 * M_PI);
    }
    cairo_stroke(cairo);
}

static void draw_help(cairo_t *cairo) {
    disc(cairo, 0, 0, 6.8);
    cairo_new_sub_path(cairo);
    cairo_arc(cairo, 0, -1.5, 2.1, 1.05 * M_PI, 2.35 * M_PI);
    cairo_curve_to(cairo, 0.7, 0.5, 0, 0.6, 0, 1.7);
    cairo_stroke(cairo);
    disc(cairo, 0, 3.9, 1.05);
    cairo_fill(cairo);
}

void icon_draw(cairo_t *cairo, Icon icon, Color color, double x, double y, double size) {
    static void (*const draw[N_ICONS])(cairo_t *) = {
        [ICON_PLAY] = draw_play,
        [ICON_PAUSE] = draw_pause,
        [ICON_STEP] = draw_step,
        [ICON_RESET] = draw_reset,
        [ICON_SEED] = draw_seed,
        [ICON_NOW] = draw_now,
        [ICON_LOOP] = draw_loop,
        [ICON_BOOKMARK] = draw_bookmark,
        [ICON_RECORD] = draw_record,
        [ICON_CAMERA] = draw_camera,
        [ICON_SAVE] = draw_save,
        [ICON_COMPARE] = draw_compare,
        [ICON_MENU] = draw_menu,
        [ICON_THEME] = draw_theme,
        [ICON_FULL_SCREEN] = draw_full_screen,
        [ICON_HELP] = draw_help,
    };
    cairo_save(cairo);
    cairo_new_path(cairo);
    cairo_translate(cairo, x, y);
    cairo_scale(cairo, size / 16, size / 16);
    cairo_set_line_width(cairo, 1.6);
    cairo_set_line_cap(cairo, CAIRO_LINE_CAP_ROUND);
    cairo_set_line_join(cairo, CAIRO_LINE_JOIN_ROUND);
    canvas_set_color(cairo, color);
    draw[icon](cairo);
    cairo_restore(cairo);
}
