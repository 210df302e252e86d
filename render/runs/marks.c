#include "render/runs/marks.h"

#include <stdlib.h>

const char *marks_print(const History *history, TimeMarkKind kind, Arena *arena) {
    int n;
    const TimeMark *marks = history_marks(history, &n);
    const char *steps = "";
    for (int i = 0; i < n; i++)
        if (marks[i].kind == kind)
            steps =
                arena_print(arena, "%s%s%lld", steps, *steps ? " " : "", (long long)marks[i].step);
    return steps;
}

int64_t marks_next(const char **steps) {
    char *end;
    long long step = strtoll(*steps, &end, 10);
    bool is_there = end != *steps;
    *steps = end;
    return is_there ? step : -1;
}

void marks_add_bookmarks(History *history, const char *steps) {
    int64_t step;
    while (steps && (step = marks_next(&steps)) >= 0)
        history_add_mark(history, step, TIME_BOOKMARK, "bookmark");
}
