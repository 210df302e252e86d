/* The column of controls: one below the other. */
#include "render/page/parts.h"

static const double GAP = 8;

Rect column_take(Column *column, double height) {
    Rect rect = {column->x, column->y, column->width, height};
    column->y += height + GAP;
    return rect;
}
