#include "render/draw/numbering.h"

#include "render/draw/label.h"
#include "sim/base/arena.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { MOST_TOLD = 3 };

static bool touch(Rect a, Rect b) {
    return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height &&
           b.y < a.y + a.height;
}

static bool is_free(Rect place, const Rect *taken, int n) {
    for (int i = 0; i < n; i++)
        if (touch(place, taken[i]))
            return false;
    return true;
}

/* A wide text moves away by its width where it stands beside its mark. */
static Rect place_of(const NumberedMark *mark, const Style *style) {
    const Label label = {TEXT_BODY, ALIGN_CENTER, 0};
    double width = label_width(style, label, mark->text), height = style->fonts[TEXT_BODY].size;
    double length = hypot(mark->dx, mark->dy);
    double dx = length > 0 ? mark->dx / length : 0, dy = length > 0 ? mark->dy / length : 1;
    double x = mark->x + dx * (mark->away + width / 2 - 3), y = mark->y + dy * mark->away;
    return (Rect){x - width / 2, y - height / 2, width, height};
}

void numbering_draw(cairo_t *cairo, const Style *style, const NumberedMark *marks, int n) {
    const Label label = {TEXT_BODY, ALIGN_CENTER, 0};
    Arena scratch = {0};
    Rect *taken = ARENA_NEW(&scratch, Rect, n);
    int n_taken = 0;
    for (int pass = 0; pass < 2; pass++)
        for (int i = 0; i < n; i++) {
            Rect place = place_of(&marks[i], style);
            if (marks[i].is_first != !pass || (pass && !is_free(place, taken, n_taken)))
                continue;
            taken[n_taken++] = place;
            label_draw(cairo, style, label, pass ? style->muted : style->ink,
                       place.x + place.width / 2, place.y + 0.86 * place.height, marks[i].text);
        }
    arena_release(&scratch);
}

void numbering_text(const int *features, int n, char text[24]) {
    size_t length = 0;
    text[0] = '\0';
    for (int i = 0; i < n && n <= MOST_TOLD; i++)
        length += (size_t)snprintf(text + length, 24 - length, i ? ", %d" : "%d", features[i]);
    if (n > MOST_TOLD)
        snprintf(text, 24, "×%d", n);
}
