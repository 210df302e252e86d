#include "render/state/first.h"

#include "sim/base/text.h"

#include <string.h>

void view_choose_first_scene(View *view) {
    SceneInput input = view_scene_input(view);
    view->scene = 0;
    for (int i = 0; i < scene_table.n_rows; i++) {
        const SceneKind *kind = (const SceneKind *)scene_table.rows[i];
        bool is_of_many = strcmp(kind->kind.name, "grid") == 0;
        if (input.moment >= 0 && !kind->refuses(&input) && (view->stage->n > 1) == is_of_many) {
            view->scene = i;
            return;
        }
    }
}

bool view_choose_named_scene(View *view, const char *name, Problems *problems) {
    const char *names[16], *why;
    Place place = {0};
    SceneInput input = view_scene_input(view);
    int n = scene_table.n_rows;
    for (int i = 0; i < n; i++) {
        names[i] = scene_table.rows[i]->name;
        if (strcmp(names[i], name) != 0)
            continue;
        view->scene = i;
        why = input.moment < 0 ? NULL : view_scene(view)->refuses(&input);
        if (why)
            problem_add(problems, place, "scene %s: %s", name, why);
        return !why;
    }
    const char *nearest = text_nearest(name, names, n);
    if (nearest)
        problem_add(problems, place, "there is no scene '%s'; did you mean '%s'?", name, nearest);
    else
        problem_add(problems, place, "there is no scene '%s'; `superpose list scenes`", name);
    return false;
}
