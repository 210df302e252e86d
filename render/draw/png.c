#include "render/draw/png.h"

#include "sim/base/arena.h"

#include <png.h>
#include <setjmp.h>
#include <stdint.h>

/* What libpng hands back to its callbacks. */
typedef struct Writer {
    PngSink *sink;
    void *to;
    Error *error;
} Writer;

static void on_bytes(png_structp png, png_bytep bytes, size_t n) {
    Writer *writer = png_get_io_ptr(png);
    writer->sink(writer->to, bytes, n);
}

static void on_flush(png_structp png) {
    (void)png;
}

static void on_error(png_structp png, png_const_charp text) {
    Writer *writer = png_get_error_ptr(png);
    error_set(writer->error, "the PNG cannot be written: %s", text);
    png_longjmp(png, 1);
}

static void on_warning(png_structp png, png_const_charp text) {
    (void)png;
    (void)text;
}

/* A pixel is 0x00RRGGBB in the machine's order of bytes. */
static void unpack(const unsigned char *line, int width, png_bytep row) {
    const uint32_t *pixels = (const uint32_t *)(const void *)line;
    for (int x = 0; x < width; x++) {
        row[3 * x] = (png_byte)(pixels[x] >> 16);
        row[3 * x + 1] = (png_byte)(pixels[x] >> 8);
        row[3 * x + 2] = (png_byte)pixels[x];
    }
}

static void write_lines(png_structp png, png_infop info, cairo_surface_t *surface, PngEffort effort,
                        png_bytep row) {
    int width = cairo_image_surface_get_width(surface);
    int height = cairo_image_surface_get_height(surface);
    size_t stride = (size_t)cairo_image_surface_get_stride(surface);
    png_set_IHDR(png, info, (png_uint_32)width, (png_uint_32)height, 8, PNG_COLOR_TYPE_RGB,
                 PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    png_set_filter(png, PNG_FILTER_TYPE_BASE, PNG_FILTER_NONE);
    png_set_compression_level(png, (int)effort);
    png_write_info(png, info);
    for (int y = 0; y < height; y++) {
        unpack(cairo_image_surface_get_data(surface) + y * stride, width, row);
        png_write_row(png, row);
    }
    png_write_end(png, info);
}

bool png_write_surface(cairo_surface_t *surface, PngEffort effort, PngSink *sink, void *to,
                       Error *error) {
    Arena scratch = {0};
    Writer writer = {sink, to, error};
    cairo_surface_flush(surface);
    png_bytep row = ARENA_NEW(&scratch, png_byte, 3 * cairo_image_surface_get_width(surface));
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, &writer, on_error, on_warning);
    png_infop info = png ? png_create_info_struct(png) : NULL;
    bool is_ready = info || error_set(error, "not enough memory for a PNG");
    volatile bool is_written = false;
    if (is_ready && setjmp(png_jmpbuf(png)) == 0) {
        png_set_write_fn(png, &writer, on_bytes, on_flush);
        write_lines(png, info, surface, effort, row);
        is_written = true;
    }
    png_destroy_write_struct(&png, &info);
    arena_release(&scratch);
    return is_written;
}
