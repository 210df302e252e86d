/* Encoder: pictures of one size, one after the other, into a file that appears whole or not at all:
 *
 *     .mp4   H.264, which every player and browser shows
 *     .gif   256 colours chosen for this film
 *     .webp  animated
 *     DIR/   frame-00001.png, frame-00002.png, …
 *
 * Films are ffmpeg's work. Where it is missing, or fails before it has taken a picture, the
 * pictures become PNGs in a folder beside the wanted file instead, and encoder_notice says so. */
#ifndef SUPERPOSE_RENDER_FILM_ENCODER_H
#define SUPERPOSE_RENDER_FILM_ENCODER_H

#include "sim/base/error.h"

#include <cairo.h>
#include <stdint.h>

typedef struct Encoder Encoder;

typedef enum EncoderKind { ENCODER_MP4, ENCODER_GIF, ENCODER_WEBP, ENCODER_FOLDER } EncoderKind;

typedef struct EncoderOptions {
    const char *path;
    int width, height; /* pixels, from ENCODER_LEAST on; the encoder's may be one less: see below */
    int fps;           /* pictures a second */
    bool is_quick;     /* while the machine has other things to do: a larger file for less work */
} EncoderOptions;

/* A smaller picture could hide in the pipe when ffmpeg is gone. */
enum { ENCODER_LEAST = 160 };

/** What a name's ending asks for; fails, naming the endings, where it is none of them. */
bool encoder_kind(const char *path, EncoderKind *kind, Error *error);

/** Opens the file. Fails where it cannot be written. */
bool encoder_open(Encoder **encoder, const EncoderOptions *options, Error *error);

/** The size of its pictures: H.264 needs even ones, so an odd line or column at the end is left
 * out. */
int encoder_width(const Encoder *encoder);
int encoder_height(const Encoder *encoder);

/** Adds a picture (an RGB24 image surface of that size). */
bool encoder_write(Encoder *encoder, cairo_surface_t *picture, Error *error);

/** Finishes the file with the pictures it has; fails, leaving none, where that cannot be done or
 * `is_lost`. The encoder stays to be asked. */
bool encoder_finish(Encoder *encoder, bool is_lost, Error *error);

/** Where the pictures went: the file, or a folder. */
const char *encoder_path(const Encoder *encoder);

/** "" or a sentence that says why they are in a folder. */
const char *encoder_notice(const Encoder *encoder);

/** Frees it; NULL is allowed. */
void encoder_close(Encoder *encoder);

#endif
