#include "render/draw/arrow.h"

#include <math.h>

void arrow_path(cairo_t *cairo, const Style *style, double x, double y, double dx, double dy) {
    double length = hypot(dx, dy);
    if (!(length >= 2))
        return;
    double head = fmin(4.2 * style->arrow, 0.6 * length), half = 0.42 * head;
    double ux = dx / length, uy = dy / length;
    double thick = fmin(style->arrow, 0.35 * length) / 2;
    /* Along the arrow and across it, from the start round the tip and back. */
    const double outline[][2] = {
        {0, -thick}, {length - 0.85 * head, -thick}, {length - head, -half},
        {length, 0}, {length - head, half},          {length - 0.85 * head, thick},
        {0, thick}};
    for (size_t k = 0; k < sizeof outline / sizeof *outline; k++)
        cairo_line_to(cairo, x + ux * outline[k][0] - uy * outline[k][1],
                      y + uy * outline[k][0] + ux * outline[k][1]);
    cairo_close_path(cairo);
}
