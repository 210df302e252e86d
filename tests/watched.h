/* A run for tests of scenes: a History whose world and models are written down, and scenes over it.
 */
#ifndef SUPERPOSE_TESTS_WATCHED_H
#define SUPERPOSE_TESTS_WATCHED_H

#include "render/scene/scene.h"
#include "tests/choose.h"

#include <stddef.h>

typedef struct Watched {
    Arena arena;
    Data data;
    Task task;
    History *history;
    SceneState state;
} Watched;

/* `data` and `model` as lines of YAML; the task is the identity. */
static inline void watched_open(Watched *watched, const char *data, const char *model) {
    *watched = (Watched){0};
    Arena *arena = &watched->arena;
    Error error = {0};
    Choice *choices = ARENA_NEW(arena, Choice, 2); /* settings stay where they are */
    choices[0] = choose(&data_table, data, arena);
    choices[1] = choose(&task_table, "identity", arena);
    Choice chosen = choose(&model_table, model, arena);
    cr_assert(data_open(&watched->data, &choices[0], arena, &error), "%s", error.text);
    int n = watched->data.n_features;
    cr_assert(task_open(&watched->task, &choices[1], n, arena, &error), "%s", error.text);
    cr_assert(history_open(&watched->history, "", &chosen, n, 1 << 20, &error), "%s", error.text);
    World world = {0,
                   {.data = &watched->data,
                    .task = &watched->task,
                    .loss_exponent = 2,
                    .loss_samples = 64,
                    .key = rng_key(1, 0, PURPOSE_EVALUATE),
                    .isa = isa_best()}};
    history_add_world(watched->history, &world);
}

static inline void watched_close(Watched *watched) {
    history_close(watched->history);
    arena_release(&watched->arena);
}

static inline void watched_add(Watched *watched, int64_t step, double loss,
                               const float *parameters) {
    Error error = {0};
    cr_assert(history_add(watched->history, step, loss, 1e-3, parameters, &error), "%s",
              error.text);
}

/* A single run, at its newest moment. */
static inline SceneInput watched_input(Watched *watched) {
    int n;
    const Moment *moments = history_moments(watched->history, &n);
    return (SceneInput){.history = watched->history,
                        .all = &watched->history,
                        .n_all = 1,
                        .step = n ? moments[n - 1].step : 0,
                        .moment = n - 1,
                        .selected = -1,
                        .state = &watched->state,
                        .arena = &watched->arena};
}

static inline const SceneKind *scene_of(const char *name) {
    const Kind *kind = kind_find(&scene_table, name);
    cr_assert(kind, "no scene %s", name);
    return (const SceneKind *)(const void *)((const char *)kind - offsetof(SceneKind, kind));
}

static inline Pick pick_nothing(void) {
    return (Pick){.feature = -1, .run = -1, .step = -1};
}

/* Draws in all sizes that a window may have, both themes, with and without overlays and a
 * selection. */
static inline void draw_everywhere(const SceneKind *scene, const SceneInput *input) {
    static const int sizes[][2] = {{300, 200}, {900, 640}, {1700, 1000}};
    for (int size = 0; size < 3; size++)
        for (int look = 0; look < 4; look++) {
            cairo_surface_t *surface =
                cairo_image_surface_create(CAIRO_FORMAT_RGB24, sizes[size][0], sizes[size][1]);
            cairo_t *cairo = cairo_create(surface);
            SceneInput at = *input;
            at.selected = look & 1 ? 0 : -1;
            at.state->has_overlays = look & 2;
            Rect rect = {0, 0, sizes[size][0], sizes[size][1]};
            scene->draw(&at, cairo, rect, style_of(look & 1 ? THEME_DARK : THEME_LIGHT));
            cr_assert_eq(cairo_status(cairo), CAIRO_STATUS_SUCCESS, "%s, size %d, look %d",
                         scene->kind.name, size, look);
            cairo_destroy(cairo);
            cairo_surface_destroy(surface);
        }
    input->state->has_overlays = false;
}

#endif
