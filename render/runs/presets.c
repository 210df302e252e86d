#include "render/runs/presets.h"

#include "sim/base/text.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { MOST_PRESETS = 512, LINE = 512 };

/* What follows a prefix in the line, without what ends it; NULL: it does not begin so. */
static const char *after(const char *line, const char *prefix, Arena *arena) {
    size_t n = strlen(prefix);
    if (strncmp(line, prefix, n) != 0)
        return NULL;
    char *text = arena_copy(arena, line + n + strspn(line + n, " "));
    text[strcspn(text, "\r\n")] = 0;
    return text;
}

/* The first line that begins so, among the first `most`. */
static const char *find_line(const char *path, const char *prefix, int most, Arena *arena) {
    char line[LINE];
    FILE *file = fopen(path, "r");
    const char *found = NULL;
    for (int i = 0; file && !found && i < most && fgets(line, sizeof line, file); i++)
        found = after(line, prefix, arena);
    if (file)
        fclose(file);
    return found;
}

const char *presets_lesson(const char *path, Arena *arena) {
    const char *lesson = find_line(path, "#", 1, arena);
    return lesson ? lesson : "";
}

/* A title that YAML wants in quotes, because of a colon in it. */
static const char *unquoted(const char *title, Arena *arena) {
    size_t n = strlen(title);
    if (n < 2 || !strchr("\"'", title[0]) || title[n - 1] != title[0])
        return title;
    char *text = arena_copy(arena, title + 1);
    text[n - 2] = 0;
    return text;
}

static int is_config(const struct dirent *entry) {
    return text_ends(entry->d_name, ".yaml");
}

static void add_folder(Presets *presets, const char *folder, Arena *arena) {
    struct dirent **entries;
    int n = scandir(folder, &entries, is_config, alphasort);
    for (int i = 0; i < n; i++) {
        const char *path = arena_print(arena, "%s/%s", folder, entries[i]->d_name);
        const char *title = find_line(path, "title:", 100, arena);
        if (presets->n < MOST_PRESETS)
            presets->items[presets->n++] = (Preset){
                path, title ? unquoted(title, arena) : arena_copy(arena, entries[i]->d_name),
                presets_lesson(path, arena)};
        free(entries[i]);
    }
    if (n >= 0)
        free(entries);
}

const Presets *presets_find(const char *folder, Arena *arena) {
    Presets *presets = ARENA_NEW(arena, Presets, 1);
    presets->items = ARENA_NEW(arena, Preset, MOST_PRESETS);
    add_folder(presets, folder, arena);
    add_folder(presets, arena_print(arena, "%s/paper", folder), arena);
    return presets;
}

int presets_row(const Presets *presets, const char *path) {
    struct stat wanted, other;
    if (stat(path, &wanted) != 0)
        return -1;
    for (int i = 0; i < presets->n; i++)
        if (stat(presets->items[i].path, &other) == 0 && other.st_ino == wanted.st_ino &&
            other.st_dev == wanted.st_dev)
            return i;
    return -1;
}
