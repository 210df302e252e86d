#include "sim/base/text.h"

#include <ctype.h>
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Room for n more bytes and the NUL. */
static void make_room(Text *text, size_t n) {
    size_t need = text->n + n + 1;
    if (need <= text->capacity)
        return;
    text->capacity = need * 2 > 256 ? need * 2 : 256;
    text->data = realloc(text->data, text->capacity);
    if (!text->data)
        abort();
}

void text_add_list(Text *text, const char *format, va_list arguments) {
    va_list again;
    va_copy(again, arguments);
    size_t room = text->capacity - text->n;
    int n = vsnprintf(room ? text->data + text->n : NULL, room, format, arguments);
    if (n >= 0 && (size_t)n >= room) { /* it did not fit */
        make_room(text, (size_t)n);
        vsnprintf(text->data + text->n, (size_t)n + 1, format, again);
    }
    text->n += n > 0 ? (size_t)n : 0;
    va_end(again);
}

void text_add(Text *text, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    text_add_list(text, format, arguments);
    va_end(arguments);
}

void text_append(Text *text, const char *more) {
    size_t n = strlen(more);
    make_room(text, n);
    memcpy(text->data + text->n, more, n + 1);
    text->n += n;
}

const char *text_of(const Text *text) {
    return text->data ? text->data : "";
}

void text_release(Text *text) {
    free(text->data);
    *text = (Text){0};
}

enum { LONGEST = 64 };

static int smaller(int a, int b) {
    return a < b ? a : b;
}

/* Optimal string alignment distance; LONGEST where a word is too long to compare. */
static int distance(const char *a, const char *b) {
    int n = (int)strlen(a), m = (int)strlen(b), row[3][LONGEST + 1];
    if (n > LONGEST || m > LONGEST)
        return LONGEST;
    for (int j = 0; j <= m; j++)
        row[0][j] = j;
    for (int i = 1; i <= n; i++) {
        int *now = row[i % 3], *last = row[(i + 2) % 3], *before = row[(i + 1) % 3];
        now[0] = i;
        for (int j = 1; j <= m; j++) {
            int same = a[i - 1] == b[j - 1];
            now[j] = smaller(last[j - 1] + !same, smaller(last[j], now[j - 1]) + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                now[j] = smaller(now[j], before[j - 2] + 1);
        }
    }
    return row[n % 3][m];
}

const char *text_nearest(const char *word, const char *const *names, int n) {
    int allowed = (int)strlen(word) / 3, best = LONGEST;
    const char *nearest = NULL;
    for (int i = 0; i < n; i++) {
        int d = distance(word, names[i]);
        if (d < best) {
            best = d;
            nearest = names[i];
        }
    }
    return best <= (allowed > 1 ? allowed : 1) ? nearest : NULL;
}

static bool reads_back(char *buffer, int digits, double value) {
    snprintf(buffer, 32, "%.*g", digits, value);
    return strtod(buffer, NULL) == value;
}

/* 17 digits read back whatever the double is, and 15 are kept by every normal one, so that where
 * they read back no shorter decimal is nearer; below the normal ones fewer are kept, and all
 * lengths are tried. */
const char *text_number(char *buffer, double value) {
    if (value > -1e15 && value < 1e15 && value == (double)(long long)value &&
        !(value == 0 && signbit(value))) { /* whole numbers have at most 15 digits here */
        snprintf(buffer, 32, "%lld", (long long)value);
        return buffer;
    }
    bool is_normal = !(value > -DBL_MIN && value < DBL_MIN) || value == 0;
    bool needs_all = !reads_back(buffer, 16, value);
    for (int digits = is_normal ? 15 : 1; !needs_all && digits < 17; digits++)
        if (reads_back(buffer, digits, value))
            return buffer;
    snprintf(buffer, 32, "%.17g", value);
    return buffer;
}

bool text_matches(const char *text, size_t n, const char *pattern) {
    const char *end = text + n;
    for (; *pattern; pattern++) {
        if (text == end || (*pattern == '#' ? !isdigit((unsigned char)*text) : *text != *pattern))
            return false;
        text++;
        while (*pattern == '#' && text < end && isdigit((unsigned char)*text))
            text++;
    }
    return text == end;
}

bool text_ends(const char *text, const char *end) {
    size_t n = strlen(text), m = strlen(end);
    return n >= m && strcmp(text + n - m, end) == 0;
}

const char *text_path(const char *path, const char *beside, Arena *arena) {
    const char *slash = beside ? strrchr(beside, '/') : NULL;
    if (path[0] == '/' || !slash)
        return path;
    return arena_print(arena, "%.*s/%s", (int)(slash - beside), beside, path);
}
