#include "render/view/record.h"

#include <math.h>

/* The frame of a moment; where nothing has changed the last one will do. */
static bool add_frame(View *view, const RecordOptions *options, cairo_surface_t *page, Film *film) {
    if (!view_has_news(view))
        return film_repeat(film);
    cairo_t *cairo = cairo_create(page);
    cairo_scale(cairo, options->scale, options->scale);
    view_frame(view, cairo, options->encoder.width / options->scale,
               options->encoder.height / options->scale);
    cairo_destroy(cairo);
    return film_add(film, page);
}

static bool have_failed(const View *view) {
    Arena scratch = {0};
    bool is_all;
    view_failure(view, &scratch, &is_all);
    arena_release(&scratch);
    return is_all;
}

bool record_view(View *view, const RecordOptions *options, const atomic_int *stop, RecordTold *told,
                 void *context, FilmResult *result, Error *error) {
    const EncoderOptions *encoder = &options->encoder;
    int64_t n_hold = llround(options->hold * encoder->fps);
    int64_t n_frames = llround(options->seconds * encoder->fps) + n_hold;
    bool was_over = false;
    FilmOptions film_options = {.encoder = *encoder};
    Film *film;
    if (!film_open(&film, &film_options, error))
        return false;
    cairo_surface_t *page =
        cairo_image_surface_create(CAIRO_FORMAT_RGB24, encoder->width, encoder->height);
    bool ok = true;
    for (int64_t i = 0; ok && i < n_frames && !atomic_load(stop); i++) {
        view_tick(view, (double)i / encoder->fps);
        ok = add_frame(view, options, page, film);
        if (!was_over && (was_over = have_failed(view)) && i + 1 + n_hold < n_frames)
            n_frames = i + 1 + n_hold;
        told(context, i + 1, n_frames);
    }
    cairo_surface_destroy(page);
    return film_close(film, result, error);
}
