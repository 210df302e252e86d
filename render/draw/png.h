/* PNG: a surface as a file's bytes. Cairo's own writer filters each line of pixels by a rule made
 * for photographs; drawings on a plain ground are up to a quarter smaller without any filter. */
#ifndef SUPERPOSE_RENDER_DRAW_PNG_H
#define SUPERPOSE_RENDER_DRAW_PNG_H

#include "sim/base/error.h"

#include <cairo.h>
#include <stddef.h>

/** Takes the file's next n bytes. */
typedef void PngSink(void *to, const unsigned char *bytes, size_t n);

/** Writes an RGB24 image surface as 8-bit RGB; the same pixels give the same bytes. */
bool png_write_surface(cairo_surface_t *surface, PngSink *sink, void *to, Error *error);

#endif
