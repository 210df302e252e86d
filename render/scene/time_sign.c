#include "render/scene/time_sign.h"

#include "render/draw/mark.h"

Color time_sign_color(const Style *style, TimeMarkKind kind) {
    static const int category[] = {[TIME_CHANGE] = 0, [TIME_BOOKMARK] = 1, [TIME_JUMP] = 2};
    return style_category(style, category[kind]);
}

void time_sign_draw(cairo_t *cairo, const Style *style, TimeMarkKind kind, double x, double y,
                    double size) {
    double r = size / 2;
    canvas_set_color(cairo, time_sign_color(style, kind));
    if (kind == TIME_CHANGE) {
        mark_path(cairo, MARK_DIAMOND, x, y, size);
        cairo_fill(cairo);
    } else if (kind == TIME_BOOKMARK) {
        const double ribbon[][2] = {{-0.6, -1}, {0.6, -1}, {0.6, 1}, {0, 0.45}, {-0.6, 1}};
        for (int k = 0; k < 5; k++)
            cairo_line_to(cairo, x + r * ribbon[k][0], y + r * ribbon[k][1]);
        cairo_close_path(cairo);
        cairo_fill(cairo);
    } else {
        const double stair[][2] = {{-1, -0.7}, {0, -0.7}, {0, 0.7}, {1, 0.7}};
        for (int k = 0; k < 4; k++)
            cairo_line_to(cairo, x + r * stair[k][0], y + r * stair[k][1]);
        cairo_set_line_width(cairo, 0.2 * size);
        cairo_stroke(cairo);
    }
}
