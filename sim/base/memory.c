#define _DEFAULT_SOURCE /* _SC_PHYS_PAGES */
#include "sim/base/memory.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

int64_t memory_available(void) {
    FILE *file = fopen("/proc/meminfo", "r");
    int64_t kibibytes = -1;
    if (file) {
        char line[256];
        while (kibibytes < 0 && fgets(line, sizeof line, file))
            if (sscanf(line, "MemAvailable: %" SCNd64, &kibibytes) != 1)
                kibibytes = -1;
        fclose(file);
    }
    if (kibibytes >= 0)
        return kibibytes * 1024;
    int64_t pages = sysconf(_SC_PHYS_PAGES), bytes = sysconf(_SC_PAGESIZE);
    return pages > 0 && bytes > 0 ? pages * bytes : INT64_MAX;
}

bool memory_suffices(double n_bytes) {
    return n_bytes <= 64.0 * 1024 * 1024 || n_bytes <= (double)memory_available();
}
