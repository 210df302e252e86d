/* Everything that could differ between two drawings of one picture is fixed here: a PDF's date, and
 * the ids in an SVG, which Cairo counts through the whole process. */
#include "render/draw/canvas.h"

#include "render/draw/png.h"

#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool canvas_format(const char *path, CanvasFormat *format, Error *error) {
    static const char *const endings[] = {
        [CANVAS_SVG] = ".svg", [CANVAS_PDF] = ".pdf", [CANVAS_PNG] = ".png"};
    for (int i = 0; i < 3; i++)
        if (text_ends(path, endings[i])) {
            *format = (CanvasFormat)i;
            return true;
        }
    return error_set(error, "%s: a figure's name ends in .svg, .pdf or .png", path);
}

static void bytes_add(Text *text, const void *data, size_t n) {
    if (!text->data || text->n + n + 1 > text->capacity) {
        text->capacity = (text->n + n + 1) * 2;
        text->data = realloc(text->data, text->capacity);
        if (!text->data)
            abort();
    }
    memcpy(text->data + text->n, data, n);
    text->n += n;
    text->data[text->n] = 0;
}

static cairo_status_t collect(void *bytes, const unsigned char *data, unsigned n) {
    bytes_add(bytes, data, n);
    return CAIRO_STATUS_SUCCESS;
}

static void add_png(void *bytes, const unsigned char *data, size_t n) {
    bytes_add(bytes, data, n);
}

static cairo_surface_t *surface_open(CanvasFormat format, double width, double height,
                                     const char *title, Text *bytes) {
    if (format == CANVAS_PNG)
        return cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)lround(width * CANVAS_PNG_SCALE),
                                          (int)lround(height * CANVAS_PNG_SCALE));
    if (format == CANVAS_PDF) {
        cairo_surface_t *surface =
            cairo_pdf_surface_create_for_stream(collect, bytes, width, height);
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, title);
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE,
                                       "2000-01-01T00:00:00Z");
        return surface;
    }
    cairo_surface_t *surface = cairo_svg_surface_create_for_stream(collect, bytes, width, height);
    cairo_svg_surface_set_document_unit(surface, CAIRO_SVG_UNIT_PX);
    return surface;
}

/* On the surface, which it takes: in a PNG's pixels, or in the page's own. */
static bool open_on(Canvas *canvas, cairo_surface_t *surface, CanvasFormat format, Text *bytes,
                    const Style *style, Error *error) {
    *canvas = (Canvas){cairo_create(surface), surface, format, bytes};
    cairo_status_t status = cairo_status(canvas->cairo);
    if (status != CAIRO_STATUS_SUCCESS) {
        Text none = {0};
        canvas_close(canvas, &none, error);
        text_release(&none);
        return error_set(error, "a picture cannot be made: %s", cairo_status_to_string(status));
    }
    if (cairo_surface_get_type(surface) == CAIRO_SURFACE_TYPE_IMAGE)
        cairo_scale(canvas->cairo, CANVAS_PNG_SCALE, CANVAS_PNG_SCALE);
    canvas_set_color(canvas->cairo, style->background);
    cairo_paint(canvas->cairo);
    cairo_set_line_cap(canvas->cairo, CAIRO_LINE_CAP_ROUND);
    cairo_set_line_join(canvas->cairo, CAIRO_LINE_JOIN_ROUND);
    return true;
}

static Text *new_bytes(void) {
    Text *bytes = calloc(1, sizeof *bytes);
    if (!bytes)
        abort();
    return bytes;
}

bool canvas_open(Canvas *canvas, CanvasFormat format, double width, double height,
                 const Style *style, const char *title, Error *error) {
    Text *bytes = new_bytes();
    cairo_surface_t *surface = surface_open(format, width, height, title, bytes);
    return open_on(canvas, surface, format, bytes, style, error) ||
           error_prefix(error, "%.0f x %.0f: ", width, height);
}

bool canvas_open_later(Canvas *canvas, CanvasFormat format, double width, double height,
                       const Style *style, const char *title, Error *error) {
    if (format != CANVAS_PNG) /* Cairo remembers the drawing until the page is full */
        return canvas_open(canvas, format, width, height, style, title, error);
    cairo_rectangle_t page = {0, 0, width, height};
    return open_on(canvas, cairo_recording_surface_create(CAIRO_CONTENT_COLOR, &page), format,
                   new_bytes(), style, error);
}

/* Length of the word in front of an id's number ("image" of #image17"), or 0. */
static size_t id_word(const char *at) {
    static const char *const words[] = {"\"surface", "\"image", "#image", "#surface"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t n = strlen(words[i]);
        if (strncmp(at, words[i], n) == 0 && isdigit((unsigned char)at[n]))
            return n;
    }
    return 0;
}

/* The place of a number among those met so far; they are few, one for each image. */
static int id_rank(int **seen, int *n, int id) {
    for (int i = 0; i < *n; i++)
        if ((*seen)[i] == id)
            return i;
    *seen = realloc(*seen, (size_t)(*n + 1) * sizeof **seen);
    if (!*seen)
        abort();
    (*seen)[*n] = id;
    return (*n)++;
}

/* Of the decimals behind a point the first that is left out, or the point itself: two are kept of 1
 * and more (a length, in pixels), five of less (a scale, a share). Base 64 has no points. */
static const char *cut_of(const char *point, const char *start) {
    if (*point != '.' || point == start || !isdigit((unsigned char)point[-1]))
        return point;
    bool is_less = point[-1] == '0' && (point - 1 == start || !isdigit((unsigned char)point[-2]));
    int n = 0, kept = is_less ? 5 : 2;
    while (n <= kept && isdigit((unsigned char)point[1 + n]))
        n++;
    return n > kept ? point + 1 + kept : point;
}

/* Numbers the ids of an SVG in the order in which they appear, and leaves out decimals that nobody
 * sees: a sixth of a page of text. */
static void tidy(const Text *svg, Text *out) {
    int *seen = NULL, n_seen = 0;
    const char *from = svg->data, *end = svg->data + svg->n;
    for (const char *at = from; at < end; at++) {
        const char *cut = cut_of(at, svg->data);
        if (cut > at) {
            bytes_add(out, from, (size_t)(cut - from));
            for (from = cut; isdigit((unsigned char)*from);)
                from++;
            at = from - 1;
            continue;
        }
        size_t n = *at == '"' || *at == '#' ? id_word(at) : 0;
        if (!n)
            continue;
        char *after, number[16];
        int rank = id_rank(&seen, &n_seen, (int)strtol(at + n, &after, 10));
        bytes_add(out, from, (size_t)(at + n - from));
        bytes_add(out, number, (size_t)snprintf(number, sizeof number, "%d", rank));
        from = after;
        at = after - 1;
    }
    bytes_add(out, from, (size_t)(end - from));
    free(seen);
}

/* The pixels of a PNG that has none yet, in place of what was recorded. */
static cairo_status_t paint_recorded(Canvas *canvas) {
    cairo_rectangle_t page;
    if (!cairo_recording_surface_get_extents(canvas->surface, &page))
        return CAIRO_STATUS_SURFACE_TYPE_MISMATCH;
    cairo_surface_t *pixels = surface_open(CANVAS_PNG, page.width, page.height, NULL, NULL);
    cairo_t *cairo = cairo_create(pixels);
    cairo_scale(cairo, CANVAS_PNG_SCALE, CANVAS_PNG_SCALE);
    cairo_set_source_surface(cairo, canvas->surface, 0, 0);
    cairo_paint(cairo);
    cairo_status_t status = cairo_status(cairo);
    cairo_destroy(cairo);
    cairo_surface_destroy(canvas->surface);
    canvas->surface = pixels;
    return status;
}

bool canvas_close(Canvas *canvas, Text *bytes, Error *error) {
    cairo_status_t status = cairo_status(canvas->cairo);
    cairo_destroy(canvas->cairo);
    bool is_recorded = cairo_surface_get_type(canvas->surface) == CAIRO_SURFACE_TYPE_RECORDING;
    if (status == CAIRO_STATUS_SUCCESS && is_recorded)
        status = paint_recorded(canvas);
    bool is_written = canvas->format != CANVAS_PNG || status != CAIRO_STATUS_SUCCESS ||
                      png_write_surface(canvas->surface, PNG_SMALL, add_png, canvas->bytes, error);
    cairo_surface_finish(canvas->surface);
    if (status == CAIRO_STATUS_SUCCESS)
        status = cairo_surface_status(canvas->surface);
    cairo_surface_destroy(canvas->surface);
    if (status == CAIRO_STATUS_SUCCESS && canvas->format == CANVAS_SVG)
        tidy(canvas->bytes, bytes);
    else if (status == CAIRO_STATUS_SUCCESS)
        bytes_add(bytes, canvas->bytes->data, canvas->bytes->n);
    text_release(canvas->bytes);
    free(canvas->bytes);
    *canvas = (Canvas){0};
    if (status != CAIRO_STATUS_SUCCESS)
        return error_set(error, "drawing failed: %s", cairo_status_to_string(status));
    return is_written;
}

bool canvas_save(const char *path, const Text *bytes, Error *error) {
    Text temporary = {0};
    text_add(&temporary, "%s.%ld.part", path, (long)getpid());
    FILE *file = fopen(text_of(&temporary), "wb");
    bool is_written = file && fwrite(bytes->data, 1, bytes->n, file) == bytes->n;
    if (file && fclose(file) != 0)
        is_written = false;
    if (!is_written || rename(text_of(&temporary), path) != 0) {
        int reason = errno;
        if (file)
            unlink(text_of(&temporary));
        text_release(&temporary);
        return error_set(error, "%s: cannot be written: %s", path, strerror(reason));
    }
    text_release(&temporary);
    return true;
}

void canvas_set_color(cairo_t *cairo, Color c) {
    cairo_set_source_rgba(cairo, c.red, c.green, c.blue, c.alpha);
}
