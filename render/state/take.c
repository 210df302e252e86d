#include "render/state/take.h"

#include "sim/base/text.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const int FPS = 30;

/* ---- names ---- */

/* results/pentagon for results/pentagon.db */
static const char *stem_of(View *view) {
    Arena *arena = &view->ui.arena;
    char *path = arena_copy(arena, experiment_store_path(view->stage->experiment, arena));
    path[strlen(path) - strlen(".db")] = 0;
    return path;
}

const char *take_next_stem(View *view, const char *const *endings, int n) {
    Arena *arena = &view->ui.arena;
    const char *stem = stem_of(view), *wanted;
    bool is_taken = true;
    mkdir("results", 0777); /* where it fails, so does the file in it, and says why */
    for (int number = 1; is_taken; number++) {
        wanted = arena_print(arena, "%s-%d", stem, number);
        is_taken = false;
        for (int i = 0; i < n; i++) {
            const char *path = arena_print(arena, "%s%s", wanted, endings[i]);
            is_taken |= access(path, F_OK) == 0 || saves_has(&view->take.saves, path);
        }
    }
    return wanted;
}

/* ---- pictures ---- */

void take_picture(View *view) {
    view->take.wants_picture = true;
    view->has_news = true;
}

void take_drawing(View *view) {
    view->take.wants_drawing = true;
    view->has_news = true;
}

/* ---- configs ---- */

void take_config(View *view) {
    static const char *const ending = ".yaml";
    Arena *arena = &view->ui.arena;
    Text text = {0};
    Error error = {0};
    int64_t step = view_scene_input(view).step;
    const char *path = arena_print(arena, "%s.yaml", take_next_stem(view, &ending, 1));
    stage_print(view->stage, view->shown, step, &text);
    if (canvas_save(path, &text, &error))
        view_say(view, "saved %s: superpose run %s trains it again", path, path);
    else
        view_say(view, "%s", error.text);
    text_release(&text);
}

/* ---- films ---- */

void take_film(View *view) {
    Take *take = &view->take;
    view->has_news = true;
    if (take->film && !take->is_ending) {
        take->is_ending = true;
        film_end(take->film);
    } else if (!take->film) {
        take->wants_film = true;
    } else {
        view_say(view, "the last film is still being finished");
    }
}

static void begin_film(View *view, cairo_surface_t *page) {
    static const char *const endings[] = {".mp4", "-frames"}; /* the latter without ffmpeg */
    Error error = {0};
    Take *take = &view->take;
    const char *path = arena_print(&view->ui.arena, "%s.mp4", take_next_stem(view, endings, 2));
    FilmOptions options = {.encoder = {.path = path,
                                       .width = cairo_image_surface_get_width(page),
                                       .height = cairo_image_surface_get_height(page),
                                       .fps = FPS,
                                       .is_quick = true},
                           .is_live = true};
    take->wants_film = false;
    if (options.encoder.width < ENCODER_LEAST || options.encoder.height < ENCODER_LEAST) {
        view_say(view, "the page is too small for a film");
        return;
    }
    if (film_open(&take->film, &options, &error)) {
        take->since = view->clock;
        take->n_frames = 0;
        view_say(view, "recording %s; V ends it", path);
    } else {
        view_say(view, "%s", error.text);
    }
}

/* A sentence that says what became of it. */
static const char *close_film(View *view) {
    Arena *arena = &view->ui.arena;
    FilmResult result = {0};
    Error error = {0};
    bool ok = film_close(view->take.film, &result, &error);
    view->take.film = NULL;
    view->take.is_ending = false;
    if (!ok)
        return arena_copy(arena, error.text);
    if (result.notice[0])
        return arena_copy(arena, result.notice);
    if (result.left_out > 0)
        return arena_print(arena,
                           "saved %s without %.1f s of it, for which this machine was too slow",
                           result.path, result.left_out);
    return arena_print(arena, "saved %s", result.path);
}

static double film_seconds(const View *view) {
    return view->clock - view->take.since;
}

/* Frames that the film should have by now and has not. */
static int64_t n_due(const View *view) {
    return (int64_t)floor(film_seconds(view) * FPS) + 1 - view->take.n_frames;
}

void take_tick(View *view, double seconds) {
    Take *take = &view->take;
    bool is_good;
    const char *saved = saves_take(&take->saves, false, &is_good, &view->ui.arena);
    if (saved)
        view_say(view, "%s", saved);
    if (!take->film)
        return;
    if (film_is_over(take->film)) {
        view_say(view, "%s", close_film(view));
        return;
    }
    /* the time beside the dot */
    view->has_news |= floor(film_seconds(view)) > floor(film_seconds(view) - seconds);
    for (; !view->has_news && !take->is_ending && n_due(view) > 0; take->n_frames++)
        film_repeat(take->film);
}

void take_frame(View *view, cairo_surface_t *page) {
    Take *take = &view->take;
    if (take->wants_film)
        begin_film(view, page);
    if (!take->film || take->is_ending || n_due(view) <= 0)
        return;
    bool ok = film_add(take->film, page);
    for (take->n_frames++; n_due(view) > 0; take->n_frames++)
        film_repeat(take->film);
    if (!ok) { /* take_tick will say why */
        take->is_ending = true;
        film_end(take->film);
    }
}

const char *take_film_time(View *view) {
    if (!view->take.film || view->take.is_ending)
        return NULL;
    int seconds = (int)film_seconds(view);
    return arena_print(&view->ui.arena, "%d:%02d", seconds / 60, seconds % 60);
}

/* What was saved is where it was said to be; what was not is told. */
const char *take_finish(View *view) {
    Arena *arena = &view->ui.arena;
    bool is_good;
    const char *last = view->take.film ? close_film(view) : "", *saved;
    while ((saved = saves_take(&view->take.saves, true, &is_good, arena)))
        if (!is_good)
            last = arena_print(arena, "%s%s%s", last, *last ? "\n" : "", saved);
    return last;
}
