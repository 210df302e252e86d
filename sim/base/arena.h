/* Memory that is freed all at once: one arena for a run, one for scratch. Who passes the arena owns
 * the result.
 *
 * Small blocks are cut from chunks of 4 to 64 KiB; a large one gets a mapping of its own, whose
 * pages cost nothing until they are written, so worst-case buffers are cheap. All memory comes
 * zeroed. */
#ifndef SUPERPOSE_BASE_ARENA_H
#define SUPERPOSE_BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

typedef struct ArenaBlock ArenaBlock;

typedef struct Arena {
    ArenaBlock *newest; /* NULL in an empty arena: {0} is ready for use */
    size_t n_bytes;     /* handed out since the last release */
} Arena;

/** n * size zeroed bytes, aligned to 64 where at least 64 bytes are asked for and to 16 otherwise.
 * Never NULL: a program that cannot get a small block cannot go on, and stops with one line. Large
 * arrays use arena_try. */
void *arena_alloc(Arena *arena, size_t n, size_t size);

/** The same, but NULL where memory is short or n * size overflows: for arrays whose size the user
 * chose. */
void *arena_try(Arena *arena, size_t n, size_t size);

#define ARENA_NEW(arena, Type, n) ((Type *)arena_alloc((arena), (size_t)(n), sizeof(Type)))
#define ARENA_TRY(arena, Type, n) ((Type *)arena_try((arena), (size_t)(n), sizeof(Type)))

/** A copy of the text. */
char *arena_copy(Arena *arena, const char *text);

/** A printed text. */
char *arena_print(Arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));

/** Frees everything; the arena is empty again. */
void arena_release(Arena *arena);

#endif
