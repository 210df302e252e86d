/* Two runs of four features that tests of what is kept open as the view command does. */
#ifndef SUPERPOSE_TESTS_KEPT_H
#define SUPERPOSE_TESTS_KEPT_H

#include "render/state/state.h"
#include "render/state/world.h"
#include "render/view/view.h"
#include "tests/folder.h"
#include "tests/opened_view.h"

#include <criterion/criterion.h>
#include <string.h>
#include <unistd.h>

static const char *const config =
    "title: Four in two\n"
    "data: {kind: independent, n_features: 4, feature_probability: 0.1}\n"
    "model: {kind: relu_output, n_hidden: 2}\n"
    "train: {steps: 2000, batch: 64, learning_rate: 1e-2, schedule: cosine, restarts: 2}\n";

static const char *const store = "results/four.view.db";

static inline void enter(void) {
    enter_folder();
    write_text("four.yaml", config);
}

static inline View *open_view(int64_t run, const char *override) {
    ViewOptions options = {.path = "four.yaml",
                           .overrides = &override,
                           .n_overrides = override != NULL,
                           .only_run = run,
                           .n_threads = 1,
                           .isa = isa_best(),
                           .keeps = true};
    return opened_view(&options);
}

static inline void train(View *view, int64_t step) {
    bool is_new;
    Error error = {0};
    live_allow(view->stage->live, step);
    live_wait(view->stage->live);
    cr_assert(stage_collect(view->stage, &is_new, &error));
}

static inline void touch(View *view, const char *key, const char *value) {
    Error trouble;
    view_touch(view, key, value);
    live_wait(view->stage->live);
    train(view, stage_step(view->stage));
    cr_assert_not(live_trouble(view->stage->live, &trouble), "%s", trouble.text);
}
static inline int64_t step_kept(int64_t run) {
    View *view = open_view(run, NULL);
    int64_t step = stage_step(view->stage);
    view_close(view);
    return step;
}

static inline const Moment *newest(const View *view, int run) {
    int n;
    const Moment *moments = history_moments(view->stage->histories[run], &n);
    return &moments[n - 1];
}

/* The last parameters of a run that nobody closed. */
static inline void train_through(int64_t run, const char *key, const char *value, float last[12]) {
    View *view = open_view(run, NULL);
    unlink(store);
    cr_assert_not(view->stage->has_resumed);
    train(view, 700);
    if (key)
        touch(view, key, value);
    train(view, 2000);
    cr_assert_eq(newest(view, 0)->step, 2000);
    memcpy(last, newest(view, 0)->parameters, 12 * sizeof *last);
    view_close(view);
}

#endif
