/* Texts: a growing one, the nearest known name, numbers as people write them. */
#ifndef SUPERPOSE_BASE_TEXT_H
#define SUPERPOSE_BASE_TEXT_H

#include "sim/base/arena.h"

#include <stdbool.h>
#include <stddef.h>

/* A text that grows; {0} is the empty one. `data` is NULL or ends in NUL. */
typedef struct Text {
    char *data;
    size_t n, capacity;
} Text;

/** Appends (printf format). */
void text_add(Text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));

/** The same, from a list of arguments. */
void text_add_list(Text *text, const char *format, va_list arguments)
    __attribute__((format(printf, 2, 0)));

/** Appends a text as it is. */
void text_append(Text *text, const char *more);

/** The text as a C string; "" where nothing was added. */
const char *text_of(const Text *text);

/** Frees it; it is empty again. */
void text_release(Text *text);

/** The name nearest to `word` by edits (a swap of neighbours counts one), or NULL where none is
 * near: at most a third of the word's letters, and at least one, may differ. names [n]. */
const char *text_nearest(const char *word, const char *const *names, int n);

/** The decimal of fewest digits that reads back as the same double ("0.05", "1000", "1e-05", "nan",
 * "inf"); buffer [32]. Returns it. */
const char *text_number(char *buffer, double value);

/** Whether text [n] is the pattern, in which each # stands for a whole number ("simplex of #"). */
bool text_matches(const char *text, size_t n, const char *pattern);

/** A path as seen from the folder of another file: itself where it is absolute, or `beside` is NULL
 * or in no folder. */
const char *text_path(const char *path, const char *beside, Arena *arena);

/** Whether the text ends so. */
bool text_ends(const char *text, const char *end);

#endif
