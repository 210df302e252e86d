/* How much memory there is to take. */
#ifndef SUPERPOSE_BASE_MEMORY_H
#define SUPERPOSE_BASE_MEMORY_H

#include <stdbool.h>
#include <stdint.h>

/** Bytes this process can still use without swapping: Linux's MemAvailable, elsewhere all physical
 * memory; INT64_MAX where the system does not say. */
int64_t memory_available(void);

/** Whether so many bytes are there to take. What is too small to matter (64 MiB) is not asked for,
 * so that opening a small model costs nothing. */
bool memory_suffices(double n_bytes);

#endif
