#include "render/scene/scene.h"

#include <string.h>

/* One line a scene: the file <name>.c defines scene_<name>. Their order is that of the keys 1, 2,
 * … */
#define SCENES(ROW)                                                                                \
    ROW(geometry)                                                                                  \
    ROW(gram)                                                                                      \
    ROW(dimensionality) ROW(dynamics) ROW(phase) ROW(grid) ROW(neurons) ROW(samples)

#define DECLARE(name) extern const SceneKind scene_##name;
SCENES(DECLARE)

#define ROW_OF(name) &scene_##name.kind,
static const Kind *const rows[] = {SCENES(ROW_OF)};

const KindTable scene_table = {
    .name = "scenes",
    .noun = "scene",
    .summary = "ways to look at runs while they train",
    .rows = rows,
    .n_rows = sizeof rows / sizeof *rows,
};

void pick_say(Pick *pick, const char *markup) {
    size_t n = strlen(markup);
    if (n < sizeof pick->text)
        memcpy(pick->text, markup, n + 1);
    else
        *pick->text = 0;
}
