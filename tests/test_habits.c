/* render: what the window keeps from one session to the next. All of it in folders of the tests'
 * own. */
#include "render/state/look.h"
#include "render/state/world.h"
#include "tests/folder.h"
#include "tests/viewed.h"

#include <stdlib.h>

static const char *const config =
    "title: Four in two\n"
    "data: {kind: independent, n_features: 4, feature_probability: 0.1}\n"
    "model: {kind: relu_output, n_hidden: 2}\n"
    "train: {steps: 2000, batch: 64, learning_rate: 1e-2}\n";

/* The places that the XDG Base Directory Specification names. */
Test(habits, are_where_state_belongs) {
    Arena arena = {0};
    setenv("HOME", "/home/someone", 1);
    setenv("XDG_STATE_HOME", "/srv/state", 1);
    cr_assert_str_eq(habits_path(&arena), "/srv/state/superpose/view.json");
    setenv("XDG_STATE_HOME", "not/absolute", 1);
    cr_assert_str_eq(habits_path(&arena), "/home/someone/.local/state/superpose/view.json");
    unsetenv("XDG_STATE_HOME");
    cr_assert_str_eq(habits_path(&arena), "/home/someone/.local/state/superpose/view.json");
    unsetenv("HOME");
    cr_assert_null(habits_path(&arena));
    arena_release(&arena);
}

Test(habits, come_back_as_they_were) {
    Arena arena = {0};
    Error error;
    make_folder();
    const char *path = arena_print(&arena, "%s/a/b/view.json", folder);
    Habits kept = {.theme = THEME_DARK,
                   .scale = 1.25,
                   .is_bare = true,
                   .width = 1000,
                   .height = 700,
                   .preset = "/x/ü \"y\".yaml"};
    Habits habits = habits_first();
    cr_assert(habits_save(path, &kept, &error), "%s", error.text);
    habits_load(path, &habits);
    cr_assert(habits.theme == THEME_DARK && habits.scale == 1.25 && habits.is_bare);
    cr_assert(!habits.has_overlays && habits.width == 1000 && habits.height == 700);
    cr_assert_str_eq(habits.preset, kept.preset);
    remove_folder();
    arena_release(&arena);
}

/* What makes no sense is as at first; the rest holds. */
Test(habits, survive_a_missing_or_damaged_file) {
    static const char *const damaged[] = {
        "", "{", "[1, 2]", "{\"scale\": 80, \"dark\": 3, \"width\": \"wide\", \"preset\": []}"};
    Arena arena = {0};
    make_folder();
    const char *path = arena_print(&arena, "%s/view.json", folder);
    Habits habits = habits_first();
    for (int i = -1; i < 4; i++) {
        if (i >= 0)
            write_text(path, damaged[i]);
        habits_load(path, &habits);
        cr_assert(habits.theme == THEME_LIGHT && habits.scale == 1 && habits.width == 1280);
        cr_assert(habits.has_overlays && !habits.is_bare && !*habits.preset);
    }
    write_text(path, "{\"scale\": -1, \"dark\": true}");
    habits_load(path, &habits);
    cr_assert(habits.scale == 1 && habits.theme == THEME_DARK);
    remove_folder();
    arena_release(&arena);
}

/* A folder that is a file; one line that names it, and nothing is left behind. */
Test(habits, say_where_they_cannot_be_kept) {
    Arena arena = {0};
    Error error;
    make_folder();
    const char *path = arena_print(&arena, "%s/file/view.json", folder);
    Habits habits = habits_first();
    write_text(arena_print(&arena, "%s/file", folder), "");
    cr_assert_not(habits_save(path, &habits, &error));
    cr_assert(strstr(error.text, path) && !strchr(error.text, '\n'), "%s", error.text);
    remove_folder();
    arena_release(&arena);
}

/* What the user changes in a View is in its habits; whole screens and presentations are not. */
Test(habits, are_what_the_user_has_chosen) {
    Bench bench = bench_open(config, NULL, 0);
    View *view = bench.view;
    Input size = {.kind = INPUT_RESIZE, .width = 900, .height = 600};
    view_input(view, &size);
    view_change_theme(view);
    view_change_scale(view, 1);
    key(&bench, 'o');
    key(&bench, KEY_TAB);
    view_present(view);
    size.width = 1920;
    view_input(view, &size);
    Habits habits = view_habits(view);
    cr_assert(habits.theme == THEME_DARK && habits.scale == 1.1);
    cr_assert(!habits.has_overlays && habits.is_bare);
    cr_assert(habits.width == 900 && habits.height == 600);
    cr_assert_str_empty(habits.preset); /* a config of one's own is none */
    view_load(view, "configs/intro.yaml");
    view->presets = presets_find("configs", &view->arena);
    habits = view_habits(view);
    cr_assert(habits.preset[0] == '/' && strstr(habits.preset, "/configs/intro.yaml"), "%s",
              habits.preset);
    bench_close(&bench);
}

/* A session begins as the last one ended. */
Test(habits, open_the_view_as_it_was) {
    Bench first = bench_open(config, NULL, 0);
    Habits habits = {.scale = 1.5, .is_bare = true, .width = 900, .height = 600};
    ViewOptions options = first.view->options;
    options.habits = &habits;
    View *view = opened_view(&options);
    cr_assert(view_scale(view) == 1.5 && view->is_bare && !view->scene_state.has_overlays);
    cr_assert_eq(view_habits(view).width, 900);
    view_close(view);
    bench_close(&first);
}
