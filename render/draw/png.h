/* PNG: a surface as a file's bytes. Cairo's own writer filters each line of pixels by a rule made
 * for photographs; drawings on a plain ground are up to a quarter smaller without any filter. */
#ifndef SUPERPOSE_RENDER_DRAW_PNG_H
#define SUPERPOSE_RENDER_DRAW_PNG_H

#include "sim/base/error.h"

#include <cairo.h>
#include <stddef.h>

/** Takes the file's next n bytes. */
typedef void PngSink(void *to, const unsigned char *bytes, size_t n);

/* zlib's level: a page of 1280 x 800 takes 100 ms as small as it can be, 30 ms for 7% more. */
typedef enum PngEffort { PNG_QUICK = 6, PNG_SMALL = 9 } PngEffort;

/** Writes an RGB24 image surface as 8-bit RGB; the same pixels give the same bytes. */
bool png_write_surface(cairo_surface_t *surface, PngEffort effort, PngSink *sink, void *to,
                       Error *error);

#endif
