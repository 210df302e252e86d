/* A View that has to open, and its end, in which it is kept, as the command ends one. */
#ifndef SUPERPOSE_TESTS_OPENED_VIEW_H
#define SUPERPOSE_TESTS_OPENED_VIEW_H

#include "render/view/view.h"
#include "tests/no_problems.h"

static inline View *opened_view(const ViewOptions *options) {
    View *view = NULL;
    Arena arena = {0};
    Problems problems = {.arena = &arena};
    expect_no_problems(view_open(&view, options, &problems), &problems, options->path);
    arena_release(&arena);
    return view;
}

static inline void keep_and_close(View *view) {
    Error error = {0};
    cr_assert(view_keep(view, &error), "%s", error.text);
    view_close(view);
}

#endif
