#include "render/state/habits.h"

#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

Habits habits_first(void) {
    return (Habits){
        .theme = THEME_LIGHT, .scale = 1, .has_overlays = true, .width = 1280, .height = 800};
}

/* The standard has it that paths that are not absolute are no paths. */
const char *habits_path(Arena *arena) {
    const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    if (state && *state == '/')
        return arena_print(arena, "%s/superpose/view.json", state);
    return home && *home == '/' ? arena_print(arena, "%s/.local/state/superpose/view.json", home)
                                : NULL;
}

/* ---- reading ---- */

static void read_number(const json_t *root, const char *key, double least, double most,
                        double *value) {
    const json_t *item = json_object_get(root, key);
    double number = json_is_number(item) ? json_number_value(item) : (double)NAN;
    if (number >= least && number <= most)
        *value = number;
}

static void read_bool(const json_t *root, const char *key, bool *value) {
    const json_t *item = json_object_get(root, key);
    if (json_is_boolean(item))
        *value = json_is_true(item);
}

void habits_load(const char *path, Habits *habits) {
    json_t *root = json_load_file(path, 0, NULL);
    const char *preset = json_string_value(json_object_get(root, "preset"));
    bool is_dark = habits->theme == THEME_DARK;
    read_bool(root, "dark", &is_dark);
    habits->theme = is_dark ? THEME_DARK : THEME_LIGHT;
    read_number(root, "scale", 0.75, 3, &habits->scale);
    read_bool(root, "overlays", &habits->has_overlays);
    read_bool(root, "controls_hidden", &habits->is_bare);
    read_number(root, "width", 480, 16384, &habits->width);
    read_number(root, "height", 320, 16384, &habits->height);
    if (preset && strlen(preset) < sizeof habits->preset)
        memcpy(habits->preset, preset, strlen(preset) + 1);
    json_decref(root);
}

/* ---- writing ---- */

/* The folders above the file; what is wrong shows when the file is written. */
static void make_folders(char *path) {
    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = 0;
        mkdir(path, 0700);
        *slash = '/';
    }
}

/* Beside it first: a session that ends in the middle leaves the old one. */
static bool write_file(const char *path, const json_t *root, Arena *arena) {
    const char *part = arena_print(arena, "%s.%ld.part", path, (long)getpid());
    if (json_dump_file(root, part, JSON_INDENT(2)) == 0 && rename(part, path) == 0)
        return true;
    int reason = errno;
    unlink(part);
    errno = reason;
    return false;
}

bool habits_save(const char *path, const Habits *habits, Error *error) {
    Arena arena = {0};
    make_folders(arena_copy(&arena, path));
    json_t *root =
        json_pack("{s:b, s:f, s:b, s:b, s:f, s:f}", "dark", habits->theme == THEME_DARK, "scale",
                  habits->scale, "overlays", habits->has_overlays, "controls_hidden",
                  habits->is_bare, "width", habits->width, "height", habits->height);
    if (*habits->preset) /* a path need not be UTF-8: then it is not kept */
        json_object_set_new(root, "preset", json_string(habits->preset));
    bool ok = write_file(path, root, &arena);
    if (!ok)
        error_set(error, "%s: cannot be written: %s", path, strerror(errno));
    json_decref(root);
    arena_release(&arena);
    return ok;
}
