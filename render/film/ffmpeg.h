/* Ffmpeg: the program ffmpeg at work on what we write to it, in a process of its own that a Ctrl-C
 * does not reach. What it says is kept for the case that it fails. */
#ifndef SUPERPOSE_RENDER_FILM_FFMPEG_H
#define SUPERPOSE_RENDER_FILM_FFMPEG_H

#include "sim/base/error.h"

#include <stddef.h>
#include <stdio.h>
#include <sys/types.h>

/* {0}: none is at work. */
typedef struct Ffmpeg {
    pid_t child;
    int input;  /* it reads from here */
    FILE *said; /* its stderr; may be NULL */
} Ffmpeg;

/** Starts it with these arguments (without its name, NULL-ended). Fails where it is not on the
 * PATH, or cannot be started. */
bool ffmpeg_open(Ffmpeg *ffmpeg, const char *const *arguments, Error *error);

/** Writes n bytes to its input, waiting until it has taken them; false: it takes no more, and
 * ffmpeg_close says why. Whoever calls it has SIGPIPE blocked or ignored. */
bool ffmpeg_write(const Ffmpeg *ffmpeg, const void *bytes, size_t n);

/** Ends its input and waits for its end; fails, with the last line it said, where it did. */
bool ffmpeg_close(Ffmpeg *ffmpeg, Error *error);

#endif
