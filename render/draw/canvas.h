/* Canvas: a page of known size that becomes an SVG, PDF or PNG file. The same drawing gives the
 * same bytes, in any process and at any time; the file appears whole or not at all. */
#ifndef SUPERPOSE_RENDER_DRAW_CANVAS_H
#define SUPERPOSE_RENDER_DRAW_CANVAS_H

#include "render/draw/style.h"
#include "sim/base/error.h"
#include "sim/base/text.h"

#include <cairo.h>

typedef enum CanvasFormat { CANVAS_SVG, CANVAS_PDF, CANVAS_PNG } CanvasFormat;

/* A part of the page; y points down. */
typedef struct Rect {
    double x, y, width, height;
} Rect;

typedef struct Canvas {
    cairo_t *cairo;
    cairo_surface_t *surface;
    CanvasFormat format;
    Text *bytes; /* of the file so far */
} Canvas;

/** Pixels of a PNG for one of the page. */
enum { CANVAS_PNG_SCALE = 2 };

/** The format by the path's ending; fails, naming the three endings, where it is none of them. */
bool canvas_format(const char *path, CanvasFormat *format, Error *error);

/** A page of width x height filled with the background; `title` goes into a PDF's metadata. */
bool canvas_open(Canvas *canvas, CanvasFormat format, double width, double height,
                 const Style *style, const char *title, Error *error);

/** The same, but all that takes long is left to canvas_close, which any thread may do: a PNG has no
 * pixels before. */
bool canvas_open_later(Canvas *canvas, CanvasFormat format, double width, double height,
                       const Style *style, const char *title, Error *error);

/** Ends the page and appends the file's bytes to `bytes`; frees the canvas in any case. */
bool canvas_close(Canvas *canvas, Text *bytes, Error *error);

/** Writes a file whole (a temporary one beside it is renamed), or leaves what was there. */
bool canvas_save(const char *path, const Text *bytes, Error *error);

/** Sets the colour that the next stroke or fill uses. */
void canvas_set_color(cairo_t *cairo, Color color);

#endif
