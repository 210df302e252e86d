/* Pixels that a test draws and looks at. */
#ifndef SUPERPOSE_TESTS_PAPER_H
#define SUPERPOSE_TESTS_PAPER_H

#include "render/draw/canvas.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

/* A page. */
typedef struct Paper {
    cairo_surface_t *surface;
    cairo_t *cairo;
    int width, height;
} Paper;

/* In the background's colour. */
static inline Paper paper_open(int width, int height, const Style *style) {
    Paper paper = {.surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height),
                   .width = width,
                   .height = height};
    paper.cairo = cairo_create(paper.surface);
    canvas_set_color(paper.cairo, style->background);
    cairo_paint(paper.cairo);
    return paper;
}

static inline void paper_close(Paper *paper) {
    cairo_destroy(paper->cairo);
    cairo_surface_destroy(paper->surface);
}

/* 0xRRGGBB. */
static inline uint32_t pixel_at(cairo_surface_t *image, double x, double y) {
    const unsigned char *data = cairo_image_surface_get_data(image);
    size_t offset = (size_t)y * cairo_image_surface_get_stride(image) + 4 * (size_t)x;
    return *(const uint32_t *)(const void *)(data + offset) & 0xffffff;
}

static inline uint32_t pixel(const Paper *paper, double x, double y) {
    cairo_surface_flush(paper->surface);
    return pixel_at(paper->surface, x, y);
}

/* Whether each channel is as the colour's, but for so many steps of 255. */
static inline bool is_near(uint32_t value, Color color, double steps) {
    const double channels[] = {color.red, color.green, color.blue};
    for (int k = 0; k < 3; k++)
        if (fabs((double)(value >> (16 - 8 * k) & 255) - channels[k] * 255) > steps)
            return false;
    return true;
}

#endif
