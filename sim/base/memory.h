/* How much memory there is to take. */
#ifndef SUPERPOSE_BASE_MEMORY_H
#define SUPERPOSE_BASE_MEMORY_H

#include <stdint.h>

/** Bytes this process can still use without swapping: Linux's MemAvailable, elsewhere all physical
 * memory; INT64_MAX where the system does not say. */
int64_t memory_available(void);

#endif
