/* Each cell is a block of equal pixels: viewers that smooth embedded images then blur only the
 * seams. */
#include "render/draw/raster.h"

#include <math.h>
#include <string.h>

uint32_t raster_pixel(Color color) {
    return (uint32_t)lround(color.red * 255) << 16 | (uint32_t)lround(color.green * 255) << 8 |
           (uint32_t)lround(color.blue * 255);
}

void raster_draw(cairo_t *cairo, Rect rect, const uint32_t *cells, int n_rows, int n_columns,
                 int max_pixels) {
    int block = max_pixels / (n_rows > n_columns ? n_rows : n_columns);
    block = block > 1 ? block : 1;
    cairo_surface_t *image =
        cairo_image_surface_create(CAIRO_FORMAT_RGB24, n_columns * block, n_rows * block);
    unsigned char *data = cairo_image_surface_get_data(image);
    int stride = cairo_image_surface_get_stride(image);
    for (int y = 0; data && y < n_rows * block; y++) {
        uint32_t *row = (uint32_t *)(void *)(data + (size_t)y * stride);
        const uint32_t *from = cells + (size_t)(y / block) * n_columns;
        for (int x = 0; block > 1 && x < n_columns * block; x++)
            row[x] = from[x / block];
        if (block == 1)
            memcpy(row, from, (size_t)n_columns * sizeof *row);
    }
    cairo_surface_mark_dirty(image);
    cairo_save(cairo);
    cairo_translate(cairo, rect.x, rect.y);
    cairo_scale(cairo, rect.width / (n_columns * block), rect.height / (n_rows * block));
    cairo_set_source_surface(cairo, image, 0, 0);
    cairo_pattern_set_filter(cairo_get_source(cairo), CAIRO_FILTER_NEAREST);
    cairo_paint(cairo);
    cairo_restore(cairo);
    cairo_surface_destroy(image);
}
