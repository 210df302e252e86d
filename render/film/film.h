/* Film: a page's frames on their way into a file. A thread of its own hands them to the encoder,
 * with a few pictures of slack, so that who draws does not wait for it:
 *
 *     film_add, film_repeat …   as the clock says
 *     film_end                  no more will come
 *     film_close                when film_is_over, or to wait for it
 */
#ifndef SUPERPOSE_RENDER_FILM_FILM_H
#define SUPERPOSE_RENDER_FILM_FILM_H

#include "render/film/encoder.h"

typedef struct Film Film;

typedef struct FilmOptions {
    EncoderOptions encoder;
    bool is_live; /* film_add never waits: what the encoder cannot keep up with shows an older
                     picture, or is left out */
} FilmOptions;

/** Opens the file, and a thread. Fails where it cannot be written. */
bool film_open(Film **film, const FilmOptions *options, Error *error);

/** Adds a frame with a copy of the picture (an RGB24 image surface); one of another size is fitted
 * in. False: the film has failed, film_close says why. */
bool film_add(Film *film, cairo_surface_t *picture);

/** Adds a frame with the picture added last. */
bool film_repeat(Film *film);

/** No more frames will come. */
void film_end(Film *film);

/** Whether the file is there, or has failed. */
bool film_is_over(Film *film);

/** Frames added and not left out. */
int64_t film_n_frames(Film *film);

/* What came of it. */
typedef struct FilmResult {
    char path[1024];   /* the file, or a folder with a / */
    char notice[2048]; /* "" or a sentence that says why it is a folder */
    double left_out;   /* seconds of it that a live film has not: the encoder was too slow */
} FilmResult;

/** Ends it, waits for the file, and frees the film; fails, leaving no file, where it could not be
 * made. Only a film that has at least one frame is one. */
bool film_close(Film *film, FilmResult *result, Error *error);

#endif
