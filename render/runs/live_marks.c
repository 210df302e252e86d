/* The marks that a run has when it opens: of its changes, and those that were kept of it. */
#include "render/runs/live_internal.h"
#include "render/runs/survey.h"

#include <stdlib.h>

/* The next of some steps in words; -1: there is none. */
static int64_t next_step(const char **steps) {
    char *end;
    long long step = strtoll(*steps, &end, 10);
    bool is_there = end != *steps;
    *steps = end;
    return is_there ? step : -1;
}

void live_mark_changes(LiveRun *run, const char *begins) {
    const Phase *phases = run->followed.phases;
    int before = 0;
    int64_t next = begins ? next_step(&begins) : -1;
    for (int i = 1; i < run->followed.n_phases; i++) {
        bool is_first = !begins || phases[i].step == next;
        if (is_first)
            before = i - 1;
        if (is_first && begins)
            next = next_step(&begins);
        const char *text = survey_change(phases[before].settings, phases[i].settings, &run->worlds);
        if (is_first || !history_change_mark(run->history, TIME_CHANGE, phases[i].step, text))
            history_add_mark(run->history, phases[i].step, TIME_CHANGE, text);
    }
}

void live_add_bookmarks(History *history, const char *steps) {
    int64_t step;
    while (steps && (step = next_step(&steps)) >= 0)
        history_add_mark(history, step, TIME_BOOKMARK, "bookmark");
}
