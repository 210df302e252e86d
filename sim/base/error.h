/* A failure as one clear sentence for the user. Functions that can fail return false and fill an
 * Error. */
#ifndef SUPERPOSE_BASE_ERROR_H
#define SUPERPOSE_BASE_ERROR_H

#include <stdbool.h>

typedef struct Error {
    char text[1024]; /* empty while nothing went wrong */
} Error;

/** Writes the sentence (printf format) and returns false, so that a caller can `return
 * error_set(...)`. */
bool error_set(Error *error, const char *format, ...) __attribute__((format(printf, 2, 3)));

/** Puts words before the sentence already there ("results/x.db: " …); returns false. */
bool error_prefix(Error *error, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
