#define _DEFAULT_SOURCE /* MAP_ANONYMOUS, MAP_NORESERVE */
#include "sim/base/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { FIRST_CHUNK = 4 * 1024, CHUNK = 64 * 1024, HEAD = 64 };

struct ArenaBlock {
    ArenaBlock *older;
    size_t n_bytes; /* with this head */
    size_t n_used;
    int is_mapped;
};

_Static_assert(sizeof(ArenaBlock) <= HEAD, "the head must fit before the first aligned byte");

/* Chunks double from the first on, so that a scratch arena of a few hundred bytes costs little: a
 * sweep of tiny runs opens many. */
static size_t chunk_after(const ArenaBlock *newest, size_t n_bytes) {
    size_t chunk = newest && !newest->is_mapped ? 2 * newest->n_bytes : FIRST_CHUNK;
    while (chunk < n_bytes)
        chunk *= 2;
    return chunk < CHUNK ? chunk : CHUNK;
}

static ArenaBlock *block_open(const ArenaBlock *newest, size_t n_bytes) {
    int is_mapped = n_bytes > CHUNK;
    ArenaBlock *block;
    if (is_mapped) {
        block = mmap(NULL, n_bytes, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (block == MAP_FAILED)
            return NULL;
    } else {
        n_bytes = chunk_after(newest, n_bytes);
        block = aligned_alloc(HEAD, n_bytes);
        if (!block)
            return NULL;
        memset(block, 0, n_bytes);
    }
    *block = (ArenaBlock){.n_bytes = n_bytes, .n_used = HEAD, .is_mapped = is_mapped};
    return block;
}

void *arena_try(Arena *arena, size_t n, size_t size) {
    if (size && n > (SIZE_MAX / 2 - 2 * HEAD) / size)
        return NULL;
    size_t n_bytes = n && size ? n * size : 1, alignment = n_bytes >= HEAD ? HEAD : 16;
    ArenaBlock *newest = arena->newest;
    size_t start = newest ? (newest->n_used + alignment - 1) / alignment * alignment : 0;
    if (!newest || newest->is_mapped || start + n_bytes > newest->n_bytes) {
        ArenaBlock *block = block_open(newest, HEAD + n_bytes);
        if (!block)
            return NULL;
        if (block->is_mapped && newest && !newest->is_mapped) { /* keep the open chunk in front */
            block->older = newest->older;
            newest->older = block;
        } else {
            block->older = newest;
            arena->newest = block;
        }
        newest = block;
        start = HEAD;
    }
    newest->n_used = start + n_bytes;
    arena->n_bytes += n_bytes;
    return (char *)newest + start;
}

void *arena_alloc(Arena *arena, size_t n, size_t size) {
    void *memory = arena_try(arena, n, size);
    if (!memory) {
        fprintf(stderr, "superpose: out of memory (%zu x %zu bytes)\n", n, size);
        abort();
    }
    return memory;
}

char *arena_copy(Arena *arena, const char *text) {
    size_t n = strlen(text) + 1;
    return memcpy(arena_alloc(arena, n, 1), text, n);
}

char *arena_print(Arena *arena, const char *format, ...) {
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int n = vsnprintf(NULL, 0, format, arguments);
    char *text = arena_alloc(arena, (size_t)(n < 0 ? 0 : n) + 1, 1);
    if (n > 0)
        vsnprintf(text, (size_t)n + 1, format, again);
    va_end(again);
    va_end(arguments);
    return text;
}

void arena_release(Arena *arena) {
    for (ArenaBlock *block = arena->newest, *older; block; block = older) {
        older = block->older;
        if (block->is_mapped)
            munmap(block, block->n_bytes);
        else
            free(block);
    }
    *arena = (Arena){0};
}
