/* NumPy's .npz: a zip of .npy arrays (format 1.0), little-endian, C order. */
#ifndef SUPERPOSE_BASE_NPZ_H
#define SUPERPOSE_BASE_NPZ_H

#include "sim/base/arena.h"
#include "sim/base/error.h"

#include <stdint.h>

typedef enum NpzType { NPZ_FLOAT32, NPZ_FLOAT64, NPZ_INT64, NPZ_BOOL, NPZ_TEXT } NpzType;

enum { NPZ_MAX_RANK = 5 };

typedef struct NpzArray {
    const char *name;
    NpzType type;
    int rank; /* 0: one number or one text */
    int64_t shape[NPZ_MAX_RANK];
    const void
        *values; /* NPZ_BOOL: unsigned char; NPZ_TEXT: const char *const * (written as <U arrays) */
} NpzArray;

typedef struct NpzWriter NpzWriter;

/** Starts a file; it appears under its name when npz_close succeeds, and not otherwise. */
bool npz_create(NpzWriter **writer, const char *path, Error *error);

/** Adds an array; values are written before it returns. */
bool npz_add(NpzWriter *writer, const NpzArray *array, Error *error);

/** Adds an array (no NPZ_TEXT) whose values come bit by bit: npz_begin, ignoring array->values,
 * then npz_append until all are there. n counts values, not bytes; they need not be aligned. The
 * next array, or npz_close, fails where some are missing. */
bool npz_begin(NpzWriter *writer, const NpzArray *array, Error *error);
bool npz_append(NpzWriter *writer, const void *values, int64_t n, Error *error);

/** Finishes the file. Frees the writer in any case. The bytes depend on the arrays alone (no
 * dates). */
bool npz_close(NpzWriter *writer, Error *error);

/** Drops the file unfinished. NULL is allowed. */
void npz_cancel(NpzWriter *writer);

/** Rank and shape of one array of a file, and the checksum (CRC-32) of its bytes as the file has
 * them; values are not read. Fails as npz_read does. */
bool npz_peek(const char *path, const char *name, NpzArray *array, uint32_t *checksum, bool *found,
              Error *error);

/** Reads one array of a file, turned into NPZ_FLOAT32 (from float32, float64, integers or bools);
 * `found` = false where the file has none of that name. Fails on anything that is no sound .npz
 * (wrong lengths, Fortran order, unknown type). */
bool npz_read(const char *path, const char *name, Arena *arena, NpzArray *array, bool *found,
              Error *error);

#endif
