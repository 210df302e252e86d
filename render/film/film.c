/* A ring of pictures, each with how often it is wanted. The drawing thread fills the next free one;
 * the film's thread writes the oldest as often as it is wanted, and keeps it until there is a newer
 * one, since it may be wanted again. */
#define _GNU_SOURCE /* pthread_sigmask */
#include "render/film/film.h"

#include <assert.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { N_SLOTS = 4 };

/* A live film that lags further behind leaves frames out. */
static const int MOST_SECONDS_BEHIND = 10;

typedef struct Slot {
    cairo_surface_t *picture;
    int64_t wanted; /* times */
} Slot;

struct Film {
    FilmOptions options;
    Encoder *encoder;
    pthread_t thread;
    pthread_mutex_t lock; /* of all that follows, but the pictures */
    pthread_cond_t changed;
    Slot slots[N_SLOTS];
    int64_t n_added;  /* pictures; the newest is in the slot n_added - 1 */
    int64_t at;       /* the picture in the film thread's hands */
    int64_t n_frames; /* wanted so far */
    int64_t n_written, n_left_out;
    bool is_ended, is_over, has_failed;
    Error error;
};

static Slot *slot_of(Film *film, int64_t picture) {
    return &film->slots[picture % N_SLOTS];
}

/* ---- the film's thread ---- */

/* The next picture to be written, or NULL at the end; with the lock. */
static Slot *next(Film *film) {
    for (;;) {
        if (film->at < film->n_added && slot_of(film, film->at)->wanted)
            return slot_of(film, film->at);
        if (film->at + 1 < film->n_added) {
            film->at++;
            pthread_cond_broadcast(&film->changed);
        } else if (film->is_ended) {
            return NULL;
        } else {
            pthread_cond_wait(&film->changed, &film->lock);
        }
    }
}

/* pthread_create: writes all frames, then finishes the file. */
static void *write_all(void *context) {
    Film *film = context;
    sigset_t pipe_signal;
    sigemptyset(&pipe_signal);
    sigaddset(&pipe_signal, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe_signal, NULL); /* an error of the write instead */
    pthread_mutex_lock(&film->lock);
    bool ok = true;
    for (Slot *slot; ok && (slot = next(film));) {
        slot->wanted--;
        pthread_mutex_unlock(&film->lock);
        ok = encoder_write(film->encoder, slot->picture, &film->error);
        pthread_mutex_lock(&film->lock);
        film->n_written += ok;
    }
    film->has_failed = !ok;
    pthread_cond_broadcast(&film->changed);
    bool is_lost = !ok || !film->n_written;
    pthread_mutex_unlock(&film->lock);
    ok = encoder_finish(film->encoder, is_lost, &film->error);
    pthread_mutex_lock(&film->lock);
    film->has_failed = !ok;
    film->is_over = true;
    pthread_mutex_unlock(&film->lock);
    return NULL;
}

/* ---- opening ---- */

static void release(Film *film) {
    for (int i = 0; i < N_SLOTS; i++)
        cairo_surface_destroy(film->slots[i].picture);
    encoder_close(film->encoder);
    pthread_cond_destroy(&film->changed);
    pthread_mutex_destroy(&film->lock);
    free(film);
}

static bool open_slots(Film *film, Error *error) {
    int width = encoder_width(film->encoder), height = encoder_height(film->encoder);
    for (int i = 0; i < N_SLOTS; i++) {
        film->slots[i].picture = cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height);
        if (cairo_surface_status(film->slots[i].picture) != CAIRO_STATUS_SUCCESS)
            return error_set(error, "no memory for a film of %d x %d", width, height);
    }
    return true;
}

bool film_open(Film **out, const FilmOptions *options, Error *error) {
    Film *film = calloc(1, sizeof *film);
    if (!film)
        return error_set(error, "no memory for a film");
    film->options = *options;
    pthread_mutex_init(&film->lock, NULL);
    pthread_cond_init(&film->changed, NULL);
    bool is_open = encoder_open(&film->encoder, &options->encoder, error);
    bool ok = is_open && open_slots(film, error) &&
              (pthread_create(&film->thread, NULL, write_all, film) == 0 ||
               error_set(error, "no thread for the film"));
    if (ok) {
        *out = film;
        return true;
    }
    if (is_open)
        encoder_finish(film->encoder, true, &(Error){0});
    release(film);
    return false;
}

/* ---- the drawing thread ---- */

/* As it is, but for an odd line or column; one of another size as large as it fits, on black. */
static void copy(cairo_surface_t *from, cairo_surface_t *to) {
    int width = cairo_image_surface_get_width(to), height = cairo_image_surface_get_height(to);
    int more_x = cairo_image_surface_get_width(from) - width;
    int more_y = cairo_image_surface_get_height(from) - height;
    cairo_t *cairo = cairo_create(to);
    if (more_x < 0 || more_x > 1 || more_y < 0 || more_y > 1) {
        double scale_x = (double)width / (width + more_x);
        double scale_y = (double)height / (height + more_y);
        double scale = scale_x < scale_y ? scale_x : scale_y;
        cairo_paint(cairo);
        cairo_translate(cairo, (width - scale * (width + more_x)) / 2,
                        (height - scale * (height + more_y)) / 2);
        cairo_scale(cairo, scale, scale);
    }
    cairo_set_source_surface(cairo, from, 0, 0);
    cairo_paint(cairo);
    cairo_destroy(cairo);
}

/* One more of the newest picture, unless the film is too far behind. */
static void want(Film *film) {
    int64_t most = (int64_t)MOST_SECONDS_BEHIND * film->options.encoder.fps;
    if (film->options.is_live && film->n_frames - film->n_written >= most) {
        film->n_left_out++;
        return;
    }
    slot_of(film, film->n_added - 1)->wanted++;
    film->n_frames++;
    pthread_cond_broadcast(&film->changed);
}

/* A free slot, for which a film that is not live waits; with the lock. */
static bool has_room(Film *film) {
    while (film->n_added - film->at >= N_SLOTS && !film->options.is_live && !film->has_failed)
        pthread_cond_wait(&film->changed, &film->lock);
    return film->n_added - film->at < N_SLOTS;
}

bool film_add(Film *film, cairo_surface_t *picture) {
    pthread_mutex_lock(&film->lock);
    assert(!film->is_ended);
    if (has_room(film) && !film->has_failed) {
        Slot *slot = slot_of(film, film->n_added);
        pthread_mutex_unlock(&film->lock);
        copy(picture, slot->picture);
        pthread_mutex_lock(&film->lock);
        slot->wanted = 0;
        film->n_added++;
    }
    bool ok = !film->has_failed;
    if (ok)
        want(film);
    pthread_mutex_unlock(&film->lock);
    return ok;
}

bool film_repeat(Film *film) {
    pthread_mutex_lock(&film->lock);
    bool ok = !film->has_failed;
    if (ok && film->n_added)
        want(film);
    pthread_mutex_unlock(&film->lock);
    return ok;
}

void film_end(Film *film) {
    pthread_mutex_lock(&film->lock);
    film->is_ended = true;
    pthread_cond_broadcast(&film->changed);
    pthread_mutex_unlock(&film->lock);
}

bool film_is_over(Film *film) {
    pthread_mutex_lock(&film->lock);
    bool is_over = film->is_over;
    pthread_mutex_unlock(&film->lock);
    return is_over;
}

int64_t film_n_frames(Film *film) {
    pthread_mutex_lock(&film->lock);
    int64_t n = film->n_frames;
    pthread_mutex_unlock(&film->lock);
    return n;
}

bool film_close(Film *film, FilmResult *result, Error *error) {
    film_end(film);
    pthread_join(film->thread, NULL);
    snprintf(result->path, sizeof result->path, "%s", encoder_path(film->encoder));
    snprintf(result->notice, sizeof result->notice, "%s", encoder_notice(film->encoder));
    result->left_out = (double)film->n_left_out / film->options.encoder.fps;
    bool ok = !film->has_failed;
    if (!ok && film->error.text[0])
        *error = film->error;
    else if (!ok)
        error_set(error, "%s: the film has no frame", encoder_path(film->encoder));
    release(film);
    return ok;
}
