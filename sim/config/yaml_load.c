/* A config's bytes from its file. */
#include "sim/config/yaml.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_BYTES = 16 * 1024 * 1024 };

/* Reads at most `capacity` bytes; false, with errno, where the file cannot be read. */
static bool read_file(const char *path, char *bytes, size_t capacity, size_t *n) {
    FILE *file = fopen(path, "rb");
    if (!file)
        return false;
    *n = fread(bytes, 1, capacity, file);
    int code = ferror(file) ? errno : 0;
    fclose(file);
    errno = code;
    return code == 0;
}

const Yaml *yaml_load(const char *path, Arena *arena, Problems *problems) {
    Place place = {arena_copy(arena, path), 0, 0};
    char *bytes = malloc(MAX_BYTES + 1);
    if (!bytes)
        abort();
    size_t n = 0;
    const Yaml *root = NULL;
    if (!read_file(path, bytes, MAX_BYTES + 1, &n))
        problem_add(problems, place, "cannot be read: %s", strerror(errno));
    else if (n > MAX_BYTES)
        problem_add(problems, place, "larger than 16 MiB: not a config");
    else
        root = yaml_parse(path, bytes, n, arena, problems);
    free(bytes);
    return root;
}
